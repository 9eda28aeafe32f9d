"""A15: Eq. 9 holds for random hyperplanes and fails for the rows that Algorithm 1 keeps."""

import numpy as np
import pytest
from scipy.stats import kstest

from entanglement.experiments.sign_hash.roles import ROLES
from entanglement.pipeline.document import ConfigError
from entanglement.statistics import agreement
from entanglement.statistics.roles import cast

FIGURE = "sign_hash"


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


def excess(cell, kind, layers):
    away = cell["disagreement"].sel(hash=kind) - cell["folded_angle"]
    return away.transpose("network", "layer").values[:, layers]


def test_both_kinds_of_bits_follow_their_laws_and_the_entropy_t1(results):
    assert results["largest_t_over_limit"] < 1
    assert results["largest_t_over_limit"].attrs["networks"] == 40


def test_eq_9_is_rejected_for_the_kept_rows(results):
    cell = cast(results, ROLES)["main"]
    t, limit = agreement.largest_t(excess(cell, "kept rows", slice(1, 6)), np.zeros(5))
    assert t > 3 * limit
    t, limit = agreement.largest_t(excess(cell, "random hyperplanes", slice(1, 6)), np.zeros(5))
    assert t < limit


def test_without_selection_the_kept_rows_are_random_hyperplanes(results):
    cell = cast(results, ROLES)["unselected"]
    t, limit = agreement.largest_t(excess(cell, "kept rows", slice(15)), np.zeros(15))
    assert t < limit


def test_hamming_distances_are_binomial_for_random_hyperplanes_only(results):
    quantile = cast(results, ROLES)["main"]["quantile"]
    assert kstest(quantile.sel(hash="random hyperplanes", layer=0), "uniform").pvalue > 1e-4
    assert kstest(quantile.sel(hash="kept rows", layer=1), "uniform").pvalue < 1e-4
    assert results["quantile_share"].sum("tenth").values == pytest.approx(1)


def test_the_entropy_falls_with_selection_and_vanishes_for_a_constant_map(results):
    assert results["entropy_late"].attrs["ci_high"] < 0.02
    assert results["entropy_late_unselected"].attrs["ci_low"] > 0.85
    assert results["entropy_constant_map"] == 0


def test_missing_cells_leave_statistics_without_networks(collected):
    made = collected(FIGURE, {"fixed": {"hashes": 8, "depth": 3, "k": 4, "n": 8, "networks": 5}})
    assert made["excess_random"].attrs["networks"] == 0
    assert made["entropy_late"].attrs["networks"] == 0


@pytest.mark.parametrize("weights", ["random", "orthogonal", "top_unit", "minimum"])
def test_every_family_of_rows_has_its_own_law_or_none(collected, weights):
    block = {"fixed": {"hashes": 32, "depth": 6, "k": 16, "n": 32, "networks": 60}}
    made = collected(FIGURE, {**block, "grid": {"weights": [weights]}})
    assert made["largest_t_over_limit"] < 1
    law = made["law"].sel(hash="kept rows", layer=slice(0, 5))
    assert bool(np.isnan(law).all()) == (weights == "minimum")


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
