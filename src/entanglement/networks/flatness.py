"""Flat directions of a trained attention head: the numerical nullity of its Jacobian."""

import numpy as np

from entanglement.networks.attention import Weights, queries_keys
from entanglement.networks.product import Product, half_plane

# Singular values below this share of the largest are rounding.
RESOLUTION = 1e-10


def singular_values(
    weights: Weights, tokens: np.ndarray, product: Product
) -> tuple[np.ndarray, np.ndarray]:
    """Singular values of d(attention logits)/d(parameters of Q and K).

    Logits count up to a constant per query, which softmax ignores. Weights count in the
    directions that the tokens reach (their span), so that no input-dead direction is called flat.
    For H each index also gets one rotation about i on either side, the part of PSL(2, R) that
    weights and biases cannot write: the derivative of the identity Moebius layer.

    Parameters
    ----------
    weights
        Float64 weights of one network.
    tokens
        (m, 8, width).
    product
        What takes the place of Q K^T.

    Returns
    -------
    Singular values of the Jacobian, descending, and those of the control, in which each index of
    Q alone is shifted and K stays: one value per index.
    """
    augmented = np.concatenate([tokens, np.ones((*tokens.shape[:2], 1))], axis=-1)
    flat = augmented.reshape(-1, augmented.shape[-1])
    _, lengths, axes = np.linalg.svd(flat, full_matrices=False)
    reach = augmented @ axes[lengths > 1e-10 * lengths[0]].T  # (m, 8, reach)
    by_query, by_key = product.slopes(*queries_keys(weights, tokens))  # (m, s, t, channels)
    blocks = [
        np.einsum("mstc,msa->mstac", by_query, reach),
        np.einsum("mstc,mta->mstac", by_key, reach),
    ]
    columns = [block.reshape(*block.shape[:3], -1) for block in blocks]
    if product.points:
        columns += _rotations(weights, tokens, by_query, by_key)
    head = by_query.shape[-1] // product.channels
    return _descending(np.concatenate(columns, axis=-1)), _descending(by_query[..., :head])


def nullity(values: np.ndarray, columns: int) -> int:
    """Count singular values that are zero to rounding, of a matrix with that many columns."""
    return int(columns - np.sum(values > RESOLUTION * values[0]))


def _descending(jacobian: np.ndarray) -> np.ndarray:
    """Singular values of (m, s, t, columns), each row of logits less its mean over the keys."""
    centred = jacobian - jacobian.mean(axis=2, keepdims=True)
    jacobian = centred.reshape(-1, jacobian.shape[-1])
    triangle = np.linalg.qr(jacobian, mode="r") if len(jacobian) > jacobian.shape[1] else jacobian
    return np.linalg.svd(triangle, compute_uv=False)


def _rotations(
    weights: Weights, tokens: np.ndarray, by_query: np.ndarray, by_key: np.ndarray
) -> list[np.ndarray]:
    """Derivatives by a rotation about i of each index: dz = (1 + z^2) dphi."""
    queries, keys = queries_keys(weights, tokens)
    parts = []
    for points, slopes, side in ((queries, by_query, 1), (keys, by_key, 0)):
        x, y = half_plane(points)
        motion = np.concatenate([1 + x * x - y * y, 2 * x], -1)  # d ln y = 2 x y / y
        spread = motion[:, :, None] if side else motion[:, None]
        head = x.shape[-1]
        moved = slopes * spread
        parts.append(moved[..., :head] + moved[..., head:])
    return parts
