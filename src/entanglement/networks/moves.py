"""One kind of group element at a time: what paths and further training start from."""

import numpy as np

from entanglement.geometry.isometries import euclidean, hyperbolic
from entanglement.networks.attention import Weights
from entanglement.networks.product import Product
from entanglement.networks.symmetries import Element, absorb, linear

CONDITION = 10.0  # of a `linear` move
SHIFT, STRETCH = 1.0, 1.0  # of a `translation`, and |ln s| and |b| of a `dilation`


def move(rng: np.random.Generator, weights: Weights, product: Product, kind: str) -> Element:
    """Write a random group element of one kind into a model.

    Parameters
    ----------
    rng
        Source of the draw.
    weights
        Of the trained model; not changed.
    product, kind
        One of the product's `moves`.
    """
    if kind not in product.moves:
        raise ValueError(
            f"product {product.name!r} has no move {kind!r}; it has: {', '.join(product.moves)}"
        )
    if product.isometry is None:
        return linear(rng, weights, 1.0 if kind == "rotation" else CONDITION)
    head = weights["query"].shape[1] // product.channels
    signs, order = rng.choice((-1.0, 1.0), head), rng.permutation(head)
    if kind == "permutation":
        return absorb(weights, product.isometry(0.0, order=order))
    if kind == "translation":
        return absorb(weights, euclidean(SHIFT, n=head))
    if kind == "reflection":
        return absorb(weights, euclidean(0.0, sign=np.full(head, -1)))
    if kind == "mirror":
        return absorb(weights, hyperbolic(mirror=np.full(head, True)))
    if kind == "dilation":
        return absorb(weights, hyperbolic(STRETCH * signs, np.exp(STRETCH * signs[order])))
    angle = rng.uniform(0.2, 0.5 * np.pi, head)
    return Element({}, hyperbolic(angle=angle), float(np.linalg.norm(angle)))
