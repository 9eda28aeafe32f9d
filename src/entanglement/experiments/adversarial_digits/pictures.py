"""The digits as standardised pictures, and what a stored model makes of them."""

import numpy as np
import xarray as xr

from entanglement.networks import classifiers, digits

LOADERS = {"digits": digits.load, "mnist": digits.load_large}


def load(pictures: str) -> tuple[np.ndarray, np.ndarray]:
    """Give all pictures (m, k), each of mean 0 and length sqrt k, and their digits (m,)."""
    images, labels = LOADERS[pictures]()
    return classifiers.standardised(images), labels


def weights(model: xr.Dataset, network: int) -> dict[str, classifiers.Weights]:
    """Weights of one network's classifiers by kind, in float32 as trained."""
    return {
        kind: {name: model[f"{kind}_{name}"].values[network] for name in classifiers.TENSORS[kind]}
        for kind in classifiers.KINDS
    }
