"""The law of the gain: closed cases, limits, and simulation that draws the candidates."""

import numpy as np
import pytest
from scipy.special import psi
from scipy.stats import norm

from entanglement.theory.selection import (
    gain_asymptotic,
    gauss_nodes,
    log_gain_nodes,
    mean_log_gain,
    threshold,
)

SIZES = [(2, 3), (2, 10), (3, 4), (7, 23), (40, 41), (64, 640)]


def drawn_log_gains(k, n, weights, samples=20_000):
    """ln A the literal way: sort n absolute normal numbers."""
    rng = np.random.default_rng(k * n)
    found = []
    for _ in range(0, samples, 1000):
        squares = np.sort(rng.normal(size=(1000, n)) ** 2, axis=-1)
        kept = {"top": squares[:, n - k :], "minimum": squares[:, :k], "random": squares[:, :k]}
        if weights == "random":
            kept["random"] = rng.normal(size=(1000, k)) ** 2
        found.append(np.log(kept[weights].sum(axis=-1)) / 2)
    return np.concatenate(found)


@pytest.mark.parametrize("weights", ["top", "minimum", "random"])
@pytest.mark.parametrize(("k", "n"), SIZES)
def test_law_of_the_gain_is_that_of_sorted_normal_numbers(k, n, weights):
    drawn = drawn_log_gains(k, n, weights)
    error = drawn.std() / np.sqrt(drawn.size)
    assert abs(drawn.mean() - mean_log_gain(k, n, weights)) < 4.5 * error
    nodes, mass = log_gain_nodes(k, n, weights)
    centre = mean_log_gain(k, n, weights)
    for power in (2, 3, 4):
        sample = (drawn - centre) ** power
        expected = mass @ (nodes - centre) ** power
        assert abs(sample.mean() - expected) < 5 * sample.std() / np.sqrt(drawn.size)


def test_control_the_law_tells_one_candidate_more_or_less():
    drawn = drawn_log_gains(7, 23, "top")
    error = drawn.std() / np.sqrt(drawn.size)
    assert abs(drawn.mean() - mean_log_gain(7, 24)) > 4.5 * error
    assert abs(drawn.mean() - mean_log_gain(7, 22)) > 4.5 * error


@pytest.mark.parametrize("k", [2, 3, 17, 2500])
def test_without_selection_the_gain_is_chi_distributed(k):
    expected = (np.log(2) + psi(k / 2)) / 2
    assert mean_log_gain(k, k) == pytest.approx(expected, rel=1e-14)
    assert mean_log_gain(k, 10 * k, "random") == pytest.approx(expected, rel=1e-14)
    nodes, mass = log_gain_nodes(k, k)
    assert mass @ nodes == pytest.approx(expected, rel=1e-12)
    assert mass @ np.exp(2 * nodes) == pytest.approx(k, rel=1e-9)


def test_the_two_largest_of_three_in_closed_form():
    # Density of the kept pair (a, a s), s < 1: 3! f(a) f(a s) F(a s), the third one being smaller.
    x, mass = np.polynomial.legendre.leggauss(120)
    a, s = 4.75 * (1 + x)[:, None], (1 + x) / 2
    density = 6 * 2 * norm.pdf(a) * 2 * norm.pdf(a * s) * (2 * norm.cdf(a * s) - 1) * a
    weights = 4.75 * mass[:, None] * mass / 2 * density
    assert weights.sum() == pytest.approx(1, rel=1e-9)
    expected = np.sum(weights * np.log(a * np.sqrt(1 + s**2)))
    assert mean_log_gain(2, 3) == pytest.approx(expected, rel=1e-8)


def test_threshold_and_root_mean_square():
    assert threshold(5, 5) == 0.0
    assert gain_asymptotic(5, 5) == 1.0
    # Half of the absolute values of a normal number lie beyond .6745.
    assert threshold(1, 2) == pytest.approx(0.6744897501960817)
    assert gain_asymptotic(50, 100) == gain_asymptotic(500, 1000)


@pytest.mark.parametrize("ratio", [1.4, 4, 64, 10**6])
def test_the_gain_tends_to_its_asymptote(ratio):
    errors = [
        abs(
            mean_log_gain(k, int(ratio * k))
            - np.log(gain_asymptotic(k, int(ratio * k)))
            - np.log(k) / 2
        )
        for k in (250, 2500, 25_000)
    ]
    assert errors[2] < 1e-4
    # The error falls as 1 / k.
    assert errors[0] / errors[1] == pytest.approx(10, rel=0.1)
    assert errors[1] / errors[2] == pytest.approx(10, rel=0.1)


def test_ten_to_the_twelve_candidates():
    # ln of the largest squares: 2 ln n - ln ln n - ..., here to the digits of independent work.
    assert mean_log_gain(2, 10**12) == pytest.approx(np.log(7.1 * np.sqrt(2)), abs=0.03)
    assert -30 < mean_log_gain(2, 10**12, "minimum") < -25


def test_gauss_nodes_integrate_polynomials_exactly():
    x = np.linspace(-1, 1, 400)
    mass = np.full(400, 1 / 400)
    nodes, weights = gauss_nodes(x, mass, 6)
    for power in range(12):
        assert weights @ nodes**power == pytest.approx(mass @ x**power, abs=1e-14)


def test_unknown_families_are_named():
    with pytest.raises(ValueError, match="no law of the gain for weights 'best'"):
        mean_log_gain(2, 10, "best")
