"""Jacobians of attention against differences, and within the bounds of algebra."""

import numpy as np
import pytest

from entanglement.networks import digits, recall, recall_attack, slopes, symmetries
from entanglement.networks.product import PRODUCTS, ROWS
from entanglement.theory.slopes import euclidean

PICTURES = recall.flat(digits.load()[0])
HEAD, BETA = 5, 0.6


def asked(product, stretch=1.0, count=40):
    rng = np.random.default_rng(4)
    weights = recall.initial_weights(rng, product, 12, HEAD, 4) | {"log_beta": np.log(BETA)}
    weights |= {"query": 3 * weights["query"], "key": 3 * stretch * weights["key"]}
    pool = rng.permutation(1790).reshape(10, 179)
    return weights, PICTURES.copy(), recall.draw(rng, pool, 4, (count,)), product


def paid(weights, pictures, samples, product):
    table = symmetries.table(product, *recall.queries_keys(weights, pictures, samples))
    return recall.paid(weights, table, product)


@pytest.mark.parametrize("product", ROWS, ids=[row.name for row in ROWS])
def test_jacobians_are_those_of_small_differences(product):
    weights, pictures, drawn, _ = asked(product, count=20)
    scene, samples = recall_attack.scenes(pictures, drawn)
    flat = scene.reshape(-1, recall.PIXELS)
    by_query = slopes.by_query(weights, flat, samples, product)
    for channel in range(by_query.shape[-1]):
        ends = []
        for sign in (1, -1):
            moved = {**weights, "query_bias": weights["query_bias"].copy()}
            moved["query_bias"][channel] += sign * 1e-6
            ends.append(paid(moved, flat, samples, product))
        np.testing.assert_allclose(by_query[..., channel], (ends[0] - ends[1]) / 2e-6, atol=1e-6)
    by_pixels = slopes.by_pixels(weights, flat, samples, product)
    for pixel in (10, 20, 43):
        ends = []
        for sign in (1, -1):
            moved = flat.copy()
            moved[samples.asked, pixel] += sign * 1e-6
            ends.append(paid(weights, moved, samples, product))
        np.testing.assert_allclose(by_pixels[..., pixel], (ends[0] - ends[1]) / 2e-6, atol=1e-6)
    assert np.abs(by_pixels).max() > 1e-3


def test_slopes_stay_within_their_bounds_and_those_of_dot_leave_that_of_E():
    over = {}
    for name, product in PRODUCTS.items():
        for stretch in (1.0, 5.0, 25.0):
            given = asked(product, stretch)
            found = slopes.largest(slopes.by_query(*given))
            assert (found <= slopes.bound(*given) * (1 + 1e-12)).all(), (name, stretch)
            over[name, stretch] = found.max() / euclidean(BETA, HEAD)
    assert max(over["E", stretch] for stretch in (1.0, 5.0, 25.0)) <= 1 + 1e-12
    assert over["dot", 25.0] > 2
    # E's own bound is not idle either: half of it would be broken.
    assert max(over["E", stretch] for stretch in (1.0, 5.0, 25.0)) > 0.5


def test_the_bound_of_E_knows_no_keys_and_that_of_dot_does():
    near, far = (slopes.bound(*asked(PRODUCTS["E"], stretch)) for stretch in (1.0, 25.0))
    np.testing.assert_allclose(near, euclidean(BETA, HEAD))
    np.testing.assert_array_equal(near, far)
    near, far = (slopes.bound(*asked(PRODUCTS["dot"], stretch)) for stretch in (1.0, 25.0))
    np.testing.assert_allclose(far, 25 * near)
