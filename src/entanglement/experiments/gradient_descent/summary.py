"""Means over networks with the exact law of the loss, and the statistics of claims A8."""

from collections.abc import Callable

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike

from entanglement.statistics import agreement, curves, estimates, roles
from entanglement.statistics.curves import Band, Curve
from entanglement.statistics.roles import values
from entanglement.statistics.table import Statistic
from entanglement.theory import descent as theory

# Points of the distribution with fewer expected counts than this are not compared by a t test.
LEAST_COUNT = 30
ORDER = ("matrix", "target", "network", "bin")

Measure = Callable[[xr.Dataset], np.ndarray]


def _laws(cell: xr.Dataset) -> tuple[np.ndarray, np.ndarray]:
    """Ratio and offset of the law of each matrix, (matrix, target, network)."""
    ratio, axis = theory.axis(cell["direction"].transpose("matrix", "network", "row", "column"))
    offset = np.stack([np.pi / 4 - axis, np.zeros_like(axis)], axis=1)
    return np.stack([ratio, theory.pair_ratio(ratio)], axis=1), offset


def _exact_folded(cell: xr.Dataset) -> np.ndarray:
    return _average(theory.mean_folded_loss(*_laws(cell)))


def _exact_error(cell: xr.Dataset) -> float:
    """|q|^T, for one factor."""
    if cell["factors"] != 1:
        return np.nan
    eta, x, y, steps = values(cell, "eta", "start_x", "start_y", "steps")
    with np.errstate(over="ignore"):
        return np.abs(np.float64(theory.contraction(eta, (x, y)))) ** steps


def _average(x: np.ndarray) -> np.ndarray:
    """Mean over the networks that have a direction, the third axis."""
    known = np.isfinite(x).sum(axis=2)
    return np.where(known > 0, np.nansum(x, axis=2) / np.maximum(known, 1), np.nan)


def _of_finite(samples: ArrayLike) -> Band:
    """Means over the networks that stay finite, each number with Student's t interval."""
    x = np.asarray(samples)
    with np.errstate(over="ignore"):
        bands = [curves.band(one[np.isfinite(one)]) for one in x.reshape(len(x), -1).T]
    mean, low, high = np.transpose(bands).reshape(3, *x.shape[1:])
    return mean, low, high


CURVES = {
    "mean_folded_loss": Curve(
        "folded_loss",
        "mean loss of Eq. 32 to the nearer of target and its negative",
        ("matrix", "target"),
        theory=_exact_folded,
        interval=_of_finite,
    ),
    "mean_training_error": Curve(
        "training_error",
        "distance to the aim after training over that before",
        (),
        theory=_exact_error,
        interval=_of_finite,
    ),
}


def _folded(matrix: str) -> Measure:
    return lambda cell: _finite(cell["folded_loss"].sel(matrix=matrix, target="aim"))


def _folded_law(cell: xr.Dataset) -> xr.DataArray:
    return cell["mean_folded_loss_theory"].sel(matrix="descent", target="aim")


def _error(cell: xr.Dataset) -> np.ndarray:
    return _finite(cell["training_error"])


def _error_law(cell: xr.Dataset) -> xr.DataArray:
    return cell["mean_training_error_theory"]


def _finite(x: xr.DataArray) -> np.ndarray:
    return x.values[np.isfinite(x.values)]


def _per_decade(losses: list[np.ndarray], cells: list[xr.Dataset]) -> np.ndarray:
    """Least-squares slope against log10 lambda, network by network; NaN for one lambda."""
    x = np.log10([float(cell["scale"]) for cell in cells])
    x, fewest = x - x.mean(), min(map(len, losses))
    with np.errstate(invalid="ignore"):
        return np.asarray(np.stack([row[:fewest] for row in losses], axis=1) @ x / (x @ x))


FOLDED, ERROR = "folded loss on unseen probes", "training error after over before"

STATISTICS = {
    "folded_loss_large_scale": Statistic(
        "large_scale", _folded("descent"), FOLDED, theory=_folded_law
    ),
    "folded_loss_large_scale_untrained": Statistic(
        "large_scale", _folded("untrained"), f"{FOLDED}, untrained"
    ),
    "folded_loss_large_eta": Statistic("large_eta", _folded("descent"), FOLDED, theory=_folded_law),
    "folded_loss_large_eta_untrained": Statistic(
        "large_eta", _folded("untrained"), f"{FOLDED}, untrained"
    ),
    "folded_loss_per_decade": Statistic(
        "lambdas",
        lambda cells: _per_decade([_folded("descent")(cell) for cell in cells], cells),
        f"{FOLDED}, slope per decade of lambda",
        theory=lambda cells: _per_decade([np.ravel(_folded_law(cell)) for cell in cells], cells)[0],
    ),
    "folded_loss_per_decade_untrained": Statistic(
        "lambdas",
        lambda cells: _per_decade([_folded("untrained")(cell) for cell in cells], cells),
        f"{FOLDED}, untrained, slope per decade of lambda",
    ),
    "training_error_large_scale": Statistic("large_scale", _error, ERROR, theory=_error_law),
    "training_error_large_eta": Statistic("large_eta", _error, ERROR, theory=_error_law),
    "training_error_one_step": Statistic("one_step", _error, ERROR),
    "largest_t_over_limit": Statistic(
        "all",
        lambda cells: (
            agreement.worst(
                [ratio for cell in cells for ratio in cell["t_over_limit"].values.flat]
            ),
            min(cell.sizes["network"] for cell in cells),
        ),
        "largest |t| of any distribution function over its Bonferroni quantile",
        estimator=estimates.exact,
    ),
}


def summarise(results: xr.Dataset) -> xr.Dataset:
    """Add densities of the loss, how far they are from their law, and how many networks have one."""
    return roles.join([_single(cell) for cell in roles.cells(results)])


def _single(cell: xr.Dataset) -> xr.Dataset:
    counts = cell["histogram"].transpose(*ORDER).values
    bins, probes = counts.shape[-1], int(cell["probes"])
    ratio, offset = _laws(cell)
    below = theory.loss_cdf(np.linspace(0, 1, bins + 1), ratio[..., None], offset[..., None])
    law, total = np.diff(below, axis=-1), counts.sum(axis=2)
    apart = [[_over_limit(*x, probes) for x in zip(*y)] for y in zip(counts, law)]
    with np.errstate(invalid="ignore"):
        density = total * bins / total.sum(axis=-1, keepdims=True)
    densities, pairs = ("matrix", "target", "bin"), ("matrix", "target")
    made = {
        "density": (densities, density, "density of the loss of Eq. 32 over networks and probes"),
        "density_theory": (densities, _average(law) * bins, "exact density, averaged over G_0"),
        "t_over_limit": (pairs, apart, "largest |t| of the distribution function over its limit"),
        "sound_fraction": (
            "matrix", np.isfinite(ratio[:, 0]).mean(axis=1), "networks with a direction",
        ),
    }  # fmt: skip
    return xr.Dataset(
        {n: (dims, x, {"long_name": words, "units": "1"}) for n, (dims, x, words) in made.items()},
        coords={d: cell[d].values for d in densities},
    )


def _over_limit(counts: np.ndarray, law: np.ndarray, probes: int) -> float:
    """Largest |t| of a distribution function over its limit, (network, bin)."""
    known = np.isfinite(law[:, 0])
    found = np.cumsum(counts[known], axis=-1)[:, :-1] / probes
    expected = np.cumsum(law[known], axis=-1)[:, :-1]
    total = expected.sum(axis=0) * probes
    common = np.minimum(total, known.sum() * probes - total) >= LEAST_COUNT
    return agreement.over_limit((found - expected)[:, common], np.zeros(common.sum()))
