"""Chi-square of many statistics against theory: what it is of the truth, and of what is not."""

import numpy as np
import pytest
from scipy.stats import chi2

from entanglement.statistics import agreement


def test_of_the_truth_its_probability_is_uniform():
    rng, networks = np.random.default_rng(1), np.array([6, 12, 30, 400] * 8)
    found = [agreement.overall(rng.standard_t(networks - 1), networks)[2] for _ in range(2000)]
    for level in (0.01, 0.1, 0.5, 0.9):
        error = np.sqrt(level * (1 - level) / len(found))
        assert abs(np.mean(np.array(found) < level) - level) < 4 * error


def test_a_theory_that_is_off_by_more_than_a_standard_error_is_rejected():
    rng, networks = np.random.default_rng(2), np.full(40, 100)
    t = rng.standard_t(networks - 1)
    assert agreement.overall(t, networks)[2] > 0.01
    assert agreement.overall(t + 1.5, networks)[2] < 1e-3


def test_many_networks_give_the_plain_sum_of_squares():
    square, freedom, p = agreement.overall([1.0, -2.0, 0.0, np.nan], [10**9] * 4)
    assert (square, freedom) == (pytest.approx(5, rel=1e-6), 2)
    assert p == pytest.approx(chi2.sf(5, 2), rel=1e-6)


def test_nothing_to_compare_has_no_probability():
    square, freedom, p = agreement.overall([np.nan, 0.0, 1.0], [5, 5, 1])
    assert (square, freedom) == (0.0, 0)
    assert np.isnan(p)
