"""Train the networks that are shared as a secret."""

import xarray as xr

from entanglement.networks import ensemble
from entanglement.networks.architecture import Architecture
from entanglement.pipeline.seeds import Seeds


def train(parameters: Architecture, seeds: Seeds) -> xr.Dataset:
    """Train an ensemble by Algorithm 1.

    Parameters
    ----------
    parameters
        Sizes and family of the networks.
    seeds
        Random streams of the model.
    """
    return ensemble.train(parameters, seeds)
