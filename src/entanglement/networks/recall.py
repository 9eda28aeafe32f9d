"""Associative recall: which label stands beside the picture of the same class (paper B, Example 1).

A sample shows key pictures of distinct classes, each beside a label, and asks with another
picture of one of them. Labels are permuted anew in every sample, so no class tells its label:
whoever does not match pictures guesses one label of all.

Written once for NumPy and JAX arrays, as `attention` is.
"""

from typing import Any, NamedTuple

import numpy as np
import xarray as xr

from entanglement.networks.attention import CLASSES, Weights, affine, logits, softmax
from entanglement.networks.product import Product
from entanglement.pipeline.seeds import Seeds

PIXELS = 64
UPDATES = 25  # in an epoch, so that learning curves have one point for each

# Dimensions of each tensor behind `network`.
TENSORS: dict[str, tuple[str, ...]] = {
    "embedding": ("pixel", "stream"),
    "embedding_bias": ("stream",),
    "query": ("stream", "channel"),
    "query_bias": ("channel",),
    "key": ("stream", "channel"),
    "key_bias": ("channel",),
    "value": ("label", "stream"),
    "log_beta": (),
}


class Samples(NamedTuple):
    """Tasks of one network, any number and shape of them.

    Attributes
    ----------
    asked
        Number of the query's picture, (...).
    shown
        Numbers of the key pictures, (..., choices).
    labels
        The label beside each, (..., choices): every label once.
    match
        Which key picture is of the query's class, (...).
    """

    asked: Any
    shown: Any
    labels: Any
    match: Any

    @property
    def answers(self) -> np.ndarray:
        """The label to recall, (...)."""
        return np.take_along_axis(self.labels, self.match[..., None], axis=-1)[..., 0]


def flat(images: np.ndarray) -> np.ndarray:
    """Pictures as rows of pixels: (pictures, 8, 8) -> (pictures, 64)."""
    return images.reshape(len(images), PIXELS)


def draw(
    rng: np.random.Generator, pool: np.ndarray, choices: int, shape: tuple[int, ...]
) -> Samples:
    """Draw samples from a pool of pictures, (classes, at least 2 of each).

    Parameters
    ----------
    rng
        Source of all draws.
    pool
        Numbers of the pictures of each class.
    choices
        Key pictures, and so labels, of a sample.
    shape
        Of the samples.
    """
    count, each = int(np.prod(shape)), pool.shape[1]
    every = np.arange(count)
    classes = rng.permuted(np.tile(np.arange(CLASSES), (count, 1)), axis=1)[:, :choices]
    labels = rng.permuted(np.tile(np.arange(choices), (count, 1)), axis=1)
    place, match = rng.integers(each, size=(count, choices)), rng.integers(choices, size=count)
    # Any picture of the class but the one that is shown.
    other = (place[every, match] + rng.integers(1, each, size=count)) % each
    asked, shown = pool[classes[every, match], other], pool[classes, place]
    return Samples(
        *(part.reshape(*shape, *part.shape[1:]) for part in (asked, shown, labels, match))
    )


def initial_weights(
    rng: np.random.Generator, product: Product, width: int, head: int, choices: int
) -> dict[str, np.ndarray]:
    """Draw the weights of one network: N(0, 1/fan-in), biases zero.

    Parameters
    ----------
    rng
        Source of all draws.
    product
        What takes the place of Q K^T.
    width
        Units that a picture is read into, and length of a label's vector.
    head
        Entries of a query or key: the contraction length n of paper B.
    choices
        Labels.
    """
    sizes = {
        "pixel": PIXELS,
        "stream": width,
        "channel": head * product.channels,
        "label": choices,
    }
    weights = {}
    for name, dims in TENSORS.items():
        shape = tuple(sizes[dim] for dim in dims)
        spread = shape[0] ** -0.5 if len(shape) == 2 else 0.0
        weights[name] = rng.normal(0, spread, shape) if spread else np.zeros(shape)
    return weights


def asked(
    model: xr.Dataset, network: int, seeds: Seeds, choices: int, count: int
) -> dict[str, Samples]:
    """Draw what a network is asked, in the pictures that it learned from ("train") and in others.

    Parameters
    ----------
    model, network
        Trained networks with the numbers of their pictures, training_sample and test_sample
        (network, digit, ...), and which of them.
    seeds
        Streams "train probes" and "test probes" of the network.
    choices, count
        Key pictures of a sample, and how many samples of each sort.
    """
    pools = {"train": model["training_sample"], "test": model["test_sample"]}
    return {
        kind: draw(
            seeds.generator(network, f"{kind} probes"), pool.values[network], choices, (count,)
        )
        for kind, pool in pools.items()
    }


def queries_keys(weights: Weights, pictures: Any, samples: Samples) -> tuple[Any, Any]:
    """Q of the query's picture and K of the key pictures, as real channels.

    Parameters
    ----------
    weights
        Of one network.
    pictures
        All pictures, (pictures, 64).
    samples
        m of them.

    Returns
    -------
    (m, 1, head * channels) and (m, choices, head * channels).
    """
    asked, shown = (
        _read(weights, pictures[numbers]) for numbers in (samples.asked[:, None], samples.shown)
    )
    return affine(weights, "query", asked), affine(weights, "key", shown)


def paid(weights: Weights, table: Any, product: Product) -> Any:
    """Attention that the query pays to each key picture, (m, choices), from Q (.) K^T."""
    return softmax(logits(weights, table, product))[:, 0]


def label_scores(weights: Weights, attention: Any, samples: Samples) -> Any:
    """Scores of the labels (m, choices): the shown labels' vectors, averaged by attention, read by
    the same vectors (tied embeddings).

    Nothing but attention tells one label from another: where it is uniform, all samples get the
    same scores, and whoever answers by them is right once in `choices`.
    """
    told = weights["value"][samples.labels]  # (m, choices, width)
    return (attention[:, None] @ told)[:, 0] @ weights["value"].T


def _read(weights: Weights, pictures: Any) -> Any:
    xp = pictures.__array_namespace__()
    return xp.maximum(affine(weights, "embedding", pictures), 0.0)
