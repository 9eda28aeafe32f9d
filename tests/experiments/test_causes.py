"""A4 and A5: the norm is neither sufficient nor necessary, and every family follows T1."""

import numpy as np
import pytest

from entanglement.experiments.causes import figures
from entanglement.experiments.causes.roles import ROLES
from entanglement.pipeline.document import ConfigError
from entanglement.statistics import agreement
from entanglement.statistics.roles import cast

FIGURE = "causes"


@pytest.fixture(scope="module")
def results(collected):
    fixed = {"probes": 4, "c": 1000, "networks": 60, "depth": 30}
    families = ["top", "top_unit", "random", "minimum"]
    cases = []
    for k in (2, 16):
        cases += [
            {"k": [k], "n": [8 * k], "weights": families},
            {"k": [k], "n": [k], "weights": ["top"]},
            {"k": [k], "n": [k], "weights": ["orthogonal"], "gain": [1, 100]},
        ]
    cases.append({"k": [16], "n": [128], "weights": ["top"], "sampler": ["literal"]})
    return collected(FIGURE, {"fixed": fixed, "cases": cases})


def _cell(results, key, k=16):
    (cell,) = [cell for cell in cast(results, ROLES)[key] if cell["k"] == k]
    return cell


def test_every_family_follows_the_scalar_chain(results):
    assert results["largest_t_over_limit"] < 1


def test_another_familys_theory_is_rejected(results):
    found = _cell(results, "largest").log_cotangent.transpose("network", "layer").values
    other = _cell(results, "random").mean_log_cotangent_theory.values
    t, limit = agreement.largest_t(found, other)
    assert t > 3 * limit


def test_a_growing_norm_moves_no_angle(results):
    cell = _cell(results, "growing")
    growth = cell.log_norm.diff("layer")
    assert growth.values == pytest.approx(np.log(100), rel=1e-9)
    start = cell.fold.isel(layer=0)
    assert float(abs(cell.fold - start).max()) < 1e-12
    assert float(abs(cell.fold_between - cell.fold_between.isel(layer=0)).max()) < 1e-9


def test_a_constant_norm_hinders_no_collapse(results):
    cell = _cell(results, "largest_unit")
    assert float(abs(cell.log_norm.diff("layer")).max()) < 1e-12
    assert float(cell.mean_fold.isel(layer=-1)) < 1e-4
    assert float(cell.mean_fold_between.isel(layer=-1)) < 1e-4


def test_smallest_rows_collapse_inputs_on_each_other_beside_the_training_sample(results):
    cell = _cell(results, "smallest", k=2)
    assert float(cell.mean_fold_between.isel(layer=-1)) < 1e-3
    assert float(cell.mean_fold.isel(layer=-1)) > 0.15


def test_the_time_share_tells_the_norm_and_not_the_angle(results):
    growing, unit = _cell(results, "growing", k=2), _cell(results, "largest_unit", k=2)
    assert float(growing.mean_time_share.isel(layer=-1)) < 1e-20
    assert float(growing.mean_fold.isel(layer=-1)) > 0.2
    assert float(unit.mean_time_share.isel(layer=-1)) == pytest.approx(1, abs=1e-3)
    assert float(unit.mean_fold.isel(layer=-1)) < 1e-4


def test_at_constant_norm_the_augmented_angle_is_small_before_any_collapse(results):
    """Claim A5: at unit norm with c = 1000 it reads about 1e-4 where the angle is .1."""
    cell = _cell(results, "largest_unit", k=2)
    assert float(cell.mean_augmented.sel(layer=1)) < 2e-3
    assert float(cell.mean_fold.sel(layer=1)) > 0.05


def test_missing_families_leave_statistics_without_networks(collected):
    block = {"fixed": {"probes": 2, "networks": 2, "depth": 3, "k": 4, "n": 8}}
    made = collected(FIGURE, block)
    assert made.fold_growing_64.attrs["networks"] == 0
    assert set(figures.plot_panels(made)) == {"norm_or_gap", "families", "norms", "spacetime"}


def test_a_statistic_has_the_sizes_of_its_own_cell(collected):
    """One deep cell of another width does not stand for the shallow one that is measured."""
    fixed = {"probes": 2, "networks": 2, "weights": "orthogonal", "gain": 100}
    cases = [{"k": 2, "n": 2, "depth": 12}, {"k": 64, "n": 64, "depth": 20}]
    made = collected(FIGURE, {"fixed": fixed, "cases": cases})
    assert made["fold_growing_2_early"].attrs["depth"] == 12
    assert made["fold_growing_64"].attrs["depth"] == 20


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"weights": "largest"}, ["weights", "largest", "minimum", "orthogonal"]),
        ({"weights": "tpo"}, ["weights", "tpo", "top"]),
        ({"gain": 0}, ["gain", "0", "greater than or equal to"]),
        ({"c": -1}, ["c", "-1", "greater than 0"]),
        ({"n": 3}, ["n = 3", "k = 4"]),
        ({"probes": 1}, ["probes", "greater than or equal to 2"]),
    ],
)
def test_bad_values_are_named_with_what_is_allowed(load, change, words):
    fixed = {"probes": 2, "networks": 2, "depth": 3, "k": 4, "n": 8}
    with pytest.raises(ConfigError) as raised:
        load(FIGURE, {"fixed": {**fixed, **change}})
    for word in words:
        assert word in str(raised.value)
