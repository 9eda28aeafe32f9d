"""Intervals of whole curves and tables over networks, point by point."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import xarray as xr
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
    x = np.asarray(samples, dtype=float)
    value = np.mean(x, axis=0)
    if len(x) < 2:
        return value, np.full_like(value, np.nan), np.full_like(value, np.nan)
    return _student(value, np.std(x, axis=0, ddof=1), len(x))


def means(results: xr.Dataset, names: Mapping[str, str]) -> xr.Dataset:
    """Means over networks of collected variables, each number with Student's t interval.

    Parameters
    ----------
    results
        Collected cells. What is not finite is left out: networks that other cells have and this
        one lacks.
    names
        Variables with a `network` dimension, and what they are in words.

    Returns
    -------
    name_mean, name_low, name_high without the `network` dimension; no interval (NaN) from fewer
    than two networks.
    """
    made = xr.Dataset()
    for name, words in names.items():
        known = results[name].where(abs(results[name]) < np.inf)
        count = known.count("network")
        several = count.where(count > 1)
        spread = known.std("network", ddof=1).where(count > 1)
        band = _student(known.mean("network"), spread, several)
        for suffix, values in zip(("mean", "low", "high"), band, strict=True):
            made[f"{name}_{suffix}"] = values.assign_attrs(
                long_name=f"{words}: {suffix} over networks", units="1"
            )
    return made


def _student(value: Any, spread: Any, networks: Any) -> tuple[Any, Any, Any]:
    from scipy.special import stdtrit

    half = stdtrit(networks - 1, (1 + PROBABILITY) / 2) * spread / np.sqrt(networks)
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
