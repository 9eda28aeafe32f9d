"""Losses on noise that was and was not seen, and the statistics of claims A17."""

from collections.abc import Callable
from functools import partial

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike

from entanglement.experiments.overparameterised.roles import GRADIENT, ROLES
from entanglement.statistics import agreement, curves, estimates
from entanglement.statistics.curves import Band, Curve
from entanglement.statistics.roles import cast
from entanglement.statistics.table import Statistic
from entanglement.theory import interpolation

Measure = Callable[[xr.Dataset], np.ndarray]
DONE = 1e-3  # training loss below which noise is fitted


def _losses(kind: str) -> Measure:
    return lambda cell: cell[f"{kind}_loss"].transpose("network", "step").values


def _last(kind: str) -> Measure:
    return lambda cell: _losses(kind)(cell)[:, -1]


def _of_known(samples: ArrayLike) -> Band:
    """Means over the networks whose weights did not overflow."""
    x = np.asarray(samples, dtype=float)
    return curves.band(x[np.isfinite(x).reshape(len(x), -1).all(1)])


def _mean_law(cell: xr.Dataset) -> float:
    """Expected unseen loss over all noise, of the fit of least change; NaN where there is none."""
    k, samples, scale = int(cell["k"]), int(cell["samples"]), float(cell["scale"])
    known = (
        cell["optimiser"] in ("descent", "sgd", "momentum")
        and int(cell["depth"]) == 1
        and float(cell["dropout"]) == 0
        and str(cell["start"].values) == "random"
        and samples <= k - 2
        and bool((_last("training")(cell) < DONE).all())
    )
    return interpolation.unseen_loss(k, samples, scale) if known else np.nan


CURVES = {
    "mean_training_loss": Curve(
        _losses("training"), "training loss", ("step",), interval=_of_known
    ),
    "mean_unseen_loss": Curve(
        _losses("unseen"), "loss on unseen noise", ("step",), interval=_of_known
    ),
    "last_training_loss": Curve(
        _last("training"), "training loss at the end", (), interval=_of_known
    ),
    "last_unseen_loss": Curve(
        _last("unseen"), "loss on unseen noise at the end", (), theory=_mean_law, interval=_of_known
    ),
    "last_expected_loss": Curve(
        "unseen_law", "loss on unseen noise, exact for the training samples", (), interval=_of_known
    ),
    "mean_pair_angle": Curve(
        "pair_angle", "angle between outputs of unseen inputs over pi", (), interval=_of_known
    ),
}


def _worst_training(place: int) -> Callable[[list[xr.Dataset]], np.ndarray]:
    """Training loss of every optimiser and depth, (network, cell), at the start or the end."""

    def losses(cells: list[xr.Dataset]) -> np.ndarray:
        if {str(cell["optimiser"].values) for cell in cells} != set(GRADIENT):
            return np.empty((0, len(cells)))
        found = [_losses("training")(cell)[:, place] for cell in cells]
        return np.stack([x[: min(map(len, found))] for x in found], axis=1)

    return losses


def _least_unseen(cells: list[xr.Dataset]) -> np.ndarray:
    if {str(cell["optimiser"].values) for cell in cells} != set(GRADIENT):
        return np.empty((0, len(cells)))
    found = [_last("unseen")(cell) for cell in cells]
    return np.stack([x[: min(map(len, found))] for x in found], axis=1)


def _angles(cells: list[xr.Dataset]) -> np.ndarray:
    """Angle of pairs of every rate and depth, (network, cell), without networks that overflowed."""
    found = [cell["pair_angle"].values for cell in cells]
    rows = np.stack([x[: min(map(len, found))] for x in found], axis=1)
    return rows[np.isfinite(rows).all(1)]


def _off_flow(cell: xr.Dataset) -> np.ndarray:
    """Largest distance of a network's modes from gradient flow."""
    off = abs(cell["strength"] - cell["strength_law"])
    return off.max(("step", "mode"), skipna=False).values


def _wrong_flow(cell: xr.Dataset) -> np.ndarray:
    """The same against the law of one layer, that has no plateau."""
    found = cell["strength"].transpose("network", "step", "mode").values
    start = found[:, :1]
    time = float(cell["rate"]) * cell["step"].values[None, :, None]
    return np.abs(found - (1 + (start - 1) * np.exp(-time))).max((1, 2))


def _off_ridge(law: str) -> Measure:
    """Unseen loss less what ridge, or no dropout, should give for the same training samples."""
    return lambda cell: _last("unseen")(cell) - cell[law].values


def _agreement(cells: list[xr.Dataset]) -> tuple[float, int]:
    """Largest |t| of an unseen loss against its law, over its limit, and the least networks."""
    ratios = [
        agreement.over_limit(_last("unseen")(cell)[:, None], np.array([_mean_law(cell)]))
        for cell in cells
    ]
    return agreement.worst(ratios), min(cell.sizes["network"] for cell in cells)


_largest = partial(estimates.bootstrap, statistic=lambda x: np.asarray(x.mean(axis=0).max()))
_smallest = partial(estimates.bootstrap, statistic=lambda x: np.asarray(x.mean(axis=0).min()))
TRAINING = "training loss, of the optimiser and depth where it is largest"
UNSEEN, ANGLE = "loss on unseen noise", "angle between outputs of unseen inputs over pi"
FLOW, RIDGE = "largest distance of a mode from", f"{UNSEEN} less what is expected"

STATISTICS = {
    "training_worst": Statistic("trained", _worst_training(-1), TRAINING, estimator=_largest),
    "training_before": Statistic(
        "trained", _worst_training(0), f"{TRAINING}, before training", estimator=_largest
    ),
    "unseen_best": Statistic(
        "trained",
        _least_unseen,
        f"{UNSEEN}, of the optimiser and depth where it is smallest",
        estimator=_smallest,
    ),
    "unseen_least": Statistic("least", _last("unseen"), UNSEEN, theory=_mean_law),
    "unseen_before": Statistic(
        "least", lambda cell: _losses("unseen")(cell)[:, 0], f"{UNSEEN}, before training"
    ),
    "angle_dropped": Statistic(
        "dropped",
        _angles,
        f"{ANGLE}, at the rate and depth where it is smallest",
        estimator=_smallest,
    ),
    "angle_selection": Statistic("selection", lambda cell: cell["pair_angle"].values, ANGLE),
    "angle_one_sample": Statistic("one_sample", lambda cell: cell["pair_angle"].values, ANGLE),
    "angle_half": Statistic("least", lambda cell: cell["pair_angle"].values, ANGLE),
    "off_flow": Statistic("balanced", _off_flow, f"{FLOW} gradient flow, over its end"),
    "off_one_layer": Statistic("balanced", _wrong_flow, f"{FLOW} the law of one layer"),
    "off_ridge": Statistic("dropout", _off_ridge("unseen_law"), f"{RIDGE} of ridge"),
    "off_plain": Statistic("dropout", _off_ridge("unseen_law_plain"), f"{RIDGE} without dropout"),
    "largest_t_over_limit": Statistic(
        "sample_sweep",
        _agreement,
        "largest |t| of a loss on unseen noise against its law, over its Bonferroni quantile",
        estimator=estimates.exact,
    ),
}


def summarise(results: xr.Dataset) -> xr.Dataset:
    """Add the law of the loss on unseen noise up to the most samples of the sweep."""
    sweep = cast(results, ROLES)["sample_sweep"]
    most = max((int(cell["samples"]) for cell in sweep), default=1)
    width = min((int(cell["k"]) for cell in sweep), default=4)
    counts = np.arange(1, min(most, width - 2) + 1)
    law = [interpolation.unseen_loss(width, int(count)) for count in counts]
    about = {"long_name": "loss on unseen noise of the fit of least norm, exact", "units": "1"}
    words = {"long_name": "training samples", "units": "1"}
    return xr.Dataset(
        {"loss_of_samples": ("any_samples", law, about)},
        coords={"any_samples": ("any_samples", counts, words)},
    )
