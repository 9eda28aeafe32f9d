"""U9: the two lengths of paper A's spacetime, d' = c l along time and |w_l| in space.

ln |w_l| is a sum of independent ln A, so its mean is linear in l: the norm grows exponentially. d'
is c t' by Eq. 25, a product of two numbers that know nothing of any norm.
"""

import numpy as np
from scipy.special import psi

from entanglement.theory.selection import mean_log_gain


def mean_log_norm(k: int, n: int, depth: int, weights: str = "top") -> np.ndarray:
    """U9: E ln |w_l| = E ln |w_0| + l E ln A, exact for every k, n and l.

    Parameters
    ----------
    k, n
        Rows kept, and candidates, 2 <= k <= n; w_0 is a N(0, 1) vector of length k.
    depth
        Layers L >= 0.
    weights
        `top`, `random` or `minimum`: which rows are kept.

    Returns
    -------
    Shape (L + 1,).

    Raises
    ------
    ValueError
        k < 2, n < k, L < 0, or another family.
    """
    if k < 2 or n < k or depth < 0:
        raise ValueError(f"k = {k}, n = {n}, depth = {depth}: give 2 <= k <= n and depth >= 0")
    start = float(np.log(2) + psi(k / 2)) / 2
    return start + np.arange(depth + 1) * mean_log_gain(k, n, weights)


def log_distance(c: float, depth: int) -> np.ndarray:
    """U9: ln d' = ln c l of Eq. 25, whatever the network.

    Parameters
    ----------
    c
        Speed of light, > 0.
    depth
        Layers L >= 1.

    Returns
    -------
    Shape (L,), from layer 1 on.

    Raises
    ------
    ValueError
        c <= 0 or L < 1.
    """
    if not c > 0 or depth < 1:
        raise ValueError(f"c = {c}, depth = {depth}: give c > 0 and depth >= 1")
    logarithm: np.ndarray = np.log(c * np.arange(1, depth + 1))
    return logarithm
