"""Intervals over pairs of networks that share members, and between groups."""

import numpy as np
import pytest

from entanglement.statistics import agreement, curves, estimates, pairs
from entanglement.statistics.estimates import NOTHING


def every_pair(networks):
    return np.array([(i, j) for i in range(networks) for j in range(i)]).T


def test_pairs_that_share_a_network_widen_the_interval():
    """A network's own effect is in all of its pairs: independence of pairs covers too seldom."""
    rng, covered, naive = np.random.default_rng(1), 0, 0
    members = every_pair(10)
    for _ in range(400):
        own = rng.normal(size=10)
        samples = own[members].sum(0) + 0.3 * rng.normal(size=members.shape[1])
        made, plain = pairs.mean(samples, members), estimates.mean(samples)
        covered += made.low <= 0 <= made.high
        naive += plain.low <= 0 <= plain.high
    assert covered > 0.85 * 400
    assert naive < 0.7 * 400


def test_a_jackknifed_ratio_is_that_of_the_sums_where_networks_are_alike():
    below = np.full((5, 5), 4.0)
    made = pairs.ratio((below / 2, below), (below / 2, below))
    assert made.value == pytest.approx(0.5)
    assert made.networks == 10


@pytest.mark.parametrize("networks", [0, 1, 2])
def test_too_few_networks_give_nothing(networks, recwarn):
    square = np.ones((networks, networks))
    assert pairs.ratio((square, square)) == NOTHING
    members = every_pair(networks).reshape(2, -1)
    assert pairs.mean(np.ones(members.shape[1]), members) == NOTHING
    assert estimates.welch(np.ones(1), np.ones(networks)) == NOTHING
    assert np.isnan(agreement.over_limit(np.ones((min(networks, 1), 3)), np.ones(3)))
    assert np.isnan(curves.of_mean(np.ones((1, 3)), lambda c: c[..., 0])[1])
    assert not recwarn


def test_welch_of_groups_with_unequal_spread():
    # Welch 1938 as in R's t.test(extra ~ group, sleep): t = -1.8608, df = 17.776, p = .07939.
    first = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
    second = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]
    made = estimates.welch(first, second)
    assert (made.low, made.high) == pytest.approx((-3.3654832, 0.2054832), abs=1e-6)


def test_share_is_a_proportion_over_networks():
    assert estimates.share([True, False, True, True]) == estimates.proportion(3, 4)


def test_a_share_of_no_pair_has_a_width_that_its_networks_justify():
    members = every_pair(8)
    found = pairs.share(np.zeros(members.shape[1]), members)
    # Eight networks make four pairs that share none.
    assert (found.low, found.high) == (0, pytest.approx(1 - 0.025 ** (1 / 4)))
    assert (found.networks, found.kind) == (8, "Clopper-Pearson")
    assert pairs.share([], np.empty((2, 0))) == NOTHING
