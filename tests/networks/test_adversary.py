"""Attacks against networks whose worst case has a closed form, and within their bounds."""

import numpy as np
import pytest

from entanglement.networks import attention, digits
from entanglement.networks.adversary import Attack, craft
from entanglement.networks.product import ROWS, named
from entanglement.networks.symmetries import products

ATTACKS = [Attack(0.1, 1), Attack(0.1, 10), Attack(0.4, 10, euclidean=True)]


def network(product, seed=0):
    rng = np.random.default_rng(seed)
    return attention.initial_weights(rng, product, 12, 4, 16) | {"log_beta": np.array(-1.0)}


def scores(weights, pictures, product):
    tokens = attention.embed(weights, pictures)
    table = products(weights, tokens, product)
    return attention.class_scores(weights, tokens, table, product)


def losses(weights, pictures, labels, product):
    found = scores(weights, pictures, product)
    return np.log(np.exp(found).sum(-1)) - found[np.arange(len(labels)), labels]


def linear(product):
    """A network that is linear in its picture and knows two digits only."""
    weights = network(product)
    for name in ("value", "output"):
        weights[name] = np.zeros_like(weights[name])
    weights["classes"][:, 2:] = 0.0
    weights["classes_bias"][2:] = -1e6
    return weights


@pytest.mark.parametrize("attack", ATTACKS, ids=["fgsm", "pgd", "length"])
def test_of_a_linear_network_the_attack_is_the_worst_case(attack):
    product = named("E")
    weights = linear(product)
    pictures, labels = np.full((6, 8, 8), 0.5), np.array([0, 1] * 3)
    made = craft([weights], pictures[None], labels[None], product, attack)[0]
    margin = weights["classes"][:, 0] - weights["classes"][:, 1]
    slope = np.tile(weights["embedding"] @ margin / 8, (8, 1))  # of the margin, by pixel
    worst = attack.size * (np.linalg.norm(slope) if attack.euclidean else np.abs(slope).sum())
    before, after = (scores(weights, x, product) for x in (pictures, made))
    side = np.where(labels == 0, 1, -1)
    lost = side * ((before - after)[:, 0] - (before - after)[:, 1])
    np.testing.assert_allclose(lost, worst, rtol=1e-9)
    # Another bound, or a step down, is not that.
    less = craft([weights], pictures[None], 1 - labels[None], product, attack)[0]
    assert np.abs(scores(weights, less, product) - after).max() > 0.1 * worst


@pytest.mark.parametrize("product", ROWS, ids=[row.name for row in ROWS])
@pytest.mark.parametrize("attack", ATTACKS, ids=["fgsm", "pgd", "length"])
def test_attacks_stay_within_their_bound_and_do_more_than_chance(product, attack):
    images, labels = digits.load()
    pictures, labels = images[None, :40].repeat(2, 0), labels[None, :40].repeat(2, 0)
    nets = [network(product, seed) for seed in range(2)]
    made = craft(nets, pictures, labels, product, attack)
    change = made - pictures
    assert made.min() >= 0
    assert made.max() <= 1
    size = np.linalg.norm(change, axis=(-2, -1)) if attack.euclidean else np.abs(change)
    assert size.max() <= attack.size * (1 + 1e-9)
    rng = np.random.default_rng(1)
    for w, clean, fake, truth in zip(nets, pictures, made, labels):
        # Gray values at random within the same pixels, changed by as much.
        blind = np.clip(clean + np.abs(fake - clean) * rng.choice((-1, 1), clean.shape), 0, 1)
        risen = losses(w, fake, truth, product) - losses(w, clean, truth, product)
        assert (risen > 0).mean() > 0.95
        assert risen.mean() > 3 * np.abs(
            losses(w, blind, truth, product) - losses(w, clean, truth, product)
        ).mean()  # fmt: skip


def test_each_network_is_attacked_by_itself():
    images, labels = digits.load()
    product, nets = named("dot"), [network(named("dot"), seed) for seed in range(2)]
    pictures, truth = images[:6].reshape(2, 3, 8, 8), labels[:6].reshape(2, 3)
    both = craft(nets, pictures, truth, product, ATTACKS[1])
    alone = craft(nets[1:], pictures[1:], truth[1:], product, ATTACKS[1])
    np.testing.assert_allclose(both[1], alone[0], atol=1e-12)
