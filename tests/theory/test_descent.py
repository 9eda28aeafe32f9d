"""The law of Algorithm 2's loss: against quadrature, simulation, limits, and a wrong matrix."""

from itertools import pairwise

import numpy as np
import pytest
from scipy.integrate import quad

from entanglement.networks import descent as simulation
from entanglement.theory import descent

MATRICES = np.array(
    [
        [[1.0, 0.3], [-0.2, 0.8]],
        [[5.0, 4.9], [5.1, 5.2]],
        [[0.0, 2.0], [-0.1, 0.0]],
        [[-3.0, 1.0], [1.0, 0.5]],
    ]
)
TARGET = np.array([1.0, 1.0])


def _law(matrix):
    ratio, axis = descent.axis(matrix)
    return ratio, np.pi / 4 - axis


def _mean_by_quadrature(matrix, loss):
    """Average over the input's direction, split where the output passes the target."""

    def value(t):
        output = matrix @ np.array([np.cos(t), np.sin(t)])
        return float(loss(simulation.turn(output, TARGET)))

    kinks = np.linalg.solve(matrix, np.stack([TARGET, [-1, 1]], axis=1)).T
    angles = np.sort(np.mod(np.arctan2(kinks[:, 1], kinks[:, 0]), np.pi))
    edges = np.concatenate([[0], angles, np.pi + angles, [2 * np.pi]])
    parts = [quad(value, a, b, limit=500, epsabs=1e-11)[0] for a, b in pairwise(edges)]
    return sum(parts) / (2 * np.pi)


def test_the_axis_is_that_of_the_singular_values():
    for matrix in MATRICES:
        left, sizes, _ = np.linalg.svd(matrix)
        ratio, axis = descent.axis(matrix)
        assert ratio == pytest.approx(sizes[1] / sizes[0], rel=1e-12)
        aligned = abs(left[:, 0] @ [np.cos(axis), np.sin(axis)])
        assert aligned == pytest.approx(1, abs=1e-12)


def test_a_nearly_rank_one_matrix_keeps_the_digits_of_its_ratio():
    matrix = np.diag([1.0, 1e-12])
    assert descent.axis(matrix)[0] == pytest.approx(1e-12, rel=1e-9)


def test_a_zero_matrix_has_no_direction():
    assert np.isnan(descent.axis(np.zeros((2, 2)))[1])


@pytest.mark.parametrize("matrix", MATRICES)
def test_mean_losses_are_those_of_quadrature(matrix):
    exact = descent.mean_loss(*_law(matrix)), descent.mean_folded_loss(*_law(matrix))
    assert exact[0] == pytest.approx(_mean_by_quadrature(matrix, simulation.loss), abs=1e-8)
    assert exact[1] == pytest.approx(_mean_by_quadrature(matrix, simulation.folded_loss), abs=1e-8)


def test_means_go_from_unrelated_directions_to_one_half_and_zero():
    assert descent.mean_loss(1.0) == pytest.approx(2 / np.pi, rel=1e-14)
    assert descent.mean_loss(0.0) == pytest.approx(0.5, rel=1e-14)
    assert descent.mean_folded_loss(1.0) == pytest.approx(0.3729, abs=1e-4)
    assert descent.mean_folded_loss(0.0) == 0
    small = descent.mean_folded_loss(np.array([1e-3, 1e-6, 1e-9]))
    assert np.all(np.diff(small) < 0)
    assert np.all(small > 0)


def test_the_mean_is_that_of_the_distribution():
    """E loss = integral of 1 - P(loss <= x)."""
    for matrix in MATRICES:
        law = _law(matrix)
        edge = np.sin(np.abs(np.arctan2(np.sin(2 * law[1]), np.cos(2 * law[1]))) / 4)
        tail = quad(lambda x, law=law: 1 - float(descent.loss_cdf(x, *law)), 0, 1,
                    points=[edge, np.sqrt(1 - edge**2)], limit=500)[0]  # fmt: skip
        assert tail == pytest.approx(descent.mean_loss(*law), abs=1e-7)


def _worst(matrix, losses, law):
    x = np.linspace(0.05, 0.95, 19)
    expected = descent.loss_cdf(x, *law)
    found = np.mean(losses[:, None] <= x, axis=0)
    return np.max(np.abs(found - expected) / np.sqrt(expected * (1 - expected) / len(losses)))


@pytest.mark.parametrize("number", range(len(MATRICES)))
def test_simulated_losses_follow_the_law_and_not_another_matrix_s(number):
    matrix = MATRICES[number]
    probes = np.random.default_rng(number).standard_normal((100_000, 2))
    losses = simulation.loss(simulation.turn(probes @ matrix.T, TARGET))
    assert _worst(matrix, losses, _law(matrix)) < 4.5
    assert _worst(matrix, losses, _law(MATRICES[number - 1])) > 20


def test_two_probes_of_one_matrix_follow_the_pair_law():
    matrix = MATRICES[0]
    first, second = np.random.default_rng(5).standard_normal((2, 100_000, 2)) @ matrix.T
    losses = simulation.loss(simulation.turn(first, second))
    ratio = descent.axis(matrix)[0]
    assert _worst(matrix, losses, (descent.pair_ratio(ratio), 0.0)) < 4.5
    assert _worst(matrix, losses, (ratio, 0.0)) > 20


@pytest.mark.parametrize(("spread", "offset"), [(0.03, 0.0), (0.3, 0.4), (2.0, 0.1)])
def test_wanderers_lose_what_random_matrices_of_their_spread_lose(spread, offset):
    rng = np.random.default_rng(6)
    (x, s), n = rng.standard_normal((2, 400_000)), rng.standard_normal((400_000, 2))
    outputs = np.outer(x, [1, 0]) + spread * s[:, None] * n
    aim = np.array([np.cos(offset), np.sin(offset)])
    losses = simulation.folded_loss(simulation.turn(outputs, aim))
    error = losses.std() / np.sqrt(losses.size)
    exact = descent.mean_loss_of_wanderers(spread, offset)
    assert abs(losses.mean() - exact) < 4.5 * error
    assert abs(losses.mean() - descent.mean_loss_of_wanderers(1.3 * spread, offset + 0.02)) > (
        20 * error
    )


def test_wanderers_of_no_spread_collapse_and_of_any_spread_approach_unrelated_directions():
    assert descent.mean_loss_of_wanderers(0.0) == 0
    small = descent.mean_loss_of_wanderers(np.array([1e-9, 1e-6, 1e-3, 1.0, 1e3]))
    assert np.all(np.diff(small) > 0)
    assert small[-1] == pytest.approx(descent.mean_folded_loss(1.0), rel=1e-2)
