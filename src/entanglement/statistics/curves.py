"""Curves and tables over networks, point by point: a mean, its interval and its theory.

ONE rule for names: the mean is `name`, its interval `name_low`, `name_high`, its theory
`name_theory`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike

from entanglement.statistics import roles
from entanglement.statistics.estimates import BOOTSTRAP_SEED, PROBABILITY

Band = tuple[np.ndarray, np.ndarray, np.ndarray]
# Dimensions, values and attributes.
Variable = tuple[tuple[str, ...], np.ndarray, dict[str, str]]


@dataclass(frozen=True)
class Curve:
    """A mean over the networks of every cell, declared.

    Parameters
    ----------
    samples
        Name of a variable of the cells, or `samples(cell)`: one curve for each network, shape
        (networks, ...).
    words
        What it is.
    dims
        Dimensions of the curve; () for one number a cell.
    units
        Its unit; "1" for none.
    theory
        Name of a variable of the cells, or `theory(cell)`, shape (...): stored as `name_theory`.
    coords
        Labels of dimensions that the cells do not have, such as bins.
    interval
        From the samples to value, low and high: `band`, `known`, `share`, `median`.
    """

    samples: str | Callable[[xr.Dataset], ArrayLike]
    words: str
    dims: tuple[str, ...] = ("layer",)
    units: str = "1"
    theory: str | Callable[[xr.Dataset], ArrayLike] | None = None
    coords: Mapping[str, ArrayLike] = field(default_factory=dict)
    interval: "Callable[[ArrayLike], Band] | None" = None


def over_networks(results: xr.Dataset, curves: Mapping[str, Curve]) -> xr.Dataset:
    """Compute every declared curve of every cell.

    Parameters
    ----------
    results
        Collected cells.
    curves
        By the name of the mean; it must not be a variable of the cells already.

    Returns
    -------
    Only the added variables: name, name_low, name_high, and name_theory where one is declared.
    """
    parts = []
    for cell in roles.cells(results):
        variables: dict[str, Variable] = {}
        coordinates: dict[str, Any] = {}
        for name, curve in curves.items():
            interval = curve.interval or band
            values = interval(_values(cell, curve.samples, ("network", *curve.dims)))
            variables |= labelled(name, curve.dims, values, curve.words, curve.units)
            if curve.theory is not None:
                exact = np.asarray(_values(cell, curve.theory, curve.dims), dtype=float)
                about = {"long_name": f"{curve.words}, theory", "units": curve.units}
                variables[f"{name}_theory"] = (curve.dims, exact, about)
            coordinates |= {d: cell[d].values for d in curve.dims if d in cell.coords}
            coordinates |= curve.coords
        parts.append(xr.Dataset(variables, coords=coordinates))
    return roles.join(parts)


def _values(cell: xr.Dataset, source: Any, dims: tuple[str, ...]) -> Any:
    return cell[source].transpose(*dims).values if isinstance(source, str) else source(cell)


def band(samples: ArrayLike) -> Band:
    """Means over networks of curves or tables, each number with Student's t interval.

    Parameters
    ----------
    samples
        One curve or table for each network, shape (networks, ...).

    Returns
    -------
    mean, low, high
        Shape (...) each; a single network gives no interval (NaN), nor does an infinite mean.
    """
    x = np.asarray(samples, dtype=float)
    if len(x) == 0:
        nothing = np.full(x.shape[1:], np.nan)
        return nothing, nothing, nothing
    value = np.mean(x, axis=0)
    if len(x) < 2:
        return value, np.full_like(value, np.nan), np.full_like(value, np.nan)
    with np.errstate(invalid="ignore"):  # an infinite mean has no interval
        return _student(value, np.std(x, axis=0, ddof=1), len(x))


def known(samples: ArrayLike) -> Band:
    """Means point by point over the networks that have a value there, with Student's t interval.

    Parameters
    ----------
    samples
        One curve or table for each network, shape (networks, ...); NaN or infinite where a
        network has none.

    Returns
    -------
    mean, low, high
        As `band` gives them; NaN where no network has a value.
    """
    x = np.asarray(samples, dtype=float)
    made = [band(column[np.isfinite(column)]) for column in x.reshape(len(x), -1).T]
    value, low, high = (np.reshape(part, x.shape[1:]) for part in zip(*made, strict=True))
    return value, low, high


def share(samples: ArrayLike) -> Band:
    """Means of shares over networks: Student's interval where it lies between 0 and 1.

    The mean of shares cannot lie elsewhere, so that what is cut off covered nothing.

    Parameters
    ----------
    samples
        One curve or table of shares for each network, shape (networks, ...).

    Returns
    -------
    mean, low, high
        As `band` gives them.
    """
    value, low, high = band(samples)
    return value, np.maximum(low, 0.0), np.minimum(high, 1.0)


def _student(value: Any, spread: Any, networks: Any) -> tuple[Any, Any, Any]:
    from scipy.special import stdtrit

    half = stdtrit(networks - 1, (1 + PROBABILITY) / 2) * spread / np.sqrt(networks)
    return value, value - half, value + half


def median(samples: ArrayLike) -> Band:
    """Medians over networks, with the order statistics that enclose them.

    Free of any assumption on the law: the number of networks below the true median is binomial.

    Parameters
    ----------
    samples
        One curve or table for each network, shape (networks, ...); infinities are allowed.

    Returns
    -------
    value, low, high
        Shape (...) each; fewer than six networks give no interval, none no value (NaN).
    """
    from scipy.special import bdtr

    x = np.sort(np.asarray(samples, dtype=float), axis=0)
    networks = len(x)
    if networks == 0:
        nothing = np.full(x.shape[1:], np.nan)
        return nothing, nothing, nothing
    below = bdtr(np.arange(networks + 1), networks, 0.5)
    low = int(np.searchsorted(below, (1 - PROBABILITY) / 2)) - 1
    high = int(np.searchsorted(below, (1 + PROBABILITY) / 2))
    value = (x[(networks - 1) // 2] + x[networks // 2]) / 2
    if low < 0 or high >= networks:
        return value, np.full_like(value, np.nan), np.full_like(value, np.nan)
    return value, x[low], x[high]


def of_mean(samples: ArrayLike, statistic: Callable[[np.ndarray], np.ndarray]) -> Band:
    """Statistic of the mean curve, with percentiles over 1000 resampled ensembles.

    Parameters
    ----------
    samples
        One curve for each network, shape (networks, ...).
    statistic
        From mean curves of any number, shape (..., points), to a number each, shape (...).

    Returns
    -------
    value, low, high
        No interval (NaN) from a single network, or where a resampled ensemble has no value.
    """
    x = np.asarray(samples, dtype=float)
    value, nothing = statistic(x.mean(axis=0)), np.asarray(np.nan)
    if len(x) < 2:
        return value, nothing, nothing
    rng = np.random.default_rng(BOOTSTRAP_SEED)
    weights = rng.multinomial(len(x), np.full(len(x), 1 / len(x)), 1000)
    drawn = statistic(weights @ x / len(x))
    if np.isnan(drawn).any():
        return value, nothing, nothing
    tail = round((1 - PROBABILITY) / 2, 9)
    low, high = np.quantile(drawn, [tail, 1 - tail])
    return value, low, high


def labelled(
    name: str,
    dimensions: tuple[str, ...],
    band: Band,
    long_name: str,
    units: str = "1",
) -> dict[str, Variable]:
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
