"""Orthonormal frames of probes, built in their order, orthogonal to the training sample."""

from collections.abc import Sequence

import numpy as np

from entanglement.geometry.angles import split
from entanglement.networks.layer import Probes
from entanglement.pipeline.seeds import Seeds

# What is left of a unit vector after projections, below which it is rounding.
ROUNDING = 1e-14


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


def random_frame(
    seeds: Seeds, networks: Sequence[int], layer: int, r: int, direction: np.ndarray
) -> np.ndarray:
    """Uniformly random frames orthogonal to u_l, always the same ones.

    Parameters
    ----------
    seeds
        Random streams; "frame" l of each network.
    networks
        Which networks.
    layer, r
        l, and the number of vectors; more of them keep the earlier ones.
    direction
        u_l, shape (networks, k).

    Returns
    -------
    Shape (networks, r, k).
    """
    shape = (r, direction.shape[1])
    normal = [seeds.generator(i, "frame", layer).standard_normal(shape) for i in networks]
    return orthonormal(direction, np.stack(normal))[0]


def _completion(basis: np.ndarray) -> np.ndarray:
    """Give a unit vector orthogonal to the rows of `basis`, shape (j, k) with j < k."""
    x = np.zeros(basis.shape[1])
    x[np.argmin(np.sum(basis**2, axis=0))] = 1.0
    for _ in range(2):
        x -= (basis @ x) @ basis
        x /= np.linalg.norm(x)
    return x
