"""What needs several cells: means over networks, and the statistics of claims A8 and A9."""

import numpy as np
import xarray as xr

from entanglement.experiments import cells
from entanglement.statistics import curves, estimates

# The authors' settings for the two sweeps of Fig. 7.
BASE = {"init": "uniform", "factors": 1, "steps": 5}
LARGE_SCALE = {**BASE, "eta": 0.01, "scale": 1e4, "start_x": 0.1, "start_y": 0.1}
LARGE_ETA = {**BASE, "eta": 1000.0, "scale": 1.0, "start_x": 0.1, "start_y": 0.1}
ONE_STEP = {**LARGE_ETA, "eta": 25.0}
# Where the rank-one part is about as large as G_0, so that histograms have a shape to compare.
HALF_WAY = {**LARGE_SCALE, "init": "normal", "scale": 100.0}


def summarise(results: xr.Dataset) -> xr.Dataset:
    """Add means over networks with intervals, and the statistics of claims A8 and A9.

    Parameters
    ----------
    results
        All cells.
    """
    made = curves.means(
        results,
        {
            "loss": "mean loss of Eq. 32 over unseen probes",
            "folded_loss": "mean loss of Eq. 32 to the nearer of target and its negative",
            "training_error": "distance to the aim after training over that before",
        },
    )
    for name in ("loss", "folded_loss"):
        expected = results[f"{name}_theory"].mean("network")
        made[f"{name}_expected"] = expected.assign_attrs(
            long_name=f"exact {results[name].attrs['long_name']}, averaged over G_0", units="1"
        )
    total = results.histogram.sum("network")
    made["density"] = (total * total.sizes["bin"] / total.sum("bin")).assign_attrs(
        long_name="density of the loss of Eq. 32 over networks and probes", units="1"
    )
    return made.merge(_statistics(results))


def _statistics(results: xr.Dataset) -> xr.Dataset:
    made = xr.Dataset()
    for name, words, where in (
        ("folded_loss_large_scale", "folded loss at scale 1e4, eta .01", LARGE_SCALE),
        ("folded_loss_large_eta", "folded loss at eta 1000, scale 1", LARGE_ETA),
    ):
        for suffix, matrix in (("", "descent"), ("_untrained", "untrained")):
            found = cells.samples(results, "folded_loss", matrix=matrix, target="aim", **where)
            made[name + suffix] = estimates.scalar(estimates.mean(found), f"{words} ({matrix})")
        expected = cells.samples(
            results, "folded_loss_theory", matrix="descent", target="aim", **where
        )
        made[f"{name}_theory"] = _number(expected, f"exact {words}")
    for name, where in (
        ("large_eta", LARGE_ETA),
        ("one_step", ONE_STEP),
        ("large_scale", LARGE_SCALE),
    ):
        words = f"training error after over before, eta {where['eta']:g}, scale {where['scale']:g}"
        found = cells.samples(results, "training_error", **where)
        made[f"training_error_{name}"] = estimates.scalar(estimates.mean(found), words)
        expected = cells.matching(results, **where)["training_error_theory"].values
        made[f"training_error_{name}_theory"] = _number(expected, f"|q|^T: {words}")
    for other in ("no optimiser", "untrained"):
        name = f"histogram_distance_{other.replace(' ', '_')}"
        made[name] = _distance(results, other)
    made["histogram_distance_theory"] = xr.DataArray(
        0.0, attrs={"long_name": "distance if the optimiser made no difference", "units": "1"}
    )
    worst = results["largest_t"] / results["largest_t_limit"]
    made["largest_t_over_limit"] = worst.max().assign_attrs(
        long_name="largest |t| of any distribution function over its Bonferroni quantile",
        units="1",
    )
    return made


def _number(values: np.ndarray, long_name: str) -> xr.DataArray:
    value = float(np.mean(values)) if len(values) else np.nan
    return xr.DataArray(value, attrs={"long_name": long_name, "units": "1"})


def _distance(results: xr.Dataset, other: str) -> xr.DataArray:
    """Largest difference of two distribution functions, same G_0 and probes."""
    found = [
        cells.samples(results, "histogram", matrix=matrix, target="aim", **HALF_WAY)
        for matrix in ("descent", other)
    ]
    shares = [np.cumsum(h, axis=1) / np.maximum(h.sum(axis=1, keepdims=True), 1) for h in found]
    estimate = estimates.bootstrap(shares[0] - shares[1], _largest_gap)
    words = "largest distance between the distribution functions of the loss after descent and"
    return estimates.scalar(estimate, f"{words} {other}")


def _largest_gap(gaps: np.ndarray) -> np.ndarray:
    return np.asarray(np.abs(gaps.mean(axis=0)).max())
