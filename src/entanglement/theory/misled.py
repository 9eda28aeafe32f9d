"""How often a linear classifier is right on a picture with noise of given length: exact.

The scores R x + c of k pixels differ along nine directions only. Noise alpha u, u uniform on the
sphere, moves them by alpha rho e, e uniform on the sphere of these nine and rho^2 ~ Beta(9/2,
(k-9)/2). Given e the classifier is right for alpha rho in one interval, whose probability is
known: what is left is a mean over e.
"""

import functools
from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import betainc

NODES = 256  # directions e: the share of a hundred pictures is known to .003
KNOTS = 4001


def accuracy(
    readout: np.ndarray,
    pictures: np.ndarray,
    bias: np.ndarray,
    labels: np.ndarray,
    lengths: ArrayLike,
) -> np.ndarray:
    """Share of pictures classified rightly under noise alpha u, u uniform on the sphere.

    Parameters
    ----------
    readout, bias
        R, shape (k, classes), k > classes - 1, and c, shape (classes,).
    pictures, labels
        (m, k) and their classes (m,).
    lengths
        alpha > 0, any shape.

    Returns
    -------
    Shape of `lengths`.
    """
    alpha = np.asarray(lengths, dtype=float)
    away, moved = _differences(readout, pictures, bias, labels)
    k, rank = len(readout), readout.shape[1] - 1
    slopes = moved @ _directions(rank).T  # (m, classes - 1, nodes)
    with np.errstate(divide="ignore", invalid="ignore"):
        meets = -away[..., None] / slopes
    # Right where away + r slope > 0 for all other classes: between the last of these and the first.
    first = np.where(slopes > 0, meets, -np.inf).max(axis=1)
    last = np.where(slopes < 0, meets, np.inf).min(axis=1)
    first = np.maximum(first, 0.0)
    below = _radius(k, rank)
    right = [
        np.maximum(below(np.maximum(last, first) / one) - below(first / one), 0.0).mean()
        for one in alpha.ravel()
    ]
    return np.reshape(right, alpha.shape)


def worst_accuracy(
    readout: np.ndarray,
    pictures: np.ndarray,
    bias: np.ndarray,
    labels: np.ndarray,
    lengths: ArrayLike,
) -> np.ndarray:
    """Share of pictures that no change of a given length gets misclassified.

    Those whose distance to every boundary, (z_y - z_j) / |r_y - r_j|, is larger.

    Parameters
    ----------
    readout, pictures, bias, labels, lengths
        As in `accuracy`.
    """
    away, moved = _differences(readout, pictures, bias, labels)
    nearest = (away / np.linalg.norm(moved, axis=-1)).min(axis=1)
    share: np.ndarray = (nearest > np.asarray(lengths, dtype=float)[..., None]).mean(axis=-1)
    return share


def _differences(
    readout: np.ndarray, pictures: np.ndarray, bias: np.ndarray, labels: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Leads z_y - z_j (m, classes - 1), and r_y - r_j in the plane of all differences."""
    classes = readout.shape[1]
    others = np.array([[j for j in range(classes) if j != y] for y in range(classes)])[labels]
    found = pictures @ readout + bias
    centred = (readout - readout.mean(axis=1, keepdims=True)).T
    u, s, _ = np.linalg.svd(centred, full_matrices=False)
    plane = (u * s)[:, :-1]
    each = np.arange(len(labels))[:, None]
    away = found[each, labels[:, None]] - found[each, others]
    return away, plane[labels][:, None] - plane[others]


@functools.cache
def _directions(rank: int) -> np.ndarray:
    half = np.random.default_rng(2309).standard_normal((NODES // 2, rank))
    normal = np.concatenate([half, -half])
    directions: np.ndarray = normal / np.linalg.norm(normal, axis=1, keepdims=True)
    return directions


@functools.cache
def _radius(k: int, rank: int) -> Callable[[np.ndarray], np.ndarray]:
    """Distribution function of rho, by a table."""
    knots = np.linspace(0.0, 1.0, KNOTS)
    known = betainc(rank / 2, (k - rank) / 2, knots**2)
    return lambda radius: np.interp(radius, knots, known)
