"""One-head self-attention whose logits are a dot product or a distance product (paper B, Example 1).

Written once for NumPy and JAX arrays: every function asks its first array for the namespace.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from entanglement.networks.product import Product

Weights = Mapping[str, Any]

TOKENS, PIXELS, CLASSES = 8, 8, 10


def initial_weights(
    rng: np.random.Generator, product: Product, width: int, head: int, hidden: int
) -> dict[str, np.ndarray]:
    """Draw the weights of one network: N(0, 1/fan-in), biases zero.

    Parameters
    ----------
    rng
        Source of all draws.
    product
        What takes the place of Q K^T.
    width
        Length of a token's vector (the residual stream).
    head
        Entries of a query or key: the contraction length n of paper B.
    hidden
        Units of the ReLU layer.
    """
    columns = head * product.channels
    shapes = {
        "embedding": (PIXELS, width),
        "position": (TOKENS, width),
        "query": (width, columns),
        "key": (width, columns),
        "value": (width, width),
        "hidden": (width, hidden),
        "output": (hidden, width),
        "classes": (width, CLASSES),
    }
    weights = {name: rng.normal(0, shape[0] ** -0.5, shape) for name, shape in shapes.items()}
    biases = {"query": columns, "key": columns, "hidden": hidden, "output": width}
    weights |= {f"{name}_bias": np.zeros(size) for name, size in biases.items()}
    return weights | {"classes_bias": np.zeros(CLASSES)}


def embed(weights: Weights, images: Any) -> Any:
    """Turn the rows of each picture into tokens: (m, 8, 8) pixels -> (m, 8, width)."""
    return images @ weights["embedding"] + weights["position"]


def affine(weights: Weights, name: str, inputs: Any) -> Any:
    """Apply the linear map of that name and its bias: (..., fan-in) -> (..., fan-out)."""
    return inputs @ weights[name] + weights[f"{name}_bias"]


def queries_keys(weights: Weights, tokens: Any) -> tuple[Any, Any]:
    """Q and K as real channels, each (m, 8, head * channels)."""
    return affine(weights, "query", tokens), affine(weights, "key", tokens)


def logits(weights: Weights, table: Any, product: Product) -> Any:
    """Attention logits: +beta Q K^T for the dot product, -beta (Q (.) K^T) for distances.

    Paper B names a "dynamic scaling factor beta" and no formula.
    """
    log_beta = weights["log_beta"]
    return product.sign * log_beta.__array_namespace__().exp(log_beta) * table


def softmax(scaled: Any) -> Any:
    """Attention that each query pays to each key, from logits (..., keys)."""
    xp = scaled.__array_namespace__()
    unnormalised = xp.exp(scaled - xp.max(scaled, axis=-1, keepdims=True))
    return unnormalised / xp.sum(unnormalised, axis=-1, keepdims=True)


def streams(weights: Weights, tokens: Any, scaled: Any) -> tuple[Any, Any, Any]:
    """Residual stream behind attention (m, 8, width), ReLU units (m, 8, hidden), and its last state.

    No layer is normalised, so that the residual stream has the plain O(width) symmetry.
    """
    xp = tokens.__array_namespace__()
    stream = tokens + softmax(scaled) @ (tokens @ weights["value"])
    active = xp.maximum(affine(weights, "hidden", stream), 0.0)
    return stream, active, stream + affine(weights, "output", active)


def read_out(weights: Weights, tokens: Any, scaled: Any) -> Any:
    """Class scores (m, 10) from tokens (m, 8, width) and attention logits (m, 8, 8)."""
    *_, last = streams(weights, tokens, scaled)
    mean = tokens.__array_namespace__().mean(last, axis=-2)
    return affine(weights, "classes", mean)


def class_scores(weights: Weights, tokens: Any, table: Any, product: Product) -> Any:
    """Class scores (m, 10) of a network.

    Parameters
    ----------
    weights
        As `initial_weights` makes them, with "log_beta".
    tokens
        Embedded pictures (m, 8, width).
    table
        Q (.) K^T, (m, 8, 8): of `training.table` or `symmetries.products`.
    product
        What made the table.
    """
    return read_out(weights, tokens, logits(weights, table, product))
