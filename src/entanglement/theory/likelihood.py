"""The likelihood of paper A's Eqs. 5 and 6: where theta^h (1 - theta)^(n - h) takes a value again.

It rises up to its maximum at h / n and falls beyond: every value but the largest is taken twice.
"""

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import xlog1py, xlogy
from scipy.stats import binom

HALVINGS = 100


def other_root(hits: ArrayLike, bits: int, theta: ArrayLike) -> np.ndarray:
    """Second theta' with the likelihood of theta (Eq. 6 says that there is none).

    Parameters
    ----------
    hits
        Bits h that differ, 0..n (the k of Eq. 5).
    bits
        All bits n.
    theta
        In (0, 1), broadcast against `hits`.

    Returns
    -------
    On the other side of h / n; theta itself where h / n = theta, and where h is 0 or n, since the
    likelihood then has no second side.
    """
    h, x = np.broadcast_arrays(np.asarray(hits, dtype=float), np.asarray(theta, dtype=float))
    level = _log_likelihood(h, bits, x)
    # From the maximum, where the likelihood is higher, to the far end, where it is 0.
    inner, outer = h / bits, np.where(h / bits > x, 1.0, 0.0)
    for _ in range(HALVINGS):
        middle = (inner + outer) / 2
        higher = _log_likelihood(h, bits, middle) > level
        inner, outer = np.where(higher, middle, inner), np.where(higher, outer, middle)
    single = (h == 0) | (h == bits) | (h / bits == x)
    return np.where(single, x, outer)


def mean_distance(bits: int, theta: ArrayLike) -> np.ndarray:
    """Mean |theta' - theta| where h is binomial, Bin(n, theta): what Eq. 11 says of hashes.

    Parameters
    ----------
    bits
        All bits n.
    theta
        In (0, 1), any shape.
    """
    x, h = np.asarray(theta, dtype=float)[..., None], np.arange(bits + 1)
    return np.asarray(np.sum(binom.pmf(h, bits, x) * np.abs(other_root(h, bits, x) - x), axis=-1))


def _log_likelihood(hits: np.ndarray, bits: int, theta: np.ndarray) -> np.ndarray:
    return xlogy(hits, theta) + xlog1py(bits - hits, -theta)
