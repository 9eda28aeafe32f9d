"""Derived models of one trained network: what the group, its nulls and other seeds change."""

import numpy as np

from entanglement.networks.attention import class_scores, embed
from entanglement.networks.product import Product
from entanglement.networks.stored_attention import Networks
from entanglement.networks.symmetries import element, perturbed, products
from entanglement.pipeline.seeds import Seeds

# What is measured of every derived model.
MEASURES = {
    "score_change": "largest change of a class score",
    "product_error": "largest change of Q (.) K^T, less its mean over keys, over its largest entry",
    "changed": "changed predictions",
    "fixed": "errors put right",
    "broken": "right answers lost",
    "distance": "length of the change of all parameters",
}


def draws_per_size(elements: int, networks: int, product: Product) -> int:
    """Draws of each (network, family, size) that give at least `elements` within the range."""
    sizes = sum(size <= product.largest for size in product.sizes)
    return -(-elements // (networks * len(product.families) * sizes))


def derived(
    networks: Networks, network: int, seeds: Seeds, draws: int, null_draws: int
) -> dict[str, np.ndarray]:
    """Measure derived models of one network and their equal-norm nulls on its held-out pictures.

    Parameters
    ----------
    networks, network
        The trained networks, and the index of this one.
    seeds
        Streams "elements" and "null", one sub-stream for each family and size.
    draws, null_draws
        Group elements, and random perturbations of the length of the first ones, of each
        family and size.

    Returns
    -------
    Each of `MEASURES` as (family, size, draw), its null as `null_<name>`, and `answers`: the
    predictions of all derived models within the range, (elements, m), and `largest`: the
    largest entry of Q (.) K^T.
    """
    product, weights = networks.product, networks.weights[network]
    families, sizes = product.families, product.sizes
    samples = networks.held_out[network]
    labels = networks.labels[samples]
    tokens = embed(weights, networks.images[samples])
    table = products(weights, tokens, product)
    before = class_scores(weights, tokens, table, product)
    said, largest = before.argmax(-1), np.max(np.abs(table))
    found = {name: np.empty((len(families), len(sizes), draws)) for name in MEASURES}
    null = {name: np.empty((len(families), len(sizes), null_draws)) for name in MEASURES}
    answers = []

    def measure(into: dict[str, np.ndarray], at: tuple[int, ...], table_: np.ndarray) -> np.ndarray:
        after = class_scores(weights, tokens, table_, product)
        says = np.where(np.isfinite(after).all(-1), after.argmax(-1), -1)  # -1: no answer
        right, now = said == labels, says == labels
        into["score_change"][at] = np.max(np.abs(after - before))
        into["product_error"][at] = np.max(np.abs(_centred(table_ - table))) / largest
        into["changed"][at] = np.sum(said != says)
        into["fixed"][at] = np.sum(~right & now)
        into["broken"][at] = np.sum(right & ~now)
        return says

    # Beyond the range the arithmetic breaks down: that is what is shown there.
    with np.errstate(all="ignore"):
        for f, family in enumerate(families):
            for s, size in enumerate(sizes):
                rng = seeds.generator(network, "elements", 100 * f + s)
                blind = seeds.generator(network, "null", 100 * f + s)
                for draw in range(draws):
                    made = element(rng, weights, product, family, size)
                    changed = {**weights, **made.weights}
                    says = measure(
                        found, (f, s, draw), products(changed, tokens, product, made.layer)
                    )
                    found["distance"][f, s, draw] = made.distance
                    if size <= product.largest:
                        answers.append(says)
                    if draw < null_draws:
                        moved = perturbed(blind, weights, made.distance)
                        moved = {**weights, **moved}
                        measure(null, (f, s, draw), products(moved, tokens, product))
                        null["distance"][f, s, draw] = made.distance
    return (
        found
        | {f"null_{k}": v for k, v in null.items()}
        | {
            "answers": np.array(answers),
            "largest": largest,
        }
    )


def _centred(table: np.ndarray) -> np.ndarray:
    """Remove what softmax ignores: the mean over the keys."""
    return table - table.mean(axis=-1, keepdims=True)
