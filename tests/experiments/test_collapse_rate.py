"""A7, T2 to T5: rates and exponents against theory, with theories that must be rejected."""

import numpy as np
import pytest

from entanglement.experiments.cells import matching, samples
from entanglement.pipeline.document import ConfigError
from entanglement.statistics import agreement
from entanglement.theory import rates

FIGURE = "collapse_rate"


@pytest.fixture(scope="module")
def results(collected):
    block = {
        "fixed": {"networks": 60, "depth": 30},
        "grid": {"k": [2, 3, 10, 64, 256], "n_over_k": [1, 1.4, 4, 64, 1e9]},
        "cases": [{"k": [2, 3, 10], "n_over_k": [1, 4], "sampler": ["literal"]}],
    }
    return collected(FIGURE, block)


def test_every_rate_is_that_of_theory(results):
    assert results.largest_t_over_limit < 1


def test_a_wrong_theory_is_rejected(results):
    found = samples(results, "rate", k=10, n_over_k=4, sampler="exact")
    t, limit = agreement.largest_t(found[:, None], np.array([rates.rate(10, 41)]))
    assert t < limit  # one row more: too little to be seen
    t, limit = agreement.largest_t(found[:, None], np.array([rates.rate(10, 80)]))
    assert t > limit


def test_the_spectrum_is_newmans_with_its_top_lifted(results):
    assert results.largest_t_over_limit_spectrum < 1
    found = samples(results, "exponent", k=10, n_over_k=4, sampler="literal")
    t, limit = agreement.largest_t(found, rates.lyapunov_spectrum(10, 10))
    assert t > limit


def test_no_selection_at_width_two_is_ln_2(results):
    cell = matching(results, k=2, n_over_k=1, sampler="exact").isel(cell=0)
    assert float(cell.rate_theory) == pytest.approx(np.log(2), rel=1e-12)
    assert cell.rate_low < np.log(2) < cell.rate_high


def test_the_rate_grows_with_candidates_and_not_with_width(results):
    assert results.slope_candidates.attrs["ci_low"] > 0.2
    assert abs(results.slope_width) < 0.02
    assert results.slope_candidates_theory == pytest.approx(
        float(results.slope_candidates), rel=0.05
    )


def test_candidates_are_rounded_and_never_fewer_than_kept_rows(results):
    found = matching(results, k=3, n_over_k=1.4, sampler="exact").isel(cell=0)
    assert found.candidates == 4
    assert (results.candidates >= results.k).all()


def test_cells_have_their_own_networks(results):
    first = samples(results, "rate", k=64, n_over_k=4, sampler="exact")
    second = samples(results, "rate", k=64, n_over_k=64, sampler="exact")
    assert abs(np.corrcoef(first, second)[0, 1]) < 0.5


def test_a_single_cell_gives_no_slope(collected):
    made = collected(FIGURE, {"fixed": {"networks": 3, "depth": 2, "k": 4, "n_over_k": 2}})
    assert made.slope_candidates.attrs["networks"] == 0
    assert np.isnan(made.slope_width_theory)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"n_over_k": 0.5}, ["n_over_k", "0.5", "greater than or equal to 1"]),
        ({"k": 1}, ["k", "1", "greater than or equal to 2"]),
        ({"k": 2500, "n_over_k": 1e11}, ["candidate rows", "lower one of them"]),
        ({"k": 2500, "n_over_k": 100, "sampler": "literal"}, ["literal", "use the exact sampler"]),
        ({"networks": 1}, ["networks", "greater than or equal to 2"]),
    ],
)
def test_bad_values_are_named_with_what_is_allowed(load, change, words):
    fixed = {"networks": 3, "depth": 2, "k": 4, "n_over_k": 2}
    with pytest.raises(ConfigError) as raised:
        load(FIGURE, {"fixed": {**fixed, **change}})
    for word in words:
        assert word in str(raised.value)
