"""One-head self-attention whose logits are a dot product or a distance product (paper B, Example 1).

Written once for NumPy and JAX arrays: every function asks its first array for the namespace.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

Weights = Mapping[str, Any]
Product = Callable[[Any, Any], Any]

PRODUCTS = ("dot", "E", "H")
TOKENS, PIXELS, CLASSES = 8, 8, 10


def channels(product: str) -> int:
    """Real channels that make one entry of Q or K: x + i exp(y) of the half-plane needs two.

    Raises
    ------
    ValueError
        For a product that is not one of `PRODUCTS`.
    """
    if product not in PRODUCTS:
        raise ValueError(f"product {product!r} is unknown: choose one of {', '.join(PRODUCTS)}")
    return 2 if product == "H" else 1


def initial_weights(
    rng: np.random.Generator, product: str, width: int, head: int, hidden: int
) -> dict[str, np.ndarray]:
    """Draw the weights of one network: N(0, 1/fan-in), biases zero.

    Parameters
    ----------
    rng
        Source of all draws.
    product
        `dot`, `E` or `H`.
    width
        Length of a token's vector (the residual stream).
    head
        Entries of a query or key: the contraction length n of paper B.
    hidden
        Units of the ReLU layer.
    """
    columns = head * channels(product)
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


def read_out(weights: Weights, tokens: Any, logits: Any) -> Any:
    """Class scores (m, 10) from tokens (m, 8, width) and attention logits (m, 8, 8).

    No layer is normalised, so that the residual stream has the plain O(width) symmetry.
    """
    xp = tokens.__array_namespace__()
    unnormalised = xp.exp(logits - xp.max(logits, axis=-1, keepdims=True))
    attention = unnormalised / xp.sum(unnormalised, axis=-1, keepdims=True)
    stream = tokens + attention @ (tokens @ weights["value"])
    active = xp.maximum(stream @ weights["hidden"] + weights["hidden_bias"], 0.0)
    stream = stream + active @ weights["output"] + weights["output_bias"]
    return xp.mean(stream, axis=-2) @ weights["classes"] + weights["classes_bias"]


def class_scores(weights: Weights, images: Any, beta: Any, product: Product) -> Any:
    """Whole network: pictures (m, 8, 8) -> class scores (m, 10).

    Parameters
    ----------
    weights
        As `initial_weights` makes them.
    images
        Grey values in [0, 1].
    beta
        Signed scaling factor of the logits: paper B names a "dynamic scaling factor beta" and
        no formula; logits = -beta * (Q (.) K^T) for distances, +beta for the dot product.
    product
        (Q, K) -> (m, 8, 8); see `training.jax_product` and `symmetries.products`.
    """
    tokens = embed(weights, images)
    queries, keys = queries_keys(weights, tokens)
    return read_out(weights, tokens, beta * product(queries, keys))


def sign(product: str) -> float:
    """+1 where alike means a large product, -1 where it means a small distance."""
    return 1.0 if product == "dot" else -1.0


def half_plane(real: Any) -> tuple[Any, Any]:
    """Split channels (..., 2 head) into x and Im z = exp(y), each (..., head).

    The exponential makes z -> s z + b an affine map of the channels (x, y), so that weights and
    biases absorb it exactly; a softplus would not.
    """
    xp = real.__array_namespace__()
    head = real.shape[-1] // 2
    return real[..., :head], xp.exp(real[..., head:])


def dot(queries: Any, keys: Any) -> Any:
    """Ordinary product Q K^T: (m, s, n), (m, t, n) -> (m, s, t)."""
    return queries @ keys.swapaxes(-1, -2)


def euclidean(queries: Any, keys: Any) -> Any:
    """Q (.)_E K^T = sum_i |q_i - k_i| (paper B, section 2): (m, s, n), (m, t, n) -> (m, s, t)."""
    xp = queries.__array_namespace__()
    return xp.sum(xp.abs(queries[..., :, None, :] - keys[..., None, :, :]), axis=-1)


def excess(queries: tuple[Any, Any], keys: tuple[Any, Any]) -> Any:
    """cosh d_H - 1 = |a - b|^2 / (2 Im a Im b) of every pair: (m, s, t, n).

    Parameters
    ----------
    queries, keys
        Real and imaginary parts, each (m, s, n) and (m, t, n).
    """
    (x, y), (v, w) = queries, keys
    across = x[..., :, None, :] - v[..., None, :, :]
    up = y[..., :, None, :] - w[..., None, :, :]
    return (across * across + up * up) * ((0.5 / y)[..., :, None, :] * (1 / w)[..., None, :, :])
