"""Means over networks with the exact laws, and the statistics of claims A4 and A5."""

from collections.abc import Callable

import numpy as np
import xarray as xr

from entanglement.statistics import agreement, estimates
from entanglement.statistics.curves import Curve, share
from entanglement.statistics.roles import values
from entanglement.statistics.table import Statistic
from entanglement.theory import candidates, laws, selection

# Means of small angles hang on the few networks that are late: where a family collapses fast, its
# statistic is read off early, while every network still counts.
EARLY = 10

Measure = Callable[[xr.Dataset], np.ndarray]
Law = Callable[[int, int, int, str], np.ndarray]


def _exact(law: Law) -> Measure:
    """T1, which describes a probe against the training sample in every family."""
    return lambda cell: law(*values(cell, "k", "n", "depth", "weights"))


def _exact_between(law: Law) -> Measure:
    """Two probes are like a probe and the training sample where the weights do not look at it."""

    def between(cell: xr.Dataset) -> np.ndarray:
        weights, k, n, depth = values(cell, "weights", "k", "n", "depth")
        blind = weights == "orthogonal" or candidates(weights, k, n) == k
        return law(k, n, depth, weights) if blind else np.full(depth + 1, np.nan)

    return between


CURVES = {
    "mean_fold": Curve(
        "fold",
        "mean folded angle to the training sample",
        theory=_exact(laws.mean_folded_loss),
        interval=share,
    ),
    "mean_fold_between": Curve(
        "fold_between",
        "mean folded angle between probes",
        theory=_exact_between(laws.mean_folded_loss),
        interval=share,
    ),
    "mean_log_cotangent": Curve(
        "log_cotangent",
        "mean ln |cotangent| to the training sample",
        theory=_exact(laws.mean_log_cotangent),
    ),
    "mean_log_cotangent_between": Curve(
        "log_cotangent_between",
        "mean ln |cotangent| between probes",
        theory=_exact_between(laws.mean_log_cotangent),
    ),
    "mean_log_norm": Curve("log_norm", "logarithm of the training sample's norm"),
    "mean_time_share": Curve("time_share", "time share of the training sample", interval=share),
    "mean_augmented": Curve("augmented", "mean angle of Eq. 31", interval=share),
}


def _last(name: str) -> Measure:
    return lambda cell: cell[name].isel(layer=-1).values


def _early(name: str) -> Measure:
    """Layer 10; nothing of a network that is not so deep."""
    return lambda cell: (
        cell[name].sel(layer=EARLY).values if int(cell["depth"]) >= EARLY else np.empty(0)
    )


def _worst(cells: list[xr.Dataset]) -> tuple[float, int]:
    """Largest |t| of ln |cotangent| over its limit, and the least networks of any cell."""
    ratios = [
        agreement.over_limit(cell[name].values, cell[f"mean_{name}_theory"])
        for cell in cells
        for name in ("log_cotangent", "log_cotangent_between")
    ]
    return agreement.worst(ratios), min(cell.sizes["network"] for cell in cells)


def _doubling(cell: xr.Dataset) -> np.ndarray:
    """ln |w_L| / |w_(L/2)|: ln 2 for a norm in proportion to the number of layers."""
    depth = int(cell["depth"])
    return cell["log_norm"].values[:, depth] - cell["log_norm"].values[:, depth // 2]


def _doubling_law(cell: xr.Dataset) -> float:
    k, n, depth = values(cell, "k", "n", "depth")
    return (depth - depth // 2) * selection.mean_log_gain(k, n)


def _without_selection_below(cell: xr.Dataset) -> float:
    """Smallest rows are blind to the training sample: its direction is lost, in k - 1 dimensions."""
    k, depth = values(cell, "k", "depth")
    law = laws.mean_folded_loss(k - 1, k - 1, depth) if k > 2 else np.full(depth + 1, np.nan)
    return float(law[-1])


def _unit_share(cell: xr.Dataset) -> float:
    c, depth = values(cell, "c", "depth")
    return laws.mean_time_share(c * depth)


NORM = "ln of the norm in the last layer over that at half of the depth"
FOLD, BETWEEN = "folded angle to the training sample", "folded angle between probes"
SHARE = "time share of the training sample in the last layer"

STATISTICS = {
    "fold_growing_64": Statistic(
        "growing_64", _last("fold"), f"{FOLD} in the last layer", theory=_last("mean_fold_theory")
    ),
    "fold_constant_64": Statistic("constant_64", _last("fold"), f"{FOLD} in the last layer"),
    "fold_largest_64_early": Statistic("largest_64", _early("fold"), f"{FOLD} in layer {EARLY}"),
    "fold_largest_unit_64_early": Statistic(
        "largest_unit_64",
        _early("fold"),
        f"{FOLD} in layer {EARLY}",
        theory=_early("mean_fold_theory"),
    ),
    "fold_smallest_64": Statistic(
        "smallest_64", _last("fold"), f"{FOLD} in the last layer", theory=_last("mean_fold_theory")
    ),
    "fold_random_64": Statistic(
        "random_64", _last("fold"), f"{FOLD} in the last layer", theory=_last("mean_fold_theory")
    ),
    "norm_doubling_64": Statistic("largest_64", _doubling, NORM, theory=_doubling_law),
    "norm_doubling_constant_64": Statistic("constant_64", _doubling, NORM),
    "fold_between_smallest_64": Statistic(
        "smallest_64",
        _last("fold_between"),
        f"{BETWEEN} in the last layer",
        theory=_without_selection_below,
    ),
    "fold_between_constant_64": Statistic(
        "constant_64", _last("fold_between"), f"{BETWEEN} in the last layer"
    ),
    "fold_growing_2_early": Statistic(
        "growing_2", _early("fold"), f"{FOLD} in layer {EARLY}", theory=_early("mean_fold_theory")
    ),
    "fold_largest_2_early": Statistic("largest_2", _early("fold"), f"{FOLD} in layer {EARLY}"),
    "time_share_largest_2": Statistic("largest_2", _last("time_share"), SHARE),
    "time_share_largest_unit_2": Statistic(
        "largest_unit_2", _last("time_share"), SHARE, theory=_unit_share
    ),
    "time_share_growing_2": Statistic("growing_2", _last("time_share"), SHARE),
    "time_share_constant_2": Statistic("constant_2", _last("time_share"), SHARE),
    "largest_t_over_limit": Statistic(
        "all",
        _worst,
        "largest |t| of any mean ln |cotangent| against T1, over its Bonferroni quantile",
        estimator=estimates.exact,
    ),
}
