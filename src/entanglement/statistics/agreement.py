"""Simulation against its theory: distances in standard errors, and how large they may be."""

import numpy as np
from numpy.typing import ArrayLike


def limit(networks: ArrayLike, points: int) -> np.ndarray:
    """What the largest |t| of several points stays below with probability 0.999 under the theory.

    Student's t with networks - 1 degrees of freedom, Bonferroni over the points.

    Parameters
    ----------
    networks
        Behind each mean, any shape; fewer than two give NaN.
    points
        How many are compared.
    """
    from scipy.special import stdtrit

    count = np.asarray(networks, dtype=float)
    degrees = np.where(count > 1, count, np.nan) - 1
    largest: np.ndarray = stdtrit(degrees, 1 - 1e-3 / (2 * points))
    return largest


def deviation(curves: ArrayLike, theory: ArrayLike) -> np.ndarray:
    """Distance of a mean curve from its theory in standard errors, point by point.

    Parameters
    ----------
    curves
        One curve for each network, shape (networks, ...).
    theory
        What their mean should be, shape (...).

    Returns
    -------
    Shape (...); NaN where it is not defined: one network, no theory, all networks on the theory.
    """
    x, expected = np.asarray(curves, dtype=float), np.asarray(theory, dtype=float)
    if len(x) < 2:
        return np.full(x.shape[1:], np.nan)
    error = x.std(axis=0, ddof=1) / len(x) ** 0.5
    with np.errstate(divide="ignore", invalid="ignore"):
        t: np.ndarray = (np.mean(x, axis=0) - expected) / error
    return t


def largest_t(curves: ArrayLike, theory: ArrayLike) -> tuple[float, float]:
    """Largest deviation of a mean curve from its theory, in standard errors.

    Parameters
    ----------
    curves
        One curve for each network, shape (networks, ...).
    theory
        What their mean should be, shape (...); points where it or the curves are NaN, or where
        all networks agree exactly with it, are left out.

    Returns
    -------
    largest
        Largest |t| over the points.
    quantile
        What it stays below with probability 0.999 if the theory is true: Student's t with
        networks - 1 degrees of freedom, Bonferroni over the points.

    Both are NaN for fewer than two networks: they have no standard error.
    """
    x, expected = np.asarray(curves, dtype=float), np.asarray(theory, dtype=float)
    if len(x) < 2:
        return np.nan, np.nan
    with np.errstate(invalid="ignore"):  # points with an infinite network are left out below
        difference = np.mean(x, axis=0) - expected
        error = np.std(x, axis=0, ddof=1) / np.sqrt(len(x))
    compared = np.isfinite(difference) & ((error > 0) | (difference != 0))
    points = int(np.sum(compared))
    if points == 0:
        return 0.0, np.inf
    with np.errstate(divide="ignore"):
        t = np.abs(difference[compared]) / error[compared]
    return float(np.max(t)), float(limit(len(x), points))


def over_limit(curves: ArrayLike, theory: ArrayLike) -> float:
    """Largest |t| along a curve over its quantile: below 1, simulation and theory agree.

    Parameters
    ----------
    curves, theory
        As `largest_t` takes them.

    Returns
    -------
    NaN where no point can be compared: fewer than two networks, or no theory.
    """
    largest, quantile = largest_t(curves, theory)
    return largest / quantile if np.isfinite(quantile) else np.nan


def overall(deviations: ArrayLike, networks: ArrayLike) -> tuple[float, int, float]:
    """Chi-square of many single statistics against their theory.

    Each distance in standard errors, Student's t with networks - 1 degrees of freedom, becomes
    the normal number of the same probability; their squares are added. The statistics are taken
    as independent of each other.

    Parameters
    ----------
    deviations
        Distances from theory in standard errors, shape (statistics,); undefined ones (NaN) and
        exact identities (0) are left out.
    networks
        Behind each, shape (statistics,).

    Returns
    -------
    Chi-square, its degrees of freedom, and the probability of a larger one if the theory is true
    (NaN where nothing can be compared).
    """
    from scipy.special import chdtrc, ndtri, stdtr

    t, count = np.asarray(deviations, dtype=float), np.asarray(networks, dtype=float)
    compared = np.isfinite(t) & (t != 0) & (count > 1)
    normal = ndtri(stdtr(count[compared] - 1, -np.abs(t[compared])))
    square, freedom = float(np.sum(normal**2)), int(compared.sum())
    return square, freedom, float(chdtrc(freedom, square)) if freedom else np.nan


def worst(ratios: ArrayLike) -> float:
    """Largest of several ratios; those that are not defined are left out, NaN if all are."""
    x = np.asarray(ratios, dtype=float)
    return float(np.nanmax(x)) if not np.isnan(x).all() else np.nan
