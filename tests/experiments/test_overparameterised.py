"""Over-parameterised networks: gradients, where training ends, and what the cells share."""

import numpy as np
import pytest
from pydantic import ValidationError

from entanglement.experiments.overparameterised import Evaluate
from entanglement.experiments.overparameterised.evaluate import evaluate
from entanglement.networks.deep_linear import RULES, Noise, slopes, whole
from entanglement.pipeline.parameters import Cell
from entanglement.pipeline.seeds import Seeds

SMALL = {"k": 12, "samples": 5, "steps": 1500, "networks": 12, "probes": 40}


def run(**changes):
    given = Evaluate(**{**SMALL, **changes})
    return evaluate(None, Cell(None, given), Seeds.of(5, "overparameterised", {}))


@pytest.mark.parametrize("dropped", [False, True])
def test_slopes_are_those_of_small_differences(dropped):
    rng = np.random.default_rng(0)
    layers = [rng.normal(size=(2, 4, 4)) for _ in range(3)]
    task = Noise(*rng.normal(size=(2, 2, 3, 4)))
    masks = list(2.0 * rng.integers(0, 2, (3, 2, 3, 4))) if dropped else []

    def loss(layers):
        out = task.inputs
        for number, layer in enumerate(layers):
            out = (out * masks[number] if dropped else out) @ layer.swapaxes(1, 2)
        return np.sum((task.labels - out) ** 2) / 2

    found = slopes(layers, task, masks)
    for number in range(3):
        for place in ((0, 1, 2), (1, 3, 0)):
            ends = []
            for sign in (1, -1):
                moved = [layer.copy() for layer in layers]
                moved[number][place] += sign * 1e-5
                ends.append(loss(moved))
            assert found[number][place] == pytest.approx((ends[0] - ends[1]) / 2e-5, rel=1e-5)
    np.testing.assert_allclose(whole(layers), layers[2] @ layers[1] @ layers[0])


@pytest.mark.parametrize("optimiser", RULES)
@pytest.mark.parametrize("depth", [1, 2])
def test_every_optimiser_fits_noise_and_none_knows_unseen_noise(optimiser, depth):
    rate = {"adam": 0.01, "momentum": 0.03}.get(optimiser, 0.2 if depth == 1 else 0.1)
    last = run(optimiser=optimiser, depth=depth, scale=0.3, rate=rate).isel(step=-1)
    assert last["training_loss"].max() < 1e-3
    assert last["unseen_loss"].mean() > 1.2
    assert not last["diverged"].any()


def test_training_ends_where_the_laws_say_and_not_elsewhere():
    for dropout in (0.0, 0.5):
        made = run(dropout=dropout, probes=4000, steps=3000)
        last = made["unseen_loss"].isel(step=-1).values
        off = last - made["unseen_law"].values
        assert abs(off.mean()) < 4 * off.std(ddof=1) / np.sqrt(len(off)) + 0.01
        if dropout:
            plain = last - made["unseen_law_plain"].values
            assert plain.mean() < -0.2
    flow = run(depth=2, scale=0.1, start="balanced", rate=0.02)
    assert np.abs(flow["strength"] - flow["strength_law"]).max() < 0.03
    coarse = run(depth=2, scale=0.1, start="balanced", rate=0.3)
    assert np.abs(coarse["strength"] - coarse["strength_law"]).max() > 0.03


def test_one_sample_has_one_axis_and_two_have_more():
    assert run(samples=1)["pair_angle"].max() < 1e-6
    assert run(samples=2)["pair_angle"].min() > 0.05


def test_selection_collapses_and_real_dropout_of_that_rate_does_not():
    assert run(optimiser="selection", depth=15, dropout=0.8)["pair_angle"].mean() < 0.02
    assert run(dropout=0.8)["pair_angle"].mean() > 0.3


def test_cells_share_their_noise():
    one, other = run(steps=1), run(steps=1, optimiser="momentum")
    np.testing.assert_array_equal(one["training_loss"][:, 0], other["training_loss"][:, 0])
    more = run(steps=1, networks=14)
    np.testing.assert_array_equal(more["unseen_loss"][:12], one["unseen_loss"])


def test_training_that_diverges_is_noted():
    made = run(depth=3, scale=2.0, rate=1.0, steps=300)
    assert made["diverged"].sum() > 0
    assert np.isnan(made["training_loss"].isel(step=-1).values[made["diverged"].values == 1]).all()


def test_impossible_parameters_are_refused():
    for wrong, words in (
        ({"samples": 13}, "not over-parameterised"),
        ({"depth": 2}, "starts at 0 stays there"),
        ({"start": "balanced"}, "balanced modes start above 0"),
        ({"k": 256, "depth": 30, "scale": 1.0, "steps": 1, "networks": 1000}, "the layers hold"),
        ({"k": 200, "samples": 200, "steps": 100_000, "networks": 600}, "a day of one core"),
    ):
        with pytest.raises(ValidationError, match=words):
            Evaluate(**{**SMALL, **wrong})
