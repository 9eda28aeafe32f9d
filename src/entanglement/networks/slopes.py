"""How fast attention can turn: its Jacobian by the query beside a bound from algebra (U10 (e)).

Attention p = softmax(s) of logits s = +-beta (q (.) k_j) has dp = p_j (ds_j - sum_l p_l ds_l). A move
of the query along a unit vector changes two logits by at most D differently; then dp has a length
of at most D / sqrt 8, with equality for two keys of p = 1/2.
"""

import numpy as np

from entanglement.networks.attention import Weights, affine, logits, softmax
from entanglement.networks.product import Product, half_plane
from entanglement.networks.recall import Samples, queries_keys
from entanglement.networks.symmetries import table
from entanglement.theory.slopes import turning


def by_query(
    weights: Weights, pictures: np.ndarray, samples: Samples, product: Product
) -> np.ndarray:
    """Jacobian of attention by the query's channels, (m, choices, head * channels), exactly.

    Parameters
    ----------
    weights
        Of one network.
    pictures, samples
        All pictures (pictures, 64), and m samples of them.
    product
        What takes the place of Q K^T.
    """
    queries, keys = queries_keys(weights, pictures, samples)
    beta = np.exp(weights["log_beta"])
    # Points of the half-plane may lie beyond the range of float64: their slopes are NaN.
    with np.errstate(all="ignore"):
        paid = softmax(logits(weights, table(product, queries, keys), product))[:, 0, :, None]
        slopes = product.sign * beta * product.slopes(queries, keys)[0][:, 0]
        return paid * (slopes - np.sum(paid * slopes, axis=1, keepdims=True))


def by_pixels(
    weights: Weights, pictures: np.ndarray, samples: Samples, product: Product
) -> np.ndarray:
    """Jacobian of attention by the query's pixels, (m, choices, 64): `by_query` behind the layers.

    Parameters
    ----------
    weights, pictures, samples, product
        As `by_query` takes them.
    """
    shown = pictures[samples.asked]
    active = affine(weights, "embedding", shown) > 0  # (m, width)
    read = by_query(weights, pictures, samples, product) @ weights["query"].T
    return (read * active[:, None]) @ weights["embedding"].T


def largest(jacobian: np.ndarray) -> np.ndarray:
    """Largest singular value of each matrix, (m,); NaN where an entry is."""
    known = np.isfinite(jacobian).all((-2, -1))
    found = np.linalg.svd(np.where(known[:, None, None], jacobian, 0), compute_uv=False)[..., 0]
    return np.where(known, found, np.nan)


def bound(weights: Weights, pictures: np.ndarray, samples: Samples, product: Product) -> np.ndarray:
    """What the largest singular value of `by_query` cannot exceed, whatever the attention, (m,).

    The same number sqrt(n / 2) beta for every sample of E; of H it hangs on the query's heights,
    never on the keys; of dot on the distance between keys, for which there is no limit.

    Parameters
    ----------
    weights, pictures, samples, product
        As `by_query` takes them.
    """
    queries, keys = queries_keys(weights, pictures, samples)
    beta = float(np.exp(weights["log_beta"]))
    if product.name == "dot":
        apart = np.linalg.norm(keys[:, :, None] - keys[:, None], axis=-1)
        return beta * apart.max((1, 2)) * turning(1.0)
    # Lengths of one distance's gradient: 1 for E; of H at most 1 / Im by x, and 1 by ln Im.
    steep = np.ones(queries[:, 0].shape)
    if product.points:
        with np.errstate(over="ignore", divide="ignore"):
            steep = np.maximum(1.0, 1.0 / half_plane(queries)[1][:, 0])
    return beta * turning(2.0 * np.linalg.norm(steep, axis=-1))
