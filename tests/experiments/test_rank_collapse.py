"""A16.13 to A16.17: the statistics at small size, and their controls."""

import numpy as np
import pytest

from entanglement.theory import attention

FIGURE = "rank_collapse"


@pytest.fixture(scope="module")
def results(collected):
    block = {
        "fixed": {"depth": 20, "tokens": 16, "networks": 40},
        "grid": {"k": [32], "product": ["dot", "E", "H"], "skip": [False, True]},
        "cases": [{"k": 8, "product": ["E", "H"], "networks": 100}],
    }
    return collected(FIGURE, block)


def distance(results, name, expected):
    return abs(float(results[name]) - expected) / results[name].attrs["standard_error"]


def test_dot_attention_falls_threefold_and_with_skips_does_not(results):
    assert distance(results, "order_dot", attention.ORDER) < 4.5
    for wrong in (2.0, 4.0):
        assert distance(results, "order_dot", wrong) > 6
    assert distance(results, "order_dot_skip", attention.ORDER) > 4.5


def test_skips_leave_the_rate_of_growing_means(results):
    assert distance(results, "rate_skip", float(results.rate_skip_theory)) < 4.5
    assert distance(results, "rate_skip", 0.0) > 20


def test_the_euclidean_product_falls_to_rounding_where_it_settles(results):
    assert float(results.beyond_cubic_E) < -20
    assert abs(float(results.beyond_cubic_H)) < 3
    # Of 100 stacks some settle too late to be told from cubes: they are not counted.
    assert 20 < results.beyond_cubic_E.attrs["networks"] < 100


def test_all_products_collapse_without_skips(results):
    assert float(results.residual_alone) < 0.02
    assert float(results.residual_skip) > 0.3
    assert np.isnan(results.residual_mlp)
