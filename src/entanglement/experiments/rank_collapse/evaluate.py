"""Measure what tokens differ by, layer by layer."""

import numpy as np
import xarray as xr

from entanglement.experiments.rank_collapse import Evaluate
from entanglement.networks.attention_stack import walk
from entanglement.pipeline.parameters import Cell
from entanglement.pipeline.seeds import Seeds

# Smaller relative differences than this are given as this.
SMALLEST = 1e-290
NAMES = {
    "log_residual": "logarithm of what tokens differ from their mean by, over their length",
    "between": "share of indices in which queries lie above some and below other keys",
}


def evaluate(model: xr.Dataset | None, cell: Cell[None, Evaluate], seeds: Seeds) -> xr.Dataset:
    """Push random tokens through the stacks of one cell.

    Parameters
    ----------
    model
        Unused: nothing is trained.
    cell
        Of the cell.
    seeds
        Of the experiment.
    """
    a = cell.evaluate
    own = seeds.own(a.model_dump(exclude={"networks", "depth"}))
    residual, between = [], []
    for x, rest, straddled in walk(a, own):
        apart = np.sqrt(np.mean(rest**2, axis=(1, 2)))
        length = np.hypot(apart, np.sqrt(np.mean(x**2, axis=(1, 2))))
        relative = np.divide(apart, length, out=np.zeros_like(apart), where=length > 0)
        residual.append(np.log(np.maximum(relative, SMALLEST)))
        between.append(straddled)
    result = xr.Dataset(
        {
            "log_residual": (("network", "layer"), np.stack(residual, axis=1)),
            "between": (("network", "layer"), np.stack(between, axis=1)),
        },
        coords={"layer": np.arange(a.depth + 1)},
    )
    for name, words in NAMES.items():
        result[name].attrs = {"long_name": words, "units": "1"}
    return result
