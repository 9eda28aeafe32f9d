"""A7, T2 to T5: rates and exponents against theory, with theories that must be rejected."""

import numpy as np
import pytest

from entanglement.experiments.collapse_rate import figures
from entanglement.pipeline.document import ConfigError
from entanglement.statistics import agreement
from entanglement.statistics.roles import Role, cast
from entanglement.theory import rates

FIGURE = "collapse_rate"


@pytest.fixture(scope="module")
def results(collected):
    block = {
        "fixed": {"networks": 60, "depth": 30},
        "grid": {"k": [2, 3, 10, 64, 256], "n_over_k": [1, 1.4, 4, 64, 1e9]},
        "cases": [
            {"k": [2, 3, 10], "n_over_k": [1, 4], "sampler": ["literal"]},
            {"k": 64, "n_over_k": [1.4, 4, 64], "weights": ["random", "minimum"]},
            {"k": 64, "n_over_k": [1.4, 4, 64], "weights": "top_unit", "gain": [1, 100]},
        ],
    }
    return collected(FIGURE, block)


def only(results, **where):
    return cast(results, {"it": Role({"weights": "top", **where})})["it"]


def distance(results, name, expected):
    return abs(float(results[name]) - expected) / results[name].attrs["standard_error"]


def test_u1_the_largest_rows_lead_by_as_much_as_theory_says(results):
    assert distance(results, "rate_lead", float(results.rate_lead_theory)) < 4
    assert distance(results, "rate_lead", 0.0) > 20
    # Control: two rules that see nothing are as fast as each other.
    assert distance(results, "rate_lead_blind", 0.0) < 4


def test_u2_all_cells_have_the_spread_of_theory(results):
    assert distance(results, "master_square", 1.0) < 4
    # Control: a spread that leaves out the gain's.
    assert distance(results, "master_square_residuals", 1.0) > 6
    inside = abs(results.walk_quantile - results.level_normal) < results.level_scatter
    assert float(inside.mean()) > 0.85


def test_u3_the_growth_is_the_gap_at_any_norm(results):
    assert distance(results, "gap_slope", float(results.gap_slope_theory)) < 4
    # Controls: per unit of norm growth there is none, nor below a gap of 0.
    assert distance(results, "norm_slope", 0.0) < 4
    for gain in (1, 100):
        cell = only(results, k=64, n_over_k=4, weights="top_unit", gain=gain)
        assert float(cell.mean_norm_growth) == pytest.approx(np.log(gain), abs=1e-12)
        assert abs(float(cell.mean_growth - cell.mean_rate_theory)) < 0.05
    cell = only(results, k=64, n_over_k=4, weights="minimum")
    assert float(cell.mean_rate_theory) < -1
    assert abs(float(cell.mean_growth)) < 0.05


def test_every_rate_is_that_of_theory(results):
    assert results.largest_t_over_limit < 1


def test_a_wrong_theory_is_rejected(results):
    found = only(results, k=10, n_over_k=4, sampler="exact")["rate"].values
    t, limit = agreement.largest_t(found[:, None], np.array([rates.rate(10, 41)]))
    assert t < limit  # one row more: too little to be seen
    t, limit = agreement.largest_t(found[:, None], np.array([rates.rate(10, 80)]))
    assert t > limit


def test_the_spectrum_is_newmans_with_its_top_lifted(results):
    assert results.largest_t_over_limit_spectrum < 1
    found = only(results, k=10, n_over_k=4, sampler="literal")["exponent"].values
    t, limit = agreement.largest_t(found, rates.lyapunov_spectrum(10, 10))
    assert t > limit


def test_no_selection_at_width_two_is_ln_2(results):
    cell = only(results, k=2, n_over_k=1, sampler="exact")
    assert float(cell["mean_rate_theory"]) == pytest.approx(np.log(2), rel=1e-12)
    assert cell["mean_rate_low"] < np.log(2) < cell["mean_rate_high"]


def test_the_rate_grows_with_candidates_and_not_with_width(results):
    assert results.slope_candidates.attrs["ci_low"] > 0.2
    assert abs(results.slope_width) < 0.02
    assert results.slope_candidates_theory == pytest.approx(
        float(results.slope_candidates), rel=0.05
    )


def test_candidates_are_rounded_and_never_fewer_than_kept_rows(results):
    found = only(results, k=3, n_over_k=1.4, sampler="exact")
    assert found.candidates == 4
    assert (results.candidates >= results.k).all()


def test_cells_have_their_own_networks(results):
    first = only(results, k=64, n_over_k=4, sampler="exact")["rate"]
    second = only(results, k=64, n_over_k=64, sampler="exact")["rate"]
    assert abs(np.corrcoef(first, second)[0, 1]) < 0.5


def test_a_single_cell_gives_no_slope(collected):
    made = collected(FIGURE, {"fixed": {"networks": 3, "depth": 2, "k": 4, "n_over_k": 2}})
    assert made.slope_candidates.attrs["networks"] == 0
    assert np.isnan(made.slope_width_theory)


def test_a_slope_has_the_sizes_of_its_own_cells_and_the_fewest_networks(collected):
    cases = [{"n_over_k": [4, 16], "networks": [3, 5]}, {"k": 8, "n_over_k": 2, "networks": 9}]
    made = collected(FIGURE, {"fixed": {"depth": 2, "k": 256}, "cases": cases})
    assert made["slope_candidates"].attrs["networks"] == 3
    assert made["slope_candidates"].attrs["k"] == 256


@pytest.mark.parametrize(
    "cases",
    [
        [{"k": [256, 1000], "n_over_k": [1, 4], "networks": [2, 3], "depth": [1, 2]}],
        [{"n_over_k": 1e12}, {"k": 100_000}],
    ],
    ids=["other-sizes", "far-apart"],
)
def test_the_ends_of_the_range_are_summarised_and_drawn(collected, cases, recwarn):
    fixed = {"k": 3, "n_over_k": 2, "networks": 2, "depth": 2}
    made = collected(FIGURE, {"fixed": fixed, "cases": cases})
    for picture in figures.plot_panels(made).values():
        picture.draw_without_rendering()
    assert not [str(warning.message) for warning in recwarn]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"n_over_k": 0.5}, ["n_over_k", "0.5", "greater than or equal to 1"]),
        ({"k": 1}, ["k", "1", "greater than or equal to 2"]),
        ({"k": 2500, "n_over_k": 1e11}, ["candidate rows", "lower one of them"]),
        ({"k": 2500, "n_over_k": 100, "sampler": "literal"}, ["literal", "exact sampler"]),
        ({"k": 99, "depth": 10_000, "networks": 10**6, "sampler": "literal"}, ["in all", "depth"]),
        ({"networks": 1}, ["networks", "greater than or equal to 2"]),
    ],
)
def test_bad_values_are_named_with_what_is_allowed(load, change, words):
    fixed = {"networks": 3, "depth": 2, "k": 4, "n_over_k": 2}
    with pytest.raises(ConfigError) as raised:
        load(FIGURE, {"fixed": {**fixed, **change}})
    for word in words:
        assert word in str(raised.value)
