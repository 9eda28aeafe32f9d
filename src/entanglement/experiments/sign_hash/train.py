"""Train the networks whose layers are looked at as hashes."""

import xarray as xr

from entanglement.networks import ensemble
from entanglement.networks.architecture import Architecture
from entanglement.pipeline.seeds import Seeds


def train(parameters: Architecture, seeds: Seeds) -> xr.Dataset:
    """Draw what Algorithm 1 fixes.

    Parameters
    ----------
    parameters
        Sizes, and which rows are kept.
    seeds
        Of the model.
    """
    return ensemble.train(parameters, seeds)
