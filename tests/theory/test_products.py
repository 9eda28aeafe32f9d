"""U10 (b) and (d): what changes a distance product, and how steep its logits are."""

import numpy as np
import pytest

from entanglement.geometry.isometries import act, act_on_pair, draw
from entanglement.geometry.products import (
    dot_product,
    euclidean_product,
    hyperbolic_distance,
    hyperbolic_product,
)

N = 5


def points(rng, shape):
    return rng.normal(size=shape) + 1j * np.exp(rng.normal(size=shape))


# Maps of rows that keep the distance of every index to the origin, or of many pairs, and are
# in no wreath product: U10 (b) says that some product must change.
def rotated(x):
    """A rotation of the first two indices: keeps Euclid's distance of rows, not the sum."""
    turn = np.eye(N)
    turn[:2, :2] = [[0.6, -0.8], [0.8, 0.6]]
    return x @ turn


def scaled(x):
    return 1.001 * x


def folded(x):
    return np.abs(x)


@pytest.mark.parametrize("other", [rotated, scaled, folded])
def test_what_is_no_isometry_of_every_index_changes_some_product(other):
    rng = np.random.default_rng(1)
    a, b = rng.normal(size=(2, 40, N))
    before = euclidean_product(a, b.T)
    moved = act_on_pair(draw("isom_r", 1.0, N, rng), a, b.T)
    np.testing.assert_allclose(euclidean_product(*moved), before, rtol=1e-12)
    assert np.abs(euclidean_product(other(a), other(b).T) - before).max() > 1e-4


def test_different_maps_of_the_two_factors_change_some_product():
    """With b = a the sum is 0, so both maps are one."""
    rng = np.random.default_rng(2)
    a, z = rng.normal(size=(8, N)), points(rng, (8, N))
    one, two = (draw("isom_r", 1.0, N, rng) for _ in range(2))
    assert euclidean_product(act(one, a), act(two, a).T).diagonal().min() > 0.1
    one, two = (draw("pgl2r", 1.0, N, rng) for _ in range(2))
    assert hyperbolic_product(act(one, z), act(two, z).T).diagonal().min() > 0.1
    same = hyperbolic_product(act(one, z), act(one, z).T)
    assert np.abs(same.diagonal()).max() < 1e-6


def steepest(product, queries, keys, moved, distance):
    """Largest change of a logit, beta = 1, over the distance by which one q_i has moved."""
    change = np.abs(product(moved, keys.T) - product(queries, keys.T)).max(axis=1)
    return float((change / distance).max())


@pytest.mark.parametrize("spread", [1.0, 100.0])
def test_distance_logits_are_lipschitz_and_those_of_dot_are_not(spread):
    rng = np.random.default_rng(3)
    queries, keys = rng.normal(size=(200, N)), spread * rng.normal(size=(300, N))
    moved = queries.copy()
    moved[:, 2] += rng.normal(size=200)
    apart = np.abs(moved - queries).sum(axis=1)
    found = steepest(euclidean_product, queries, keys, moved, apart)
    assert 1 - 1e-9 < found <= 1 + 1e-9
    z, w = points(rng, (200, N)), points(rng, (300, N))
    w = spread * w.real + 1j * w.imag
    shifted = z.copy()
    shifted[:, 2] = points(rng, 200)
    apart = hyperbolic_distance(shifted[:, 2], z[:, 2])
    assert 0.5 < steepest(hyperbolic_product, z, w, shifted, apart) <= 1 + 1e-9
    apart = np.abs(moved - queries).sum(axis=1)
    # Of dot it is the largest |k_i|, which grows with the keys.
    found = steepest(dot_product, queries, keys, moved, apart)
    assert found == pytest.approx(np.abs(keys[:, 2]).max())
    assert (found > 10) == (spread > 10)
