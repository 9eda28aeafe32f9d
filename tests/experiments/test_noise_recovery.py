"""Claim A13: the error's formula, its depth, its sign, and pictures of the user's own."""

import functools
import json

import numpy as np
import pytest
from PIL import Image

from entanglement.experiments import REGISTRY
from entanglement.experiments.noise_recovery import (
    Evaluate,
    Train,
    check,
    errors,
    explore,
    figures,
    quality,
    summary,
)
from entanglement.experiments.noise_recovery import evaluate as stage
from entanglement.experiments.noise_recovery.train import train
from entanglement.pipeline import stages
from entanglement.pipeline.parameters import Cell
from entanglement.pipeline.seeds import Seeds
from entanglement.statistics import curves, medians, roles
from entanglement.theory import recovery

PICTURES = {
    "message": {"path": "data/images/panda.png", "size": 14},
    "image": {"path": "data/images/gibbon.png", "size": 14},
    "other": {"path": "data/images/dog.png", "size": 14},
}


@functools.cache
def evaluated(alpha=100.0, pixels="zscore", networks=60, depth=70, size=14, noises=3, **keys):
    parameters = Train(**{"k": size**2, "n": 280, "depth": depth, "networks": networks, **keys})
    pictures = {name: {**picture, "size": size} for name, picture in PICTURES.items()}
    asked = Evaluate(alpha=alpha, pixels=pixels, noises=noises, **pictures)
    seeds = Seeds.of(1, "noise_recovery", parameters.model_dump())
    made = stage.evaluate(train(parameters, seeds), Cell(parameters, asked), seeds)
    about = {**parameters.model_dump(), **asked.model_dump()}
    return made.assign_attrs(parameters=json.dumps(about))


def collected(*cells):
    made = {str(i): evaluated(**cell) for i, cell in enumerate(cells)}
    job = {"figure": "noise_recovery", "cells": list(made), "code": {}}
    return stages.collect(REGISTRY, job, made)


def test_the_formula_of_the_error_is_that_of_the_pictures():
    made = evaluated()
    for example, sign in enumerate((1, -1)):
        network = int(np.argmax(sign * made["cotangent"].isel(layer=-1, probe=0).values > 0))
        u, v = (made[f"{name}_direction"].isel(example=example) for name in ("training", "probe"))
        recovered = made["message_picture"] + 100 * u - 100 * v
        error = np.sqrt(((recovered - made["message_picture"]) ** 2).mean("pixel"))
        expected = made["rms"].isel(network=network, probe=0)
        np.testing.assert_allclose(error, expected, rtol=1e-4, atol=1e-5)


def test_depth_error_and_sign_follow_the_exact_law():
    made = collected({}, {"alpha": 10.0})
    for cell in (made.isel(cell=0), made.isel(cell=1)):
        law = cell["error_theory"].sel(quantile=0.5)
        inside = (cell["error_low"] <= law) & (law <= cell["error_high"])
        assert inside.mean() > 0.7
        depth = float(cell["layers_needed_theory"].sel(quantile=0.5))
        kinds = cell["layers_needed"].values
        assert np.abs(kinds - depth).max() <= 5
    assert made["layers_needed_theory"].sel(quantile=0.5).diff("cell").item() > 5
    assert made["recovered_share"].attrs["ci_low"] < 0.5 < made["recovered_share"].attrs["ci_high"]
    assert made["recovered_either"] == 1
    assert made["recovered_share_input"] == 0
    assert made["largest_t_over_limit"] < 1
    wrong = [cell.assign_coords(n=300) for cell in roles.cells(made)]
    assert summary._worst(wrong)[0] > 2


def test_controls_stay_with_the_picture_and_a_slower_probe_does_not():
    made = collected({})
    assert (np.abs(made["curve_gap"]) < 3.5).all()
    assert made["curve_gap"].sel(kind="image") == 0
    cell = made.isel(cell=0)
    slower = cell["rms"].transpose("network", "layer", "probe").values.copy()
    slower[..., 1] *= 2  # what one more layer or so would take away
    law = 100 * errors._law("top", 196, 280, 70)
    assert np.abs(medians.differences(slower[..., :2], law)[1][1]) > 4


@pytest.mark.parametrize("shared", [0.0, 0.9])
def test_the_distance_of_two_curves_is_in_its_own_standard_errors(shared):
    """Two probes of one network, alike in law: within 2 in 95 of 100 ensembles, as curves too."""
    rng = np.random.default_rng(1)
    networks, layers, ensembles = 100, 6, 1500

    def walks(samples, probes):
        common = rng.standard_normal((samples, layers, 1))
        own = rng.standard_normal((samples, layers, probes))
        return np.exp(np.cumsum(shared**0.5 * common + (1 - shared) ** 0.5 * own, axis=1))

    expected = walks(20_000, 1)[..., 0]
    z, whole = zip(
        *(
            (gap[:, 1], curve[1])
            for gap, curve in (
                medians.differences(walks(networks, 2), expected) for _ in range(ensembles)
            )
        ),
        strict=True,
    )
    for scores in (*np.transpose(z), np.array(whole)):
        assert 0.9 < scores.std() < 1.1
        assert 0.93 < np.mean(np.abs(scores) <= 2) < 0.975
        assert abs(scores.mean()) < 4 / ensembles**0.5


def test_networks_that_leave_no_spread_give_no_distance():
    """Two networks on the same side of the median: a difference, and nothing to measure it in."""
    error = np.full((2, 3, 2), [5.0, 7.0])
    gap, whole = medians.differences(error, np.exp(np.random.default_rng(2).normal(size=(500, 3))))
    assert (gap[:, 0] == 0).all()
    assert np.isnan(gap[:, 1]).all()
    assert np.isnan(whole[1])


def test_raw_pixels_are_recovered_too():
    raw = collected({"pixels": "raw"})
    assert raw["correlation_right"].isel(layer=-1).item() > 0.999
    assert raw["message_picture"].min() >= 0


def test_similarity_is_scikit_images():
    from skimage.metrics import peak_signal_noise_ratio, structural_similarity

    rng = np.random.default_rng(1)
    original, pictures = rng.random((20, 20)), rng.random((3, 20, 20))
    expected = [structural_similarity(original, p, data_range=1.0) for p in pictures]
    np.testing.assert_allclose(quality.ssim(original, pictures), expected, rtol=1e-10)
    expected = [peak_signal_noise_ratio(original, p, data_range=1.0) for p in pictures]
    flat = pictures.reshape(3, -1)
    np.testing.assert_allclose(quality.psnr(original.ravel(), flat), expected, rtol=1e-12)
    expected = [np.corrcoef(original.ravel(), p)[0, 1] for p in flat]
    np.testing.assert_allclose(quality.correlation(original.ravel(), flat), expected, rtol=1e-10)


def test_the_median_is_enclosed_as_often_as_it_says():
    draws = np.random.default_rng(1).normal(size=(31, 4000))
    value, low, high = curves.median(draws)
    np.testing.assert_array_equal(value, np.median(draws, axis=0))
    assert 0.94 < np.mean((low <= 0) & (high >= 0)) < 0.985
    assert np.isnan(curves.median(draws[:5])[1]).all()
    assert np.isnan(curves.median(draws[:0])).all()


@pytest.mark.parametrize(
    ("values", "change", "message"),
    [
        (np.eye(20), {"k": 100}, "set k to 196"),
        (np.zeros((20, 20)), {"pixels": "raw"}, "all black"),
        (np.tile(np.arange(20), (20, 1)), {}, "pixels: raw"),  # each column has one value
    ],
)
def test_unsuitable_pictures_are_refused_with_what_to_do(tmp_path, values, change, message):
    Image.fromarray((values * 12).astype(np.uint8)).save(tmp_path / "own.png")
    own = {"path": str(tmp_path / "own.png"), "size": 14}
    parameters = Train(k=change.pop("k", 196), n=280, depth=4, networks=2)
    with pytest.raises(ValueError, match=message):
        check(parameters, Evaluate(**{**PICTURES, "message": own, **change}))


def test_any_picture_of_the_users_goes_through(tmp_path):
    rng = np.random.default_rng(1)
    Image.fromarray(rng.integers(0, 256, (30, 41, 3), dtype=np.uint8)).save(tmp_path / "own.jpg")
    own = {"path": str(tmp_path / "own.jpg"), "size": 6, "crop": (3, 2, 30, 29)}
    asked = Evaluate(message=own, image=own, other=own)
    parameters = Train(k=36, n=50, depth=5, networks=2)
    check(parameters, asked)
    seeds = Seeds.of(1, "noise_recovery", parameters.model_dump())
    made = stage.evaluate(train(parameters, seeds), Cell(parameters, asked), seeds)
    assert np.isnan(made["ssim"]).all()  # smaller than its window
    assert np.isfinite(made["psnr"]).all()


@pytest.mark.parametrize(
    "cells",
    [
        [{"networks": 9, "depth": 30, "alpha": a} for a in (3.0, 30.0, 100.0)],
        [{"size": 2, "n": 500, "pixels": "raw", "depth": 600, "networks": 3}],
    ],
    ids=["sweep", "collapsed"],
)
def test_the_ends_of_the_range_are_summarised_drawn_and_offered(cells, recwarn):
    made = collected(*cells)
    drawn = figures.plot_panels(made)
    assert set(drawn) == {
        "pictures", "error_map", "error_curves", "depth_needed", "qualities", "controls", "signs",
        "mend", "visibility",
    }  # fmt: skip
    for picture in drawn.values():
        picture.draw_without_rendering()
    offered = explore.explore(made)["pictures"]
    assert offered["frames"].shape[:3] == tuple(len(a["values"]) for a in offered["axes"][:3])
    assert not [str(warning.message) for warning in recwarn]


def test_only_the_papers_noise_is_the_papers():
    made = collected({"alpha": 10.0, "networks": 2, "depth": 6})
    assert np.isnan(made["depth_needed"])
    assert made["depth_needed"].attrs["networks"] == 0
    assert made["depth_needed_strongest"].attrs["alpha"] == 10


def test_a_reference_bit_makes_subtraction_recover():
    made = collected({"depth": 90, "networks": 61})
    (cell,) = roles.cells(made)
    assert cell["reference_recovers"] > 0.95
    # Control: the same networks without it.
    assert 0.25 < cell["subtraction_recovers"] < 0.75


def test_the_visibility_is_u7s_and_not_that_of_twice_the_noise():
    made = collected({"alpha": 14.0, "networks": 120}, {"alpha": 140.0, "networks": 120})
    for cell in roles.cells(made):
        for name in ("visible", "detected"):
            half = max(float(cell[f"{name}_high"] - cell[name]), 1e-3)
            assert abs(cell[name] - cell[f"{name}_theory"]) < 3 * half + 0.005, name
    near, far = roles.cells(made)
    assert abs(near["visible"] - recovery.visibility(28.0, 196)) > 0.1
    assert abs(far["detected"] - recovery.detection(280.0, 196)) > 0.05
