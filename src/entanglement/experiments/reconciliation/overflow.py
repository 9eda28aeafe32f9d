"""Un-normalised float64 arithmetic past the largest number, as the authors' code meets it.

|w_l| grows by a sqrt(k) in each layer, about 50-fold at k = 2500, so float64 ends near layer
180. One infinite entry makes the next layer's sums infinite or, where two infinities of
opposite sign meet, not a number; the code's key bit `sign(w) == 1` is then false everywhere.
"""

from collections.abc import Iterator

import numpy as np

# exp(700) = 1e304: entries and their products with normal numbers are still finite, so the
# layers before it are the same in either arithmetic and need not be drawn literally.
LAST_SAFE = 700.0


def literal_layers(vectors: np.ndarray, n: int, rng: np.random.Generator) -> Iterator[np.ndarray]:
    """Carry raw vectors on through freshly drawn layers, exactly as printed in Algorithm 1.

    Parameters
    ----------
    vectors
        Un-normalised w_l, row 0 Alice's, which selects the rows; shape (m, k).
    n
        Candidate rows per layer.
    rng
        Source of the weights.

    Yields
    ------
    The vectors after each further layer, shape (m, k), without end.
    """
    k = vectors.shape[1]
    while True:
        if not np.isnan(vectors).all():
            with np.errstate(over="ignore", invalid="ignore"):
                candidates = vectors @ rng.standard_normal((n, k)).T
            # Descending |projection|; NaN sorts last, behind the infinities.
            kept = np.argsort(-np.abs(candidates[0]), kind="stable")[:k]
            vectors = candidates[:, kept]
        yield vectors


def first_overflow(log_norm: np.ndarray) -> np.ndarray:
    """Layer at which the norm |w_l| itself exceeds float64, shape (networks,); NaN if none.

    Parameters
    ----------
    log_norm
        ln |w_l|, shape (networks, layers + 1).
    """
    beyond = log_norm > np.log(np.finfo(float).max)
    return np.where(beyond.any(axis=1), beyond.argmax(axis=1), np.nan)
