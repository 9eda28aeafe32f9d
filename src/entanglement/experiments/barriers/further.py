"""Training on from a model, from its equivalents, and from a jitter of 1e-15."""

import os
from typing import Any

import numpy as np

from entanglement.networks.attention import embed, queries_keys
from entanglement.networks.moves import KINDS, move
from entanglement.networks.symmetries import points
from entanglement.pipeline.seeds import Seeds

JITTER = 1e-15
BATCH = 64
# What each product's tables of points are compared with.
TABLES = "points moved by M"


def further(
    weights: list[Any],
    product: str,
    images: np.ndarray,
    labels: np.ndarray,
    held_out: np.ndarray,
    seeds: Seeds,
    steps: int,
) -> tuple[dict[str, np.ndarray], list[str]]:
    """Train on with every optimiser from every start, on data the networks have not seen.

    Parameters
    ----------
    weights
        Of the trained networks.
    product
        `dot`, `E` or `H`.
    images, labels, held_out
        All pictures, their digits, and each network's new ones.
    seeds
        Streams "jitter", "moves", "new_data", "tables".
    steps
        Batches of new data.

    Returns
    -------
    Losses (network, start, step) by optimiser, and the names of the starts: the model itself,
    the jitter, then the moves.
    """
    # One thread, set before JAX starts: the bytes must not depend on the number of cores.
    os.environ.setdefault(
        "XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
    )
    os.environ.setdefault("JAX_PLATFORMS", "cpu")
    from entanglement.networks import continued

    names = ["model", "jitter", *KINDS[product]]
    starts, angles, shown = [], [], []
    for i, w in enumerate(weights):
        rng = seeds.generator(i, "moves")
        made = [move(rng, w, product, kind) for kind in KINDS[product]]
        starts += [w, _jittered(seeds.generator(i, "jitter"), w)]
        starts += [{**w, **one.weights} for one in made]
        none = np.zeros(w["query"].shape[1] // (2 if product == "H" else 1))
        angles += [none, none, *(none if m.layer is None else m.layer.angle for m in made)]
        new = seeds.generator(i, "new_data")
        batches = [new.choice(held_out[i], BATCH, replace=False) for _ in range(steps)]
        shown += [np.stack(batches)] * len(names)
    shape = (len(weights), len(names), steps)
    found = continued.descend(starts, np.stack(angles), images, labels, np.stack(shown), product)
    return {
        optimiser: losses.reshape(shape) for optimiser, losses in zip(continued.OPTIMISERS, found)
    }, names


def further_tables(
    weights: list[Any],
    images: np.ndarray,
    labels: np.ndarray,
    held_out: np.ndarray,
    seeds: Seeds,
    steps: int,
) -> tuple[dict[str, np.ndarray], list[str]]:
    """Train on tables of half-plane points (H only): the model, a jitter, and M of every point.

    The tables start from each position's mean channels in the trained network.
    """
    from entanglement.geometry.isometries import act, draw
    from entanglement.networks import continued

    names = ["model", "jitter", TABLES]
    tables, around, shown = [], [], []
    for i, w in enumerate(weights):
        channels = queries_keys(w, embed(w, images[held_out[i]]))
        table = points(np.stack([side.mean(0) for side in channels]))
        rng = seeds.generator(i, "tables")
        noise = JITTER * (rng.normal(size=table.shape) + 1j * rng.normal(size=table.shape))
        element = draw("psl2r", 1.0, table.shape[-1], rng)
        tables += [table, table * (1 + noise), act(element, table)]
        around += [w] * len(names)
        new = seeds.generator(i, "new_data")
        batches = [new.choice(held_out[i], BATCH, replace=False) for _ in range(steps)]
        shown += [np.stack(batches)] * len(names)
    found = continued.descend_tables(np.stack(tables), around, images, labels, np.stack(shown))
    shape = (len(weights), len(names), steps)
    return {
        name: losses.reshape(shape) for name, losses in zip(continued.TABLE_STEPS, found)
    }, names


def _jittered(rng: np.random.Generator, weights: Any) -> dict[str, np.ndarray]:
    return {
        name: value * (1 + JITTER * rng.normal(size=np.shape(value)))
        for name, value in weights.items()
    }
