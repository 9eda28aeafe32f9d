"""Claim A6: the augmented loss waits for the norm, the angle in space waits for nothing."""

import functools
import json
import re

import numpy as np
import pytest

from entanglement.experiments import REGISTRY
from entanglement.experiments.light_speed import Evaluate, Train, figures, summary
from entanglement.experiments.light_speed import evaluate as stage
from entanglement.experiments.light_speed.roles import ROLES
from entanglement.experiments.light_speed.summary import onset
from entanglement.experiments.light_speed.train import train
from entanglement.pipeline import pictures, stages
from entanglement.pipeline.parameters import Cell
from entanglement.pipeline.seeds import Seeds
from entanglement.statistics import estimates
from entanglement.statistics.roles import cast


@functools.cache
def evaluated(c=1000.0, networks=200, probes=20, **architecture):
    keys = {"k": 2, "n": 10, "depth": 24, "networks": networks, **architecture}
    parameters, asked = Train(**keys), Evaluate(c=c, probes=probes)
    seeds = Seeds.of(1, "light_speed", parameters.model_dump())
    made = stage.evaluate(train(parameters, seeds), Cell(parameters, asked), seeds)
    about = {**parameters.model_dump(), **asked.model_dump()}
    return made.assign_attrs(parameters=json.dumps(about))


def collected(*cells):
    made = {str(i): evaluated(**cell) for i, cell in enumerate(cells)}
    job = {"figure": "light_speed", "cells": list(made), "code": {}}
    return stages.collect(REGISTRY, job, made)


SWEEP = tuple({"c": c} for c in (30.0, 100.0, 1000.0, 10000.0))


def test_the_delay_is_the_time_that_the_norm_needs_and_nothing_else_moves():
    made = collected(*SWEEP)
    slope, theory = made["onset_slope"], float(made["onset_slope_theory"])
    assert abs(float(slope) - theory) < 5 * slope.attrs["standard_error"]
    # Against ln c alone the slope is another one: the statistic tells them apart.
    sweep = cast(made, ROLES)["sweep"]
    plain = summary._slope("augmented_plus", summary.risen, sweep, time=False)
    assert estimates.bootstrap(*plain).low > theory
    assert abs(float(made["spatial_slope"])) < 1e-12
    assert made["spatial_onset"].std() == 0


def test_the_angle_in_space_is_the_same_number_for_every_c():
    one, other = evaluated(c=30.0), evaluated(c=10000.0)
    np.testing.assert_array_equal(one["folded_angle"], other["folded_angle"])
    assert (
        one["time_share"].isel(layer=slice(1, None))
        < other["time_share"].isel(layer=slice(1, None))
    ).all()


def test_norm_without_collapse_and_collapse_without_norm():
    growing, still = evaluated(weights="orthogonal", gain=2.3), evaluated(weights="top_unit")
    assert growing["time_share"].isel(layer=-1).max() < 1e-3
    assert growing["folded_angle"].isel(layer=-1).mean() > 0.2
    assert still["time_share"].isel(layer=-1).min() > 0.99
    assert still["folded_angle"].isel(layer=-1).mean() < 1e-4


def test_without_time_the_augmented_loss_is_the_plain_one():
    made = evaluated().isel(layer=0)
    total = made["augmented_plus"] + made["augmented_minus"]
    np.testing.assert_allclose(total, 1, atol=1e-12)
    assert (made["time_share"] == 0).all()


def test_an_onset_is_interpolated_or_missing_but_never_guessed():
    rising = np.array([0.5, 0.0, 0.1, 0.3, 0.5])
    assert np.isclose(onset(rising, 0.25, True), 2.75)
    assert np.isnan(onset(rising, 0.9, True))
    assert np.isnan(onset(np.array([0.5, 0.4, 0.5]), 0.25, True))  # already beyond it
    assert np.isclose(onset(np.array([0.25, 0.12, 0.02, 0.0]), 0.01, False), 2.5)


def test_the_norm_grows_as_its_law_says_and_no_other_law():
    made = collected({"c": 30.0}, {"weights": "random"}, {"weights": "minimum", "networks": 50})
    assert made["largest_t_over_limit"] < 1
    sweep = [cell.assign_coords(n=cell["n"] + 3) for cell in cast(made, ROLES)["sweep"]]
    assert summary._worst(sweep)[0] > 2


def test_the_largest_model_group_is_swept_and_the_line_is_drawn_through_it():
    made = collected(*SWEEP, {"n": 20}, {"weights": "random"})
    assert len(cast(made, ROLES)["sweep"]) == len(SWEEP)
    assert np.isfinite(made["onset_theory"]).sum() == len(SWEEP)
    for key in ("onset_slope", "spatial_slope"):
        assert made[key] == collected(*SWEEP)[key]


@pytest.mark.parametrize(
    "cells",
    [
        [{"c": 1.0}],
        [{"networks": 1}],
        [{"c": 30.0, "networks": 3}, {"networks": 2, "probes": 1, "depth": 1, "k": 3, "n": 3}],
    ],
    ids=["fast", "one-network", "sizes"],
)
def test_a_grid_without_a_sweep_has_no_onset(cells, recwarn):
    made = collected(*cells)
    drawn = figures.plot_panels(made)
    assert set(drawn) == {"augmented_loss", "space_and_time", "distances", "onset", "controls"}
    for picture in drawn.values():
        picture.draw_without_rendering()
    if len({cell.get("c") for cell in cells}) == 1:
        assert np.isnan(made["onset_slope"])
        assert made["onset_slope"].attrs["networks"] == 0
    assert not [str(warning.message) for warning in recwarn]


def test_of_many_cells_some_are_drawn_and_every_panel_says_so(monkeypatch):
    made = collected(*({"c": float(c)} for c in range(1, 8)))
    whole = pictures.draw(REGISTRY, "light_speed", made)
    assert not any(picture.get_suptitle() for picture in whole.values())
    monkeypatch.setattr(pictures, "CELLS_DRAWN", 3)
    drawn = pictures.draw(REGISTRY, "light_speed", made)
    assert set(drawn) == set(whole)
    for name, picture in drawn.items():
        said = picture.get_suptitle()
        empty = name in ("distances", "controls")  # c = 1000 is not in this grid
        assert said == "" if empty else re.fullmatch(r"[34] of 7 cells are drawn", said)
