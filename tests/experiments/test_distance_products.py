"""Claims B1 to B3: what is measured against the law of rounding, and what must fail."""

import functools
import json

import numpy as np
import pytest

from entanglement.experiments import REGISTRY
from entanglement.experiments.distance_products import Evaluate, check, figures
from entanglement.experiments.distance_products import evaluate as stage
from entanglement.geometry import isometries
from entanglement.pipeline import stages
from entanglement.pipeline.parameters import Cell
from entanglement.pipeline.seeds import Seeds
from entanglement.statistics import estimates
from entanglement.theory.rounding import translation_change

SEEDS = Seeds.of(2309, "distance_products", {})


@functools.cache
def evaluated(group, arithmetic="float64", networks=30, steps=21, k=8):
    parameters = Evaluate(group=group, arithmetic=arithmetic, networks=networks, steps=steps, k=k)
    made = stage.evaluate(None, Cell(None, parameters), SEEDS)
    return made.assign_attrs(parameters=json.dumps(parameters.model_dump()))


def collected(*cells):
    made = {str(i): evaluated(*cell) for i, cell in enumerate(cells)}
    job = {"figure": "distance_products", "cells": list(made), "code": {}}
    return stages.collect(REGISTRY, job, made)


def growth(made, size, low, high):
    """Mean slope of ln(change) over sizes from `low` to `high`."""
    within = (made["size"].values >= low * (1 - 1e-9)) & (made["size"].values <= high * (1 + 1e-9))
    change = np.log(made["relative_change"].values[:, within]).T
    return estimates.mean(np.polyfit(size(made["size"].values[within]), change, 1)[0])


def test_integers_do_not_change_at_all():
    assert (evaluated("translation", "integer")["relative_change"] == 0).all()
    assert (evaluated("isom_r", "integer")["relative_change"] == 0).all()


@pytest.mark.parametrize(("arithmetic", "eps"), [("float32", 2.0**-23), ("float64", 2.0**-52)])
@pytest.mark.parametrize("group", ["translation", "isom_r"])
def test_translations_follow_the_law_of_rounding(group, arithmetic, eps):
    made = evaluated(group, arithmetic, networks=100, k=16)
    law = translation_change(made["size"].values, 16, eps)
    close = np.isfinite(law)
    assert close.sum() >= 4
    change = made["relative_change"].values[:, close]
    error = change.std(axis=0) / 10
    deviation = np.abs(change.mean(axis=0) - law[close])
    # Beside the sampling error, the ratio of a single draw is biased by about 1/k^2.
    assert (deviation < 4 * error + 0.01 * law[close]).all()
    assert (np.abs(change.mean(axis=0) - 1.1 * law[close]) > 4 * error).all()


@pytest.mark.parametrize(("arithmetic", "eps"), [("float32", 2.0**-23), ("float64", 2.0**-52)])
@pytest.mark.parametrize("group", ["psl2r", "pgl2r", "mirror"])
def test_half_plane_isometries_change_nothing_but_rounding(group, arithmetic, eps):
    made = evaluated(group, arithmetic)
    size, change = made["size"].values, made["relative_change"].values
    assert (change[:, size <= 30] <= 5 * eps * np.exp(size[size <= 30])).all()
    assert change[:, -1].min() > 1e-3  # at r = 40 float64 has no digit left either


@pytest.mark.parametrize("group", ["translation", "psl2r"])
def test_the_control_is_no_isometry(group):
    assert evaluated(group)["relative_change_control"].min() > 0.1


def test_a_group_that_stretches_is_noticed(monkeypatch):
    monkeypatch.setattr(
        isometries, "act_on_pair", lambda element, a, b: (2 * a.real + 1j * a.imag, b)
    )
    parameters = Evaluate(group="psl2r", networks=3, steps=3, k=4)
    assert stage.evaluate(None, Cell(None, parameters), SEEDS)["relative_change"].min() > 0.1


def test_only_mirrored_maps_are_far_from_psl2r():
    assert evaluated("psl2r")["psl2r_distance"].max() < 1e-9
    assert evaluated("mirror")["psl2r_distance"].min() > 0.5
    mixed = evaluated("pgl2r")["psl2r_distance"]
    assert 0.2 < float((mixed > 0.5).mean()) < 0.8
    assert np.isnan(evaluated("translation")["psl2r_distance"]).all()


def test_statistics_of_the_claims():
    summary = collected(
        ("translation",), ("translation", "integer"), ("psl2r",), ("mirror",), ("psl2r", "float32")
    )
    assert summary["translation_change_integer"] == 0
    assert summary["translation_change"] < 2.2e-4
    np.testing.assert_allclose(
        summary["translation_change"], summary["translation_change_theory"], rtol=0.1
    )
    assert summary["moebius_change"] < 1.6e-5
    mirrored = evaluated("mirror")
    assert mirrored["relative_change"].values[:, mirrored["size"] <= 25].max(axis=1).mean() < 1.6e-5
    assert summary["mirror_distance"].attrs["ci_low"] > 1
    assert summary["moebius_distance"].attrs["ci_high"] < 1e-9


def test_the_mean_square_change_follows_the_law_of_rounding_at_any_width():
    """The mean of the ratio itself is off by 1/k^2, which many draws of small matrices show."""
    cells = [("translation", "float64", 1000, 6, k) for k in (1, 2, 6)]
    for cell in cells:
        assert collected(cell)["largest_t_over_limit"] < 1
    made = evaluated(*cells[1])
    made["product_norm"] = made["product_norm"] * 1.1
    job = {"figure": "distance_products", "cells": ["only"], "code": {}}
    assert stages.collect(REGISTRY, job, {"only": made})["largest_t_over_limit"] > 1


def test_a_layer_of_data_changes_with_its_weights_and_a_bias_absorbs_the_shift_behind_it():
    made = evaluated("translation")
    size = made["size"].values
    alone, absorbed = made["relative_change_alone"].values, made["relative_change_absorbed"].values
    assert alone[:, size >= 1].min() > 0.1
    assert absorbed[:, size <= 1e12].max() < 2.2e-4
    assert absorbed[:, -1].min() > 1e-4  # at 1e16 rounding rules here too
    # Far away the product is the sum of k shifts, exactly.
    far = np.flatnonzero(np.isclose(size, 1e8, rtol=0.9))[0]
    np.testing.assert_allclose(alone[:, far] * made["product_norm"], 8 * size[far], rtol=1e-5)
    for other in (("psl2r",), ("isom_r",), ("translation", "integer")):
        assert np.isnan(evaluated(*other)["relative_change_alone"]).all()


def test_changes_grow_like_the_translation_and_like_exp_r():
    line = growth(evaluated("translation"), np.log, 1e2, 1e12)
    assert line.low < 1.01
    assert line.high > 0.99
    assert abs(growth(evaluated("psl2r"), np.positive, 5, 25).value - 1) < 0.05


@pytest.mark.parametrize("cell", [("translation",), ("psl2r",), ("isom_r", "integer"), ("mirror",)])
def test_small_grids_give_panels_and_say_what_is_missing(cell):
    summary = collected(cell)
    missing = [v for v in summary.data_vars.values() if v.attrs.get("networks") == 0]
    assert missing
    assert all(np.isnan(v) for v in missing)
    assert set(figures.plot_panels(summary)) == {"translation", "data", "moebius", "mirror"}


def test_one_draw_of_one_number_has_no_interval():
    made = collected(("psl2r", "float64", 1, 2, 1))
    assert np.isfinite(made["moebius_change"])
    assert np.isnan(made["moebius_change"].attrs["ci_low"])


def test_equal_integers_stay_equal():
    """The product of one number with itself is zero, of which there is no share."""
    assert stage._relative(np.zeros((1, 1), int), np.zeros((1, 1), int)) == 0


def test_more_networks_keep_the_earlier_ones():
    few, many = evaluated("pgl2r", networks=3), evaluated("pgl2r", networks=5)
    np.testing.assert_array_equal(many["relative_change"][:3], few["relative_change"])


@pytest.mark.parametrize(
    "wrong",
    [{"group": "so3"}, {"arithmetic": "float16"}, {"k": 0}, {"k": "8"}, {"networks": 0},
     {"steps": 1}, {"networks": True}, {"alpha": 3}],
)  # fmt: skip
def test_bad_parameters_are_refused(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        Evaluate(**{"group": "psl2r", "networks": 2, **wrong})


def test_integers_have_no_half_plane():
    parameters = Evaluate(group="psl2r", arithmetic="integer", networks=2)
    with pytest.raises(ValueError, match=r"integer.*psl2r.*translation and isom_r"):
        check(None, parameters)
