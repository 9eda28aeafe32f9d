"""Paper A's spacetime picture (Eqs. 24-31): vectors with a time coordinate c l put in front.

All from logarithms of norms, which overflow float64 in deep networks, and cotangents, which keep
their digits. Nothing here is relativity: Eq. 24 is Pythagoras' theorem for [c l; w_l]. The losses
of Eqs. 30 and 31 are `loss_minus` and `loss_plus` of `geometry.angles` of the cotangent below.
"""

import numpy as np
from numpy.typing import ArrayLike


def time_share(time: ArrayLike, log_norm: ArrayLike) -> np.ndarray:
    """Share of the time coordinate in the augmented vector's length, d'/d of Eqs. 24 and 25.

    sqrt(1 - v^2/c^2) = c l / |[c l; w_l]|, where v t = |w_l|.

    Parameters
    ----------
    time
        c l >= 0.
    log_norm
        ln |w_l|, broadcast against `time`.

    Returns
    -------
    In [0, 1].
    """
    with np.errstate(divide="ignore", over="ignore"):
        share: np.ndarray = 1 / np.hypot(1.0, np.exp(np.asarray(log_norm) - np.log(time)))
    return share


def augmented(time: ArrayLike, log_norm: ArrayLike, direction: ArrayLike) -> np.ndarray:
    """Augmented unit vector [c l; w_l] / |[c l; w_l]| (Eq. 27).

    Parameters
    ----------
    time
        c l >= 0, shape (...).
    log_norm
        ln |w_l|, shape (...).
    direction
        w_l / |w_l|, shape (..., k).

    Returns
    -------
    Shape (..., k + 1), the time coordinate first.
    """
    with np.errstate(divide="ignore", over="ignore"):
        space = 1 / np.hypot(1.0, np.exp(np.log(time) - np.asarray(log_norm)))
    first = np.broadcast_to(time_share(time, log_norm), np.shape(direction)[:-1])
    return np.concatenate([first[..., None], space[..., None] * np.asarray(direction)], axis=-1)


def augmented_cotangent(
    time: ArrayLike, log_norm: ArrayLike, log_probe_norm: ArrayLike, cotangent: ArrayLike
) -> np.ndarray:
    """Cotangent of the angle between [c l; w_l] and [c l; w'_l] (Eqs. 28, 30 and 31).

    With T = c l over the geometric mean of the norms, delta = ln |w| - ln |w'| and theta
    the spatial angle, the inner product is T^2 + cos(theta) and the area between the vectors
    the root of 4 T^2 (sinh^2(delta/2) + sin^2(theta/2)) + sin^2(theta), both over |w| |w'|:
    no difference of nearly equal numbers.

    Parameters
    ----------
    time
        c l >= 0.
    log_norm, log_probe_norm
        ln |w_l| and ln |w'_l|.
    cotangent
        Cotangent of theta. All broadcast against each other.
    """
    theta, sin = np.arctan2(1.0, cotangent), 1 / np.hypot(1.0, cotangent)
    delta = np.asarray(log_norm) - np.asarray(log_probe_norm)
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        middle = (np.asarray(log_norm) + np.asarray(log_probe_norm)) / 2
        share = np.exp(np.log(time) - middle)
        apart = 2 * np.hypot(np.sinh(delta / 2), np.sin(theta / 2))
        # Divided by the larger of 1 and the share, which may overflow.
        early = (share + np.cos(theta) / share) / np.hypot(apart, sin / share)
        late = (share**2 + np.cos(theta)) / np.hypot(np.where(share > 0, share * apart, 0.0), sin)
        cotangents: np.ndarray = np.where(share > 1, early, late)
    return cotangents
