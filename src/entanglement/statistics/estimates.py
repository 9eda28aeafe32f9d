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
        How the interval was made: "Student t", "Welch t", "Wilson", "Clopper-Pearson", "BCa bootstrap" ("percentile
        bootstrap" where BCa is not defined), "exact", "none" (there was nothing to measure).
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


# What is known where the grid has no cell for a statistic.
NOTHING = Estimate(np.nan, np.nan, np.nan, np.nan, 0, "none")


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
        # BCa needs a jackknife that moves; where it stands still, plain percentiles do. They are
        # draws, not means of two: between two infinite ones there is no number.
        kind, tail = "percentile bootstrap", 50 * (1 - PROBABILITY)
        low, high = (
            float(np.percentile(result.bootstrap_distribution, end, method="inverted_cdf"))
            for end in (tail, 100 - tail)
        )
    return Estimate(value, low, high, error, networks, kind)


def welch(first: ArrayLike, second: ArrayLike) -> Estimate:
    """Difference of the means of two groups of independent networks, with Welch's t interval.

    Parameters
    ----------
    first, second
        One number for each network of either group; the second mean is taken from the first.
        Fewer than two in either give no value (`NOTHING`).
    """
    from scipy.special import stdtrit

    x, y = _one_per_network(first), _one_per_network(second)
    if min(len(x), len(y)) < 2:
        return NOTHING
    one, two = mean(x), mean(y)
    squares = np.array([one.standard_error, two.standard_error]) ** 2
    error, gap = float(np.sqrt(squares.sum())), one.value - two.value
    if error == 0:  # no network differs from another: there is no number of degrees of freedom
        return Estimate(gap, gap, gap, 0.0, min(len(x), len(y)), "Welch t")
    freedom = squares.sum() ** 2 / np.sum(squares**2 / [len(x) - 1, len(y) - 1])
    half = float(stdtrit(freedom, (1 + PROBABILITY) / 2)) * error
    return Estimate(gap, gap - half, gap + half, error, min(len(x), len(y)), "Welch t")


def share(outcomes: ArrayLike) -> Estimate:
    """Proportion of networks in which something happened, with Wilson's score interval.

    Parameters
    ----------
    outcomes
        One truth value (or 0 and 1) for each network.
    """
    x = _one_per_network(outcomes)
    return proportion(int(np.sum(x)), x.size)


def clopper_pearson(proportion: float, units: int) -> Estimate:
    """Proportion of independent units with Clopper and Pearson's exact interval.

    Parameters
    ----------
    proportion
        What was found; it need not be a whole number of units.
    units
        Independent units that it counts for; 0 gives NaN.
    """
    from scipy.special import betaincinv

    if units == 0:
        return Estimate(np.nan, np.nan, np.nan, np.nan, 0, "Clopper-Pearson")
    yes, no, tail = proportion * units, (1 - proportion) * units, (1 - PROBABILITY) / 2
    low = float(betaincinv(yes, no + 1, tail)) if yes > 0 else 0.0
    high = float(betaincinv(yes + 1, no, 1 - tail)) if no > 0 else 1.0
    error = float(np.sqrt(proportion * (1 - proportion) / units))
    return Estimate(proportion, low, high, error, units, "Clopper-Pearson")


def counts(samples: ArrayLike) -> Estimate:
    """Mean of a count over networks: exact where all count the same, else as `mean`.

    Parameters
    ----------
    samples
        One whole number for each network.
    """
    found = mean(samples)
    same = found.networks > 1 and found.low == found.high
    return exact(found.value, found.networks) if same else found


def exact(value: float, networks: int) -> Estimate:
    """Give a number that has no spread (a count, a rank) as its own interval.

    Parameters
    ----------
    value
        The number.
    networks
        Networks that it was found in.
    """
    number = float(value)
    return Estimate(number, number, number, 0.0, networks, "exact")


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
