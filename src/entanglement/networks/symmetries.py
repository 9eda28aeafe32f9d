"""Equivalent models of trained attention: group elements written as changes of parameters.

Everything here is float64 NumPy. An element is *absorbed* where it is a change of W_Q, b_Q, W_K,
b_K alone; what PSL(2, R) has beyond that, a rotation about i, needs a *layer* behind Q and K.
"""

from dataclasses import dataclass

import numpy as np

from entanglement.geometry.isometries import (
    EuclideanIsometry,
    HyperbolicIsometry,
    Isometry,
    act,
    draw,
    hyperbolic,
    split,
)
from entanglement.geometry.products import hyperbolic_product
from entanglement.networks.attention import Weights, queries_keys
from entanglement.networks.product import PRODUCTS, Product, half_plane

# How `geometry` draws a family, and whether it draws one element for all indices.
GROUPS = {
    "translation": ("translation", True),
    "isometry": ("isom_r", False),
    "moebius": ("psl2r", True),
    "moebius_each": ("pgl2r", False),
}


@dataclass(frozen=True)
class Element:
    """One group element, written into a model.

    Attributes
    ----------
    weights
        Changed tensors among query, key and their biases.
    layer
        Rotations about i that act on the points of Q and of K, or None.
    distance
        Euclidean length of the change of all parameters, the layer's angles included.
    """

    weights: dict[str, np.ndarray]
    layer: HyperbolicIsometry | None
    distance: float


def element(
    rng: np.random.Generator, weights: Weights, product: Product, family: str, size: float
) -> Element:
    """Draw a group element of a given size and write it into a model.

    Parameters
    ----------
    rng
        Source of the draw.
    weights
        Of the trained model; not changed.
    product, family, size
        One of the product's `families`; see its `size_label`.

    Raises
    ------
    ValueError
        For a family that the product does not have.
    """
    if family not in product.families:
        known = "; ".join(f"{name}: {', '.join(row.families)}" for name, row in PRODUCTS.items())
        raise ValueError(f"product {product.name!r} has no group family {family!r}; known: {known}")
    head = weights["query"].shape[1] // product.channels
    if family == "linear":
        return linear(rng, weights, size)
    if family == "affine":
        return absorb(weights, _affine(rng, size, head))
    group, shared = GROUPS[family]
    drawn = draw(group, size, head, rng, shared=shared)
    if family in product.absorbed:
        return absorb(weights, drawn)
    assert isinstance(drawn, HyperbolicIsometry)
    layer, inner = split(drawn)
    written = absorb(weights, inner)
    return Element(written.weights, layer, float(np.hypot(written.distance, _turn(layer))))


def absorb(weights: Weights, isometry: Isometry) -> Element:
    """Write an isometry without rotations into the weights and biases of Q and K.

    x_i -> s_i x_i + b_i scales a column and shifts its bias; for points x + i exp(y) the dilation
    also shifts y by ln s_i; reflections are signs and permutations are orders of columns.
    """
    order, head = isometry.order, len(isometry.order)
    if isinstance(isometry, EuclideanIsometry):
        scale, columns, rise = isometry.sign.astype(float), order, np.zeros(0)
    else:
        scale = np.where(isometry.mirror, -1.0, 1.0) * isometry.dilation
        columns, rise = np.concatenate([order, head + order]), np.log(isometry.dilation)
    changed = {}
    for name in ("query", "key"):
        matrix, bias = weights[name][:, columns], weights[f"{name}_bias"][columns]
        matrix[:, :head] *= scale
        bias[:head] = scale * bias[:head] + isometry.shift
        bias[head:] += rise
        changed[name], changed[f"{name}_bias"] = matrix, bias
    return Element(changed, None, _distance(weights, changed))


def linear(rng: np.random.Generator, weights: Weights, condition: float) -> Element:
    """Write Q -> Q M, K -> K M^-T + b with M in GL(d) of a given condition number.

    The dot product's own group: softmax ignores what b adds, a constant along the keys.
    """
    head = weights["query"].shape[1]
    left, right = (np.linalg.qr(rng.normal(size=(head, head)))[0] for _ in range(2))
    stretch = np.geomspace(condition**-0.5, condition**0.5, head)
    there, back = (left * stretch) @ right, (left / stretch) @ right
    changed = {
        "query": weights["query"] @ there,
        "query_bias": weights["query_bias"] @ there,
        "key": weights["key"] @ back,
        "key_bias": weights["key_bias"] @ back + rng.normal(size=head),
    }
    return Element(changed, None, _distance(weights, changed))


def products(
    weights: Weights,
    tokens: np.ndarray,
    product: Product,
    layer: HyperbolicIsometry | None = None,
) -> np.ndarray:
    """Q (.) K^T of a model (m, 8, 8), through a layer of rotations if there is one."""
    return table(product, *queries_keys(weights, tokens), layer)


def table(
    product: Product,
    queries: np.ndarray,
    keys: np.ndarray,
    layer: HyperbolicIsometry | None = None,
) -> np.ndarray:
    """Q (.) K^T of real channels, (m, s, c) and (m, t, c) -> (m, s, t), through a layer if any.

    NaN throughout where a point's height exp(y) leaves the range of float64: random changes of
    the parameters may be that large, and such a model answers nothing.
    """
    if product.table is not None:
        return product.table(queries, keys)
    with np.errstate(over="ignore", invalid="ignore"):
        first, second = points(queries), points(keys)
    heights = np.concatenate([first.imag.ravel(), second.imag.ravel()])
    if not (heights.min() > 0 and heights.max() < np.inf):
        return np.full((len(first), first.shape[1], second.shape[1]), np.nan)
    if layer is not None:
        first, second = act(layer, first), act(layer, second)
    return hyperbolic_product(first, second.swapaxes(-1, -2))


def points(real: np.ndarray) -> np.ndarray:
    """Channels (..., 2 n) as points x + i exp(y) of the half-plane (..., n)."""
    x, y = half_plane(real)
    return x + 1j * y


def perturbed(rng: np.random.Generator, weights: Weights, distance: float) -> dict[str, np.ndarray]:
    """Null of an element: move query, key and their biases by a Gaussian step of equal length."""
    names = ("query", "query_bias", "key", "key_bias")
    steps = {name: rng.normal(size=np.shape(weights[name])) for name in names}
    length = np.sqrt(sum(float(np.sum(step**2)) for step in steps.values()))
    return {name: weights[name] + step * (distance / length) for name, step in steps.items()}


def _affine(rng: np.random.Generator, distance: float, head: int) -> HyperbolicIsometry:
    """Draw z -> s z + b with d(i, s i + b) = distance: cosh r = ((s - 1)^2 + b^2) / (2 s) + 1."""
    scale = np.exp(rng.uniform(-distance, distance, head))
    square = 2 * scale * (np.cosh(distance) - 1) - (scale - 1) ** 2
    shift = rng.choice((-1.0, 1.0), head) * np.sqrt(np.maximum(square, 0.0))
    mirror = rng.integers(0, 2, head, dtype=np.int8).astype(bool)
    return hyperbolic(shift, scale, mirror=mirror, order=rng.permutation(head))


def _turn(layer: HyperbolicIsometry) -> float:
    # Angles count modulo pi.
    return float(np.linalg.norm(np.arctan(np.tan(layer.angle))))


def _distance(weights: Weights, changed: dict[str, np.ndarray]) -> float:
    return float(np.sqrt(sum(np.sum((changed[n] - weights[n]) ** 2) for n in changed)))
