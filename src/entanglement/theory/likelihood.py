"""U8: the likelihood of paper A's Eqs. 5-8, theta^h (1 - theta)^(n - h), and what maximises it.

It rises up to its maximum at h / n and falls beyond: every value but the largest is taken twice.
The bits of rows that Algorithm 1 keeps do not differ with probability theta, so h / n estimates
something else than theta.
"""

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import xlog1py, xlogy
from scipy.stats import binom

from entanglement.theory.keybits import key_bit_error

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


def bias(k: int, n: int, theta: ArrayLike) -> np.ndarray:
    """U8: mean of the kept rows' estimate less theta, q(cot(pi theta)) - theta, with q of T8.

    The estimate h / k, h the number of kept rows whose signs differ between two inputs at the
    angle pi theta, maximises Eq. 5; folded, theta is the distance from the nearer pole. 0 without
    selection (n = k: Eq. 9), negative with it.

    Parameters
    ----------
    k, n
        Rows kept, and candidates, 2 <= k <= n.
    theta
        Folded angle in units of pi, in (0, 1/2], any shape.

    Raises
    ------
    ValueError
        k < 2, n < k, or an angle outside (0, 1/2].
    """
    x = np.asarray(theta, dtype=float)
    if k < 2 or n < k:
        raise ValueError(f"k = {k}, n = {n}: give 2 <= k <= n")
    if np.any(~((x > 0) & (x <= 0.5))):
        raise ValueError(f"theta = {x}: a folded angle in units of pi is in (0, 1/2]")
    difference: np.ndarray = key_bit_error(k, n, 1 / np.tan(np.pi * x)) - x
    return difference


def code_length(hits: int, bits: int, theta: float) -> float:
    """U8: the negative log likelihood of Eq. 5, in bits, which Eq. 7 sets equal to n H2(theta).

    It is n [H2(theta) + (theta - h/n) log2(theta/(1-theta))]: equal only for h = n theta (or
    theta = 1/2).

    Parameters
    ----------
    hits, bits
        h of n bits differ, 0 <= h <= n, n >= 1.
    theta
        In (0, 1).

    Raises
    ------
    ValueError
        A parameter outside its domain.
    """
    if bits < 1 or not 0 <= hits <= bits:
        raise ValueError(f"hits = {hits}, bits = {bits}: give 0 <= hits <= bits, bits >= 1")
    if not 0 < theta < 1:
        raise ValueError(f"theta = {theta}: give a probability in (0, 1)")
    return float(-_log_likelihood(np.asarray(hits), bits, np.asarray(theta)) / np.log(2))


def _log_likelihood(hits: np.ndarray, bits: int, theta: np.ndarray) -> np.ndarray:
    log_likelihood: np.ndarray = xlogy(hits, theta) + xlog1py(bits - hits, -theta)
    return log_likelihood
