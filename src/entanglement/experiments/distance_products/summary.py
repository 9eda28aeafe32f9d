"""Curves with intervals, what rounding predicts, and the statistics of claims B1 to B3."""

from collections.abc import Callable

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike

from entanglement.statistics import agreement, estimates, roles
from entanglement.statistics.curves import Band, Curve
from entanglement.statistics.roles import values
from entanglement.statistics.table import Statistic
from entanglement.theory.rounding import mean_square, translation_change

EPS = {"float32": 2.0**-23, "float64": 2.0**-52, "integer": 0.0}
# Where float64 keeps enough digits for a claim about real numbers.
ALPHA_SAFE, R_SAFE = 1e12, 25.0


def _typical(samples: ArrayLike) -> Band:
    """Geometric means with intervals: the changes spread over decades. Zeros stay zeros."""
    bands = []
    for x in np.asarray(samples).T:
        spread = (x > 0).all()
        found = estimates.mean(np.log(x) if spread else x)
        ends = np.array([found.value, found.low, found.high])
        bands.append(np.exp(ends) if spread else ends)
    middle, low, high = np.transpose(bands)
    return middle, low, high


def _law(cell: xr.Dataset) -> np.ndarray:
    """The exact law of rounding, for translations of the line."""
    group, arithmetic, k = values(cell, "group", "arithmetic", "k")
    if arithmetic == "integer":
        return np.zeros(cell.sizes["step"])
    if group not in ("translation", "isom_r"):
        return np.full(cell.sizes["step"], np.nan)
    return translation_change(cell["size"].values, k, EPS[arithmetic])


CURVES = {
    "change": Curve(
        "relative_change",
        "relative change of the product, geometric mean",
        ("step",),
        theory=_law,
        interval=_typical,
    ),
    "change_alone": Curve(
        "relative_change_alone",
        "relative change of a layer of data when W alone moves, geometric mean",
        ("step",),
        interval=_typical,
    ),
    "change_absorbed": Curve(
        "relative_change_absorbed",
        "relative change of a hidden layer when its bias and the next W move, geometric mean",
        ("step",),
        interval=_typical,
    ),
    "control": Curve(
        "relative_change_control", "relative change under a map that is no isometry", ()
    ),
    "apart": Curve("psl2r_distance", "distance to the nearest element of PSL(2,R)", ()),
}


def _largest(most: float, name: str = "relative_change") -> Callable[[xr.Dataset], np.ndarray]:
    """Largest relative change of each draw over elements up to a size."""

    def largest(cell: xr.Dataset) -> np.ndarray:
        within = cell[name].transpose("network", "step").values[:, _within(cell, most)]
        return within.max(axis=1)

    return largest


def _within(cell: xr.Dataset, most: float) -> np.ndarray:
    return cell["size"].values <= most * (1 + 1e-9)


def _safe_law(cell: xr.Dataset) -> float:
    """The law at the largest translation within the safe range."""
    return cell["change_theory"].values[_within(cell, ALPHA_SAFE)][-1]


def _unit(cell: xr.Dataset) -> int:
    """The step whose translation is nearest to the entries' own size, 1."""
    return int(np.argmin(np.abs(np.log(cell["size"].values))))


def _control(cell: xr.Dataset) -> np.ndarray:
    return cell["relative_change_control"].values


def _apart(cell: xr.Dataset) -> np.ndarray:
    return cell["psl2r_distance"].values


def _worst(cells: list[xr.Dataset]) -> tuple[float, int]:
    """Largest |t| of any cell's mean square change over its limit: the law is about mean squares."""
    ratios = []
    for cell in cells:
        change = cell["relative_change"] * cell["product_norm"]
        law = cell["change_theory"] ** 2 * mean_square(int(cell["k"]))
        ratios.append(agreement.over_limit(change.transpose("network", "step") ** 2, law))
    return agreement.worst(ratios), min(cell.sizes["network"] for cell in cells)


CONTROL = "relative change under a map that is no isometry"
LARGEST = "largest relative change over"
APART = "distance of the map to the nearest of PSL(2,R)"

STATISTICS = {
    "translation_change_integer": Statistic(
        "integer", _largest(np.inf), f"{LARGEST} all alpha", theory=lambda cell: 0.0
    ),
    "translation_cubed_integer": Statistic("integer", _control, CONTROL),
    "translation_change": Statistic(
        "translation",
        _largest(ALPHA_SAFE),
        f"{LARGEST} |alpha| <= {ALPHA_SAFE:g}",
        theory=_safe_law,
    ),
    "translation_cubed": Statistic("translation", _control, CONTROL),
    "data_change_alone": Statistic(
        "translation",
        lambda cell: cell["relative_change_alone"].isel(step=_unit(cell)).values,
        "relative change of a layer of data, alpha = 1 added to W alone",
    ),
    "data_change_absorbed": Statistic(
        "translation",
        _largest(ALPHA_SAFE, "relative_change_absorbed"),
        f"{LARGEST} |alpha| <= {ALPHA_SAFE:g} of a hidden layer, bias and next W moved",
    ),
    "moebius_change": Statistic("moebius", _largest(R_SAFE), f"{LARGEST} r <= {R_SAFE:g}"),
    "moebius_stretched": Statistic("moebius", _control, CONTROL),
    "mirror_distance": Statistic("mirror", _apart, APART),
    "moebius_distance": Statistic("moebius", _apart, APART),
    "largest_t_over_limit": Statistic(
        "line",
        _worst,
        "largest |t| of the mean square change against the law of rounding, over its quantile",
        estimator=estimates.exact,
    ),
}


def summarise(results: xr.Dataset) -> xr.Dataset:
    """Add the scale of rounding along every cell: eps |alpha| or eps exp(r)."""
    about = {"long_name": "eps |alpha| or eps exp(r)", "units": "1"}
    parts = []
    for cell in roles.cells(results):
        size, group, arithmetic = cell["size"].values, *values(cell, "group", "arithmetic")
        grown = size if group in ("translation", "isom_r") else np.exp(size)
        scale = xr.Dataset({"change_scale": ("step", EPS[arithmetic] * grown, about)})
        parts.append(scale.assign_coords(step=cell["step"].values))
    return roles.join(parts)
