"""Intervals of curves over networks."""

import numpy as np

from entanglement.statistics import curves


def test_an_interval_of_shares_stays_within_their_range():
    few = np.array([[0.0, 0.5, 1.0], [0.0, 0.4, 0.9], [0.3, 0.6, 1.0]])
    value, low, high = curves.share(few)
    plain = curves.band(few)
    np.testing.assert_array_equal(value, plain[0])
    assert plain[1][0] < 0 == low[0]
    assert plain[2][2] > 1 == high[2]
    assert low[1] == plain[1][1]
    assert high[1] == plain[2][1]


def test_one_network_has_no_interval_of_shares():
    _, low, high = curves.share(np.array([[0.2]]))
    assert np.isnan([low, high]).all()


def test_known_leaves_out_networks_without_a_value_point_by_point():
    x = np.array([[1.0, np.nan, np.nan], [3.0, 4.0, np.inf], [5.0, 6.0, np.nan]])
    value, low, high = curves.known(x)
    assert value[:2].tolist() == [3.0, 5.0]
    assert np.isnan(value[2])
    assert (low[:2] < value[:2]).all()
    assert (value[:2] < high[:2]).all()
    assert curves.known(x[:, 0])[0] == curves.band(x[:, 0])[0]
