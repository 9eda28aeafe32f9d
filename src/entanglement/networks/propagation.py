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

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np

from entanglement.geometry.angles import split

# Rows of a triangular factor that are multiplied at a time, without most of its zeros.
STRIP = 64
# Bytes of triangular factors drawn ahead.
AHEAD = 2**26
# What is left of a unit vector after projections, below which it is rounding.
ROUNDING = 1e-14


@dataclass(frozen=True)
class Probes:
    """Where the probes of some networks are at one layer, as seen from the training samples.

    Parameters
    ----------
    cotangent
        Cotangent c of the angle to u, shape (networks, m).
    log_length
        ln |w'|, shape (networks, m).
    coefficients
        S: unit columns (0 where w' is parallel to u), shape (networks, r, m).
    """

    cotangent: np.ndarray
    log_length: np.ndarray
    coefficients: np.ndarray


@dataclass(frozen=True)
class Layer:
    """Training samples and probes after one layer.

    Parameters
    ----------
    index
        Layer l; 0 is the input.
    direction
        u_l, shape (networks, k).
    log_norm
        ln |w_l|, shape (networks,).
    probes
        The probes as seen from u_l.
    frame
        Makes V_l, shape (networks, r, k), whose rows are orthonormal and orthogonal to u_l.
    """

    index: int
    direction: np.ndarray
    log_norm: np.ndarray
    probes: Probes
    frame: Callable[[], np.ndarray] = field(repr=False)

    @property
    def cotangent(self) -> np.ndarray:
        """Cotangent of the angle between u_l and each probe, shape (networks, m)."""
        return self.probes.cotangent

    @property
    def log_residual(self) -> np.ndarray:
        """Logarithm of the norm of each probe's part orthogonal to u_l, (networks, m)."""
        return self.probes.log_length - np.log(np.hypot(1.0, self.cotangent))

    def log_probe_norm(self) -> np.ndarray:
        """ln |w'_l|, shape (networks, m)."""
        return self.probes.log_length

    def residual_directions(self) -> np.ndarray:
        """Unit vectors of the probes' parts orthogonal to u_l, shape (networks, m, k).

        Zero for a probe that is parallel to the training sample.
        """
        return self.probes.coefficients.swapaxes(1, 2) @ self.frame()

    def probe_directions(self) -> np.ndarray:
        """Unit vectors w'_l / |w'_l|, shape (networks, m, k)."""
        cos, sin = _cos_sin(self.cotangent)
        return cos[..., None] * self.direction[:, None] + sin[..., None] * (
            self.residual_directions()
        )

    def gram(self) -> np.ndarray:
        """Inner products between the probes' residual directions, (networks, m, m)."""
        s = self.probes.coefficients
        return s.swapaxes(1, 2) @ s

    def pair_cotangent(self, first: int, second: int) -> np.ndarray:
        """Cotangent of the angle between two probes, shape (networks,).

        Of unit vectors cos_i u + sin_i s_i: the inner product over the norm of the wedge
        product, each made of terms that do not cancel, so that pairs which have collapsed on
        each other keep their digits.

        Parameters
        ----------
        first, second
            Numbers i and j of the probes.
        """
        cos, sin = _cos_sin(self.cotangent)
        s = self.probes.coefficients[..., first], self.probes.coefficients[..., second]
        a, b = cos[:, first] * sin[:, second], cos[:, second] * sin[:, first]
        # |a s_j - b s_i|, after turning one of the two so that a and b have one sign.
        turn = np.where(np.sign(a) * np.sign(b) < 0, -1.0, 1.0)
        apart = np.linalg.norm(s[0] - turn[:, None] * s[1], axis=-1)
        together = np.linalg.norm(s[0] + turn[:, None] * s[1], axis=-1)
        plane = np.hypot(a - turn * b, np.sqrt(np.abs(a)) * np.sqrt(np.abs(b)) * apart)
        wedge = np.hypot(plane, sin[:, first] * sin[:, second] * apart * together / 2)
        inner = cos[:, first] * cos[:, second] + sin[:, first] * sin[:, second] * np.einsum(
            "nr,nr->n", *s
        )
        with np.errstate(divide="ignore", over="ignore"):
            return inner / wedge


def enter(direction: np.ndarray, vectors: np.ndarray) -> tuple[Probes, np.ndarray]:
    """Write probes as cotangents and coefficients in a frame built in their order.

    Parameters
    ----------
    direction
        Unit vectors u_0, shape (networks, k).
    vectors
        Probes, shape (networks, m, k): any length but 0.

    Returns
    -------
    probes
        Their coordinates.
    frame
        V_0, shape (networks, r, k), r = min(m, k - 1): vector j is what probe j adds to the
        span of the earlier ones, so that later probes change nothing.
    """
    largest = np.max(np.abs(vectors), axis=-1, keepdims=True)
    if not np.all((largest > 0) & np.isfinite(largest)):
        i, j = np.argwhere(~((largest > 0) & np.isfinite(largest))[..., 0])[0]
        raise ValueError(
            f"probe {j} of network {i} is zero or not finite and has no direction: give vectors "
            "of finite numbers that are not all zero"
        )
    scaled = vectors / largest
    along, rest = split(direction[:, None], scaled)
    size = np.linalg.norm(rest, axis=-1)
    with np.errstate(divide="ignore", invalid="ignore"):
        cotangent = along / size
        units = np.where(size[..., None] > 0, rest / size[..., None], 0.0)
    log_length = np.log(largest[..., 0]) + np.log(np.hypot(along, size))
    frame, coefficients = orthonormal(direction, units)
    return Probes(cotangent, log_length, coefficients), frame


def orthonormal(direction: np.ndarray, vectors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Gram-Schmidt, twice over, column by column and all networks at once.

    Column j is computed from the columns before it and nothing else, bit for bit, which LAPACK's
    blocked QR does not promise.

    Parameters
    ----------
    direction
        Unit vectors u, shape (networks, k).
    vectors
        Unit or zero vectors orthogonal to u, or any vectors of length about sqrt k, shape
        (networks, m, k).

    Returns
    -------
    frame
        r = min(m, k - 1) orthonormal vectors orthogonal to u, shape (networks, r, k), oriented
        along the vectors that they came from.
    coefficients
        Components of `vectors` in the frame, shape (networks, r, m).
    """
    networks, m, k = vectors.shape
    r = min(m, k - 1)
    # Row 0 is u, so that one product projects on everything that came before.
    basis = np.empty((networks, r + 1, k))
    basis[:, 0] = direction
    coefficients = np.zeros((networks, r, m))
    for j in range(r):
        before, x = basis[:, : j + 1], vectors[:, j].copy()
        for _ in range(2):
            part = (before @ x[:, :, None])[..., 0]
            x -= (part[:, None] @ before)[:, 0]
            coefficients[:, :j, j] += part[:, 1:]
        size = np.linalg.norm(x, axis=-1)
        fresh = size > ROUNDING
        coefficients[:, j, j] = np.where(fresh, size, 0.0)
        basis[fresh, j + 1] = x[fresh] / size[fresh, None]
        # A probe in the span of the earlier ones leaves its place to any new direction.
        for i in np.flatnonzero(~fresh):
            basis[i, j + 1] = _completion(before[i])
    frame = basis[:, 1:]
    if m > r:
        coefficients[:, :, r:] = frame @ vectors[:, r:].swapaxes(1, 2)
    return frame, coefficients


def _completion(basis: np.ndarray) -> np.ndarray:
    """Give a unit vector orthogonal to the rows of `basis`, shape (j, k) with j < k."""
    x = np.zeros(basis.shape[1])
    x[np.argmin(np.sum(basis**2, axis=0))] = 1.0
    for _ in range(2):
        x -= (basis @ x) @ basis
        x /= np.linalg.norm(x)
    return x


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


def step(
    probes: Probes, gain: np.ndarray, image: np.ndarray, along: np.ndarray, shrink: np.ndarray
) -> Probes:
    """Take the probes through one layer, given where it sends their residual directions.

    Parameters
    ----------
    probes
        The probes before the layer.
    gain
        A = |G u|, shape (networks,).
    image
        Images of the residual directions less their parts along u', in an orthonormal basis,
        shape (networks, r, m); overwritten.
    along
        Their parts along u', shape (networks, m).
    shrink
        ln of the factor by which the whole layer is rescaled, shape (networks,).
    """
    c = probes.cotangent
    spread = np.sqrt(np.einsum("nrm,nrm->nm", image, image))
    exactly_parallel = spread == 0.0
    with np.errstate(divide="ignore", over="ignore"):
        cotangent = (gain[:, None] * c + along) / spread
    spread[exactly_parallel] = 1.0
    image /= spread[:, None]
    cos, sin = _cos_sin(c)
    grown = np.hypot(gain[:, None] * cos + along * sin, spread * sin)
    log_length = probes.log_length + np.log(grown) + shrink[:, None]
    return Probes(cotangent, log_length, image)


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


def _cos_sin(cotangent: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    hypotenuse = np.hypot(1.0, cotangent)
    with np.errstate(invalid="ignore"):
        cos = np.where(np.isinf(cotangent), np.sign(cotangent), cotangent / hypotenuse)
    return cos, 1.0 / hypotenuse
