"""Means over networks, the order of the collapse, and the statistics of claims A16.13 to A16.17."""

import numpy as np
import xarray as xr

from entanglement.experiments.rank_collapse.evaluate import SMALLEST
from entanglement.statistics.curves import Curve, share
from entanglement.statistics.table import Statistic
from entanglement.theory import attention

# The layer in which differences of tokens are judged, the last one of three whose falls are
# compared, and the last layers of a slope.
JUDGED, THIRD, LATE = 4, 6, 4
# The layer in which the smooth product is compared with the one that has settled.
EARLY = 3
# ln of a difference whose cube is well above rounding.
VISIBLE = -8.0

CURVES = {
    "mean_log_residual": Curve("log_residual", "ln of the relative difference"),
    "mean_between": Curve("between", "share of indices with queries between keys", interval=share),
}


def _log(cell: xr.Dataset, layer: int) -> np.ndarray:
    """ln residual in a layer, or in the last one where there are fewer."""
    return cell["log_residual"].sel(layer=min(layer, int(cell["depth"]))).values


def _largest(*cells: xr.Dataset) -> np.ndarray:
    """Relative differences in the judged layer, of the product where they are largest."""
    return max((np.exp(_log(cell, JUDGED)) for cell in cells), key=np.mean)


def _least(*cells: xr.Dataset) -> np.ndarray:
    return min((np.exp(_log(cell, JUDGED)) for cell in cells), key=np.mean)


def _order(cell: xr.Dataset, last: int = THIRD, stride: int = 1) -> np.ndarray:
    """What ln residual is multiplied by from one fall to the next; of stacks that are still seen."""
    layer = min(last, int(cell["depth"]))
    before, at, after = (_log(cell, layer - back * stride) for back in (2, 1, 0))
    seen = (after > np.log(SMALLEST)) & (at != before)
    return (after[seen] - at[seen]) / (at[seen] - before[seen])


def _slow_order(cell: xr.Dataset) -> np.ndarray:
    """The same where falls are slow: each over a third of the layers."""
    depth = int(cell["depth"])
    return _order(cell, depth, max(1, depth // 3))


def _rate(cell: xr.Dataset) -> np.ndarray:
    """Growth of ln residual a layer over the last ones."""
    last = int(cell["depth"])
    first = max(last - LATE, 0)
    return (_log(cell, last) - _log(cell, first)) / (last - first)


def _first(cell: xr.Dataset) -> np.ndarray:
    """The same over the first layers, before a collapse has left the numbers."""
    last = min(LATE, int(cell["depth"]))
    return (_log(cell, last) - _log(cell, 0)) / last


def _beyond_cubic(cell: xr.Dataset, layer: np.ndarray) -> np.ndarray:
    """ln residual in a layer, less three times that in the layer before; by network."""
    found = cell["log_residual"].values
    rows = np.arange(len(found))
    return found[rows, layer] - 3 * found[rows, layer - 1]


def _settled(cell: xr.Dataset) -> np.ndarray:
    """In the first layer where no query lies between keys, of the stacks that still differ there."""
    apart = cell["between"].values[:, 1:] == 0
    layer = apart.argmax(axis=1) + 1
    differ = cell["log_residual"].values[np.arange(len(apart)), layer - 1] > VISIBLE
    return _beyond_cubic(cell, layer)[apart.any(axis=1) & differ]


def _smooth(cell: xr.Dataset) -> np.ndarray:
    layer = min(EARLY, int(cell["depth"]))
    return _beyond_cubic(cell, np.full(cell.sizes["network"], layer))


RESIDUAL = f"relative difference of tokens in layer {JUDGED}"
BEYOND = "ln of the relative difference less three times that of the layer before"

STATISTICS = {
    "residual_alone": Statistic(("dot", "E", "H"), _largest, f"largest {RESIDUAL}"),
    "residual_skip": Statistic(("dot_skip", "E_skip", "H_skip"), _least, f"least {RESIDUAL}"),
    "residual_mlp": Statistic(("dot_mlp", "E_mlp", "H_mlp"), _largest, f"largest {RESIDUAL}"),
    "residual_both": Statistic(("dot_both", "E_both", "H_both"), _least, f"least {RESIDUAL}"),
    "order_dot": Statistic(
        "dot",
        _order,
        "ratio of successive falls of ln residual",
        theory=lambda cell: attention.ORDER,
    ),
    "order_dot_skip": Statistic(
        "dot_skip",
        _slow_order,
        "ratio of successive falls of ln residual, each over a third of the layers",
    ),
    "rate_skip": Statistic(
        "dot_skip",
        _rate,
        "growth of ln residual a layer, over the last layers",
        theory=lambda cell: attention.skip_rate(int(cell["k"])),
    ),
    "rate_alone": Statistic("dot", _first, "growth of ln residual a layer, over the first layers"),
    "beyond_cubic_E": Statistic("E_few", _settled, f"{BEYOND}, where E has settled"),
    "beyond_cubic_H": Statistic("H_few", _smooth, f"{BEYOND}, in layer {EARLY}"),
}
