"""Intervals of single numbers over networks, the sampling unit of every statistic."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike

PROBABILITY = 0.95
# Draws of the bootstrap, and its seed: a statistic of stored data may not change when read again.
RESAMPLES = 2000
BOOTSTRAP_SEED = 2309


@dataclass(frozen=True)
class Estimate:
    """A number with its interval.

    Parameters
    ----------
    value
        The estimate.
    low, high
        Ends of the interval.
    standard_error
        Standard error of `value`.
    networks
        Independent networks that it comes from.
    kind
        How the interval was made: "Student t", "Wilson", "BCa bootstrap" ("percentile bootstrap"
        where BCa is not defined).
    probability
        Coverage of the interval.
    """

    value: float
    low: float
    high: float
    standard_error: float
    networks: int
    kind: str
    probability: float = PROBABILITY


def mean(samples: ArrayLike) -> Estimate:
    """Mean over networks with Student's t interval.

    Parameters
    ----------
    samples
        One number for each network; an average over probes first, where there are several.
        Fewer than two give no interval (NaN), none no value.
    """
    from scipy.special import stdtrit

    x = _one_per_network(samples)
    if x.size < 2:
        value = float(x[0]) if x.size else np.nan
        return Estimate(value, np.nan, np.nan, np.nan, x.size, "Student t")
    value, error = float(np.mean(x)), float(np.std(x, ddof=1) / np.sqrt(x.size))
    half = float(stdtrit(x.size - 1, (1 + PROBABILITY) / 2)) * error
    return Estimate(value, value - half, value + half, error, x.size, "Student t")


def proportion(successes: int, networks: int) -> Estimate:
    """Proportion of networks with Wilson's score interval.

    Parameters
    ----------
    successes
        Networks in which it happened.
    networks
        All of them; 0 gives NaN.
    """
    from scipy.special import ndtri

    if not 0 <= successes <= networks:
        raise ValueError(
            f"{successes} successes in {networks} networks: give 0 <= successes <= networks"
        )
    if networks == 0:
        return Estimate(np.nan, np.nan, np.nan, np.nan, 0, "Wilson")
    p, z = successes / networks, float(ndtri((1 + PROBABILITY) / 2))
    shrink = 1 / (1 + z**2 / networks)
    centre = shrink * (p + z**2 / (2 * networks))
    half = shrink * z * np.sqrt(p * (1 - p) / networks + z**2 / (4 * networks**2))
    # At 0 and 1 the interval ends there; rounding must not put the estimate outside.
    low, high = min(max(centre - half, 0.0), p), max(min(centre + half, 1.0), p)
    return Estimate(p, float(low), float(high), float(half / z), networks, "Wilson")


def bootstrap(samples: ArrayLike, statistic: Callable[..., np.ndarray]) -> Estimate:
    """Any statistic over networks with its bias-corrected accelerated bootstrap interval.

    Parameters
    ----------
    samples
        One row for each network, shape (networks, ...).
    statistic
        `statistic(resampled)` with the networks on axis 0, in any order and number.
    """
    x = np.asarray(samples, dtype=float)
    networks, kind = len(x), "BCa bootstrap"
    if networks < 2:
        value = float(statistic(x)) if networks else np.nan
        return Estimate(value, np.nan, np.nan, np.nan, networks, kind)
    import warnings

    from scipy.stats import bootstrap as scipy_bootstrap

    value = float(statistic(x))
    with warnings.catch_warnings(), np.errstate(invalid="ignore"):
        warnings.simplefilter("ignore")  # a degenerate statistic is dealt with below
        # Networks are resampled whole: SciPy gets their numbers, the statistic their rows.
        result = scipy_bootstrap(
            (np.arange(networks),),
            lambda index: float(statistic(x[index])),
            n_resamples=RESAMPLES,
            confidence_level=PROBABILITY,
            method="BCa",
            vectorized=False,
            rng=np.random.default_rng(BOOTSTRAP_SEED),
        )
    low, high = (float(end) for end in result.confidence_interval)
    error = float(result.standard_error)
    if not (np.isfinite(low) and np.isfinite(high)):
        # BCa needs a jackknife that moves; where it stands still, plain percentiles do.
        kind, tail = "percentile bootstrap", 50 * (1 - PROBABILITY)
        low, high = (
            float(end) for end in np.percentile(result.bootstrap_distribution, [tail, 100 - tail])
        )
    return Estimate(value, low, high, error, networks, kind)


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

    Fewer than two networks have no standard error: both are NaN.
    """
    from scipy.special import stdtrit

    x, expected = np.asarray(curves, dtype=float), np.asarray(theory, dtype=float)
    if len(x) < 2:
        return np.nan, np.nan  # a single network has no standard error
    difference = np.mean(x, axis=0) - expected
    error = np.std(x, axis=0, ddof=1) / np.sqrt(len(x))
    compared = np.isfinite(difference) & ((error > 0) | (difference != 0))
    points = int(np.sum(compared))
    if points == 0:
        return 0.0, np.inf
    with np.errstate(divide="ignore"):
        t = np.abs(difference[compared]) / error[compared]
    return float(np.max(t)), float(stdtrit(len(x) - 1, 1 - 1e-3 / (2 * points)))


def scalar(estimate: Estimate, long_name: str, units: str = "1") -> xr.DataArray:
    """Make an estimate a 0-d variable that carries its interval in its attributes.

    Parameters
    ----------
    estimate
        The number and its interval.
    long_name
        What it is, in words.
    units
        Its unit; "1" for none.
    """
    return xr.DataArray(
        estimate.value,
        attrs={
            "long_name": long_name,
            "units": units,
            "ci_low": estimate.low,
            "ci_high": estimate.high,
            "ci_kind": estimate.kind,
            "ci_probability": estimate.probability,
            "standard_error": estimate.standard_error,
            "networks": estimate.networks,
        },
    )


def _one_per_network(samples: ArrayLike) -> np.ndarray:
    x = np.asarray(samples, dtype=float)
    if x.ndim != 1:
        raise ValueError(
            f"samples have shape {x.shape}: give one number for each network (average over "
            "probes first: probes of one network are not independent)"
        )
    return x
