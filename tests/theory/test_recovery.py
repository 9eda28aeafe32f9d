"""What is left of the noise, and from which layer on it is little."""

import numpy as np
import pytest

from entanglement.theory import recovery


def test_layers_needed_counts_from_the_last_failure():
    error = np.array([[1, 0.01, 1, 0.01, 0.01], [1, 1, 1, 1, 1], [0.01] * 5])
    np.testing.assert_array_equal(recovery.layers_needed(error), [3, np.inf, 0])
    np.testing.assert_array_equal(recovery.layers_needed(error, 0.001), [np.inf] * 3)


def test_the_error_is_that_of_unit_vectors_of_the_better_sign():
    rng = np.random.default_rng(3)
    u, v = (x / np.linalg.norm(x) for x in rng.normal(size=(2, 16)))
    cosine = u @ v
    better = 7 * min(np.linalg.norm(u - v), np.linalg.norm(u + v))
    found = recovery.error(cosine / np.sqrt(1 - cosine**2), 7.0, 16)
    np.testing.assert_allclose(found, better / 4)


@pytest.mark.parametrize("alpha", [10.0, 100.0, 1000.0])
def test_u7_is_the_correlation_and_the_hits_of_drawn_noise(alpha):
    k, draws = 400, 4000
    rng = np.random.default_rng(7)
    m = rng.standard_normal(k)
    m = (m - m.mean()) / m.std()
    u = rng.standard_normal((draws, k))
    u /= np.linalg.norm(u, axis=1, keepdims=True)
    y = m + alpha * u
    found = (y @ m) / np.linalg.norm(y, axis=1) / np.sqrt(k)
    error = found.std() / np.sqrt(draws)
    law = recovery.visibility(alpha, k)
    assert abs(found.mean() - law) < 4.5 * error + 2 * law / k
    assert abs(found.mean() - recovery.visibility(2 * alpha, k)) > 10 * error
    half = draws // 2
    right = y[:half] @ m > alpha * (u[half:] @ m)
    sd = np.sqrt(max(right.mean() * (1 - right.mean()), 1 / half) / half)
    assert abs(right.mean() - recovery.detection(alpha, k)) < 4.5 * sd


def test_from_invisible_on_a_filter_is_right_in_55_percent():
    alpha = recovery.invisible(2500)
    assert recovery.detection(alpha, 2500) == pytest.approx(0.55)
    assert alpha > 5 * 2500
    assert recovery.visibility(100, 2500) == pytest.approx(0.4472, abs=1e-4)
    assert recovery.detection(0.0, 9) == recovery.visibility(0.0, 9) == 1


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (lambda: recovery.visibility(-1, 9), "alpha"),
        (lambda: recovery.detection(1, 1), "k = 1"),
        (lambda: recovery.invisible(9, 0.5), "detected"),
    ],
)
def test_parameters_outside_the_domain_are_named(call, named):
    with pytest.raises(ValueError, match=named):
        call()
