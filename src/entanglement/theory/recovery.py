"""How well a stranger's picture removes the noise of Fig. 9: exact, from the cotangent alone.

The noise alpha u_L is removed with alpha v, v the probe's own output direction. The error per
pixel is alpha |u_L - v| / sqrt k = alpha 2 sin(phi / 2) / sqrt k, phi the angle between them.
Half of all networks end with the wrong sign; whoever sees both pictures takes the better one.
"""

import numpy as np
from numpy.typing import ArrayLike

RECOVERED = 0.1  # error per pixel below which a z-scored picture counts as recovered


def distance(cotangent: ArrayLike) -> np.ndarray:
    """|u -+ v| = 2 sin(phi / 2) of unit vectors, for the better of the two signs of v.

    Parameters
    ----------
    cotangent
        Cotangents of the angle phi between u and v, any shape.
    """
    return 2 * np.sin(np.arctan2(1.0, np.abs(np.asarray(cotangent, dtype=float))) / 2)


def error(cotangent: ArrayLike, alpha: float, k: int) -> np.ndarray:
    """Root mean square error per pixel of the recovered picture, for the better of two signs.

    Parameters
    ----------
    cotangent
        Cotangents of the angle phi between u_L and the probe, any shape.
    alpha
        Amplitude of the noise (paper A, Fig. 9).
    k
        Number of pixels.
    """
    return alpha / k**0.5 * distance(cotangent)


def layers_needed(errors: ArrayLike, below: float = RECOVERED) -> np.ndarray:
    """First layer from which an error stays below a bound; +inf where there is none.

    Parameters
    ----------
    errors
        Shape (..., layer), layer 0 first.
    below
        The bound.
    """
    above = np.asarray(errors) >= below
    layers = above.shape[-1]
    last = np.where(above.any(axis=-1), layers - 1 - np.argmax(above[..., ::-1], axis=-1), -1)
    return np.where(last == layers - 1, np.inf, last + 1.0)
