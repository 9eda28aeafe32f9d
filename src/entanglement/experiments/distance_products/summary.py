"""Curves with intervals, what rounding predicts, and the statistics of claims B1 to B3."""

from collections.abc import Callable

import numpy as np
import xarray as xr

from entanglement.statistics import estimates
from entanglement.theory.rounding import translation_change

EPS = {"float32": 2.0**-23, "float64": 2.0**-52, "integer": 0.0}
# Where float64 keeps enough digits for a claim about real numbers.
ALPHA_SAFE, R_SAFE = 1e12, 25.0
# Where growth is fitted: beyond the rounding of the matrices' own entries, within the safe range.
ALPHA_FITTED, R_FITTED = (1e2, ALPHA_SAFE), (5.0, R_SAFE)


def summarise(results: xr.Dataset) -> xr.Dataset:
    """Add mean curves, predictions and the scalars that the claims read.

    Parameters
    ----------
    results
        All evaluations along `cell`, with every parameter a coordinate on it.

    Returns
    -------
    Only the added variables.
    """
    cells = [results.isel(cell=i) for i in range(results.sizes["cell"])]
    summary = xr.concat([_curves(cell) for cell in cells], "cell", join="outer")
    return summary.assign(_statistics(cells))


def _values(cell: xr.Dataset, name: str) -> np.ndarray:
    """A variable of one cell without the padding of longer ones."""
    networks, steps = int(cell["networks"]), int(cell["steps"])
    sizes = {"network": slice(networks), "step": slice(steps)}
    return cell[name].isel({d: sizes[str(d)] for d in cell[name].dims}).values


def _curves(cell: xr.Dataset) -> xr.Dataset:
    group, arithmetic = str(cell["group"].values), str(cell["arithmetic"].values)
    size = _values(cell, "size")
    middle, low, high = np.transpose([_typical(x) for x in _values(cell, "relative_change").T])
    eps = EPS[arithmetic]
    with np.errstate(over="ignore"):
        scale = eps * (size if group in ("translation", "isom_r") else np.exp(size))
    theory = np.full(size.shape, np.nan)
    if arithmetic == "integer":
        theory = np.zeros(size.shape)
    elif group in ("translation", "isom_r"):
        theory = translation_change(size, int(cell["k"]), eps)
    control = estimates.mean(_values(cell, "relative_change_control"))
    apart = estimates.mean(_values(cell, "psl2r_distance"))
    described = {
        "change": (("step",), middle, "relative change of the product, geometric mean"),
        "change_low": (("step",), low, "its lower 95 % end"),
        "change_high": (("step",), high, "its upper 95 % end"),
        "change_theory": (("step",), theory, "relative change that rounding causes, exact law"),
        "change_scale": (("step",), scale, "eps |alpha| or eps exp(r)"),
        "control": ((), control.value, "relative change under a map that is no isometry"),
        "apart": ((), apart.value, "distance to the nearest element of PSL(2,R)"),
        "apart_low": ((), apart.low, "its lower 95 % end"),
        "apart_high": ((), apart.high, "its upper 95 % end"),
    }
    return xr.Dataset(
        {
            name: (dims, values, {"long_name": words, "units": "1"})
            for name, (dims, values, words) in described.items()
        },
        coords={"step": np.arange(size.size)},  # else other numbers of steps cannot be joined
    )


def _typical(samples: np.ndarray) -> tuple[float, float, float]:
    """Geometric mean with its interval: the changes spread over decades. Zeros stay zeros."""
    if not (samples > 0).all():
        estimate = estimates.mean(samples)
        return estimate.value, estimate.low, estimate.high
    estimate = estimates.mean(np.log(samples))
    return np.exp(estimate.value), np.exp(estimate.low), np.exp(estimate.high)


def _statistics(cells: list[xr.Dataset]) -> dict[str, xr.DataArray]:
    def scalar(
        group: str, arithmetic: str, words: str, measure: Callable[[xr.Dataset], np.ndarray]
    ) -> xr.DataArray:
        cell = _pick(cells, group, arithmetic)
        samples = np.empty(0) if cell is None else measure(cell)
        return estimates.scalar(estimates.mean(samples), words)

    control = "relative change under a map that is no isometry"
    made = {
        "translation_change_integer": scalar(
            "translation", "integer", "largest relative change over all alpha, integers",
            lambda cell: _largest(cell, np.inf),
        ),
        "translation_cubed_integer": scalar(
            "translation", "integer", control, _control,
        ),
        "translation_change": scalar(
            "translation", "float64", f"largest relative change for |alpha| <= {ALPHA_SAFE:g}",
            lambda cell: _largest(cell, ALPHA_SAFE),
        ),
        "translation_cubed": scalar("translation", "float64", control, _control),
        "translation_growth": scalar(
            "translation", "float64", "growth exponent of the change with |alpha|",
            lambda cell: _growth(cell, np.log, *ALPHA_FITTED),
        ),
        "moebius_change": scalar(
            "psl2r", "float64", f"largest relative change for r <= {R_SAFE:g}",
            lambda cell: _largest(cell, R_SAFE),
        ),
        "moebius_stretched": scalar("psl2r", "float64", control, _control),
        "moebius_growth": scalar(
            "psl2r", "float64", "growth exponent of the change with exp(r)",
            lambda cell: _growth(cell, np.positive, *R_FITTED),
        ),
        "mirror_change": scalar(
            "mirror", "float64", f"largest relative change for r <= {R_SAFE:g}, orientation reversed",
            lambda cell: _largest(cell, R_SAFE),
        ),
        "mirror_distance": scalar(
            "mirror", "float64", "distance of the mirrored map to the nearest of PSL(2,R)", _apart,
        ),
        "moebius_distance": scalar(
            "psl2r", "float64", "distance of a Moebius map to the nearest of PSL(2,R)", _apart,
        ),
    }  # fmt: skip
    for name, value in {
        "translation_change_integer": 0.0, "translation_change": _safe_theory(cells),
        "translation_growth": 1.0, "moebius_growth": 1.0,
    }.items():  # fmt: skip
        about = {"long_name": f"theory of {name}", "units": "1"}
        made[f"{name}_theory"] = xr.DataArray(value, attrs=about)
    return made


def _pick(cells: list[xr.Dataset], group: str, arithmetic: str) -> xr.Dataset | None:
    """The cell of a group and arithmetic with the most draws."""
    found = [
        cell
        for cell in cells
        if str(cell["group"].values) == group and str(cell["arithmetic"].values) == arithmetic
    ]
    return max(found, key=lambda cell: int(cell["networks"]), default=None)


def _largest(cell: xr.Dataset, size: float) -> np.ndarray:
    within = _values(cell, "size") <= size * (1 + 1e-9)
    return _values(cell, "relative_change")[:, within].max(axis=1)


def _control(cell: xr.Dataset) -> np.ndarray:
    return _values(cell, "relative_change_control")


def _apart(cell: xr.Dataset) -> np.ndarray:
    return _values(cell, "psl2r_distance")


def _growth(
    cell: xr.Dataset, transform: Callable[[np.ndarray], np.ndarray], low: float, high: float
) -> np.ndarray:
    """Slope of ln(change) for each draw over sizes from `low` to `high`."""
    size = _values(cell, "size")
    within = (size >= low * (1 - 1e-9)) & (size <= high * (1 + 1e-9))
    if within.sum() < 2:
        return np.empty(0)
    change = _values(cell, "relative_change")[:, within].T
    return np.polyfit(transform(size[within]), np.log(change), 1)[0]


def _safe_theory(cells: list[xr.Dataset]) -> float:
    cell = _pick(cells, "translation", "float64")
    if cell is None:
        return np.nan
    size = _values(cell, "size")
    largest = size[size <= ALPHA_SAFE * (1 + 1e-9)].max()
    return float(translation_change(np.array([largest]), int(cell["k"]), EPS["float64"])[0])
