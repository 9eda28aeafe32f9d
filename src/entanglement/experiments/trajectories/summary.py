"""Which network each panel of Figs. 4 and 5 draws."""

import numpy as np
import xarray as xr

from entanglement.statistics import roles
from entanglement.statistics.curves import Curve
from entanglement.statistics.table import Statistic

# Paths have no mean, and no claim reads them.
CURVES: dict[str, Curve] = {}
STATISTICS: dict[str, Statistic] = {}


def summarise(results: xr.Dataset) -> xr.Dataset:
    """Choose the network that is drawn: the first with probes on both sides of the last layer."""
    shown = [_shown(cell) for cell in roles.cells(results)]
    about = {"long_name": "network that is drawn", "units": "1"}
    return xr.Dataset({"shown_network": ("cell", shown, about)})


def _shown(cell: xr.Dataset) -> int:
    with_it = cell["cotangent"].values[:, -1, 1:] > 0  # (network, probe)
    fewer = np.minimum(with_it.sum(axis=1), (~with_it).sum(axis=1))
    return int(np.argmax(fewer >= max(1, with_it.shape[1] // 3)))
