"""What needs several cells: means with intervals, and the statistics of claim A15."""

import numpy as np
import xarray as xr

from entanglement.experiments import cells
from entanglement.statistics import curves, estimates

MAIN = {"k": 64, "n": 512, "weights": "top", "sampler": "exact"}
UNSELECTED = {**MAIN, "n": 64}
# Layers whose angles are neither right angles nor too small for their bits to be counted.
EXCESS_LAYERS, BINOMIAL_LAYERS = slice(1, 6), slice(0, 3)
# The depth at which Fig. 3 e ends.
LATE = 15
BARS = 10


def summarise(results: xr.Dataset) -> xr.Dataset:
    """Add means over networks with intervals, and the statistics of claim A15.

    Parameters
    ----------
    results
        All cells.
    """
    made = curves.means(
        results,
        {
            "disagreement": "fraction of bits that differ, folded",
            "entropy": "H2 of the angle",
            "excess": "disagreement less the folded angle",
        },
    )
    law = (results["excess_theory"] + (results["disagreement"] - results["excess"])).mean("network")
    made["disagreement_expected"] = law.assign_attrs(
        long_name="exact disagreement given the angles, averaged over networks", units="1"
    )
    made["quantile_share"] = _shares(results["quantile"])
    return made.merge(_statistics(results))


def _shares(quantile: xr.DataArray) -> xr.DataArray:
    """Share of networks and early layers in each tenth of the binomial law."""
    early = quantile.isel(layer=BINOMIAL_LAYERS)
    rows = []
    for number in range(BARS):
        inside = (early >= number / BARS) & (early < (number + 1) / BARS)
        rows.append(inside.sum(("network", "layer")) / early.count(("network", "layer")))
    tenth = xr.DataArray((np.arange(BARS) + 0.5) / BARS, dims="tenth")
    tenth.attrs = {"long_name": "quantile of the binomial law, middle of the tenth", "units": "1"}
    shares = xr.concat(rows, dim="tenth").assign_coords(tenth=tenth)
    return shares.assign_attrs(long_name="share of Hamming distances", units="1")


def _statistics(results: xr.Dataset) -> xr.Dataset:
    made = {}
    for kind, key in (("random hyperplanes", "random"), ("kept rows", "kept")):
        for name, layers, words in (
            ("excess", EXCESS_LAYERS, "mean disagreement less folded angle, layers 1 to 5"),
            ("excess_theory", EXCESS_LAYERS, "exact mean disagreement less folded angle"),
            ("dispersion", BINOMIAL_LAYERS, "variance of the Hamming distance over Eq. 11's"),
        ):
            found = cells.samples(results, name, hash=kind, **MAIN)[:, layers]
            whole = found[np.isfinite(found).all(axis=1)]
            rows = whole.mean(axis=1) if whole.size else []
            full = f"{name.removesuffix('_theory')}_{key}" + "_theory" * name.endswith("_theory")
            made[full] = estimates.scalar(estimates.mean(rows), f"{words}, {kind}")
    for key, where in (("", MAIN), ("_unselected", UNSELECTED)):
        found = cells.samples(results, "entropy", **where)
        deep = found.shape[1] > LATE and len(found) > 0
        made[f"entropy_late{key}"] = estimates.scalar(
            estimates.mean(found[:, LATE] if deep else []), f"mean H2 of the angle at layer {LATE}"
        )
        exact = cells.matching(results, **where)["entropy_theory"].values
        made[f"entropy_late{key}_theory"] = xr.DataArray(
            float(exact[0, LATE]) if deep else np.nan,
            attrs={"long_name": f"exact mean H2 of the angle at layer {LATE}", "units": "1"},
        )
    constant = cells.samples(results, "entropy_constant", **MAIN)
    made["entropy_constant_map"] = estimates.scalar(
        estimates.mean(constant), "mean H2 of the angle behind a constant map"
    )
    made["dispersion_theory"] = xr.DataArray(
        1.0, attrs={"long_name": "variance ratio of a binomial law", "units": "1"}
    )
    worst = max(
        float((results["largest_t"] / results["largest_t_limit"]).max()),
        float((results["entropy_largest_t"] / results["entropy_largest_t_limit"]).max()),
    )
    made["largest_t_over_limit"] = xr.DataArray(
        worst, attrs={"long_name": "largest |t| over its Bonferroni quantile", "units": "1"}
    )
    return xr.Dataset(made)
