"""Probes on their way through a trained network, with the cotangent carried exactly.

A probe is w' = |w'| (cos u + sin s): its angle to the training sample's direction u, and a unit
vector s orthogonal to u. Writing s in an orthonormal frame V of the probes' orthogonal parts,
s = V S, one layer G of Algorithm 1 acts as

    G u = A u',      G V = u' g + V' T,

where A = |z|, g is a row of N(0, 1) numbers, T is upper triangular with N(0, 1) numbers above
the diagonal and a chi(k-1-j) number as its j-th diagonal entry (j = 0, 1, ...), and V' is a
uniformly random frame orthogonal to u', all independent (Bartlett's decomposition of the
Gaussian matrix G V). So S' = T S, and with X = |S'|

    c' = (A c + g S) / X,

for one probe the scalar chain T1. Nothing is subtracted from anything large: a collapse to
1e-200 keeps its digits. Vectors need only V', which is drawn when they are asked for.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from entanglement.networks.architecture import Architecture
from entanglement.networks.frames import random_frame
from entanglement.networks.layer import Layer, Probes, cos_sin
from entanglement.networks.maxlikelihood import literal_layer
from entanglement.pipeline.seeds import Seeds

# Rows of a triangular factor that are multiplied at a time, without most of its zeros.
STRIP = 64
# Bytes of triangular factors drawn ahead.
AHEAD = 2**26


def exact_layers(
    a: Architecture, seeds: Seeds, networks: Sequence[int], projection: np.ndarray, layer: Layer
) -> Iterator[Layer]:
    """Take probes through layers 1..L in law: only what they see of the weights is drawn.

    Parameters
    ----------
    a
        What the networks are made of.
    seeds
        Random streams: "noise" j of each network belongs to frame vector j.
    networks
        Which networks of the ensemble.
    projection
        z_l of these networks, shape (networks, L, k).
    layer
        Layer 0.
    """
    r = layer.probes.coefficients.shape[1]
    columns = [[seeds.generator(i, "noise", j) for j in range(r)] for i in networks]
    noise = None if a.weights == "orthogonal" else factors(a.k, a.depth, columns)
    for z in projection.swapaxes(0, 1):
        if noise is None:
            # An isometry turns the frame and does nothing else.
            image = a.gain * layer.probes.coefficients
            along = np.zeros_like(layer.cotangent)
        else:
            product = triangular_product(next(noise), layer.probes.coefficients)
            image, along = product[:, 1:], product[:, 0]
        frame = partial(random_frame, seeds, networks, layer.index + 1, r)
        layer = _next(a, layer, z, image, along, frame)
        yield layer


def literal_layers(
    a: Architecture, seeds: Seeds, networks: Sequence[int], layer: Layer
) -> Iterator[Layer]:
    """Take probes through layers 1..L as printed: the weights are drawn again and applied.

    The frame is all of R^k: coefficients are the residual directions themselves.

    Parameters
    ----------
    a, seeds, networks, layer
        As in `exact_layers`; the stream is "weights".
    """
    generators = [seeds.generator(i, "weights") for i in networks]
    residual = layer.residual_directions().swapaxes(1, 2)  # (networks, k, m)
    before = layer.probes
    layer = replace(layer, probes=Probes(before.cotangent, before.log_length, residual))
    whole = np.broadcast_to(np.eye(a.k), (len(networks), a.k, a.k))
    for _ in range(a.depth):
        image, along = np.empty_like(residual), np.empty_like(layer.cotangent)
        projection = np.empty_like(layer.direction)
        for i, rng in enumerate(generators):
            weights, projection[i] = literal_layer(a, layer.direction[i], rng)
            after = projection[i] / np.linalg.norm(projection[i])
            np.matmul(weights, layer.probes.coefficients[i], out=image[i])
            # Deflation: what lies along u' goes into the cotangent.
            along[i] = after @ image[i]
            image[i] -= np.multiply.outer(after, along[i])
        layer = _next(a, layer, projection, image, along, lambda direction: whole)
        yield layer


def factors(
    k: int, depth: int, generators: list[list[np.random.Generator]]
) -> Iterator[np.ndarray]:
    """Draw the rows g and triangular factors T of G V = u' g + V' T, layer after layer.

    Parameters
    ----------
    k
        Width.
    depth
        Number of layers.
    generators
        `generators[i][j]` belongs to network i and frame vector j.

    Yields
    ------
    [g; T], shape (networks, r + 1, r): entry (q, j) is N(0, 1) for q <= j, chi(k-1-j)
    distributed for q = j + 1 and 0 below.
    """
    networks, r = len(generators), len(generators[0])
    spread = np.empty((networks, r, depth))
    for i, row in enumerate(generators):
        for j, rng in enumerate(row):
            spread[i, j] = rng.standard_gamma((k - 1 - j) / 2, depth)
    spread = np.sqrt(2 * spread)
    # The normal numbers of a frame vector follow in one stream, so that it does not matter how
    # many layers are drawn at a time.
    ahead = max(1, min(depth, AHEAD // (8 * networks * r * (r + 1))))
    diagonal = np.arange(r)
    for start in range(0, depth, ahead):
        layers = min(ahead, depth - start)
        # Transposed, so that what a generator gives is written in one piece.
        block = np.zeros((layers, networks, r, r + 1))
        for i, row in enumerate(generators):
            for j, rng in enumerate(row):
                block[:, i, j, : j + 1] = rng.standard_normal((layers, j + 1))
        block[..., diagonal, diagonal + 1] = spread[..., start : start + layers].transpose(2, 0, 1)
        yield from block.swapaxes(-1, -2)


def triangular_product(factor: np.ndarray, coefficients: np.ndarray) -> np.ndarray:
    """Multiply [g; T] of `factors` by S, leaving out most of the zeros below the diagonal.

    Parameters
    ----------
    factor
        Shape (networks, r + 1, r).
    coefficients
        Shape (networks, r, m).

    Returns
    -------
    [g S; T S], shape (networks, r + 1, m).
    """
    networks, rows, r = factor.shape
    if r == 1:
        return factor * coefficients
    product = np.empty((networks, rows, coefficients.shape[2]))
    for top in range(0, rows, STRIP):
        bottom, left = min(top + STRIP, rows), max(top - 1, 0)
        np.matmul(factor[:, top:bottom, left:], coefficients[:, left:], out=product[:, top:bottom])
    return product


def _next(
    a: Architecture,
    layer: Layer,
    projection: np.ndarray,
    image: np.ndarray,
    along: np.ndarray,
    frame: Callable[[np.ndarray], np.ndarray],
) -> Layer:
    """Make the layer after `layer`, given where it sends training samples and residuals.

    Parameters
    ----------
    a
        What the networks are made of.
    layer
        The layer before.
    projection
        z = G u, shape (networks, k).
    image
        Images G s of the residual directions less their parts along u', in an orthonormal
        basis, shape (networks, r, m); overwritten.
    along
        Their parts along u', shape (networks, m).
    frame
        Makes that basis from u'.
    """
    gain, c = np.linalg.norm(projection, axis=-1), layer.cotangent
    direction = projection / gain[:, None]
    spread = np.sqrt(np.einsum("nrm,nrm->nm", image, image))
    parallel = spread == 0.0
    with np.errstate(divide="ignore", over="ignore"):
        cotangent = (gain[:, None] * c + along) / spread
    spread[parallel] = 1.0
    image /= spread[:, None]
    cos, sin = cos_sin(c)
    growth = np.log(np.hypot(gain[:, None] * cos + along * sin, spread * sin))
    log_gain = np.log(gain)
    # Rescaled layers divide by the gain, and multiply by the growth that is wanted.
    shrink = np.log(a.gain) - log_gain if a.weights == "top_unit" else np.zeros_like(gain)
    probes = Probes(cotangent, layer.probes.log_length + growth + shrink[:, None], image)
    return Layer(
        layer.index + 1,
        direction,
        layer.log_norm + (log_gain + shrink),
        probes,
        partial(frame, direction),
    )
