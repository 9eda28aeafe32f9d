"""T8: the error of sign bits, against simulation, a closed form, and far into the tail."""

import numpy as np
import pytest
from scipy.special import ndtr, ndtri, owens_t

from entanglement.theory.keybits import error_rate, key_bit_error, one_rate, perfect_rate
from entanglement.theory.laws import scalar_chain
from entanglement.theory.selection import threshold, threshold_nodes


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


def simulated(k, n, layers, networks, rng):
    """Folded error and angle of one probe a network, by the algorithm as printed."""
    error, angle = np.empty((2, networks, layers + 1))
    for i in range(networks):
        w, probe = rng.standard_normal((2, k))
        sign = 1.0
        for layer in range(layers + 1):
            wrong = np.mean((w > 0) != (probe > 0))
            error[i, layer] = wrong if sign > 0 else 1 - wrong
            cosine = w @ probe / np.linalg.norm(w) / np.linalg.norm(probe)
            angle[i, layer] = np.arccos(min(abs(cosine), 1.0)) / np.pi
            sign = np.sign(cosine)
            rows = rng.standard_normal((n, k))
            kept = rows[np.argsort(-np.abs(rows @ w))[:k]]
            w, probe = kept @ w, kept @ probe
    return error, angle


@pytest.mark.parametrize(("k", "n"), [(2, 2), (3, 8), (6, 12)])
def test_key_bits_of_whole_networks_obey_the_exact_law(k, n):
    error, angle = simulated(k, n, 5, 4000, np.random.default_rng(8))
    theory = error_rate(k, n, 5)
    standard_error = error.std(axis=0, ddof=1) / np.sqrt(len(error))
    assert np.all(np.abs(error.mean(axis=0) - theory) < 4 * standard_error)
    perfect, expected = np.mean(error == 0, axis=0), perfect_rate(k, n, 5)
    spread = np.sqrt(expected * (1 - expected) / len(error))
    assert np.all(np.abs(perfect - expected)[1:] < 4 * spread[1:])
    if n > k:  # Control: the angle, which it is not.
        assert np.max(np.abs(angle.mean(axis=0) - theory)[2:] / standard_error[2:]) > 5


def test_independent_inputs_start_with_half_of_their_bits_wrong():
    assert error_rate(256, 400, 3)[0] == 0.5
    assert perfect_rate(10, 14, 3)[0] == 2.0**-9


@pytest.mark.parametrize(
    ("k", "n", "level"), [(400, 400, 0.05), (400, 560, 0.05), (400, 560, -0.02)]
)
def test_share_of_ones_at_a_level(k, n, level):
    rng, shares = np.random.default_rng(3), []
    for _ in range(400):
        z = rng.standard_normal(n)
        z = z[np.argsort(-np.abs(z))[:k]]
        shares.append(np.mean(z / np.linalg.norm(z) > level))
    # The norm is taken at its large-k value, good to 1/k here.
    assert abs(np.mean(shares) - one_rate(k, n, level)) < 4 * np.std(shares) / 20 + 1 / k


def test_t8_in_narrow_layers_has_nodes_enough():
    # The mean over a dense rule for the threshold's tail probability, in its logit.
    k, n, c = 2, 10, np.array([0.1, 1.0, 3.0])
    logit = np.linspace(-14, 16, 1201)
    p = 1 / (1 + np.exp(-logit))
    mass = p ** (k + 1) * (1 - p) ** (n - k)
    t = -ndtri(p / 2)
    given = (1 / p) * (ndtr(-t) - 2 * owens_t(t, c[:, None]))
    exact = given @ mass / mass.sum()
    np.testing.assert_allclose(key_bit_error(k, n, c), exact, rtol=2e-7)
    # Control: as few nodes as wide layers have are not enough.
    few = sum(
        m * key_bit_error(10**8, round(10**8 / (2 * ndtr(-x))), c)
        for x, m in zip(*threshold_nodes(k, n), strict=True)
    )
    assert np.max(np.abs(few / exact - 1)) > 1e-6
