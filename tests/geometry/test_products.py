"""The distance products: against independent oracles, at every separation, and on bad input."""

import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.spatial.distance import cdist

from entanglement.geometry import products
from entanglement.geometry.products import (
    dot_product,
    euclidean_product,
    hyperbolic_distance,
    hyperbolic_product,
    product,
)


def points(rng, *shape, spread=1.0):
    return spread * rng.normal(size=shape) + 1j * np.exp(spread * rng.normal(size=shape))


def exact_sum(a, b):
    """The definition in extended precision, 2 asinh of the half chord."""
    a, b = a[..., :, :, None], b[..., None, :, :]
    wide = np.longdouble
    x, y = a.real.astype(wide) - b.real, a.imag.astype(wide) - b.imag
    height = 2 * np.sqrt(a.imag.astype(wide)) * np.sqrt(b.imag.astype(wide))
    return (2 * np.arcsinh(np.hypot(x, y) / height)).sum(-2)


@pytest.fixture(scope="module")
def half_plane():
    # geomstats 2.8 imports NumPy's trapz, which NumPy 2.4 has only as trapezoid.
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(np, "trapz", np.trapezoid, raising=False)
        from geomstats.geometry.poincare_half_space import PoincareHalfSpace

        yield PoincareHalfSpace(2)


def test_euclidean_product_is_the_definition():
    rng = np.random.default_rng(1)
    a, b = rng.normal(size=(4, 3)), rng.normal(size=(3, 5))
    expected = [[sum(abs(a[k, i] - b[i, j]) for i in range(3)) for j in range(5)] for k in range(4)]
    np.testing.assert_allclose(euclidean_product(a, b), expected, rtol=1e-15)


def test_euclidean_product_agrees_with_scipy_in_every_matrix_of_a_batch():
    rng = np.random.default_rng(2)
    a, b = rng.normal(size=(2, 1, 4, 3)), rng.normal(size=(5, 3, 6))
    made = euclidean_product(a, b)
    assert made.shape == (2, 5, 4, 6)
    np.testing.assert_array_equal(made[1, 4], cdist(a[1, 0], b[4].T, "cityblock"))


@given(st.data())
def test_integers_are_exact_at_any_size(data):
    reach = data.draw(st.sampled_from([10, 2**40, 2**58]))
    entries = st.integers(-reach, reach)
    a = data.draw(arrays(np.int64, (3, 4), elements=entries))
    b = data.draw(arrays(np.int64, (4, 2), elements=entries))
    expected = [[sum(abs(int(x) - int(y)) for x, y in zip(row, column)) for column in b.T]
                for row in a]  # fmt: skip
    assert euclidean_product(a, b).tolist() == expected


def test_floating_point_would_lose_those_integers():
    a, b = np.array([[2**58 + 1]]), np.array([[-(2**58)]])
    assert int(euclidean_product(a.astype(float), b.astype(float))[0, 0]) != 2**59 + 1


@pytest.mark.parametrize("spread", [0.1, 1.0, 2.0])
def test_hyperbolic_distance_agrees_with_geomstats(half_plane, spread):
    rng = np.random.default_rng(3)
    a, b = points(rng, 50, spread=spread), points(rng, 50, spread=spread)
    pairs = [np.stack([z.real, z.imag], -1) for z in (a, b)]
    # geomstats maps to the unit disc, where far points crowd, and takes an arccosh, which near 1
    # keeps only half the digits.
    np.testing.assert_allclose(hyperbolic_distance(a, b), half_plane.metric.dist(*pairs), rtol=1e-6)


def test_hyperbolic_product_agrees_with_geomstats(half_plane):
    rng = np.random.default_rng(4)
    a, b = points(rng, 3, 20), points(rng, 20, 4)
    expected = [
        [
            half_plane.metric.dist(np.c_[row.real, row.imag], np.c_[column.real, column.imag]).sum()
            for column in b.T
        ]
        for row in a
    ]
    np.testing.assert_allclose(hyperbolic_product(a, b), expected, rtol=1e-10)


@pytest.mark.parametrize("apart", [1.0, 1e-3, 1e-8, 1e-15, 1e-60, 1e-130, 1e-200])
def test_no_digit_is_lost_at_tiny_separations(apart):
    rng = np.random.default_rng(5)
    a, b = 1j + apart * rng.normal(size=(30, 21)), 1j + apart * rng.normal(size=(21, 30))
    np.testing.assert_allclose(
        hyperbolic_product(a, b), exact_sum(a, b).astype(float), rtol=5e-16, atol=0
    )


@pytest.mark.parametrize("spread", [1.0, 30.0, 100.0])
def test_distances_that_sum_beyond_709_are_right(spread):
    rng = np.random.default_rng(6)
    a, b = points(rng, 20, 24, spread=spread), points(rng, 24, 20, spread=spread)
    np.testing.assert_allclose(
        hyperbolic_product(a, b), exact_sum(a, b).astype(float), rtol=5e-16, atol=0
    )


def test_the_textbook_arccosh_fails_where_ours_holds():
    a, b = np.array(1j), np.array(1j + 1e-9)
    textbook = np.arccosh(1 + abs(a - b) ** 2 / (2 * a.imag * b.imag))
    assert textbook == 0
    assert hyperbolic_distance(a, b) == pytest.approx(1e-9, rel=1e-15)


def test_equal_points_have_distance_zero():
    z = points(np.random.default_rng(7), 5, 9)
    np.testing.assert_array_equal(np.diag(hyperbolic_product(z, z.T)), np.zeros(5))


@pytest.mark.parametrize(
    ("shape_a", "shape_b"),
    [((1, 1), (1, 1)), ((7, 17), (17, 3)), ((3, 2, 9), (9, 4)), ((2, 0), (0, 3)), ((0, 2), (2, 3)),
     ((2, 5, 1, 8), (5, 8, 1))],
)  # fmt: skip
def test_odd_shapes_and_batches(shape_a, shape_b):
    rng = np.random.default_rng(8)
    a, b = points(rng, *shape_a), points(rng, *shape_b)
    made = hyperbolic_product(a, b)
    assert made.shape == exact_sum(a, b).shape
    np.testing.assert_allclose(made, exact_sum(a, b).astype(float), rtol=5e-16)


@pytest.mark.parametrize("shape", [(3, 300, 5), (1000, 2), (2, 70_000)])
def test_blocks_do_not_show(shape, monkeypatch):
    rng = np.random.default_rng(9)
    a, b = points(rng, *shape), points(rng, shape[-1], 3)
    if shape == (2, 70_000):
        a, b = points(rng, 2, 3), points(rng, 3, 70_000)
    whole = hyperbolic_product(a, b)
    monkeypatch.setattr(products, "BLOCK", 64)
    np.testing.assert_array_equal(hyperbolic_product(a, b), whole)


def test_memory_stays_below_three_products():
    rng = np.random.default_rng(10)
    a, b = points(rng, 512, 64), points(rng, 64, 512)
    hyperbolic_product(a[:2], b)
    tracemalloc.start()
    made = hyperbolic_product(a, b)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak - made.nbytes <= 3 * made.nbytes


def test_numpys_buffer_is_left_as_it_was():
    before = np.getbufsize()
    hyperbolic_product(np.full((2, 3), 1j), np.full((3, 2), 2j))
    assert np.getbufsize() == before


def test_products_keep_the_inputs_precision():
    a, b = np.full((2, 3), 1j, np.complex64), np.full((3, 2), 2j, np.complex64)
    assert hyperbolic_product(a, b).dtype == np.float32
    assert hyperbolic_product(a, b.astype(complex)).dtype == np.float64
    real = np.ones((2, 3), np.float32)
    assert euclidean_product(real, real.T).dtype == np.float32
    assert euclidean_product(real, real.T.astype(int)).dtype == np.float64


def test_products_by_name():
    a, b = np.arange(6.0).reshape(2, 3), np.ones((3, 2))
    np.testing.assert_array_equal(product("dot", a, b), a @ b)
    np.testing.assert_array_equal(product("euclidean", a, b), euclidean_product(a, b))
    np.testing.assert_array_equal(dot_product(a, b), a @ b)


UPPER = np.full((2, 3), 1j)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: hyperbolic_product(UPPER - 1j, UPPER.T), r"A\[0, 0\].*upper half-plane.*y > 0"),
        (lambda: hyperbolic_product(UPPER, UPPER.T - 2j), r"B\[0, 0\].*6 of 6"),
        (lambda: hyperbolic_product(UPPER * np.nan, UPPER.T), "upper half-plane"),
        (lambda: hyperbolic_product(UPPER + np.inf, UPPER.T), "both finite"),
        (lambda: hyperbolic_product(np.ones((2, 3)), UPPER.T), "float64.*complex"),
        (lambda: hyperbolic_product(UPPER, UPPER), r"\(2, 3\) and \(2, 3\).*transposed"),
        (lambda: hyperbolic_product(1j, UPPER), r"shapes \(\)"),
        (lambda: hyperbolic_distance(1j, -1j), "upper half-plane"),
        (lambda: euclidean_product(np.ones((2, 3)), np.ones((2, 3))), "same n"),
        (lambda: euclidean_product(np.ones((2, 2, 3)), np.ones((3, 3, 2))), "leading axes"),
        (lambda: euclidean_product(np.full((2, 3), np.nan), np.ones((3, 2))), "not finite"),
        (lambda: euclidean_product(UPPER, UPPER.T), "complex128.*hyperbolic_product"),
        (lambda: euclidean_product([[2**62, 2**62]], [[-(2**62)], [0]]), "64-bit"),
        (lambda: product("cosine", UPPER, UPPER), "'cosine'.*dot, euclidean, hyperbolic"),
    ],
)  # fmt: skip
def test_bad_input_is_named(call, says):
    with pytest.raises(ValueError, match=says):
        call()
