"""Networks of Fig. 5 f, trained on a Gaussian sample each."""

import xarray as xr

from entanglement.networks import ensemble
from entanglement.networks.architecture import Architecture
from entanglement.pipeline.seeds import Seeds


def train(parameters: Architecture, seeds: Seeds) -> xr.Dataset:
    """Run Algorithm 1 on a training sample w_0 ~ N(0, 1) for each network.

    Parameters
    ----------
    parameters
        The ensemble.
    seeds
        Its random streams.
    """
    return ensemble.train(parameters, seeds)
