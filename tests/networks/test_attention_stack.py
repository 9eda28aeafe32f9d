"""Stacks of attention: what is carried against plain softmax attention, and how fast it falls."""

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from entanglement.geometry.products import hyperbolic_distance
from entanglement.networks.attention_stack import attend, logits, walk
from entanglement.networks.stack_architecture import Stack
from entanglement.pipeline.seeds import Seeds

SEEDS = Seeds(11, "test")


def start(size, networks=3, tokens=5, k=4, seed=0):
    """Mean and rest of random tokens, and weights of queries, keys and heights."""
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((networks, 1, k))
    rest = size * rng.standard_normal((networks, tokens, k))
    rest -= rest.mean(axis=1, keepdims=True)
    return x, rest, list(rng.standard_normal((4, networks, k, k)))


def plain(product, x, rest, weights):
    """Softmax attention as it is written, one network at a time."""
    made = []
    for i, tokens in enumerate(x + rest):
        q, key = tokens @ weights[0][i], tokens @ weights[1][i]
        if product == "dot":
            table = q @ key.T
        elif product == "E":
            table = -cdist(q, key, "cityblock")
        else:
            q, key = (
                q + 1j * np.exp(tokens @ weights[2][i]),
                key + 1j * np.exp(tokens @ weights[3][i]),
            )
            table = -hyperbolic_distance(q[:, None], key[None]).sum(axis=-1)
        share = np.exp(table / np.sqrt(tokens.shape[1]))
        made.append(share / share.sum(axis=1, keepdims=True) @ tokens)
    return np.stack(made)


@pytest.mark.parametrize("size", [1.0, 0.01])
@pytest.mark.parametrize("product", ["dot", "E", "H"])
def test_what_is_carried_is_plain_attention(product, size):
    x, rest, weights = start(size)
    common, mixed, _ = logits(product, x, rest, weights)
    moved, apart = attend(x, rest, common, mixed)
    expected = plain(product, x, rest, weights)
    assert moved + apart == pytest.approx(expected, rel=1e-10, abs=1e-12)
    assert apart.mean(axis=1) == pytest.approx(0, abs=1e-12)
    # Control: without what queries do not share, all tokens would be one.
    _, without = attend(x, rest, common, 0 * mixed)
    assert np.abs(without).max() < 1e-12


@pytest.mark.parametrize("product", ["dot", "H"])
def test_smooth_products_fall_by_cubes(product):
    sizes = []
    for size in (1e-2, 1e-3):
        x, rest, weights = start(size)
        _, apart = attend(x, rest, *logits(product, x, rest, weights)[:2])
        sizes.append(np.abs(apart).max(axis=(1, 2)))
    assert np.log10(sizes[0] / sizes[1]) == pytest.approx(3, abs=0.15)


def test_a_settled_euclidean_product_keeps_no_token_apart():
    x, rest, weights = start(1e-4)
    common, mixed, between = logits("E", x, rest, weights)
    assert (between == 0).all()
    _, apart = attend(x, rest, common, mixed)
    assert np.abs(apart).max() < 1e-18


def test_control_one_query_between_keys_keeps_tokens_apart():
    x, rest, weights = start(1e-4)
    keys = weights[1].copy()
    keys[:, :, 0] = weights[0][:, :, 0]  # queries and keys agree in index 0
    common, mixed, between = logits("E", x, rest, [weights[0], keys])
    assert between == pytest.approx(1 / 4)
    _, apart = attend(x, rest, common, mixed)
    assert np.abs(apart).max() > 1e-10


@pytest.mark.parametrize("mlp", [False, True])
def test_skips_slow_the_collapse(mlp):
    last = {}
    for skip in (False, True):
        a = Stack(k=16, tokens=8, depth=6, networks=20, skip=skip, mlp=mlp)
        for _, rest, _ in walk(a, SEEDS):
            last[skip] = np.abs(rest).max(axis=(1, 2))
    assert (last[False] < 1e-6).all()
    assert (last[True] > 1e-2).all()


def test_more_networks_and_layers_keep_the_earlier_ones():
    few = list(walk(Stack(k=6, tokens=4, depth=3, networks=2, product="H", mlp=True), SEEDS))
    more = list(walk(Stack(k=6, tokens=4, depth=5, networks=4, product="H", mlp=True), SEEDS))
    for (x, rest, _), (again, other, _) in zip(few, more, strict=False):
        assert (x == again[:2]).all()
        assert (rest == other[:2]).all()
