"""scikit-learn's real 8 x 8 digits, and how they are split."""

import numpy as np

SAMPLES = 1797
GREYS = 16  # grey values are whole multiples of 1/16


def load() -> tuple[np.ndarray, np.ndarray]:
    """Give the pictures (1797, 8, 8), grey values in [0, 1], and the digits (1797,)."""
    from sklearn.datasets import load_digits

    data = load_digits()
    return data.images / GREYS, data.target


def check_split(training: int, test: int, batch: int, samples: int = SAMPLES) -> None:
    """Refuse a split that the data set cannot give.

    Raises
    ------
    ValueError
        If the data set is too small to split as asked, or training does not fill one batch.
    """
    if training + test > samples:
        raise ValueError(
            f"the data set is too small to split: {samples} pictures cannot give training = "
            f"{training} and test = {test}; together at most {samples}"
        )
    if batch > training:
        raise ValueError(
            f"batch = {batch} pictures cannot be filled from training = {training}: lower batch "
            "or raise training"
        )


def split(rng: np.random.Generator, training: int, test: int) -> tuple[np.ndarray, np.ndarray]:
    """Draw disjoint sorted indices of training and held-out pictures."""
    drawn = rng.permutation(SAMPLES)
    return np.sort(drawn[:training]), np.sort(drawn[training : training + test])
