"""Angles carried as cotangents: exact near both poles, where an arccos floors at 1.5e-8.

The cotangent c of the angle between the training sample's direction and a probe is signed:
+inf is the same direction, -inf the opposite one, 0 a right angle.
"""

import numpy as np
from numpy.typing import ArrayLike

# Below this fraction of its length, what is left of a float64 vector is rounding.
PARALLEL = 4 * np.finfo(float).eps


def split(direction: ArrayLike, vectors: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """Split vectors into their component along a direction and the rest orthogonal to it.

    Parameters
    ----------
    direction
        Unit vectors u, shape (..., k).
    vectors
        Vectors x, shape (..., k), broadcast against `direction`.

    Returns
    -------
    along
        u.x, shape (...).
    rest
        x - (u.x) u, shape (..., k); projected twice, so that it is orthogonal to u to rounding
        however small it is. Exactly 0 where it is less than rounding of x.
    """
    u, x = np.asarray(direction, dtype=float), np.asarray(vectors, dtype=float)
    along = np.einsum("...i,...i->...", x, u)
    rest = x - along[..., None] * u
    correction = np.einsum("...i,...i->...", rest, u)
    rest -= correction[..., None] * u
    along = along + correction
    rounding = np.linalg.norm(rest, axis=-1) <= PARALLEL * np.abs(along)
    rest[rounding] = 0.0
    return along, rest


def cotangent_between(direction: ArrayLike, vectors: ArrayLike) -> np.ndarray:
    """Cotangent of the angle between a unit vector and other vectors.

    Parameters
    ----------
    direction
        Unit vectors u, shape (..., k).
    vectors
        Vectors x of any length but 0, shape (..., k), broadcast against `direction`.

    Returns
    -------
    c = u.x / |x - (u.x) u|, shape (...); +inf or -inf for parallel vectors.
    """
    along, rest = split(direction, vectors)
    with np.errstate(divide="ignore"):
        cotangent: np.ndarray = along / np.linalg.norm(rest, axis=-1)
    return cotangent


def angle(cotangent: ArrayLike) -> np.ndarray:
    """Angle in units of pi, in [0, 1]: the summand of paper A's Eq. 23.

    Parameters
    ----------
    cotangent
        c, any shape.
    """
    return np.arctan2(1.0, cotangent) / np.pi


def loss_plus(cotangent: ArrayLike) -> np.ndarray:
    """Summand of paper A's Eq. 23: 0 where the probe has become correlated (c = +inf)."""
    return angle(cotangent)


def loss_minus(cotangent: ArrayLike) -> np.ndarray:
    """Summand of paper A's Eq. 21: 0 where the probe has become anti-correlated (c = -inf).

    Not computed as 1 - `loss_plus`, which would lose all digits at the far pole.
    """
    return angle(-np.asarray(cotangent))


def loss_fold(cotangent: ArrayLike) -> np.ndarray:
    """Distance to the nearer pole, min(`loss_plus`, `loss_minus`), in [0, 1/2]."""
    return angle(np.abs(cotangent))
