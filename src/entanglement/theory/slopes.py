"""How fast attention can turn with its query: bounds from algebra (U10 (e))."""

import numpy as np
from numpy.typing import ArrayLike


def turning(apart: ArrayLike) -> np.ndarray:
    """Largest length of the change of softmax(s), where the logits change at most `apart` apart.

    For ds in [0, D]^c and any p, |p (ds - p . ds)| <= D / sqrt 8: the square is convex in ds, so
    largest at a corner, where it is D^2 (P^2 sum of squares outside + (1 - P)^2 sum of squares
    inside) <= 2 D^2 P^2 (1 - P)^2 with P the attention on the keys whose logit rises.

    Parameters
    ----------
    apart
        D: largest difference of two logits' changes.
    """
    length: np.ndarray = np.asarray(apart, dtype=float) / np.sqrt(8.0)
    return length


def euclidean(beta: float, head: int) -> float:
    """Lipschitz constant of attention by the Euclidean product in its query, sqrt(n / 2) beta.

    Every logit has the slope -+beta in every entry of the query, so two of them differ by at most
    2 beta sqrt(n) along a unit vector, wherever the keys are.

    Parameters
    ----------
    beta
        Scaling factor of the logits.
    head
        n, entries of a query.
    """
    return float(turning(2.0 * beta * np.sqrt(head)))
