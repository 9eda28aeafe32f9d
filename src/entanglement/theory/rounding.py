"""What rounding does to an invariance that holds exactly for real numbers."""

from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]

# Below, the matrices' own rounding is of the same size; above, distances vanish altogether.
SMALLEST_SHIFT, LARGEST_SPACING = 16.0, 0.02


def translation_change(alpha: Array, k: int, eps: float) -> Array:
    """Relative rms change of A (.)_E B when alpha + A and alpha + B are rounded.

    Rounding moves an entry by a uniform error of variance u^2 / 12, u the spacing of floating-point
    numbers at alpha + a. An entry of the product sums k differences of two such errors with signs,
    hence has variance 2 k E[u^2] / 12, relative to its `mean_square` without error.

    Parameters
    ----------
    alpha
        Translations, shape (...).
    k
        Length of the contraction.
    eps
        Spacing of floating-point numbers at 1: 2^-52 for float64.

    Returns
    -------
    Shape (...); NaN below |alpha| = 16, where the sum's own rounding counts, and where the spacing
    is no longer small against the entries.
    """
    node, weight = np.polynomial.hermite_e.hermegauss(64)
    shifted = np.abs(np.abs(np.asarray(alpha, float))[..., None] + node)
    spacing = eps * 2.0 ** np.floor(np.log2(np.maximum(shifted, 1e-300)))
    square = (spacing**2) @ (weight / weight.sum())
    relative = np.sqrt(square * k / 6 / mean_square(k))
    valid = (np.abs(alpha) >= SMALLEST_SHIFT) & (np.sqrt(square) <= LARGEST_SPACING)
    return np.where(valid, relative, np.nan)


def mean_square(k: int) -> float:
    """Mean square of an entry of A (.)_E B, a sum of k distances, for entries from N(0, 1)."""
    return 4 * k**2 / np.pi + k * (2 - 4 / np.pi)
