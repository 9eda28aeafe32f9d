"""Training on from a model, from its equivalents, and from a jitter of 1e-15."""

import numpy as np

from entanglement.networks.attention import Weights, embed, queries_keys
from entanglement.networks.moves import move
from entanglement.networks.stored_attention import Networks
from entanglement.networks.symmetries import points
from entanglement.pipeline.seeds import Seeds

JITTER = 1e-15
BATCH = 32
# What each product's tables of points are compared with.
TABLES = "points moved by M"


def further(
    networks: Networks, seeds: Seeds, steps: int
) -> tuple[dict[str, np.ndarray], dict[str, np.ndarray], list[str]]:
    """Train on with every optimiser from every start, on data the networks have not seen.

    Parameters
    ----------
    networks
        The trained networks.
    seeds
        Streams "jitter", "moves", "new_data", "tables".
    steps
        Batches of new data.

    Returns
    -------
    Losses (network, start, step) by optimiser; losses before and after on pictures that are kept
    back (network, start, 2) by optimiser; and the names of the starts: the model itself, the
    jitter, then the moves.
    """
    from entanglement.networks import continued

    product = networks.product
    names = ["model", "jitter", *product.moves]
    starts, angles, shown, kept = [], [], [], []
    for i, w in enumerate(networks.weights):
        rng = seeds.generator(i, "moves")
        made = [move(rng, w, product, kind) for kind in product.moves]
        starts += [w, _jittered(seeds.generator(i, "jitter"), w)]
        starts += [{**w, **one.weights} for one in made]
        none = np.zeros(networks.head)
        angles += [none, none, *(none if m.layer is None else m.layer.angle for m in made)]
        batches, exam = _new_data(networks, i, seeds, steps)
        shown += [batches] * len(names)
        kept += [exam] * len(names)
    every = networks.images, networks.labels, np.stack(shown), np.stack(kept)
    found, examined = continued.descend(starts, np.stack(angles), *every, product)
    losses, exams = (
        dict(zip(continued.OPTIMISERS, one.reshape(len(one), len(networks), len(names), -1)))
        for one in (found, examined)
    )
    return losses, exams, names


def further_tables(
    networks: Networks, seeds: Seeds, steps: int
) -> tuple[dict[str, np.ndarray], list[str]]:
    """Train on tables of half-plane points (H only): the model, a jitter, and M of every point.

    The tables start from each position's mean channels in the trained network.
    """
    from entanglement.geometry.isometries import act, draw
    from entanglement.networks import continued

    names = ["model", "jitter", TABLES]
    tables, around, shown = [], [], []
    sound = np.flatnonzero(networks.sound).tolist()  # others have no points
    for i in sound:
        w = networks.weights[i]
        channels = queries_keys(w, embed(w, networks.images[networks.held_out[i]]))
        table = points(np.stack([side.mean(0) for side in channels]))
        rng = seeds.generator(i, "tables")
        noise = JITTER * (rng.normal(size=table.shape) + 1j * rng.normal(size=table.shape))
        element = draw("psl2r", 1.0, table.shape[-1], rng)
        tables += [table, table * (1 + noise), act(element, table)]
        around += [w] * len(names)
        shown += [_new_data(networks, i, seeds, steps)[0]] * len(names)
    shape = (len(names), steps)
    losses = np.full((len(continued.TABLE_STEPS), len(networks), *shape), np.nan)
    if len(sound):
        losses[:, sound] = continued.descend_tables(
            np.stack(tables), around, networks.images, networks.labels, np.stack(shown)
        ).reshape(-1, len(sound), *shape)
    return dict(zip(continued.TABLE_STEPS, losses)), names


def _new_data(
    networks: Networks, network: int, seeds: Seeds, steps: int
) -> tuple[np.ndarray, np.ndarray]:
    """Pictures that a network has not seen: batches of one half, (steps, batch), and the other."""
    rng = seeds.generator(network, "new_data")
    known = rng.permutation(networks.held_out[network])
    half = len(known) // 2
    batch = min(BATCH, half)  # all of them where they are few
    shown = [rng.choice(known[:half], batch, replace=False) for _ in range(steps)]
    return np.stack(shown), known[half:]


def _jittered(rng: np.random.Generator, weights: Weights) -> dict[str, np.ndarray]:
    return {
        name: value * (1 + JITTER * rng.normal(size=np.shape(value)))
        for name, value in weights.items()
    }
