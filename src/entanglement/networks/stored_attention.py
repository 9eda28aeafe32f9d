"""Attention networks as labelled data: tensors with names in, float64 weights out."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import xarray as xr

from entanglement.networks import attention, digits, symmetries
from entanglement.networks.product import Product, named

# Dimensions of each tensor behind `network`.
TENSORS: dict[str, tuple[str, ...]] = {
    "embedding": ("pixel", "stream"),
    "position": ("token", "stream"),
    "query": ("stream", "channel"),
    "query_bias": ("channel",),
    "key": ("stream", "channel"),
    "key_bias": ("channel",),
    "value": ("stream", "stream_out"),
    "hidden": ("stream", "unit"),
    "hidden_bias": ("unit",),
    "output": ("unit", "stream"),
    "output_bias": ("stream",),
    "classes": ("stream", "digit"),
    "classes_bias": ("digit",),
    "log_beta": (),
}


def pack(
    values: Mapping[str, np.ndarray], tensors: Mapping[str, tuple[str, ...]], prefix: str = ""
) -> xr.Dataset:
    """Store tensors under their names behind a prefix.

    Parameters
    ----------
    values
        Tensors with a leading network axis; kept in float32, as trained.
    tensors
        Dimensions of each behind `network`.
    prefix
        "initial_" for those before training.
    """
    variables = {}
    for name, dims in tensors.items():
        words = f"{prefix.replace('_', ' ')}{name.replace('_', ' ')} weights"
        variables[prefix + name] = (
            ("network", *dims),
            np.asarray(values[name], dtype=np.float32),
            {"long_name": words, "units": "1"},
        )
    return xr.Dataset(variables)


def unpack(
    model: xr.Dataset,
    network: int,
    prefix: str = "",
    tensors: Mapping[str, tuple[str, ...]] = TENSORS,
) -> dict[str, np.ndarray]:
    """Weights of one network in float64; `prefix="initial_"` for those before training."""
    return {name: model[prefix + name].values[network].astype(np.float64) for name in tensors}


@dataclass(frozen=True)
class Networks:
    """The trained networks of one model, and the digits that they learned from and held out.

    Attributes
    ----------
    product
        What takes the place of Q K^T in all of them.
    weights, initial
        Of each network, trained and before training.
    images, labels
        All pictures (1797, 8, 8) and their digits.
    training, held_out
        Indices of each network's pictures, (networks, pictures).
    """

    product: Product
    weights: list[dict[str, np.ndarray]]
    initial: list[dict[str, np.ndarray]]
    images: np.ndarray
    labels: np.ndarray
    training: np.ndarray
    held_out: np.ndarray

    @classmethod
    def of(cls, model: xr.Dataset) -> "Networks":
        """Take the networks of a stored model, in float64."""
        images, labels = digits.load()
        every = range(model.sizes["network"])
        return cls(
            named(str(model.attrs["product"])),
            [unpack(model, network) for network in every],
            [unpack(model, network, "initial_") for network in every],
            images,
            labels,
            model["training_sample"].values.astype(int),
            model["test_sample"].values.astype(int),
        )

    def __len__(self) -> int:
        """How many there are."""
        return len(self.weights)

    def asked(self, uniform: bool = False) -> np.ndarray:
        """Class scores of all pictures, (networks, 1797, 10); or as uniform attention has them."""
        found = []
        for weights in self.weights:
            tokens = attention.embed(weights, self.images)
            table = symmetries.products(weights, tokens, self.product) * (not uniform)
            found.append(attention.class_scores(weights, tokens, table, self.product))
        return np.stack(found)

    @functools.cached_property
    def scores(self) -> np.ndarray:
        """Class scores of all pictures, (networks, 1797, 10)."""
        with np.errstate(all="ignore"):  # of those that diverged
            return self.asked()

    @functools.cached_property
    def sound(self) -> np.ndarray:
        """Whether each network says something of every picture: one that diverged does not."""
        sound: np.ndarray = np.isfinite(self.scores).all(axis=(1, 2))
        return sound

    def converged(self, model: xr.Dataset) -> xr.DataArray:
        """Which networks of the stored model converged, and say something of every picture."""
        found = model["converged"].load()
        return found.copy(data=found.values * self.sound)

    @property
    def head(self) -> int:
        """Entries of a query or key: the contraction length n of paper B."""
        return self.weights[0]["query"].shape[1] // self.product.channels
