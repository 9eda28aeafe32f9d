"""Fig. 7: agreement with the closed form, shared draws, controls, and errors in words."""

import numpy as np
import pytest

from entanglement.experiments.cells import samples
from entanglement.pipeline.document import ConfigError
from entanglement.statistics import agreement

FIGURE = "gradient_descent"
FIXED = {"networks": 60, "probes": 200, "steps": 5}


@pytest.fixture(scope="module")
def results(collected):
    block = {
        "fixed": FIXED,
        "grid": {"init": ["uniform", "normal", "zeros"], "eta": [0.01], "scale": [1, 100, 10000]},
        "cases": [
            {"init": ["uniform"], "eta": [25, 1000], "scale": [1]},
            {"init": ["uniform"], "factors": [3], "eta": [0.01], "scale": [1, 1000]},
        ],
    }
    return collected(FIGURE, block)


def test_every_distribution_agrees_with_its_closed_form(results):
    assert results.largest_t_over_limit < 1
    assert results.closed_form_gap.max() < 1e-11


@pytest.mark.parametrize("target", ["aim", "probe"])
@pytest.mark.parametrize("matrix", ["untrained", "descent", "no optimiser"])
def test_mean_losses_agree_with_their_law_and_not_with_another_scale(results, matrix, target):
    where = {"init": "normal", "eta": 0.01, "factors": 1, "matrix": matrix, "target": target}
    found = samples(results, "folded_loss", scale=100, **where)
    exact = samples(results, "folded_loss_theory", scale=100, **where)
    t, limit = agreement.largest_t((found - exact)[:, None], np.zeros(1))
    assert t < limit
    if matrix == "descent":
        other = samples(results, "folded_loss_theory", scale=10000, **where)
        t, limit = agreement.largest_t((found - other)[:, None], np.zeros(1))
        assert t > 3 * limit


def test_cells_share_initial_matrices_and_probes(results):
    where = {"init": "uniform", "factors": 1, "matrix": "untrained", "target": "aim"}
    first = samples(results, "folded_loss", scale=1, eta=0.01, **where)
    assert np.array_equal(first, samples(results, "folded_loss", scale=1, eta=1000, **where))


def test_more_networks_keep_the_earlier_ones(collected, results):
    block = {"fixed": {**FIXED, "networks": 70, "init": "normal", "eta": 0.01, "scale": 100}}
    more = collected(FIGURE, block)
    where = {"matrix": "descent", "target": "probe"}
    few = samples(results, "folded_loss", scale=100, init="normal", factors=1, **where)
    assert np.array_equal(samples(more, "folded_loss", **where)[:60], few)


def test_zeros_become_rank_one_and_collapse_completely(results):
    where = {"init": "zeros", "matrix": "descent", "target": "aim"}
    assert np.all(samples(results, "folded_loss", scale=1, **where) < 1e-12)
    untrained = samples(results, "folded_loss", scale=1, **{**where, "matrix": "untrained"})
    assert len(untrained) == 0  # a zero matrix has no direction


def test_the_null_control_does_not_collapse(results):
    assert results.folded_loss_large_scale.attrs["ci_high"] < 0.02
    assert results.folded_loss_large_scale_untrained.attrs["ci_low"] > 0.1


def test_networks_that_overflow_are_counted(results):
    where = {"init": "uniform", "factors": 3}
    cells = results.isel(cell=np.flatnonzero((results.factors == 3) & (results.scale == 1000)))
    assert float(cells.sound_fraction.sel(matrix="descent")[0]) < 0.5
    assert len(samples(results, "loss", scale=1, matrix="descent", target="aim", **where)) == 60


def test_missing_cells_leave_statistics_without_networks(collected):
    made = collected(FIGURE, {"fixed": {**FIXED, "init": "uniform", "eta": 1, "scale": 1}})
    assert np.isnan(made.folded_loss_large_scale)
    assert made.folded_loss_large_scale.attrs["networks"] == 0
    assert made.histogram_distance_untrained.attrs["networks"] == 0


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"eta": 0}, ["eta", "0", "greater than 0"]),
        ({"eta": -0.01}, ["eta", "-0.01", "greater than 0"]),
        ({"eta": "fast"}, ["eta", "fast", "must be a number"]),
        ({"scale": 0}, ["scale", "0", "greater than 0"]),
        ({"scale": float("nan")}, ["scale", "nan", "finite"]),
        ({"init": "unifrom"}, ["init", "unifrom", "uniform"]),
        ({"steps": 0}, ["steps", "0", "greater than or equal to 1"]),
        ({"factors": 0}, ["factors", "0", "greater than or equal to 1"]),
        ({"start_x": 0, "start_y": 0}, ["zero vector", "start_x", "start_y"]),
        ({"lambda": 3}, ["lambda", "unknown key", "scale"]),
    ],
)
def test_bad_values_are_named_with_what_is_allowed(load, change, words):
    fixed = {**FIXED, "init": "uniform", "eta": 0.01, "scale": 1}
    with pytest.raises(ConfigError) as raised:
        load(FIGURE, {"fixed": {**fixed, **change}})
    for word in words:
        assert word in str(raised.value)
