"""Algorithm 1 with activations, biases, skips and normalisation (paper A, Eq. 15), drawn exactly.

A layer sees its inputs x_0 .. x_m (the training sample first) through G x alone. With X = Q R, the
columns of Q orthonormal and the first along x_0, G X = (G Q) R, and G Q has independent N(0, 1)
columns but for the first: the kept projections z of Algorithm 1. So a layer costs k numbers for
each input, whatever n is, and is exact at every width.
"""

from collections.abc import Iterator

import numpy as np

from entanglement.networks.maxlikelihood import kept_projections
from entanglement.networks.nonlinear_architecture import Nonlinear
from entanglement.networks.projections import parts
from entanglement.pipeline.seeds import Seeds
from entanglement.theory.meanfield import activate

# Cosines to the training sample that the last inputs start with, in this order: near, far, and so
# close that a layer does to the angle what it does to a small one.
CLOSE = 1e-3
PREPARED = (0.5, -0.5, float(np.cos(CLOSE)))
# Bytes of one chunk's arrays.
CHUNK = 2**26


def walk(a: Nonlinear, seeds: Seeds) -> Iterator[tuple[range, int, np.ndarray, np.ndarray]]:
    """Push the inputs through networks, a few at a time.

    Parameters
    ----------
    a
        What the networks are made of.
    seeds
        Streams "inputs", "weights", "noise" and "biases" of each network.

    Yields
    ------
    networks, layer
        Which networks, and l = 0..L.
    x
        Their inputs after the layer, shape (networks, k, m + 1): the training sample, the unseen
        probes and the prepared ones.
    triangle
        R of x = Q R with its diagonal's first entry positive: column i holds the coordinates of
        input i, the first of them along the training sample; shape (networks, r, m + 1).
    """
    for part in parts(a.networks, max(1, CHUNK // (8 * a.k * (a.depth + 4 * (a.probes + 4))))):
        x = np.stack([inputs(a, seeds.generator(i, "inputs")) for i in part])
        kept = kept_projections(a.rows, [seeds.generator(i, "weights") for i in part])
        noise = [seeds.generator(i, "noise") for i in part]
        biases = [seeds.generator(i, "biases") for i in part]
        triangle = _triangle(x)
        yield part, 0, x, triangle
        for layer in range(a.depth):
            seen = np.empty((len(part), a.k, triangle.shape[1]))
            seen[..., 0] = kept[:, layer]
            for row, rng in zip(seen, noise, strict=True):
                row[:, 1:] = rng.standard_normal((a.k, triangle.shape[1] - 1))
            h = a.weight / np.sqrt(a.k) * (seen @ triangle)
            if a.bias:
                h += a.bias * np.stack([rng.standard_normal((a.k, 1)) for rng in biases])
            x = after(a, x, h)
            triangle = _triangle(x)
            yield part, layer + 1, x, triangle


def inputs(a: Nonlinear, rng: np.random.Generator) -> np.ndarray:
    """Draw the inputs of one network, all of length sqrt(k), shape (k, m + 1)."""
    x = rng.standard_normal((a.k, a.probes + 1 + len(PREPARED)))
    x /= np.linalg.norm(x, axis=0)
    sample = x[:, 0]
    for column, cosine in zip(range(a.probes + 1, x.shape[1]), PREPARED, strict=True):
        aside = x[:, column] - (sample @ x[:, column]) * sample
        aside /= np.linalg.norm(aside)
        x[:, column] = cosine * sample + np.sqrt(1 - cosine**2) * aside
    return np.sqrt(a.k) * x


def after(a: Nonlinear, x: np.ndarray, h: np.ndarray) -> np.ndarray:
    """Make a layer's outputs from its inputs x and pre-activations h, shape (..., k, inputs).

    What has no spread is centred and not rescaled.
    """
    if a.norm == "batch":
        h = _standard(h, axis=-1)
    made = activate(a.activation, h)
    if a.skip:
        made = x + made
    return _standard(made, axis=-2) if a.norm == "layer" else made


def _standard(values: np.ndarray, axis: int) -> np.ndarray:
    centred = values - values.mean(axis=axis, keepdims=True)
    spread = np.sqrt(np.mean(centred**2, axis=axis, keepdims=True))
    return np.divide(centred, spread, out=centred, where=spread > 0)


def _triangle(x: np.ndarray) -> np.ndarray:
    triangle: np.ndarray = np.asarray(np.linalg.qr(x, mode="r"))
    triangle[:, 0] *= np.where(triangle[:, :1, 0] < 0, -1.0, 1.0)
    return triangle
