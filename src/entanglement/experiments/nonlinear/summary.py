"""Means over networks beside the theory of infinite width, and the statistics of claims A16."""

from collections.abc import Callable

import numpy as np
import xarray as xr

from entanglement.experiments.nonlinear import theory
from entanglement.statistics import agreement, estimates
from entanglement.statistics.curves import Curve, known
from entanglement.statistics.table import Statistic

Measure = Callable[[xr.Dataset], np.ndarray]


def _law(name: str) -> Measure:
    return lambda cell: theory.cosines(cell)[name]


def _step(cell: xr.Dataset) -> np.ndarray:
    """Growth of ln tangent of the close probe a layer, over the first layers, network by network."""
    layers = min(theory.STEPS, int(cell["depth"]))
    found = cell["log_tangent_close"]
    return (found.sel(layer=layers) - found.sel(layer=0)).values / layers


CURVES = {
    "mean_near": Curve("near", "cosine of the near probe", theory=_law("near"), interval=known),
    "mean_far": Curve("far", "cosine of the far probe", theory=_law("far"), interval=known),
    "mean_between": Curve(
        "between", "cosine between unseen probes", theory=_law("between"), interval=known
    ),
    "mean_log_tangent": Curve(
        "log_tangent", "ln tangent of the near probe", theory=theory.log_tangent, interval=known
    ),
    "mean_fold": Curve(
        "fold", "mean folded angle of unseen probes", theory=theory.fold, interval=known
    ),
    "mean_alive": Curve("alive", "share of networks whose output is not zero"),
    "mean_poles": Curve("poles", "directions that all inputs end in", ()),
    "mean_step": Curve(
        _step,
        "growth of ln tangent of the close probe, per layer",
        (),
        theory=theory.step,
        interval=known,
    ),
}


def _last(name: str) -> Measure:
    def last(cell: xr.Dataset) -> np.ndarray:
        return _finite(cell[name].isel(layer=-1).values)

    return last


def _finite(samples: np.ndarray) -> np.ndarray:
    return samples[np.isfinite(samples)]


def _last_law(name: str) -> Callable[[xr.Dataset], float]:
    return lambda cell: float(cell[f"mean_{name}_theory"].isel(layer=-1))


def _largest(*cells: xr.Dataset) -> np.ndarray:
    """Folded angles in the last layer, of the cell where they are largest."""
    return max(map(_last("fold"), cells), key=lambda x: float(np.mean(x)) if len(x) else -1.0)


def _steps(first: xr.Dataset, second: xr.Dataset) -> tuple[np.ndarray, np.ndarray]:
    return _finite(_step(first)), _finite(_step(second))


def _steps_law(first: xr.Dataset, second: xr.Dataset) -> float:
    return theory.step(first) - theory.step(second)


def _deviations(cell: xr.Dataset) -> np.ndarray:
    """Distances from N1 in standard errors; layer 0 is given, and arrived probes are rounding."""
    made = []
    for name in ("near", "far", "between", "log_tangent"):
        exact = cell[f"mean_{name}_theory"].values
        if name != "log_tangent":
            exact = np.where(1 - exact**2 > theory.ROUNDING, exact, np.nan)
        made.append(agreement.deviation(cell[name].values[:, 1:], exact[1:]))
    return np.concatenate([*made, [agreement.deviation(_step(cell), cell["mean_step_theory"])]])


def _worst(cells: list[xr.Dataset]) -> tuple[float, int]:
    """Largest |t| of all points of all cells over its limit, and the least networks of any."""
    apart = [np.abs(_deviations(cell)) for cell in cells]
    points = max(1, sum(int(np.isfinite(t).sum()) for t in apart))
    networks = [cell.sizes["network"] for cell in cells]
    limits = agreement.limit(networks, points)
    return agreement.worst([agreement.worst(t) for t in apart] / limits), min(networks)


FOLD = "folded angle of unseen probes in the last layer"
LOSS = "angle of unseen probes in the last layer, not folded"
POLES = "directions that all inputs end in"

STATISTICS = {
    "fold_identity": Statistic("identity", _last("fold"), FOLD),
    "fold_identity_unselected": Statistic("identity_unselected", _last("fold"), FOLD),
    "fold_nonlinear": Statistic(("tanh", "relu", "gelu"), _largest, f"largest {FOLD}"),
    "fold_nonlinear_unselected": Statistic(
        ("tanh_unselected", "relu_unselected", "gelu_unselected"), _largest, f"largest {FOLD}"
    ),
    "loss_relu": Statistic("relu", _last("loss"), LOSS),
    "loss_identity": Statistic("identity", _last("loss"), LOSS),
    "poles_tanh": Statistic(
        "tanh", lambda cell: cell["poles"].values, POLES, estimator=estimates.counts
    ),
    "poles_relu": Statistic(
        "relu", lambda cell: cell["poles"].values, POLES, estimator=estimates.counts
    ),
    "fold_chaotic": Statistic("chaotic", _last("fold"), FOLD),
    "fold_chaotic_unselected": Statistic("chaotic_unselected", _last("fold"), FOLD),
    "step_relu_less_identity": Statistic(
        ("relu", "identity"),
        _steps,
        "growth of ln tangent near coincidence, difference",
        theory=_steps_law,
        estimator=estimates.welch,
    ),
    "step_tanh_less_identity": Statistic(
        ("tanh", "identity"),
        _steps,
        "growth of ln tangent near coincidence, difference",
        theory=_steps_law,
        estimator=estimates.welch,
    ),
    "between_layer_relu_unselected": Statistic(
        "layer_relu_unselected",
        _last("between"),
        "cosine between unseen probes in the last layer",
        theory=_last_law("between"),
    ),
    "between_relu_unselected": Statistic(
        "relu_unselected",
        _last("between"),
        "cosine between unseen probes in the last layer",
        theory=_last_law("between"),
    ),
    "far_layer_relu": Statistic(
        "layer_relu",
        _last("far"),
        "cosine of the far probe in the last layer",
        theory=_last_law("far"),
    ),
    "far_relu": Statistic("relu", _last("far"), "cosine of the far probe in the last layer"),
    "fold_skip_tanh": Statistic("skip_tanh", _last("fold"), FOLD),
    "fold_tanh": Statistic("tanh", _last("fold"), FOLD),
    "fold_skip_relu_unselected": Statistic(
        "skip_relu_unselected", _last("fold"), FOLD, theory=_last_law("fold")
    ),
    "fold_relu_unselected": Statistic(
        "relu_unselected", _last("fold"), FOLD, theory=_last_law("fold")
    ),
    "fold_batch_narrow": Statistic("batch_narrow", _last("fold"), FOLD),
    "fold_identity_narrow": Statistic(
        "identity_narrow", _last("fold"), FOLD, theory=_last_law("fold")
    ),
    "fold_batch_identity": Statistic("batch_identity", _last("fold"), FOLD),
    "fold_batch_identity_unselected": Statistic("batch_identity_unselected", _last("fold"), FOLD),
    "largest_t_over_limit": Statistic(
        "wide",
        _worst,
        "largest |t| of any mean cosine or ln tangent against N1, over its Bonferroni quantile",
        estimator=estimates.exact,
    ),
}
