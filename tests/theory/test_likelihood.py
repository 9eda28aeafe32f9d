"""Eq. 6: the likelihood takes almost every value twice."""

import numpy as np
import pytest

from entanglement.theory.likelihood import mean_distance, other_root


@pytest.mark.parametrize(("hits", "theta"), [(30, 0.2), (50, 0.2), (7, 0.4), (80, 0.45)])
def test_the_other_root_is_where_a_fine_grid_finds_it(hits, theta):
    grid = np.linspace(1e-6, 1 - 1e-6, 1_000_001)
    value = hits * np.log(grid) + (100 - hits) * np.log(1 - grid)
    level = hits * np.log(theta) + (100 - hits) * np.log(1 - theta)
    roots = grid[:-1][np.diff(np.sign(value - level)) != 0]
    assert len(roots) == 2
    found = float(other_root(hits, 100, theta))
    assert np.abs(roots - found).min() < 3e-6
    assert abs(found - theta) > 0.01


def test_a_fair_coin_mirrors_it_and_the_maximum_has_none():
    assert other_root(50, 100, 0.2) == pytest.approx(0.8, rel=1e-12)
    np.testing.assert_array_equal(other_root([0, 20, 100], 100, 0.2), 0.2)


def test_the_mean_distance_is_that_of_drawn_bits():
    hits = np.random.default_rng(3).binomial(128, 0.3, 100_000)
    distance = np.abs(other_root(hits, 128, 0.3) - 0.3)
    error = distance.std() / len(distance) ** 0.5
    assert abs(distance.mean() - mean_distance(128, 0.3)) < 4.5 * error
    # Control: bits that differ a little more often.
    assert abs(distance.mean() - mean_distance(128, 0.33)) > 4.5 * error
