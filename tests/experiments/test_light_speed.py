"""Claim A6: the augmented loss waits for the norm, the angle in space waits for nothing."""

import functools
import json

import numpy as np

from entanglement.experiments.light_speed import Evaluate, Train, figures, summary
from entanglement.experiments.light_speed import evaluate as stage
from entanglement.experiments.light_speed.summary import onset
from entanglement.experiments.light_speed.train import train
from entanglement.pipeline.parameters import Cell
from entanglement.pipeline.results import concatenate
from entanglement.pipeline.seeds import Seeds


@functools.cache
def evaluated(c=1000.0, networks=200, **architecture):
    keys = {"k": 2, "n": 10, "depth": 24, "networks": networks, **architecture}
    parameters, asked = Train(**keys), Evaluate(c=c, probes=20)
    seeds = Seeds.of(1, "light_speed", parameters.model_dump())
    made = stage.evaluate(train(parameters, seeds), Cell(parameters, asked), seeds)
    about = {**parameters.model_dump(), **asked.model_dump()}
    return made.assign_attrs(parameters=json.dumps(about))


def collected(*cells):
    joined = concatenate({str(i): evaluated(**cell) for i, cell in enumerate(cells)})
    return joined.merge(summary.summarise(joined))


SWEEP = tuple({"c": c} for c in (30.0, 100.0, 1000.0, 10000.0))


def test_the_delay_is_the_time_that_the_norm_needs_and_nothing_else_moves():
    made = collected(*SWEEP)
    slope, theory = made["onset_slope"], float(made["onset_slope_theory"])
    assert abs(float(slope) - theory) < 5 * slope.attrs["standard_error"]
    # Against ln c alone the slope is another one: the statistic tells them apart.
    assert made["onset_slope_plain"].attrs["ci_low"] > theory
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


def test_single_cells_and_single_networks_leave_holes_and_no_error():
    for cell in ({"c": 1.0}, {"networks": 1}, {"weights": "top_unit"}):
        made = collected(cell)
        assert np.isnan(made["onset_slope"])
        assert made["onset_slope"].attrs["networks"] == 0
        assert set(figures.plot_panels(made)) == {
            "augmented_loss", "space_and_time", "onset", "controls",
        }  # fmt: skip
