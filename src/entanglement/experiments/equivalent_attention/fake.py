"""Fake inputs made against each network: what its equivalents, chance and other seeds make of them."""

import numpy as np
import xarray as xr

from entanglement.networks.adversary import Attack, craft
from entanglement.networks.attention import Weights, class_scores, embed
from entanglement.networks.stored_attention import Networks
from entanglement.networks.symmetries import Element, element, perturbed, products
from entanglement.pipeline.seeds import Seeds

# Of pixels between 0 and 1. The length is half of what a change of 0.1 in every pixel has.
ATTACKS = {
    "FGSM": Attack(0.1, 1),
    "PGD": Attack(0.1, 10),
    "PGD, length": Attack(0.4, 10, euclidean=True),
}
PICTURES = 100  # held-out pictures of each network that are attacked

NAMES = {
    "fake_accuracy": "accuracy on fake inputs",
    "noise_accuracy": "accuracy on pictures with random changes of the same size",
    "fake_errors": "fake inputs that fool the network: right before, wrong now",
    "fake_fixed": "of these, put right by the best equivalent model",
    "null_fake_fixed": "of these, put right by the best equal-norm random change",
    "fake_common": "fake inputs that fool the first network, of pictures that the other held out",
    "fake_other": "of these, right in the other network",
}


def fake(trained: Networks, said: np.ndarray, seeds: Seeds) -> xr.Dataset:
    """Attack every network on pictures that it held out, and ask others about the outcome.

    Parameters
    ----------
    trained, said
        The networks and what they say of all pictures, (networks, pictures).
    seeds
        Streams "noise", "fake_elements" and "fake_null".
    """
    chosen = trained.held_out[:, :PICTURES]
    labels, clean = trained.labels[chosen], np.take_along_axis(said, chosen, axis=1)
    made = np.stack(
        [
            craft(trained.weights, trained.images[chosen], labels, trained.product, attack)
            for attack in ATTACKS.values()
        ],
        axis=1,
    )  # (networks, attacks, m, 8, 8)
    noisy = np.stack([_noise(trained.images[s], seeds, i) for i, s in enumerate(chosen)])
    every, columns = range(len(trained)), []
    for i, w in enumerate(trained.weights):
        answers = {
            name: _scores(trained, w, inputs[i]).argmax(-1) == labels[i]
            for name, inputs in (("fake", made), ("noise", noisy))
        }
        fooled = (clean[i] == labels[i]) & ~answers["fake"]
        column = {f"{name}_accuracy": right.mean(-1) for name, right in answers.items()}
        column |= {"fake_errors": fooled.sum(-1)}
        column |= _equivalents(trained, i, made[i], labels[i], fooled, seeds)
        others = [_scores(trained, trained.weights[j], made[i]).argmax(-1) for j in every]
        shared = np.stack([fooled & np.isin(chosen[i], trained.held_out[j]) for j in every])
        column["fake_common"] = shared.sum(-1)
        column["fake_other"] = (shared & (np.stack(others) == labels[i])).sum(-1)
        columns.append(column)
    dims = dict.fromkeys(("fake_common", "fake_other"), ("network", "other", "attack"))
    return xr.Dataset(
        {
            name: (
                dims.get(name, ("network", "attack")),
                np.stack([np.asarray(column[name], float) for column in columns]),
            )
            for name in NAMES
        },
        coords={"attack": list(ATTACKS)},
    )


def _scores(
    trained: Networks, weights: Weights, inputs: np.ndarray, made: Element | None = None
) -> np.ndarray:
    """Class scores (attacks, m, 10) of a network, or of one changed by a group element."""
    new, layer = ({**weights, **made.weights}, made.layer) if made else (weights, None)
    tokens = embed(new, inputs.reshape(-1, 8, 8))
    table = products(new, tokens, trained.product, layer)
    return class_scores(new, tokens, table, trained.product).reshape(*inputs.shape[:2], -1)


def _noise(pictures: np.ndarray, seeds: Seeds, network: int) -> np.ndarray:
    """Random changes of the size of each attack, (attacks, m, 8, 8)."""
    rng, made = seeds.generator(network, "noise"), []
    for attack in ATTACKS.values():
        change = rng.choice((-1.0, 1.0), pictures.shape) * attack.size
        if attack.euclidean:
            change = rng.normal(size=pictures.shape)
            change *= attack.size / np.linalg.norm(change, axis=(-2, -1), keepdims=True)
        made.append(np.clip(pictures + change, 0, 1))
    return np.stack(made)


def _equivalents(
    trained: Networks,
    network: int,
    inputs: np.ndarray,
    labels: np.ndarray,
    fooled: np.ndarray,
    seeds: Seeds,
) -> dict[str, np.ndarray]:
    """The best of one element of every family and every other size within the range; its null."""
    product, weights = trained.product, trained.weights[network]
    rng, blind = (seeds.generator(network, name) for name in ("fake_elements", "fake_null"))
    fixed, null = [], []
    for family in product.families:
        for size in [size for size in product.sizes if size <= product.largest][::2]:
            made = element(rng, weights, product, family, size)
            after = _scores(trained, weights, inputs, made)
            fixed.append((fooled & (after.argmax(-1) == labels)).sum(-1))
            with np.errstate(all="ignore"):  # random changes of that length may leave the range
                moved = Element(perturbed(blind, weights, made.distance), None, made.distance)
                after = _scores(trained, weights, inputs, moved)
            says = np.where(np.isfinite(after).all(-1), after.argmax(-1), -1)  # -1: no answer
            null.append((fooled & (says == labels)).sum(-1))
    return {"fake_fixed": np.max(fixed, axis=0), "null_fake_fixed": np.max(null, axis=0)}
