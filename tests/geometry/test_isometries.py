"""The groups: their laws, what they leave unchanged, what they do not contain, bad input."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from entanglement.geometry.isometries import (
    EuclideanIsometry,
    absorbed,
    act,
    act_on_pair,
    compose,
    draw,
    euclidean,
    hyperbolic,
    inverse,
    matrices,
    moebius,
    size,
    split,
)
from entanglement.geometry.products import (
    euclidean_product,
    hyperbolic_distance,
    hyperbolic_product,
)

SEEDS = st.integers(0, 2**32 - 1)
EUCLIDEAN, HYPERBOLIC = ("translation", "isom_r"), ("psl2r", "pgl2r")
GROUPS = st.sampled_from(EUCLIDEAN + HYPERBOLIC)


def points(rng, group, *shape):
    x = rng.normal(size=shape)
    return x if group in EUCLIDEAN else x + 1j * np.exp(rng.normal(size=shape))


def product_of(group):
    return euclidean_product if group in EUCLIDEAN else hyperbolic_product


def same_points(group, a, b, tolerance):
    """Compare images as the geometry does: distances in the half-plane, differences on the line."""
    apart = np.abs(a - b) if group in EUCLIDEAN else hyperbolic_distance(a, b)
    return apart.max() <= tolerance


@given(GROUPS, st.floats(0, 4), SEEDS, st.booleans())
def test_every_element_leaves_its_product_unchanged(group, r, seed, shared):
    rng = np.random.default_rng(seed)
    a, b = points(rng, group, 6, 5), points(rng, group, 5, 7)
    moved = act_on_pair(draw(group, r, 5, rng, shared), a, b)
    before = product_of(group)(a, b)
    after = product_of(group)(*moved)
    assert np.abs(after - before).max() <= 50 * np.finfo(float).eps * np.exp(r) * before.max()


def test_what_is_no_isometry_changes_the_products():
    rng = np.random.default_rng(1)
    a, b = rng.normal(size=(6, 5)), rng.normal(size=(5, 7))
    before = euclidean_product(a, b)
    assert np.abs(euclidean_product(a**3, b**3) - before).max() > 0.1 * before.max()
    assert np.abs(euclidean_product(a + 1.0, b) - before).max() > 0.1 * before.max()
    a, b = points(rng, "psl2r", 6, 5), points(rng, "psl2r", 5, 7)
    before = hyperbolic_product(a, b)
    stretched = [2 * z.real + 1j * z.imag for z in (a, b)]
    assert np.abs(hyperbolic_product(*stretched) - before).max() > 0.1 * before.max()


@given(GROUPS, st.floats(0, 4), SEEDS)
def test_compose_is_one_after_the_other(group, r, seed):
    rng = np.random.default_rng(seed)
    first, second, third = (draw(group, r, 4, rng) for _ in range(3))
    z = points(rng, group, 6, 4)
    one_by_one = act(third, act(second, act(first, z)))
    at_once = act(compose(third, compose(second, first)), z)
    other_way = act(compose(compose(third, second), first), z)
    tolerance = 1e-11 * np.exp(3 * r)
    assert same_points(group, at_once, one_by_one, tolerance)
    assert same_points(group, other_way, one_by_one, tolerance)


@given(GROUPS, st.floats(0, 6), SEEDS)
def test_inverse_undoes(group, r, seed):
    rng = np.random.default_rng(seed)
    element, z = draw(group, r, 4, rng), points(rng, group, 6, 4)
    tolerance = 1e-11 * np.exp(2 * r)
    assert same_points(group, act(inverse(element), act(element, z)), z, tolerance)
    assert same_points(group, act(compose(element, inverse(element)), z), z, tolerance)


def test_the_order_of_composition_matters():
    rng = np.random.default_rng(2)
    for group in ("isom_r", "psl2r", "pgl2r"):
        first, second = draw(group, 1.0, 4, rng), draw(group, 1.0, 4, rng)
        z = points(rng, group, 6, 4)
        assert not same_points(
            group, act(compose(first, second), z), act(compose(second, first), z), 1e-3
        )


@given(st.floats(0, 40), SEEDS)
def test_elements_are_drawn_at_their_size(r, seed):
    rng = np.random.default_rng(seed)
    for group in EUCLIDEAN + HYPERBOLIC:
        np.testing.assert_allclose(size(draw(group, r, 5, rng)), r, rtol=1e-9, atol=1e-7)


def test_a_shared_element_is_the_same_at_every_index():
    for group in EUCLIDEAN + HYPERBOLIC:
        element = draw(group, 2.0, 5, np.random.default_rng(3), shared=True)
        assert len(set(element.shift)) == 1
        np.testing.assert_array_equal(element.order, np.arange(5))


@given(st.floats(0, 6), SEEDS)
def test_matrices_and_back(r, seed):
    rng = np.random.default_rng(seed)
    element = draw("pgl2r", r, 4, rng)
    m, z = matrices(element), points(rng, "pgl2r", 6, 4)
    np.testing.assert_allclose(
        np.linalg.det(m), np.where(element.mirror, -1, 1), atol=1e-12 * np.exp(r)
    )
    a, b, c, d = m[:, 0, 0], m[:, 0, 1], m[:, 1, 0], m[:, 1, 1]
    w = np.where(element.mirror, z[:, element.order].conj(), z[:, element.order])
    plain = (a * w + b) / (c * w + d)
    assert same_points("pgl2r", act(element, z), plain, 1e-11 * np.exp(2 * r))
    placed = compose(moebius(m * rng.normal(size=(4, 1, 1)) ** 2, "pgl2r"),
                     hyperbolic(order=element.order))  # fmt: skip
    assert same_points("pgl2r", act(element, z), act(placed, z), 1e-11 * np.exp(2 * r))


def test_images_stay_in_the_half_plane_where_division_leaves_it():
    rng = np.random.default_rng(4)
    z = points(rng, "psl2r", 200, 100)
    element = draw("psl2r", 38.0, 100, rng)
    assert (act(element, z).imag > 0).all()
    m = matrices(element)
    quotient = (m[:, 0, 0] * z + m[:, 0, 1]) / (m[:, 1, 0] * z + m[:, 1, 1])
    assert (quotient.imag <= 0).mean() > 0.1


def test_a_matrix_loses_its_determinant_where_ours_keeps_it():
    element = draw("psl2r", 40.0, 100, np.random.default_rng(5))
    m = matrices(element)
    determinant = m[:, 0, 0] * m[:, 1, 1] - m[:, 0, 1] * m[:, 1, 0]
    assert np.abs(determinant - 1).max() > 0.5
    long_way = compose(inverse(element), compose(element, hyperbolic(dilation=3.0, n=100)))
    assert np.isfinite(long_way.dilation).all()
    assert (long_way.dilation > 0).all()


def test_the_mirror_is_an_isometry_that_reverses_orientation():
    rng = np.random.default_rng(6)
    mirror = hyperbolic(mirror=True, n=5)
    a, b = points(rng, "pgl2r", 6, 5), points(rng, "pgl2r", 5, 7)
    np.testing.assert_array_equal(act(mirror, a), -a.conj())
    np.testing.assert_array_equal(
        hyperbolic_product(*act_on_pair(mirror, a, b)), hyperbolic_product(a, b)
    )
    assert (np.linalg.det(matrices(mirror)) < 0).all()


def test_translations_in_integers_are_exact():
    rng = np.random.default_rng(7)
    a, b = rng.integers(-1000, 1000, (6, 5)), rng.integers(-1000, 1000, (5, 7))
    moved = act_on_pair(euclidean(10**18, [-1, 1, 1, -1, 1], [4, 3, 2, 1, 0]), a, b)
    np.testing.assert_array_equal(euclidean_product(*moved), euclidean_product(a, b))


@pytest.mark.parametrize(("kind", "eps"), [(np.float32, 2.0**-23), (np.float64, 2.0**-52)])
@pytest.mark.parametrize("alpha", [1e-3, 1.0, 1e3, 1e6, 1e9, 1e12, 1e16])
def test_translation_error_stays_below_its_bound(kind, eps, alpha):
    rng = np.random.default_rng(8)
    a, b = rng.normal(size=(16, 16)).astype(kind), rng.normal(size=(16, 16)).astype(kind)
    largest = max(np.abs(a).max(), np.abs(b).max())
    moved = act_on_pair(draw("isom_r", alpha, 16, rng), a, b)
    error = np.abs(euclidean_product(*moved).astype(float) - euclidean_product(a, b)).max()
    assert error <= 2 * 16 * eps * (alpha + largest)


@pytest.mark.parametrize(("kind", "eps"), [(np.complex64, 2.0**-23), (np.complex128, 2.0**-52)])
@pytest.mark.parametrize("shared", [True, False])
@pytest.mark.parametrize("r", [0.0, 1.0, 5.0, 10.0, 20.0, 30.0])
def test_moebius_error_grows_as_eps_exp_r(kind, eps, shared, r):
    rng = np.random.default_rng(9)
    for _ in range(20):
        a, b = points(rng, "pgl2r", 16, 16).astype(kind), points(rng, "pgl2r", 16, 16).astype(kind)
        before = hyperbolic_product(a, b).astype(float)
        moved = act_on_pair(draw("pgl2r", r, 16, rng, shared), a, b)
        error = np.abs(hyperbolic_product(*moved) - before).max()
        assert error <= 5 * eps * np.exp(r) * before.max()


@given(st.floats(0, 5), SEEDS)
def test_split_leaves_a_rotation_behind_what_weights_absorb(r, seed):
    rng = np.random.default_rng(seed)
    element = draw("pgl2r", r, 5, rng)
    layer, inner = split(element)
    z = points(rng, "pgl2r", 6, 5)
    assert same_points("pgl2r", act(layer, act(inner, z)), act(element, z), 1e-11 * np.exp(2 * r))
    assert absorbed(inner).all()
    np.testing.assert_allclose(size(layer), 0, atol=1e-15)


def test_inner_part_acts_on_two_real_channels_as_weights_do():
    rng = np.random.default_rng(10)
    _, inner = split(draw("pgl2r", 2.0, 5, rng))
    x, log_y = rng.normal(size=(2, 6, 5))
    sign = np.where(inner.mirror, -1, 1)
    by_weights = (
        inner.dilation * sign * x[:, inner.order]
        + inner.shift
        + 1j * np.exp(log_y[:, inner.order] + np.log(inner.dilation))
    )
    assert same_points("pgl2r", by_weights, act(inner, x + 1j * np.exp(log_y)), 1e-13)


def test_which_elements_are_absorbed():
    assert absorbed(draw("isom_r", 3.0, 4, np.random.default_rng(11))).all()
    assert absorbed(hyperbolic(2.0, 3.0, 0.0, True, [1, 0])).all()
    np.testing.assert_array_equal(
        absorbed(hyperbolic(angle=[0.0, np.pi, 0.3])), [True, True, False]
    )
    assert not absorbed(draw("psl2r", 1.0, 4, np.random.default_rng(12))).any()


ONE = np.eye(2)
MOVE = euclidean(1.0, n=3)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: moebius([[1.0, 2.0], [2.0, 4.0]]), "determinant 0.0.*positive"),
        (lambda: moebius([[0.0, 1.0], [1.0, 0.0]]), "determinant -1.0.*group='pgl2r'"),
        (lambda: moebius([ONE, ONE * np.nan]), "matrix 1 has determinant nan.*finite"),
        (lambda: moebius(ONE * 1e200), "inf"),
        (lambda: moebius(np.zeros((2, 2)), "pgl2r"), "not 0"),
        (lambda: moebius(ONE, "gl2c"), "'gl2c'.*psl2r or pgl2r"),
        (lambda: moebius(np.ones((3, 3))), r"\(3, 3\).*\(n, 2, 2\)"),
        (lambda: draw("so3", 1.0, 3, np.random.default_rng(0)), "'so3'.*translation, isom_r"),
        (lambda: draw("psl2r", -1.0, 3, np.random.default_rng(0)), "at least 0, not -1.0"),
        (lambda: draw("psl2r", np.nan, 3, np.random.default_rng(0)), "finite"),
        (lambda: hyperbolic(dilation=-1.0, n=2), "positive.*mirror=True"),
        (lambda: hyperbolic(dilation=np.inf, n=2), "finite"),
        (lambda: hyperbolic(), "pass n or arrays"),
        (lambda: euclidean([1.0, 2.0], n=3), r"\[2, 3\]"),
        (lambda: euclidean(1.0, sign=2, n=3), "-1 or 1"),
        (lambda: euclidean(1.0, order=[0, 0, 1]), "permutation of 0..2"),
        (lambda: EuclideanIsometry(np.zeros(2), np.ones(3), np.arange(3)), r"shift has shape"),
        (lambda: act(MOVE, np.ones((2, 4))), "length 3"),
        (lambda: act(MOVE, 1.0), "length 3"),
        (lambda: act(MOVE, np.ones(3) * 1j), "complex128"),
        (lambda: act(euclidean(2**62, n=1), [[2**62]]), "64-bit"),
        (lambda: act(hyperbolic(n=3), np.ones(3)), "complex"),
        (lambda: act(hyperbolic(n=3), np.ones(3) - 1j), "upper half-plane"),
        (lambda: compose(MOVE, hyperbolic(n=3)), "EuclideanIsometry.*HyperbolicIsometry"),
        (lambda: compose(MOVE, euclidean(1.0, n=2)), "on 3 indices.*on 2"),
    ],
)  # fmt: skip
def test_bad_input_is_named(call, says):
    with pytest.raises(ValueError, match=says):
        call()
