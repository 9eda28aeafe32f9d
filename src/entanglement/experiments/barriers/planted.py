"""Positive controls: paths laid through trained weights, whose dip is known to be there."""

import numpy as np
import xarray as xr

from entanglement.networks import alignment
from entanglement.networks.attention import Weights
from entanglement.networks.stored_attention import Networks
from entanglement.pipeline.seeds import Seeds

# Depth of the dips in nats: a barrier of minus this would count. The first step of the search for
# ends of that height, and its rounds: the rise is nearly quadratic, so that a few settle.
DIP, FIRST_STEP, ROUNDS = 0.01, 1e-2, 6


def planted(trained: Networks, position: np.ndarray, pictures: int, seeds: Seeds) -> xr.Dataset:
    """Follow straight paths through the trained weights, and down to them.

    Their ends lie where a random direction has raised the training loss by DIP on average.

    Parameters
    ----------
    trained, position, pictures
        The networks, positions along the paths, training pictures of each network.
    seeds
        Stream "planted".

    Returns
    -------
    negative_planted (network), 1 where the dip is found below both ends and held-out pictures
    agree; descent_planted (network), ln of the highest loss over the first one on the way down.
    """
    found, down = [], []
    for network, w in enumerate(trained.weights):
        rng = seeds.generator(network, "planted")
        direction = {name: rng.normal(size=np.shape(value)) for name, value in w.items()}
        step = FIRST_STEP
        for _ in range(ROUNDS):
            start, end = ({n: w[n] + side * step * direction[n] for n in w} for side in (-1, 1))
            ends = np.array([0.0, 0.5, 1.0])
            first, here, last = _losses(trained, network, pictures, start, end, ends)[0]
            step *= np.sqrt(DIP / max((first + last) / 2 - here, DIP / 100))
        known, unseen = _losses(trained, network, pictures, start, end, position)
        place = 1 + int(np.argmin(known[1:-1]))
        below = [part[place] < min(part[0], part[-1]) for part in (known, unseen)]
        found.append(float(all(below)))
        known, _ = _losses(trained, network, pictures, start, w, position)
        down.append(np.log(known[1:].max() / known[0]))
    return xr.Dataset(
        {"negative_planted": ("network", found), "descent_planted": ("network", down)}
    )


def _losses(
    trained: Networks,
    network: int,
    pictures: int,
    start: Weights,
    end: Weights,
    position: np.ndarray,
) -> list[np.ndarray]:
    """Loss on pictures that the network trained on, and on those that it held out."""
    made = []
    for samples in (trained.training[network][:pictures], trained.held_out[network]):
        scores = alignment.path(start, end, position, trained.images[samples], trained.product)
        made.append(alignment.cross_entropy(scores, trained.labels[samples]))
    return made
