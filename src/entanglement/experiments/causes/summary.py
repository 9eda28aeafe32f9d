"""What needs several cells: means with intervals, and the statistics of claims A4 and A5."""

import numpy as np
import xarray as xr

from entanglement.experiments.causes.families import BY_KEY, find
from entanglement.statistics import curves, estimates

CURVES = {
    "fold": "mean folded angle to the training sample",
    "fold_between": "mean folded angle between probes",
    "log_norm": "logarithm of the training sample's norm",
    "time_share": "time share of the training sample",
    "augmented": "mean angle of Eq. 31",
}
# The width of claim A4, where chance collapses nothing quickly, and the paper's in section IV.
WIDTH, PAPER_WIDTH = 64, 2
# Means of small angles hang on the few networks that are late: where a family collapses fast, its
# statistic is read off early, while every network still counts.
EARLY = 10
# (curve, family, width, early): statistics of the claims and of their controls.
STATISTICS = (
    ("fold", "growing", WIDTH, False),
    ("fold", "constant", WIDTH, False),
    ("fold", "largest", WIDTH, True),
    ("fold", "largest_unit", WIDTH, True),
    ("fold_between", "smallest", WIDTH, False),
    ("fold_between", "constant", WIDTH, False),
    ("fold", "growing", PAPER_WIDTH, True),
    ("fold", "largest", PAPER_WIDTH, True),
    ("time_share", "largest", PAPER_WIDTH, False),
    ("time_share", "largest_unit", PAPER_WIDTH, False),
    ("time_share", "constant", PAPER_WIDTH, False),
)


def summarise(results: xr.Dataset) -> xr.Dataset:
    """Add means over networks with intervals, and the statistics of claims A4 and A5.

    Parameters
    ----------
    results
        All cells.
    """
    made = curves.means(results, CURVES)
    for statistic in STATISTICS:
        made = made.assign(_statistic(results, *statistic))
    worst = results["largest_t"] / results["largest_t_limit"]
    made["largest_t_over_limit"] = worst.max().assign_attrs(
        long_name="largest |t| of any mean ln |cotangent| over its Bonferroni quantile", units="1"
    )
    return made


def _statistic(
    results: xr.Dataset, variable: str, key: str, width: int, early: bool
) -> dict[str, xr.DataArray]:
    """Give one layer's value over networks, and its theory where there is one."""
    name = f"{variable}_{key}_{width}" + ("_early" if early else "")
    cell = find(results, BY_KEY[key], width)
    found: list[float] | np.ndarray = []
    expected = None
    place = f"layer {EARLY}" if early else "the last layer"
    words = f"{CURVES[variable]} in {place}, {BY_KEY[key].name}, k = {width}"
    if cell is not None and int(cell.depth) >= EARLY:
        here = cell.sel(layer=EARLY if early else int(cell.depth))
        found = here[variable].values[np.isfinite(here[variable].values)]
        expected = here.get(f"{variable}_theory")
    made = {name: estimates.scalar(estimates.mean(found), words)}
    if f"{variable}_theory" in results and key != "smallest":
        value = float("nan") if expected is None else float(expected)
        made[f"{name}_theory"] = xr.DataArray(
            value, attrs={"long_name": f"exact {words}", "units": "1"}
        )
    return made
