"""Eq. 6: the likelihood takes almost every value twice."""

import numpy as np
import pytest

from entanglement.theory.likelihood import bias, code_length, mean_distance, other_root


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


@pytest.mark.parametrize(("n", "right"), [(96, True), (64, False)])
def test_the_bias_is_that_of_literally_kept_rows(n, right):
    """Rows kept of 96 against the bias of this n and of no selection, which is none."""
    k, theta, networks = 64, 0.2, 4000
    rng = np.random.default_rng(4)
    z = np.sort(np.abs(rng.standard_normal((networks, 96))), axis=1)[:, -k:]
    cosine, sine = np.cos(np.pi * theta), np.sin(np.pi * theta)
    share = (cosine * z + sine * rng.standard_normal(z.shape) < 0).mean(axis=1)
    error = share.std() / np.sqrt(networks)
    assert (abs(share.mean() - theta - bias(k, n, theta)) < 4.5 * error) == right


def test_eq_7_holds_only_where_the_count_is_n_theta():
    entropy = 100 * (-0.2 * np.log2(0.2) - 0.8 * np.log2(0.8))
    assert code_length(20, 100, 0.2) == pytest.approx(entropy)
    assert code_length(30, 100, 0.2) == pytest.approx(92.19, abs=0.01)
    assert entropy == pytest.approx(72.19, abs=0.01)


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (lambda: bias(4, 3, 0.1), "n = 3"),
        (lambda: bias(4, 8, 0.6), "theta = 0.6"),
        (lambda: bias(4, 8, 0.0), "theta = 0.0"),
        (lambda: code_length(5, 4, 0.1), "hits = 5"),
        (lambda: code_length(1, 4, 0.0), "theta = 0.0"),
    ],
)
def test_parameters_outside_the_domain_are_named(call, named):
    with pytest.raises(ValueError, match=named):
        call()
