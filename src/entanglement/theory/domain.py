"""Where the laws hold: what lies outside is named, never answered with a NaN."""

import numpy as np
from numpy.typing import ArrayLike


def sizes(k: float, n: float | None = None, depth: float | None = None) -> None:
    """Check the sizes of a network family.

    Parameters
    ----------
    k
        Rows kept: at least 2, since every law has a chi(k-1) number in it.
    n
        Candidates: at least k.
    depth
        Layers L: at least 0.

    Raises
    ------
    ValueError
        Naming the parameter and its domain.
    """
    if not (k >= 2 and k == np.floor(k)):
        raise ValueError(f"k = {k}: give a whole number of at least 2, for chi(k-1) needs k > 1")
    if n is not None and not n >= k:
        raise ValueError(f"n = {n}: give at least k = {k} candidates, as many as rows are kept")
    if depth is not None and not (depth >= 0 and depth == np.floor(depth)):
        raise ValueError(f"depth = {depth}: give a whole number of layers, at least 0")


def between(name: str, values: ArrayLike, low: float, high: float) -> None:
    """Check that all values lie in the open interval (low, high).

    Parameters
    ----------
    name
        The parameter's name, for the message.
    values
        Any shape.
    low, high
        Ends of its domain.

    Raises
    ------
    ValueError
        Naming the parameter, the first value outside and the domain.
    """
    x = np.atleast_1d(np.asarray(values, dtype=float)).ravel()
    outside = ~((low < x) & (x < high))
    if outside.any():
        raise ValueError(f"{name} = {x[outside][0]}: give more than {low:g} and less than {high:g}")
