"""How well a stranger's picture removes the noise of Fig. 9: exact, from the cotangent alone.

The noise alpha u_L is removed with alpha v, v the probe's own output direction. The error per
pixel is alpha |u_L - v| / sqrt k = alpha 2 sin(phi / 2) / sqrt k, phi the angle between them.
Half of all networks end with the wrong sign; whoever sees both pictures takes the better one.
"""

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr, ndtri

RECOVERED = 0.1  # error per pixel below which a z-scored picture counts as recovered


def distance(cotangent: ArrayLike) -> np.ndarray:
    """|u -+ v| = 2 sin(phi / 2) of unit vectors, for the better of the two signs of v.

    Parameters
    ----------
    cotangent
        Cotangents of the angle phi between u and v, any shape.
    """
    half = np.arctan2(1.0, np.abs(np.asarray(cotangent, dtype=float))) / 2
    chord: np.ndarray = 2 * np.sin(half)
    return chord


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
    per_pixel: float = alpha / k**0.5
    return per_pixel * distance(cotangent)


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


def visibility(alpha: ArrayLike, k: int) -> np.ndarray:
    """U7: correlation of y = m + alpha u with a z-scored picture m, 1 / sqrt(1 + alpha^2 / k).

    m has |m|^2 = k and |u| = 1. Exact for the mean over u of m.y / |m|, over the root mean square
    of |y|; the mean of the quotient differs by a relative O(1/k).

    Parameters
    ----------
    alpha
        Amplitude of the noise, >= 0, any shape.
    k
        Number of pixels.

    Raises
    ------
    ValueError
        k < 2, or alpha < 0.
    """
    return np.asarray(1 / np.sqrt(1 + _amplitudes(alpha, k) ** 2 / k))


def detection(alpha: ArrayLike, k: int) -> np.ndarray:
    """U7: how often a matched filter finds the picture, Phi(k / (sqrt 2 alpha)).

    The filter m.y / |m| is sqrt k + alpha m.u / |m| with the picture and alpha m.u' / |m| without
    it, u' of another network: it prefers the right one of two with this probability (the area
    under its curve of hits against false alarms). m.u / |m| is taken as N(0, 1/k): it is for a
    uniform direction u at large k.

    Parameters
    ----------
    alpha, k
        As in `visibility`; at alpha = 0 it is 1.

    Raises
    ------
    ValueError
        k < 2, or alpha < 0.
    """
    with np.errstate(divide="ignore"):
        return np.asarray(ndtr(k / (np.sqrt(2) * _amplitudes(alpha, k))))


def invisible(k: int, detected: float = 0.55) -> float:
    """U7: the alpha from which a matched filter finds the picture this often at most.

    k / (sqrt 2 Phi^-1(p)): it grows as k, where the correlation is small from sqrt k on.

    Parameters
    ----------
    k
        Number of pixels.
    detected
        Share p of right choices, in (1/2, 1); 1/2 is chance, and is reached by no alpha.

    Raises
    ------
    ValueError
        k < 2, or p outside (1/2, 1).
    """
    _amplitudes(0.0, k)
    if not 0.5 < detected < 1:
        raise ValueError(f"detected = {detected}: give a share in (1/2, 1)")
    return float(k / (np.sqrt(2) * ndtri(detected)))


def _amplitudes(alpha: ArrayLike, k: int) -> np.ndarray:
    found = np.asarray(alpha, dtype=float)
    if k < 2:
        raise ValueError(f"k = {k}: a picture has 2 pixels or more")
    if np.any(~(found >= 0)):
        raise ValueError(f"alpha = {found}: an amplitude is 0 or more")
    return found
