"""Algorithm 2 against its closed form, finite differences and known numbers."""

import numpy as np
import pytest

from entanglement.networks import descent
from entanglement.theory import descent as theory

START, AIM = np.array([0.1, 0.1]), np.array([1.0, 1.0])


def _factors(count, networks=5, seed=1):
    return np.random.default_rng(seed).standard_normal((networks, count, 2, 2))


def _squared_distance(factors, start, aim):
    return np.sum((descent.product(factors) @ start - aim) ** 2, axis=-1)


@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_gradients_are_those_of_finite_differences(count):
    factors, start, aim = _factors(count), np.array([0.3, -0.7]), np.array([1.5, 0.4])
    slopes = descent.gradient(factors, start, aim)
    for place in np.ndindex(count, 2, 2):
        shift = np.zeros((count, 2, 2))
        shift[place] = 1e-6
        change = _squared_distance(factors + shift, start, aim)
        change -= _squared_distance(factors - shift, start, aim)
        assert slopes[:, *place] == pytest.approx(change / 2e-6, rel=1e-6, abs=1e-7)


def test_one_factor_is_line_7_of_algorithm_2():
    factors = _factors(1)
    error = factors[:, 0] @ START - AIM
    expected = 2 * error[:, :, None] * START
    assert descent.gradient(factors, START, AIM)[:, 0] == pytest.approx(expected, rel=1e-14)


@pytest.mark.parametrize("eta", [0.01, 10, 25, 49, 51, 1000])
@pytest.mark.parametrize("scale", [1, 1e4])
def test_training_is_the_closed_form(eta, scale):
    factors = _factors(1)
    run = descent.descend(factors, START, scale * AIM, eta, 5)
    exact = theory.trained(factors[:, 0], START, scale * AIM, eta, 5)
    assert np.abs(run.iterate[:, -1] - exact).max() <= 1e-12 * np.abs(exact).max()
    q = theory.contraction(eta, START)
    for step in range(6):
        expected = q**step * run.error[:, 0]
        assert np.abs(run.error[:, step] - expected).max() <= 1e-9 * np.abs(run.error).max()


def test_training_error_falls_by_a_fifth_of_a_percent_and_grows_as_published():
    """Claim A8: eta = .01 gains 0.2 %, 25 solves in one step, 1000 diverges."""

    def ratio(eta, start):
        run = descent.descend(_factors(1), np.array(start), AIM, eta, 5)
        return np.linalg.norm(run.error[:, -1], axis=-1) / np.linalg.norm(run.error[:, 0], axis=-1)

    assert ratio(0.01, [0.1, 0.1]) == pytest.approx(0.998, abs=1e-4)
    assert ratio(25, [0.1, 0.1]) == pytest.approx(0, abs=1e-14)
    assert ratio(1000, [0.1, 0.1]) == pytest.approx(9.0e7, rel=0.005)
    assert ratio(1000, [0.11, 0.1]) == pytest.approx(1.5e8, rel=0.005)


def test_overflow_is_an_outcome_and_no_error():
    run = descent.descend(_factors(3), START, 1e6 * AIM, 100.0, 8)
    assert not np.isfinite(run.iterate[:, -1]).all()
    assert np.isfinite(run.iterate[:, 0]).all()


def test_the_input_is_not_changed():
    factors = _factors(3)
    before = factors.copy()
    descent.descend(factors, START, AIM, 0.1, 3)
    assert np.array_equal(factors, before)


def test_the_loss_keeps_its_digits_near_both_poles():
    tiny = 1e-12
    outputs = np.array([[1.0, tiny], [-1.0, tiny]])
    angle = descent.turn(outputs, np.array([1.0, 0.0]))
    assert descent.loss(angle)[0] == pytest.approx(tiny / 2, rel=1e-12)
    assert descent.folded_loss(angle) == pytest.approx([tiny / 2, tiny / 2], rel=1e-3)


def test_the_loss_is_half_the_chord_of_eq_32():
    outputs = np.random.default_rng(2).standard_normal((100, 2))
    target = AIM / np.linalg.norm(AIM)
    chord = outputs / np.linalg.norm(outputs, axis=1, keepdims=True) - target
    expected = np.linalg.norm(chord, axis=1) / 2
    assert descent.loss(descent.turn(outputs, 3 * target)) == pytest.approx(expected, abs=1e-15)
