"""T8: the error of sign bits, against simulation, a closed form, and far into the tail."""

import numpy as np
import pytest
from scipy.special import ndtr, owens_t

from entanglement.theory.keybits import error_rate, key_bit_error
from entanglement.theory.laws import scalar_chain
from entanglement.theory.selection import threshold


def test_t8_is_the_error_of_literal_layers():
    rng, k, n, c = np.random.default_rng(1), 60, 150, 1.7
    errors = []
    for _ in range(2000):
        candidates = rng.normal(size=(n, 2))
        kept = candidates[np.argsort(-np.abs(candidates[:, 0]))[:k]]
        errors.append(np.mean(np.sign(kept[:, 0]) != np.sign(c * kept[:, 0] + kept[:, 1])))
    error = np.std(errors) / np.sqrt(len(errors))
    assert abs(np.mean(errors) - key_bit_error(k, n, c)) < 4 * error
    # Control: the angle, which it is not.
    assert abs(np.mean(errors) - np.arctan2(1, c) / np.pi) > 20 * error


@pytest.mark.parametrize("ratio", [1.08, 1.5, 1000])
def test_t8_tends_to_owens_t_function(ratio):
    # For large k the threshold is certain, and the integral closed.
    k = 10**8
    n = int(ratio * k)
    t, c = threshold(k, n), np.array([-2.0, -0.1, 0.0, 0.01, 0.5, 1.5])
    closed = 2 * n / k * (ndtr(-t) / 2 - owens_t(t, np.abs(c)))
    np.testing.assert_allclose(key_bit_error(k, n, c), closed, rtol=1e-5, atol=1e-12)


def test_t8_without_selection_is_the_folded_angle():
    c = np.array([-3.0, 0.0, 2.0, 1e200])
    np.testing.assert_allclose(key_bit_error(9, 9, c), np.arctan2(1, np.abs(c)) / np.pi)


def test_t8_keeps_its_digits_where_it_vanishes():
    # Laplace's method for large |c|: leading term of the exp(-(1 + c^2) t^2 / 2).
    k, n = 4 * 10**10, 6 * 10**10
    t = threshold(k, n)
    c = np.array([30.0, 45.0, 60.0])
    log_ratio = np.log(key_bit_error(k, n, c)) + (1 + c**2) * t**2 / 2
    leading = np.log(2 * n / k / (2 * np.pi) / (c * t**2 * (1 + c**2)))
    np.testing.assert_allclose(log_ratio, leading, atol=0.02)
    np.testing.assert_array_equal(key_bit_error(k, n, [1e200, np.inf, -np.inf]), 0.0)


def test_t8_averages_over_the_law_of_the_cotangent():
    k, n, depth = 400, 600, 20
    c = scalar_chain(k, n, depth, 20_000, np.random.default_rng(2))
    made = error_rate(k, n, depth)
    for layer in (1, 10, 20):
        drawn = key_bit_error(k, n, c[:, layer - 1])
        assert abs(drawn.mean() - made[layer]) < 4 * drawn.std() / np.sqrt(drawn.size)
