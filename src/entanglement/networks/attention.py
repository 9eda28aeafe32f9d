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


def queries_keys(weights: Weights, tokens: Any) -> tuple[Any, Any]:
    """Q and K as real channels, each (m, 8, head * channels)."""
    queries = tokens @ weights["query"] + weights["query_bias"]
    keys = tokens @ weights["key"] + weights["key_bias"]
    return queries, keys


def logits(weights: Weights, table: Any, product: Product) -> Any:
    """Attention logits: +beta Q K^T for the dot product, -beta (Q (.) K^T) for distances.

    Paper B names a "dynamic scaling factor beta" and no formula.
    """
    log_beta = weights["log_beta"]
    return product.sign * log_beta.__array_namespace__().exp(log_beta) * table


def streams(weights: Weights, tokens: Any, scaled: Any) -> tuple[Any, Any, Any]:
    """Residual stream behind attention (m, 8, width), ReLU units (m, 8, hidden), and its last state.

    No layer is normalised, so that the residual stream has the plain O(width) symmetry.
    """
    xp = tokens.__array_namespace__()
    unnormalised = xp.exp(scaled - xp.max(scaled, axis=-1, keepdims=True))
    attention = unnormalised / xp.sum(unnormalised, axis=-1, keepdims=True)
    stream = tokens + attention @ (tokens @ weights["value"])
    active = xp.maximum(stream @ weights["hidden"] + weights["hidden_bias"], 0.0)
    return stream, active, stream + active @ weights["output"] + weights["output_bias"]


def read_out(weights: Weights, tokens: Any, scaled: Any) -> Any:
    """Class scores (m, 10) from tokens (m, 8, width) and attention logits (m, 8, 8)."""
    *_, last = streams(weights, tokens, scaled)
    mean = tokens.__array_namespace__().mean(last, axis=-2)
    return mean @ weights["classes"] + weights["classes_bias"]


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
