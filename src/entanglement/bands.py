"""Curves and tables of plain arrays with their intervals over networks."""

import numpy as np
from numpy.typing import ArrayLike

from entanglement.inference import PROBABILITY


def band(samples: ArrayLike) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Means over networks of curves or tables, each number with Student's t interval.

    Parameters
    ----------
    samples
        One curve or table for each network, shape (networks, ...).

    Returns
    -------
    mean, low, high
        Shape (...) each; a single network gives no interval (NaN).
    """
    from scipy.special import stdtrit

    x = np.asarray(samples, dtype=float)
    value = np.mean(x, axis=0)
    if len(x) < 2:
        return value, np.full_like(value, np.nan), np.full_like(value, np.nan)
    half = stdtrit(len(x) - 1, (1 + PROBABILITY) / 2) * np.std(x, axis=0, ddof=1) / len(x) ** 0.5
    return value, value - half, value + half


def median(samples: ArrayLike) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Medians over networks, with the order statistics that enclose them.

    Free of any assumption on the law: the number of networks below the true median is binomial.

    Parameters
    ----------
    samples
        One curve or table for each network, shape (networks, ...); infinities are allowed.

    Returns
    -------
    value, low, high
        Shape (...) each; fewer than six networks give no interval (NaN).
    """
    from scipy.special import bdtr

    x = np.sort(np.asarray(samples, dtype=float), axis=0)
    networks = len(x)
    below = bdtr(np.arange(networks + 1), networks, 0.5)
    low = int(np.searchsorted(below, (1 - PROBABILITY) / 2)) - 1
    high = int(np.searchsorted(below, (1 + PROBABILITY) / 2))
    value = (x[(networks - 1) // 2] + x[networks // 2]) / 2
    if low < 0 or high >= networks:
        return value, np.full_like(value, np.nan), np.full_like(value, np.nan)
    return value, x[low], x[high]


def labelled(
    name: str,
    dimensions: tuple[str, ...],
    band: tuple[np.ndarray, np.ndarray, np.ndarray],
    long_name: str,
    units: str = "1",
) -> dict[str, tuple]:
    """Make a curve with its interval three variables: name, name_low, name_high.

    Parameters
    ----------
    name
        Name of the first variable.
    dimensions
        Dimensions of the curve.
    band
        Value, low and high, as `band` and `median` give them.
    long_name
        What it is, in words.
    units
        Its unit; "1" for none.
    """
    ends = ("", "_low", "_high")
    words = ("", ", lower end of the 95 % interval", ", upper end of the 95 % interval")
    return {
        name + end: (dimensions, values, {"long_name": long_name + word, "units": units})
        for end, word, values in zip(ends, words, band, strict=True)
    }
