"""Train the networks that Alice and Bob share."""

import xarray as xr

from entanglement.networks import ensemble
from entanglement.networks.architecture import Architecture
from entanglement.pipeline.seeds import Seeds


def train(parameters: Architecture, seeds: Seeds) -> xr.Dataset:
    """Train an ensemble and keep what regenerates it.

    The projections of 30 networks of the published depths fill up to 190 MB and nothing but the
    evaluation reads them, while drawing them again from the seed takes seconds: they are left
    out here and drawn again there, bit for bit.

    Parameters
    ----------
    parameters
        Sizes and family of the networks.
    seeds
        Random streams of the model.
    """
    return ensemble.train(parameters, seeds).drop_vars(["projection", "neuron"])
