"""Intervals: known values, coverage over repeated experiments, and what they refuse."""

import numpy as np
import pytest

from entanglement.statistics import estimates
from entanglement.statistics.agreement import largest_t
from entanglement.statistics.estimates import bootstrap, mean, proportion, scalar


def covered(made, truth):
    return np.mean([e.low <= truth <= e.high for e in made])


def test_mean_is_student_t():
    made = mean([1.0, 2.0, 3.0, 4.0, 5.0])
    # t(4 degrees of freedom, .975) = 2.776445, standard error sqrt(2.5 / 5).
    assert made.value == 3
    assert made.standard_error == pytest.approx(np.sqrt(0.5))
    assert made.high - made.value == pytest.approx(2.7764451052 * np.sqrt(0.5))
    assert (made.networks, made.kind, made.probability) == (5, "Student t", 0.95)


def test_mean_covers_the_truth_as_often_as_it_says():
    rng = np.random.default_rng(1)
    found = covered([mean(rng.normal(2.0, 3.0, 8)) for _ in range(4000)], 2.0)
    assert abs(found - 0.95) < 4 * np.sqrt(0.95 * 0.05 / 4000)


@pytest.mark.parametrize(
    ("successes", "networks", "low", "high"),
    # Newcombe 1998, Statistics in Medicine 17:857, table I, method 3.
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_proportion_is_wilsons_interval(successes, networks, low, high):
    made = proportion(successes, networks)
    assert (made.low, made.high) == pytest.approx((low, high), abs=5e-5)
    assert made.value == successes / networks
    mirrored = proportion(networks - successes, networks)
    assert (1 - mirrored.high, 1 - mirrored.low) == pytest.approx((made.low, made.high), abs=1e-12)


@pytest.mark.parametrize("p", [0.02, 0.118, 0.5])
def test_proportion_covers_the_truth(p):
    rng = np.random.default_rng(2)
    drawn = [proportion(int(s), 60) for s in rng.binomial(60, p, 3000)]
    assert 0.92 < covered(drawn, p) < 0.99


def test_bootstrap_is_bca(monkeypatch):
    # Efron and Tibshirani's spatial test data, table 14.2: 90 % BCa interval of the variance.
    a = np.array([
        48, 36, 20, 29, 42, 42, 20, 42, 22, 41, 45, 14, 6,
        0, 33, 28, 34, 4, 32, 24, 47, 41, 24, 26, 30, 41,
    ])  # fmt: skip
    monkeypatch.setattr("entanglement.statistics.estimates.PROBABILITY", 0.90)
    made = bootstrap(a, np.var)
    assert made.value == pytest.approx(171.5, abs=0.05)
    assert (made.low, made.high) == pytest.approx((115.8, 259.6), rel=0.04)
    assert made == bootstrap(a, np.var)
    assert made.kind == "BCa bootstrap"


def test_bootstrap_covers_a_median_over_networks():
    rng = np.random.default_rng(3)
    found = covered([bootstrap(rng.exponential(size=25), np.median) for _ in range(60)], np.log(2))
    assert found > 0.82


def test_bootstrap_of_networks_that_never_arrive_is_infinite():
    """Depths needed are infinite where a network does not get there; no end may become NaN."""
    made = bootstrap([3.0, np.inf, np.inf], np.median)
    assert (made.value, made.low, made.high) == (np.inf, 3.0, np.inf)
    assert made.kind == "percentile bootstrap"


def test_bootstrap_takes_networks_whole():
    """Probes of one network are one observation: copies of them narrow nothing."""
    rng = np.random.default_rng(4)
    x = rng.normal(size=(20, 1))
    alone = bootstrap(x, np.mean)
    assert alone == bootstrap(np.repeat(x, 50, axis=1), lambda y: np.mean(y[:, 0]))
    copied = bootstrap(np.repeat(x, 50, axis=1), np.mean)
    assert copied.high - copied.low == pytest.approx(alone.high - alone.low, rel=1e-9)


def test_a_statistic_that_does_not_move_has_its_own_value_as_interval():
    made = bootstrap(np.ones(30), np.median)
    assert (made.low, made.value, made.high) == (1, 1, 1)


@pytest.mark.parametrize("networks", [0, 1])
def test_too_few_networks_have_no_interval(networks):
    for made in (mean(np.ones(networks)), bootstrap(np.ones(networks), np.median)):
        assert np.isnan(made.low)
        assert np.isnan(made.high)
        assert made.networks == networks
        assert np.isnan(made.value) == (networks == 0)
    assert np.isnan(proportion(0, 0).value)


def test_largest_t_is_below_its_quantile_when_the_theory_is_true_and_above_when_not():
    rng = np.random.default_rng(5)
    theory = np.sin(np.arange(15))
    exceeded = 0
    for _ in range(1000):
        largest, quantile = largest_t(theory + rng.normal(size=(12, 15)), theory)
        exceeded += largest > quantile
    assert exceeded <= 6
    largest, quantile = largest_t(theory + 0.3 + 0.1 * rng.normal(size=(12, 15)), theory)
    assert largest > quantile


def test_largest_t_leaves_out_what_cannot_be_compared():
    curves = np.array([[0.0, 1.0, np.nan], [0.0, 3.0, 5.0]])
    largest, quantile = largest_t(curves, [0.0, 2.0, 5.0])
    assert (largest, quantile) == (0.0, pytest.approx(636.619, rel=1e-5))
    # Networks that agree with each other and not with the theory are infinitely far from it.
    assert largest_t(np.ones((5, 2)), [1.0, 2.0])[0] == np.inf


def test_scalar_carries_its_interval():
    made = scalar(mean([1.0, 2.0, 3.0]), "mean folded loss")
    assert made.ndim == 0
    assert made.attrs["ci_low"] < float(made) < made.attrs["ci_high"]
    assert made.attrs["long_name"] == "mean folded loss"
    assert (made.attrs["networks"], made.attrs["units"]) == (3, "1")


def test_averaging_over_probes_comes_first():
    with pytest.raises(ValueError, match="one number for each network"):
        mean(np.ones((5, 100)))


@pytest.mark.parametrize(("successes", "networks"), [(-1, 5), (6, 5)])
def test_impossible_counts_are_named(successes, networks):
    with pytest.raises(ValueError, match="give 0 <= successes <= networks"):
        proportion(successes, networks)


def test_clopper_pearson_has_a_width_at_nought_and_at_all():
    from scipy.stats import binomtest

    for yes, units in ((0, 8), (3, 8), (8, 8), (1, 96)):
        expected = binomtest(yes, units).proportion_ci(method="exact")
        found = estimates.clopper_pearson(yes / units, units)
        assert (found.low, found.high) == pytest.approx((expected.low, expected.high), rel=1e-9)
        assert found.high > found.low
    assert np.isnan(estimates.clopper_pearson(0.0, 0).value)


def test_a_count_that_all_networks_share_is_exact_and_another_is_a_mean():
    assert estimates.counts([3, 3, 3]).kind == "exact"
    assert estimates.counts([3, 3, 4]) == estimates.mean([3, 3, 4])
    assert np.isnan(estimates.counts([3]).low)
