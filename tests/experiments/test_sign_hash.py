"""A15: Eq. 9 holds for random hyperplanes and fails for the rows that Algorithm 1 keeps."""

import numpy as np
import pytest
from scipy.stats import kstest

from entanglement.experiments.cells import samples
from entanglement.pipeline.document import ConfigError
from entanglement.statistics import agreement

FIGURE = "sign_hash"
MAIN = {"k": 64, "n": 512, "sampler": "exact"}


@pytest.fixture(scope="module")
def results(collected):
    block = {
        "fixed": {"hashes": 100, "depth": 15},
        "cases": [
            {"k": [64], "n": [64, 512], "networks": [150]},
            {"k": [64], "n": [512], "networks": [40], "sampler": ["literal"]},
        ],
    }
    return collected(FIGURE, block)


def test_both_kinds_of_bits_follow_their_laws_and_the_entropy_t1(results):
    assert results.largest_t_over_limit < 1


def test_eq_9_is_rejected_for_the_kept_rows(results):
    found = samples(results, "excess", hash="kept rows", **MAIN)[:, 1:6]
    t, limit = agreement.largest_t(found, np.zeros(5))
    assert t > 3 * limit
    found = samples(results, "excess", hash="random hyperplanes", **MAIN)[:, 1:6]
    t, limit = agreement.largest_t(found, np.zeros(5))
    assert t < limit


def test_without_selection_the_kept_rows_are_random_hyperplanes(results):
    found = samples(results, "excess", hash="kept rows", k=64, n=64, sampler="exact")
    t, limit = agreement.largest_t(found[:, :15], np.zeros(15))
    assert t < limit


def test_hamming_distances_are_binomial_for_random_hyperplanes_only(results):
    quantiles = samples(results, "quantile", hash="random hyperplanes", **MAIN)[:, 0]
    assert kstest(quantiles, "uniform").pvalue > 1e-4
    quantiles = samples(results, "quantile", hash="kept rows", **MAIN)[:, 1]
    assert kstest(quantiles, "uniform").pvalue < 1e-4
    assert results.quantile_share.sum("tenth").values == pytest.approx(1)


def test_the_entropy_falls_with_selection_and_vanishes_for_a_constant_map(results):
    assert results.entropy_late.attrs["ci_high"] < 0.02
    assert results.entropy_late_unselected.attrs["ci_low"] > 0.85
    assert results.entropy_constant_map == 0


def test_missing_cells_leave_statistics_without_networks(collected):
    made = collected(FIGURE, {"fixed": {"hashes": 8, "depth": 3, "k": 4, "n": 8, "networks": 5}})
    assert made.excess_random.attrs["networks"] == 0
    assert made.entropy_late.attrs["networks"] == 0


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"hashes": 0}, ["hashes", "0", "greater than or equal to 1"]),
        ({"hashes": True}, ["hashes", "must be a number"]),
        ({"depth": 0}, ["depth", "0", "greater than or equal to 1"]),
    ],
)
def test_bad_values_are_named_with_what_is_allowed(load, change, words):
    fixed = {"hashes": 8, "depth": 3, "k": 4, "n": 8, "networks": 5}
    with pytest.raises(ConfigError) as raised:
        load(FIGURE, {"fixed": {**fixed, **change}})
    for word in words:
        assert word in str(raised.value)
