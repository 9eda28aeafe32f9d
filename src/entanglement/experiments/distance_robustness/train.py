"""Train networks of all three products on the same pictures, samples and mistakes."""

import numpy as np
import xarray as xr

from entanglement.experiments.distance_robustness import Train
from entanglement.networks import digits, recall, stored_attention
from entanglement.networks.product import PRODUCTS
from entanglement.networks.recall import Samples
from entanglement.pipeline.seeds import Seeds

NAMES = {
    "loss": ("training loss of an epoch's samples", "nat"),
    "accuracy": ("training accuracy of an epoch, by the labels that were told", "1"),
    "training_sample": ("number of a training picture", "1"),
    "test_sample": ("number of a held-out picture", "1"),
}


def tensors(product: str) -> dict[str, tuple[str, ...]]:
    """Dimensions of the tensors of a product; entries of H have twice as many channels."""
    return {
        name: tuple(f"{dim}_{product}" if dim == "channel" else dim for dim in dims)
        for name, dims in recall.TENSORS.items()
    }


def train(parameters: Train, seeds: Seeds) -> xr.Dataset:
    """Train `networks` networks of each product.

    Parameters
    ----------
    parameters
        Sizes, schedule and noise.
    seeds
        Streams "weights", "split", "samples", "label noise" and "picture noise" of each network.

    Returns
    -------
    Trained weights behind the product's name, learning curves, and the pictures that each network
    learned from and held out, the same for all products.
    """
    from entanglement.networks import recall_training

    sizes, (images, labels) = parameters, digits.load()
    flat, parts, samples, noisy = recall.flat(images), [], [], []
    for network in range(sizes.networks):
        rng = seeds.generator(network, "split")
        parts.append(digits.split_each(rng, labels, sizes.training_each, sizes.test_each))
        rng, shape = (
            seeds.generator(network, "samples"),
            (sizes.epochs, recall.UPDATES, sizes.batch),
        )
        drawn = recall.draw(rng, parts[-1][0], sizes.choices, shape)
        rng = seeds.generator(network, "label noise")
        drawn = mistaken(rng, drawn, sizes.label_noise)
        if sizes.picture_noise:
            change = seeds.generator(network, "picture noise").normal(size=flat.shape)
            noisy.append(np.clip(flat + sizes.picture_noise * change, 0, 1))
            # Every network has pictures of its own, one set behind the other.
            before = network * len(flat)
            drawn = drawn._replace(asked=drawn.asked + before, shown=drawn.shown + before)
        samples.append(drawn)
    learned, held_out = (np.stack(part).astype(np.int16) for part in zip(*parts))
    made = xr.Dataset(
        {
            "training_sample": (("network", "digit", "sample"), learned),
            "test_sample": (("network", "digit", "sample_held_out"), held_out),
        }
    )
    history: dict[str, list[np.ndarray]] = {"loss": [], "accuracy": []}
    for name, product in PRODUCTS.items():
        start = [
            recall.initial_weights(
                seeds.generator(network, "weights"), product, sizes.width, sizes.head, sizes.choices
            )
            | {"log_beta": np.log(sizes.beta)}
            for network in range(sizes.networks)
        ]
        pictures = np.concatenate(noisy) if noisy else flat
        fitted = recall_training.fit(start, pictures, samples, product, False, sizes.rate)
        made = made.merge(stored_attention.pack(fitted.weights, tensors(name), f"{name}_"))
        for key, curves in history.items():
            curves.append(getattr(fitted, key))
    for key, curves in history.items():
        made[key] = ("product", "network", "epoch"), np.stack(curves)
    for key, (words, units) in NAMES.items():
        made[key].attrs = {"long_name": words, "units": units}
    made = made.assign_coords(product=list(PRODUCTS), epoch=np.arange(1, sizes.epochs + 1))
    return made.assign_attrs(source="paper B, section 1 and Example 1")


def mistaken(rng: np.random.Generator, samples: Samples, share: float) -> Samples:
    """Tell a share of samples the label beside another key picture, each other one alike.

    Parameters
    ----------
    rng
        Source of the mistakes.
    samples
        Any number and shape of them.
    share
        Chance of a mistake.
    """
    choices = samples.shown.shape[-1]
    other = (samples.match + rng.integers(1, choices, size=samples.match.shape)) % choices
    wrong = rng.random(samples.match.shape) < share
    return samples._replace(match=np.where(wrong, other, samples.match))
