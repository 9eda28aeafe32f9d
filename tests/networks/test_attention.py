"""Distance attention: products, their gradients, and that group elements change nothing."""

import jax
import numpy as np
import pytest

from entanglement.geometry.products import euclidean_product, hyperbolic_product
from entanglement.networks import attention, digits, flatness, spectra, splits, symmetries, training
from entanglement.networks.product import ROWS, named
from entanglement.theory.flatness import flat_directions

DOT, E, H = ROWS
PRODUCTS = pytest.mark.parametrize("product", ROWS, ids=[row.name for row in ROWS])


def network(product, seed=0, width=12, head=4):
    rng = np.random.default_rng(seed)
    weights = attention.initial_weights(rng, product, width, head, 16)
    for name in ("query_bias", "key_bias"):
        weights[name] = rng.normal(size=weights[name].shape)
    return weights


def tokens_of(weights, seed=1, pictures=20):
    images = np.random.default_rng(seed).uniform(size=(pictures, 8, 8))
    return attention.embed(weights, images)


def channels(seed, n=6):
    return np.random.default_rng(seed).normal(size=(3, 5, n))


def test_jax_products_agree_with_the_oracles_in_numpy():
    with jax.enable_x64(True):
        a, b = channels(0), channels(1)
        found = training.table(E, jax.numpy.asarray(a), jax.numpy.asarray(b))
        np.testing.assert_allclose(found, euclidean_product(a, b.swapaxes(-1, -2)), rtol=1e-13)
        found = training.table(H, jax.numpy.asarray(a), jax.numpy.asarray(b))
        points = symmetries.points(a), symmetries.points(b).swapaxes(-1, -2)
        np.testing.assert_allclose(found, hyperbolic_product(*points), rtol=1e-13)


def test_hyperbolic_gradient_is_exact_and_zero_where_points_coincide():
    with jax.enable_x64(True):
        a, b = (jax.numpy.asarray(channels(seed)[:1]) for seed in (2, 3))
        slope = jax.grad(lambda x: training.table(H, x, b).sum())(a)
        step = np.zeros(a.shape)
        step[0, 1, 2] = 1e-6
        numeric = (
            training.table(H, a + step, b).sum() - training.table(H, a - step, b).sum()
        ) / 2e-6
        assert slope[0, 1, 2] == pytest.approx(float(numeric), rel=1e-7)
        alone = a[:, :1]
        assert not np.any(jax.grad(lambda x: training.table(H, x, alone).sum())(alone))


@pytest.mark.parametrize(
    ("product", "family"), [(row, family) for row in ROWS for family in row.families]
)
def test_group_elements_leave_the_logits_and_random_changes_do_not(product, family):
    weights, rng = network(product), np.random.default_rng(5)
    tokens = tokens_of(weights)
    before = symmetries.products(weights, tokens, product)
    before -= before.mean(-1, keepdims=True)
    made = symmetries.element(rng, weights, product, family, 2.0)
    after = symmetries.products({**weights, **made.weights}, tokens, product, made.layer)
    after -= after.mean(-1, keepdims=True)
    np.testing.assert_allclose(after, before, atol=1e-12)
    assert made.distance > 0.1
    assert (made.layer is None) == (family in product.absorbed)
    null = {**weights, **symmetries.perturbed(rng, weights, made.distance)}
    moved = symmetries.products(null, tokens, product)
    assert np.abs(moved - moved.mean(-1, keepdims=True) - before).max() > 0.1


@PRODUCTS
def test_nullity_counts_the_whole_group(product):
    weights = network(product, width=20)
    found, alone = flatness.singular_values(weights, tokens_of(weights), product)
    expected = product.dimension(4, len(found) // 8)
    assert flatness.nullity(found, len(found)) >= expected
    if product is not E:  # indices of E that never change sign add flat directions
        assert flatness.nullity(found, len(found)) == expected
    assert flatness.nullity(alone, len(alone)) < 4


@pytest.mark.parametrize("apart", [0.0, 1.0, 4.0])
def test_signs_predict_the_flat_directions_of_E(apart):
    weights, rng = network(E, width=20), np.random.default_rng(7)
    weights["query_bias"] = weights["query_bias"] + apart * np.arange(4)
    greys = rng.integers(17, size=(30, 8, 8))
    tokens = attention.embed(weights, greys / digits.GREYS)
    queries, keys = attention.queries_keys(weights, tokens)
    signs = np.sign(queries[:, :, None] - keys[:, None])
    inputs = np.concatenate([greys, np.broadcast_to(np.eye(8), (30, 8, 8))], axis=-1)
    found, _ = flatness.singular_values(weights, tokens, E)
    assert flatness.nullity(found, len(found)) == flat_directions(signs, inputs)
    # Signs without order predict the n translations: one-sided queries have more.
    blind = rng.choice((-1.0, 1.0), signs.shape)
    assert flat_directions(blind, inputs) == 4
    assert flat_directions(signs, inputs) > 4


def test_dot_product_has_d_squared_plus_d_flat_directions():
    assert DOT.dimension(16, 16) == 16**2 + 16


def test_noise_has_no_singular_value_beyond_its_null_and_a_planted_one_shows():
    rng = np.random.default_rng(4)
    edge = np.quantile(spectra.null(rng, 32, 16, 500)[:, 0], 0.999)
    noise = rng.normal(size=(32, 16))
    assert spectra.normalised(noise)[0] < edge
    planted = noise + 3 * np.outer(rng.normal(size=32), rng.normal(size=16)) / 2
    assert spectra.normalised(planted)[0] > edge
    assert spectra.normalised(spectra.shuffled(rng, planted))[0] < spectra.normalised(planted)[0]


def test_unknown_products_and_families_are_named():
    with pytest.raises(ValueError, match="'X' is unknown: choose one of dot, E, H"):
        named("X")
    with pytest.raises(ValueError, match="'E' has no group family 'moebius'"):
        symmetries.element(np.random.default_rng(0), network(E), E, "moebius", 1.0)


def test_a_data_set_too_small_to_split_is_named():
    with pytest.raises(ValueError, match="too small to split: 1797 pictures cannot give"):
        splits.check_split(1500, 500, 64)
    with pytest.raises(ValueError, match="batch = 64 pictures cannot be filled"):
        splits.check_split(20, 500, 64)


def test_heights_beyond_double_precision_give_no_answer():
    weights = network(H)
    weights["query_bias"] = weights["query_bias"] - 1e4
    assert np.isnan(symmetries.products(weights, tokens_of(weights), H)).all()


def test_the_configuration_names_the_products():
    from typing import get_args

    from entanglement.experiments.equivalent_attention import Train

    assert get_args(Train.model_fields["product"].annotation) == tuple(row.name for row in ROWS)


@PRODUCTS
def test_what_weights_absorb_is_a_family_and_sizes_reach_beyond_the_arithmetic(product):
    assert set(product.absorbed) <= set(product.families)
    assert list(product.sizes) == sorted(product.sizes)
    assert product.sizes[0] < product.largest < product.sizes[-1]
    assert product.largest in product.sizes
