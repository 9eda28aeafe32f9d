"""Fig. 7: agreement with the closed form, shared draws, controls, and errors in words."""

import numpy as np
import pytest

from entanglement.experiments.gradient_descent import figures
from entanglement.pipeline.document import ConfigError
from entanglement.statistics import agreement, roles
from entanglement.statistics.roles import Role, cast, values
from entanglement.theory import descent as theory

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


def only(results, **where):
    return cast(results, {"it": Role(where)})["it"]


def losses(results, matrix, target, **where):
    """Folded loss of every network of a cell, and its exact value given the matrix."""
    cell = only(results, **where).sel(matrix=matrix, target=target)
    ratio, axis = theory.axis(cell["direction"].transpose("network", "row", "column").values)
    of_pair = theory.pair_ratio(ratio), np.zeros_like(axis)
    law = of_pair if target == "probe" else (ratio, np.pi / 4 - axis)
    return cell["folded_loss"].values, theory.mean_folded_loss(*law)


def test_every_distribution_agrees_with_its_law(results):
    assert results.largest_t_over_limit < 1


def test_descent_agrees_with_its_closed_form(results):
    for cell in roles.cells(results):
        if cell["factors"] == 1:
            x, y, scale, eta, steps = values(cell, "start_x", "start_y", "scale", "eta", "steps")
            matrix = cell["iterate"].transpose("step", "network", "row", "column").values
            exact = theory.trained(matrix[0], np.array([x, y]), scale * np.ones(2), eta, steps)
            assert np.abs(matrix[-1] - exact).max() < 1e-11 * np.abs(matrix[-1]).max()


@pytest.mark.parametrize("target", ["aim", "probe"])
@pytest.mark.parametrize("matrix", ["untrained", "descent"])
def test_mean_losses_agree_with_their_law_and_not_with_another_scale(results, matrix, target):
    where = {"init": "normal", "eta": 0.01, "factors": 1, "matrix": matrix, "target": target}
    found, exact = losses(results, scale=100, **where)
    t, limit = agreement.largest_t((found - exact)[:, None], np.zeros(1))
    assert t < limit
    if matrix == "descent":
        other = losses(results, scale=10000, **where)[1]
        t, limit = agreement.largest_t((found - other)[:, None], np.zeros(1))
        assert t > 3 * limit


def test_cells_share_initial_matrices_and_probes(results):
    where = {"init": "uniform", "factors": 1, "matrix": "untrained", "target": "aim"}
    first = losses(results, scale=1, eta=0.01, **where)[0]
    assert np.array_equal(first, losses(results, scale=1, eta=1000, **where)[0])


def test_more_networks_keep_the_earlier_ones(collected, results):
    block = {"fixed": {**FIXED, "networks": 70, "init": "normal", "eta": 0.01, "scale": 100}}
    more = collected(FIGURE, block)
    where = {"matrix": "descent", "target": "probe"}
    few = losses(results, scale=100, init="normal", factors=1, **where)[0]
    assert np.array_equal(losses(more, **where)[0][:60], few)


def test_zeros_become_rank_one_and_collapse_completely(results):
    where = {"init": "zeros", "target": "aim", "scale": 1}
    assert np.all(losses(results, matrix="descent", **where)[0] < 1e-12)
    # A zero matrix has no direction.
    assert np.isnan(losses(results, matrix="untrained", **where)[0]).all()


def test_the_null_control_does_not_collapse(results):
    assert results.folded_loss_large_scale.attrs["ci_high"] < 0.02
    assert results.folded_loss_large_scale_untrained.attrs["ci_low"] > 0.1


def test_networks_that_overflow_are_counted(results):
    where = {"init": "uniform", "factors": 3}
    cell = only(results, scale=1000, **where)
    assert float(cell["sound_fraction"].sel(matrix="descent")) < 0.5
    assert np.isfinite(losses(results, "descent", "aim", scale=1, **where)[0]).sum() == 60


def test_missing_cells_leave_statistics_without_networks(collected):
    made = collected(FIGURE, {"fixed": {**FIXED, "init": "uniform", "eta": 1, "scale": 1}})
    assert np.isnan(made.folded_loss_large_scale)
    assert made.folded_loss_large_scale.attrs["networks"] == 0


@pytest.mark.parametrize(
    "cases",
    [
        [{"eta": 1e6, "start_x": 1e3, "steps": [1, 1000]}],
        [{"factors": 10, "init": "normal", "eta": [1e-3, 1, 1e6], "steps": 2}],
    ],
    ids=["overflow", "ten-factors"],
)
def test_the_ends_of_the_range_are_summarised_and_drawn(collected, cases, recwarn):
    fixed = {"networks": 2, "probes": 2, "steps": 5, "init": "uniform", "eta": 0.01, "scale": 1}
    made = collected(FIGURE, {"fixed": fixed, "cases": cases})
    drawn = list(figures.plot_panels(made).values())
    for picture in [*drawn, figures.plot_cell(roles.cells(made)[-1])]:
        picture.draw_without_rendering()
    assert not [str(warning.message) for warning in recwarn]


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
