"""T8 of SCIENCE: how often the sign bits of two inputs' outputs disagree."""

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import log_ndtr

from entanglement.theory.selection import threshold


def key_bit_error(k: int, n: int, cotangent: ArrayLike) -> np.ndarray:
    """T8: (2n/k) times the integral from t of phi(z) Phi(-|c| z) dz, folded for the complement.

    The layer's kept projections have |z| > t, so that hardly any is small enough to change
    sign: the error vanishes much faster than the angle. Without selection (t = 0) it is the
    folded angle, arctan(1/|c|) / pi.

    Parameters
    ----------
    k, n
        Rows kept, and candidates, of the layer whose output gives the bits.
    cotangent
        c before that layer, any shape.

    Returns
    -------
    Mean fraction of disagreeing bits, in [0, 1/2], with full relative precision however small.
    """
    c, t = np.abs(np.asarray(cotangent, dtype=float)), threshold(k, n)
    if t == 0.0:
        return np.arctan2(1.0, c) / np.pi
    # z = t + x / scale, the scale being that on which phi(z) Phi(-c z) falls off, and x = exp(y).
    # Beyond |c| t = 40 the error has left float64.
    near = np.minimum(c, 40 / t)[..., None]
    growth = np.hypot(1.0, near)
    scale = growth * (1 + t * growth)
    y = np.arange(-40.0, 4.5, 0.05)
    z = t + np.exp(y) / scale
    exponent = log_ndtr(-near * z) - z**2 / 2 + y
    total = 0.05 * np.sum(np.exp(exponent) / scale, axis=-1)
    return np.where(c * t > 40, 0.0, total * 2 * n / k / np.sqrt(2 * np.pi))
