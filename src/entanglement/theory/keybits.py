"""T8 of docs/theory.md: how often the key bits of two parties who share a network disagree.

A layer's kept projections z are N(0, 1) numbers beyond a threshold t, and a probe of cotangent c
leaves it as c z + g with g ~ N(0, 1): given c, each sign differs from that of z with probability
Phi(-|c| |z|), independently, once the complement is folded away.
"""

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import log_ndtr, ndtr

from entanglement.theory.laws import mean_over_chain
from entanglement.theory.selection import gain_asymptotic, threshold_nodes

# Nodes of t: the scatter of t is small in a layer from WIDE rows on.
WIDE, FEW, MANY = 64, 4, 16


def key_bit_error(k: int, n: int, cotangent: ArrayLike) -> np.ndarray:
    """T8: (2n/k) times the integral from t of phi(z) Phi(-|c| z) dz, folded for the complement.

    Averaged over the law of t, which T8 takes at its large-k value. Hardly any kept projection
    is small enough to change sign: the error vanishes much faster than the angle. Without
    selection (t = 0) it is the folded angle, arctan(1/|c|) / pi.

    Parameters
    ----------
    k, n
        Rows kept, and candidates, of the layer whose output gives the bits.
    cotangent
        c before that layer, any shape.

    Returns
    -------
    Mean fraction of disagreeing bits, in [0, 1/2], with full relative precision however small.
    """
    return np.asarray(sum(p * q for p, q in by_threshold(k, n, cotangent)))


def by_threshold(k: int, n: int, cotangent: ArrayLike) -> list[tuple[float, np.ndarray]]:
    """T8 before its average over the threshold t: the error given t, with t's probability.

    Given t and c the bits are independent, so a function of many bits is averaged over t last.

    Parameters
    ----------
    k, n, cotangent
        As in `key_bit_error`.

    Returns
    -------
    Probability of each node of t, and the error given it in the shape of c; one of probability 1
    where all rows are kept.
    """
    c = np.abs(np.asarray(cotangent, dtype=float))
    if n == k:
        return [(1.0, np.arctan2(1.0, c) / np.pi)]
    law = threshold_nodes(k, n, FEW if k >= WIDE else MANY)
    return [(p, _beyond(t, c)) for t, p in zip(*law, strict=True)]


def error_rate(k: int, n: int, depth: int) -> np.ndarray:
    """Mean folded rate of differing key bits after each layer: T8 over the law T1 of c_(l-1).

    Parameters
    ----------
    k, n, depth
        Rows kept, candidates, layers L.

    Returns
    -------
    Shape (L + 1,), entry l for the key of layer l; entry 0, the signs of independent inputs,
    is 1/2.
    """
    rates = mean_over_chain(k, n, depth - 1, lambda c: key_bit_error(k, n, c))
    return np.append(0.5, rates)


def perfect_rate(k: int, n: int, depth: int) -> np.ndarray:
    """Probability that two keys agree in all k bits, or differ in all of them.

    The mean of (1 - q_t(c))^k over the laws of the threshold t and (T1) of c_(l-1): given both
    the bits are independent. A threshold for all bits makes them alike: with q at its mean over t
    the share would be a little lower (.368 for .389 at k = 2500, n = 2700, k q = 1).

    Parameters
    ----------
    k, n, depth
        As in `error_rate`.

    Returns
    -------
    Shape (L + 1,), to about 1e-7.
    """

    def flawed(c: np.ndarray) -> np.ndarray:
        law = by_threshold(k, n, c)
        return np.asarray(sum(p * -np.expm1(k * np.log1p(-q)) for p, q in law))

    rate = 1 - mean_over_chain(k, n, depth - 1, flawed)
    return np.append(2.0 ** (1 - k), np.maximum(rate, 0.0))


def one_rate(k: int, n: int, level: float) -> float:
    """Share of entries of a layer's unit output that exceed a level, such as Eq. 33's 1/2.

    An entry z/A does where z exceeds level * A, with A at its large-k value a sqrt k.

    Parameters
    ----------
    k, n
        Rows kept, and candidates.
    level
        In [-1, 1].
    """
    if n == k:
        return float(ndtr(-level * np.sqrt(k)))
    cut = abs(level) * gain_asymptotic(k, n) * np.sqrt(k)
    t, share = threshold_nodes(k, n)
    above = float(share @ np.exp(log_ndtr(-np.maximum(cut, t)) - log_ndtr(-t))) / 2
    return above if level >= 0 else 1 - above


def _beyond(t: float, c: np.ndarray) -> np.ndarray:
    """Mean of Phi(-c z) over N(0, 1) numbers z beyond t > 0."""
    # z = t + x / scale, the scale being that on which phi(z) Phi(-c z) falls off. With
    # x = exp(u - exp(-u)) both ends fall off doubly exponentially: steps of .1 are exact to rounding.
    # Beyond c t = 40 the error has left float64, and below 1e-20 it moves no digit: one value each.
    near, place = np.unique(np.clip(c, 1e-20, 40 / t), return_inverse=True)
    near = near[:, None]
    growth = np.hypot(1.0, near)
    scale = growth * (1 + t * growth)
    u = np.arange(-3.7, 4.1, 0.1)
    log_x = u - np.exp(-u)
    z = t + np.exp(log_x) / scale
    exponent = log_ndtr(-near * z) - z**2 / 2 + log_x + np.log1p(np.exp(-u)) - log_ndtr(-t)
    total = 0.1 * np.sum(np.exp(exponent) / scale, axis=-1)
    found = (total / np.sqrt(2 * np.pi))[place].reshape(c.shape)
    return np.where(c * t > 40, 0.0, found)
