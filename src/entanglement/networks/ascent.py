"""Steps of an attack: uphill on the loss and back into the bound, for NumPy and JAX arrays.

One bound holds for the last two axes together: rows and columns of a picture, or the pictures and
pixels of a sample.
"""

from typing import Any, NamedTuple

REACH = 2.5  # sizes of the bound that all steps of an attack add up to, if it has several


class Climb(NamedTuple):
    """How far an attack goes, and how: numbers that may come into a compiled program as arrays.

    Attributes
    ----------
    size
        Bound of the change: of any pixel, or of the Euclidean length of all.
    rate
        Length of each step.
    steps
        How many.
    euclidean
        Whether sizes are Euclidean lengths.
    """

    size: Any
    rate: Any
    steps: Any
    euclidean: Any


def rate(size: Any, steps: int) -> Any:
    """Length of each step within a bound of this size."""
    return size * (1 if steps == 1 else REACH / steps)


def uphill(slope: Any, euclidean: Any) -> Any:
    """Step of size 1 along which the linear part of the loss rises most; none where it is flat."""
    xp = slope.__array_namespace__()
    size = length(slope)
    return xp.where(euclidean, slope / xp.where(size > 0, size, 1.0), xp.sign(slope))


def bounded(change: Any, size: Any, euclidean: Any) -> Any:
    """Nearest change within the bound: of any pixel, or of the Euclidean length of all."""
    xp = change.__array_namespace__()
    shorter = change * xp.minimum(1.0, size / xp.maximum(length(change), size))
    return xp.where(euclidean, shorter, xp.clip(change, -size, size))


def length(pictures: Any) -> Any:
    """Euclidean length over the last two axes, which are kept."""
    xp = pictures.__array_namespace__()
    return xp.sqrt(xp.sum(pictures**2, axis=(-2, -1), keepdims=True))
