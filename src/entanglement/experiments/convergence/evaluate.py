"""Angles between training sample and unseen probes at every layer, against the exact laws."""

import xarray as xr

from entanglement.experiments.convergence import Evaluate, Train
from entanglement.networks.ensemble import gaussian_probes, propagate
from entanglement.pipeline.parameters import Cell
from entanglement.pipeline.seeds import Seeds


def evaluate(model: xr.Dataset, cell: Cell[Train, Evaluate], seeds: Seeds) -> xr.Dataset:
    """Push fresh N(0, 1) probes through every network (paper A, III-A).

    Parameters
    ----------
    model
        What `train` made.
    cell
        How many probes.
    seeds
        The model's random streams.

    Returns
    -------
    cotangent (network, layer, probe) and log_norm (network, layer).
    """
    return propagate(model, gaussian_probes(model, seeds, cell.evaluate.probes))
