"""How far a map of the upper half-plane is from the nearest element of PSL(2,R)."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from entanglement.geometry.isometries import HyperbolicIsometry, compose, hyperbolic, inverse
from entanglement.geometry.products import hyperbolic_distance, require_points

Array = np.ndarray[Any, Any]

# Rotations about the first point that the search starts from; the landscape is smooth in them.
STARTS = 4


def distance_to_psl2r(points: ArrayLike, images: ArrayLike) -> float:
    """Give the least rms distance between the images and M z over all M in PSL(2,R).

    Zero if and only if an orientation-preserving isometry maps every point to its image. The
    three parameters of M are fitted by least squares on 2 sinh(d/2), smooth where d = 0.

    Parameters
    ----------
    points, images
        At least three points z not on one geodesic, and where the map takes them; shape (m,).
    """
    from scipy.optimize import least_squares

    z, w = require_points(points, "points"), require_points(images, "images")
    if z.ndim != 1 or z.shape != w.shape or z.size < 3:
        raise ValueError(
            f"points {z.shape} and images {w.shape} must be two rows of the same length, at least "
            "3: an isometry is known by three points"
        )
    fits = []
    for turn in np.arange(STARTS) * np.pi / STARTS:
        start = compose(_from_i(w[0]), compose(hyperbolic(angle=turn, n=1), inverse(_from_i(z[0]))))
        assert isinstance(start, HyperbolicIsometry)
        guess = [start.shift[0], np.log(start.dilation[0]), start.angle[0]]
        fits.append(least_squares(_misfit, guess, args=(z, w), method="lm"))
    best = min(fits, key=lambda fit: fit.cost)
    return float(np.sqrt(np.mean(hyperbolic_distance(_moved(best.x, z), w) ** 2)))


def _from_i(point: complex) -> HyperbolicIsometry:
    return hyperbolic(point.real, point.imag, n=1)


def _moved(parameters: Array, z: Array) -> Array:
    shift, log_dilation, angle = parameters
    cos, sin = np.cos(angle), np.sin(angle)
    moved: Array = shift + np.exp(log_dilation) * (cos * z + sin) / (cos - sin * z)
    return moved


def _misfit(parameters: Array, z: Array, w: Array) -> Array:
    image = _moved(parameters, z)
    chord = (image - w) / np.sqrt(image.imag * w.imag)  # of length 2 sinh(d/2)
    return np.concatenate([chord.real, chord.imag])
