"""Kept projections of many networks, drawn for a few at a time: they regenerate from the seed."""

from collections.abc import Iterator, Sequence

import numpy as np

from entanglement.networks.architecture import Architecture
from entanglement.networks.maxlikelihood import kept_projections, literal_layer
from entanglement.pipeline.seeds import Seeds

# Bytes of one network chunk's arrays.
CHUNK = 2**27


def projections(
    a: Architecture, seeds: Seeds, networks: Sequence[int], samples: np.ndarray
) -> Iterator[tuple[range, np.ndarray]]:
    """Draw what Algorithm 1 keeps of the training samples' directions.

    Parameters
    ----------
    a
        Sizes and family of the networks.
    seeds
        Random stream "weights" of each network.
    networks
        Their numbers in the ensemble.
    samples
        w_0 of each of them, shape (networks, k).

    Yields
    ------
    Positions in `networks`, and z_l of those, shape (positions, L, k).
    """
    if a.sampler == "exact":
        for part in parts(len(networks), max(1, CHUNK // (8 * 3 * a.depth * (a.k + 1)))):
            generators = [seeds.generator(networks[i], "weights") for i in part]
            yield part, kept_projections(a, generators)
        return
    directions = samples / np.linalg.norm(samples, axis=-1, keepdims=True)
    for part in parts(len(networks), 1):
        rng, direction = seeds.generator(networks[part.start], "weights"), directions[part.start]
        z = np.empty((1, a.depth, a.k))
        for layer in range(a.depth):
            _, z[0, layer] = literal_layer(a, direction, rng)
            direction = z[0, layer] / np.linalg.norm(z[0, layer])
        yield part, z


def gains(a: Architecture, projection: np.ndarray) -> np.ndarray:
    """Norm growth A = |z| of each layer; rescaled layers grow by the family's own `gain`.

    Parameters
    ----------
    a
        Family of the networks.
    projection
        z, shape (..., k).
    """
    if a.weights == "top_unit":
        return np.full(projection.shape[:-1], a.gain)
    return np.asarray(np.linalg.norm(projection, axis=-1))


def parts(count: int, size: int) -> Iterator[range]:
    """Cut 0..count-1 into ranges of at most `size` numbers."""
    for start in range(0, count, size):
        yield range(start, min(start + size, count))
