"""When the augmented loss rises, and how that moves with the speed of light."""

from collections.abc import Callable
from functools import partial

import numpy as np
import xarray as xr

from entanglement.experiments.light_speed.roles import ROLES
from entanglement.statistics import agreement, curves, estimates
from entanglement.statistics.curves import Curve, share
from entanglement.statistics.roles import cast, values
from entanglement.statistics.table import Statistic
from entanglement.theory import selection, spacetime


def onset(curves: np.ndarray, level: float, rising: bool) -> np.ndarray:
    """Where mean curves first pass a level, interpolated between layers.

    Parameters
    ----------
    curves
        Shape (..., layer); layer 0, which has no time coordinate yet, is left out.
    level
        The level.
    rising
        Whether the curves pass it upwards or downwards.

    Returns
    -------
    Layer, shape (...); NaN where the curve is beyond the level from layer 1 on, or never.
    """
    sign = 1.0 if rising else -1.0
    height = sign * (np.asarray(curves, dtype=float) - level)
    beyond = height[..., 1:] > 0
    after = np.argmax(beyond, axis=-1) + 1  # layer number
    passes = beyond.any(axis=-1) & (after > 1)
    high = np.take_along_axis(height, after[..., None], axis=-1)[..., 0]
    low = np.take_along_axis(height, after[..., None] - 1, axis=-1)[..., 0]
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(passes, after - high / (high - low), np.nan)


# The augmented Eq. 31 rises from 0 (both vectors on the time axis) to 1/2: its onset is half of
# the way. The folded angle in space falls from 1/4 (k = 2): at 1/100 it has collapsed.
risen = partial(onset, level=0.25, rising=True)
fallen = partial(onset, level=0.01, rising=False)


def _log_norm(cell: xr.Dataset) -> np.ndarray:
    """U9, of the families that keep rows."""
    k, n, depth, weights = values(cell, "k", "n", "depth", "weights")
    if weights not in ("top", "random", "minimum"):
        return np.full(depth + 1, np.nan)
    return spacetime.mean_log_norm(k, n, depth, weights)


def _log_distance(cell: xr.Dataset) -> np.ndarray:
    """None at layer 0, whose time is 0."""
    return np.append(np.nan, spacetime.log_distance(*values(cell, "c", "depth")))


CURVES = {
    "mean_augmented_plus": Curve(
        "augmented_plus", "mean of Eq. 31 over probes and networks", interval=share
    ),
    "mean_augmented_minus": Curve(
        "augmented_minus", "mean of Eq. 30 over probes and networks", interval=share
    ),
    "mean_time_share": Curve(
        "time_share", "mean c l / |[c l; w_l]| of the training samples", interval=share
    ),
    "mean_log_norm": Curve("log_norm", "mean ln |w_l| of the training samples", theory=_log_norm),
    "log_distance": Curve(
        lambda cell: np.tile(_log_distance(cell), (cell.sizes["network"], 1)),
        "ln d' = ln c l",
    ),
    "log_proportional": Curve(
        lambda cell: cell["log_norm"].values[:, 1:2] + _log_distance(cell) - _log_distance(cell)[1],
        "ln of a norm that is proportional to l, from layer 1 on",
    ),
    "mean_folded_angle": Curve(
        "folded_angle", "mean distance of the angle from its nearer pole", interval=share
    ),
    "onset": Curve(
        lambda cell: cell["augmented_plus"].values,
        "layer where the mean of Eq. 31 passes 1/4",
        dims=(),
        units="layer",
        interval=partial(curves.of_mean, statistic=risen),
    ),
    "spatial_onset": Curve(
        lambda cell: cell["folded_angle"].values,
        "layer where the mean folded angle in space passes 1/100",
        dims=(),
        units="layer",
        interval=partial(curves.of_mean, statistic=fallen),
    ),
}


def _slope(name: str, passes: partial, cells: list[xr.Dataset], time: bool) -> tuple:
    """Least-squares slope of the onset over the cells that have one; networks resampled whole.

    Against the logarithm of c, or of the time c l* at the onset. Samples and statistic of a
    bootstrap.
    """
    samples = np.stack([cell[name].values for cell in cells], axis=1)  # (network, c, layer)
    c = np.array([float(cell["c"]) for cell in cells])
    used = np.isfinite(passes(samples.mean(axis=0)))

    def slope(drawn: np.ndarray) -> np.ndarray:
        y = passes(drawn.mean(axis=0))
        x = np.log(c[used] * y) if time else np.log(c[used])
        x = x - x.mean()
        return x @ (y - y.mean()) / (x @ x)

    return (samples[:, used] if used.sum() > 1 else np.empty(0)), slope


def _layers(cells: list[xr.Dataset]) -> float:
    """Layers in which the norm grows e-fold."""
    return 1 / selection.mean_log_gain(*values(cells[0], "k", "n"))


def _worst(cells: list[xr.Dataset]) -> tuple[float, int]:
    """Largest |t| of the norm's growth since the input over its limit, and the least networks."""
    ratios = []
    for cell in cells:
        growth = cell["log_norm"].values - cell["log_norm"].values[:, :1]
        gain = selection.mean_log_gain(*values(cell, "k", "n", "weights"))
        ratios.append(agreement.over_limit(growth, gain * cell["layer"].values))
    return agreement.worst(ratios), min(cell.sizes["network"] for cell in cells)


def _last(name: str) -> Callable[[xr.Dataset], np.ndarray]:
    return lambda cell: cell[name].values[:, -1]


def _against_norm(ratio: bool) -> Callable[[xr.Dataset], np.ndarray]:
    """Slope along the layers of ln d' = ln c l, or of ln d'/d, against ln |w_l|, by network."""

    def slopes(cell: xr.Dataset) -> np.ndarray:
        if int(cell["depth"]) < 2:
            return np.empty(0)
        log_norm = cell["log_norm"].values[:, 1:]
        log_time = np.log(float(cell["c"]) * cell["layer"].values[1:])
        along = log_time - ratio * np.logaddexp(2 * log_time, 2 * log_norm) / 2
        x = log_norm - log_norm.mean(axis=1, keepdims=True)
        return np.asarray((x * along).sum(axis=1) / (x**2).sum(axis=1))

    return slopes


PROBES_SHARE = "mean c l / |[c l; w'_l]| of the probes in the last layer"
ANGLE = "mean folded angle of the augmented vectors in the last layer"

STATISTICS = {
    "time_share_probe_last": Statistic("paper", _last("time_share_probe"), PROBES_SHARE),
    "time_share_probe_last_standing": Statistic(
        "standing", _last("time_share_probe"), PROBES_SHARE
    ),
    "augmented_fold_last": Statistic("paper", _last("augmented_fold"), ANGLE),
    "augmented_fold_last_turned": Statistic("turned", _last("augmented_fold"), ANGLE),
    "distance_slope": Statistic(
        "paper", _against_norm(ratio=False), "slope of ln d' = ln c l against ln |w_l|"
    ),
    "distance_slope_ratio": Statistic(
        "paper", _against_norm(ratio=True), "slope of ln d'/d against ln |w_l|"
    ),
    "onset_slope": Statistic(
        "sweep",
        lambda cells: _slope("augmented_plus", risen, cells, time=True),
        "slope of the onset against ln(c l*)",
        units="layer",
        theory=_layers,
        estimator=estimates.bootstrap,
    ),
    "spatial_slope": Statistic(
        "sweep",
        lambda cells: _slope("folded_angle", fallen, cells, time=False),
        "slope of the collapse in space against ln c",
        units="layer",
        theory=lambda cells: 0.0,
        estimator=estimates.bootstrap,
    ),
    "largest_t_over_limit": Statistic(
        "growing",
        _worst,
        "largest |t| of a mean ln |w_l| / |w_0| against l E ln A, over its Bonferroni quantile",
        estimator=estimates.exact,
    ),
}


def summarise(results: xr.Dataset) -> xr.Dataset:
    """Add the time at each onset, and the line of the theory's slope through those of the sweep."""
    time = {name: (results["c"] * results[name]).values for name in ("onset", "spatial_onset")}
    sweep = cast(results, ROLES)["sweep"]
    swept = np.isin(results["cell_name"].values, [cell["cell_name"].item() for cell in sweep])
    known = swept & np.isfinite(time["onset"])
    line = np.full(len(swept), np.nan)
    if known.any():
        layer, log_time = results["onset"].values[known], np.log(time["onset"][known])
        line[known] = float(layer.mean() - _layers(sweep) * log_time.mean())
        line[known] += _layers(sweep) * log_time
    about = {"long_name": "time c l at the layer", "units": "c layer"}
    of_line = {"long_name": "line of slope 1 / E ln A through the onsets", "units": "layer"}
    return xr.Dataset(
        {
            "onset_time": ("cell", time["onset"], about),
            "spatial_onset_time": ("cell", time["spatial_onset"], about),
            "onset_theory": ("cell", line, of_line),
        }
    )
