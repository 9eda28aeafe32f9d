"""When the augmented loss rises, and how that moves with the speed of light."""

from functools import partial

import numpy as np
import xarray as xr

from entanglement.experiments.light_speed import MEANS
from entanglement.statistics import curves, estimates
from entanglement.theory import selection

# The augmented Eq. 31 rises from 0 (both vectors on the time axis) to 1/2: its onset is half of
# the way. The folded angle in space falls from 1/4 (k = 2): at 1/100 it has collapsed.
RISEN, FALLEN = 0.25, 0.01


def summarise(results: xr.Dataset) -> xr.Dataset:
    """Add means over networks, onsets, and their slopes against the logarithm of c.

    Parameters
    ----------
    results
        All evaluations, one for each `cell`, with every parameter a coordinate on it.

    Returns
    -------
    Only the added variables.
    """
    cells = [results.isel(cell=i) for i in range(results.sizes["cell"])]
    summary = xr.concat([_summary(cell) for cell in cells], "cell", join="outer")
    return summary.assign(_statistics(cells))


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


def _own(cell: xr.Dataset, name: str) -> np.ndarray:
    """Means of a cell's own networks, (network, layer)."""
    return cell[name].values[: int(cell["networks"]), : int(cell["depth"]) + 1]


def _summary(cell: xr.Dataset) -> xr.Dataset:
    variables: dict[str, tuple] = {}
    for name, words in MEANS.items():
        band = curves.band(_own(cell, name))
        variables |= curves.labelled(f"mean_{name}", ("layer",), band, f"{words}, over networks")
    for name, source, level, rising in (
        ("onset", "augmented_plus", RISEN, True),
        ("spatial_onset", "folded_angle", FALLEN, False),
    ):
        samples = _own(cell, source)
        found = curves.of_mean(samples, partial(onset, level=level, rising=rising))
        words = f"layer where the mean of {source} passes {level:g}"
        variables |= curves.labelled(name, (), found, words, "layer")
    coordinates = {"layer": np.arange(int(cell["depth"]) + 1)}
    return xr.Dataset(variables, coords=coordinates)


def _statistics(cells: list[xr.Dataset]) -> dict[str, xr.DataArray]:
    """The scalars that the claims read: layers of delay per e-fold of c or of c l*."""
    sweep = _sweep(cells)
    scalars: dict[str, xr.DataArray] = {}
    for name, source, level, rising, against, words in (
        ("onset_slope", "augmented_plus", RISEN, True, "time", "onset against ln(c l*)"),
        ("onset_slope_plain", "augmented_plus", RISEN, True, "c", "onset against ln c"),
        ("spatial_slope", "folded_angle", FALLEN, False, "c", "collapse in space against ln c"),
    ):
        estimate = _slope(sweep, source, level, rising, against)
        scalars[name] = estimates.scalar(estimate, f"slope of the {words}", "layer")
    value = np.nan
    if sweep:
        value = 1 / selection.mean_log_gain(int(sweep[0]["k"]), int(sweep[0]["n"]))
    scalars["onset_slope_theory"] = _number(value, "1 / E ln A")
    scalars["spatial_slope_theory"] = _number(0.0, "the angle in space does not know c")
    return scalars


def _sweep(cells: list[xr.Dataset]) -> list[xr.Dataset]:
    """The cells of Algorithm 1 that share one model, by c; the largest such group."""
    groups: dict[tuple, list[xr.Dataset]] = {}
    for cell in cells:
        if str(cell["weights"].values) == "top":
            keys = ("k", "n", "depth", "networks", "sampler", "row_order", "probes")
            groups.setdefault(tuple(cell[key].item() for key in keys), []).append(cell)
    if not groups:
        return []
    largest = max(groups.values(), key=lambda group: len(group))
    return sorted(largest, key=lambda cell: float(cell["c"]))


def _slope(
    sweep: list[xr.Dataset], source: str, level: float, rising: bool, against: str
) -> estimates.Estimate:
    """Least-squares slope over the cells that have an onset; networks resampled whole."""
    nothing = estimates.Estimate(np.nan, np.nan, np.nan, np.nan, 0, "BCa bootstrap")
    if not sweep:
        return nothing
    samples = np.stack([_own(cell, source) for cell in sweep], axis=1)  # (network, c, layer)
    c = np.array([float(cell["c"]) for cell in sweep])
    used = np.isfinite(onset(samples.mean(axis=0), level, rising))
    if used.sum() < 2:
        return nothing

    def slope(drawn: np.ndarray) -> np.ndarray:
        y = onset(drawn.mean(axis=0), level, rising)
        x = np.log(c[used] * y) if against == "time" else np.log(c[used])
        x = x - x.mean()
        return x @ (y - y.mean()) / (x @ x)

    return estimates.bootstrap(samples[:, used], slope)


def _number(value: float, long_name: str) -> xr.DataArray:
    return xr.DataArray(value, attrs={"long_name": long_name, "units": "layer"})
