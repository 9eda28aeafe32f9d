"""Angles keep their digits near both poles; the paper's losses are what its equations print."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from entanglement.geometry.angles import (
    angle,
    cotangent_between,
    loss_fold,
    loss_minus,
    loss_plus,
    split,
)

cotangents = st.floats(allow_nan=False)


@given(cotangents)
def test_losses_are_equations_21_and_23(c):
    cos = np.cos(np.arctan2(1.0, c))
    assert loss_plus(c) == pytest.approx(np.arccos(cos) / np.pi, abs=3e-8)
    assert loss_minus(c) == pytest.approx(1 - np.arccos(cos) / np.pi, abs=3e-8)


@given(cotangents)
def test_losses_are_symmetric_about_the_right_angle(c):
    assert loss_minus(c) == loss_plus(-c)
    assert loss_fold(c) == min(loss_plus(c), loss_minus(c))
    assert loss_plus(c) + loss_minus(c) == pytest.approx(1, rel=1e-15)


def test_angle_has_its_values_at_the_poles_and_between():
    np.testing.assert_array_equal(angle([np.inf, 0.0, -np.inf]), [0.0, 0.5, 1.0])


@pytest.mark.parametrize("exponent", [8, 16, 100, 200, 300])
def test_a_collapse_keeps_its_digits_at_both_poles(exponent):
    tiny = 10.0**-exponent / np.pi
    assert loss_plus(10.0**exponent) == pytest.approx(tiny, rel=1e-15)
    assert loss_minus(-(10.0**exponent)) == pytest.approx(tiny, rel=1e-15)


@pytest.mark.parametrize("theta", [1e-12, 1e-6, 0.3, np.pi / 2, np.pi - 1e-6])
def test_cotangent_of_vectors_at_a_known_angle(theta):
    rng = np.random.default_rng(1)
    u, v = np.linalg.qr(rng.normal(size=(7, 2)))[0].T
    c = cotangent_between(u, 5 * (np.cos(theta) * u + np.sin(theta) * v))
    assert c == pytest.approx(1 / np.tan(theta), rel=1e-15 / min(theta, np.pi - theta), abs=1e-15)


def test_parallel_vectors_have_an_infinite_cotangent():
    rng = np.random.default_rng(2)
    x = rng.normal(size=(50, 9))
    u = x / np.linalg.norm(x, axis=-1, keepdims=True)
    np.testing.assert_array_equal(cotangent_between(u, 3 * x), np.inf)
    np.testing.assert_array_equal(cotangent_between(u, -x), -np.inf)


def test_the_rest_is_orthogonal_however_small_it_is():
    rng = np.random.default_rng(3)
    u = rng.normal(size=100)
    u /= np.linalg.norm(u)
    _, rest = split(u, u + 1e-12 * rng.normal(size=(20, 100)))
    assert np.all(np.abs(rest @ u) <= 1e-15 * np.linalg.norm(rest, axis=-1))
