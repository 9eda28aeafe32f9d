"""Losses along the training beside their exact law, and the statistics of claims A9."""

from collections.abc import Callable
from functools import partial

import numpy as np
import xarray as xr

from entanglement.experiments.optimisers.roles import GRADIENT, NAMED
from entanglement.statistics import agreement, estimates
from entanglement.statistics.curves import Curve
from entanglement.statistics.table import Statistic
from entanglement.theory import descent as theory

Measure = Callable[[xr.Dataset], np.ndarray]
SPREADS = np.geomspace(1e-6, 1e2, 161)


def _losses(cell: xr.Dataset) -> np.ndarray:
    """Folded loss, (network, step)."""
    return cell["folded_loss"].transpose("network", "step").values


def _law(cell: xr.Dataset) -> np.ndarray:
    """Exact mean over probes and over what G does across w_0, averaged over networks, (step)."""
    spread, offset = (cell[x].transpose("network", "step").values for x in ("spread", "offset"))
    # The identity is no random matrix: it keeps all angles.
    flat = theory.mean_folded_loss(1.0)
    exact = np.where(np.isnan(spread), flat, theory.mean_loss_of_wanderers(spread, offset))
    return np.asarray(exact.mean(axis=0))


def _shares(cell: xr.Dataset) -> np.ndarray:
    counts = cell["histogram"].transpose("network", "bin").values
    return counts * counts.shape[1] / counts.sum(axis=1, keepdims=True)


def _density_law(cell: xr.Dataset) -> np.ndarray:
    """Exact density of the loss behind each trained matrix, averaged over them."""
    ratio, axis = theory.axis(cell["matrix"].transpose("network", "row", "column"))
    ends = np.linspace(0, 1, cell.sizes["bin"] + 1)
    below = theory.loss_cdf(ends, ratio[:, None], np.pi / 4 - axis[:, None])
    return np.diff(below.mean(axis=0)) * cell.sizes["bin"]


CURVES = {
    "mean_folded_loss": Curve(_losses, "mean folded loss on unseen probes", ("step",), theory=_law),
    "mean_training_error": Curve(
        "training_error", "mean distance to the aim over its size", ("step",)
    ),
    "density": Curve(
        _shares, "density of the loss of Eq. 32 on unseen probes", ("bin",), theory=_density_law
    ),
    "last_folded_loss": Curve(
        lambda cell: _losses(cell)[:, -1], "mean folded loss after training", ()
    ),
    "last_spread": Curve(
        lambda cell: cell["spread"].isel(step=-1).values, "mean spread after training", ()
    ),
}


def _last(cell: xr.Dataset) -> np.ndarray:
    return _losses(cell)[:, -1]


def _last_law(cell: xr.Dataset) -> float:
    return float(cell["mean_folded_loss_theory"][-1])


def _across(cell: xr.Dataset) -> np.ndarray:
    return cell["moved_across"].values


def _of_all(measure: Measure, names: tuple[str, ...]) -> Callable[[list[xr.Dataset]], np.ndarray]:
    """A measure of every optimiser, (network, optimiser); of no network if one is missing."""

    def measured(cells: list[xr.Dataset]) -> np.ndarray:
        if {cell["optimiser"].item() for cell in cells} != set(names):
            return np.empty((0, len(names)))
        found = [measure(cell) for cell in cells]
        return np.stack([x[: min(map(len, found))] for x in found], axis=1)

    return measured


def _worst_law(names: tuple[str, ...]) -> Callable[[list[xr.Dataset]], float]:
    def law(cells: list[xr.Dataset]) -> float:
        whole = {cell["optimiser"].item() for cell in cells} == set(names)
        return max(map(_last_law, cells)) if whole else np.nan

    return law


def _agreement(cells: list[xr.Dataset]) -> tuple[float, int]:
    """Largest |t| of a mean folded loss over its limit, and the least networks of any cell."""
    ratios = [
        agreement.over_limit(_losses(cell), cell["mean_folded_loss_theory"]) for cell in cells
    ]
    return agreement.worst(ratios), min(cell.sizes["network"] for cell in cells)


_largest = partial(
    estimates.bootstrap, statistic=lambda samples: np.asarray(samples.mean(axis=0).max())
)
FOLDED, ACROSS = "folded loss on unseen probes", "part of the movement that goes across w_0"

STATISTICS = {
    "folded_loss_worst": Statistic(
        "named",
        _of_all(_last, NAMED),
        f"{FOLDED}, of the optimiser where it is largest",
        theory=_worst_law(NAMED),
        estimator=_largest,
    ),
    "folded_loss_gradient": Statistic(
        "gradient",
        _of_all(_last, GRADIENT),
        f"{FOLDED}, of the optimiser where it is largest",
        estimator=_largest,
    ),
    "folded_loss_identity": Statistic("identity", _last, FOLDED),
    "folded_loss_random_search": Statistic("random_search", _last, FOLDED, theory=_last_law),
    "folded_loss_descent": Statistic("descent", _last, FOLDED),
    "across_gradient": Statistic(
        "gradient",
        _of_all(_across, GRADIENT),
        f"{ACROSS}, of the optimiser where it is largest",
        estimator=_largest,
    ),
    "across_evolution": Statistic("evolution", _across, ACROSS),
    "largest_t_over_limit": Statistic(
        "all",
        _agreement,
        "largest |t| of a mean folded loss against its law, over its Bonferroni quantile",
        estimator=estimates.exact,
    ),
}


def summarise(results: xr.Dataset) -> xr.Dataset:
    """Add the one curve that all cells must lie on."""
    about = {"long_name": "mean folded loss of a matrix of this spread, exact", "units": "1"}
    return xr.Dataset(
        {"loss_of_spread": ("any_spread", theory.mean_loss_of_wanderers(SPREADS), about)},
        coords={"any_spread": ("any_spread", SPREADS, results["spread"].attrs)},
    )
