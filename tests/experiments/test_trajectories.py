"""Figs. 4 and 5: the paths are those of the networks, in any width."""

import functools
import json

import numpy as np
import pytest

from entanglement.experiments import REGISTRY
from entanglement.experiments.trajectories import Evaluate, Train, explore, figures
from entanglement.experiments.trajectories import evaluate as stage
from entanglement.experiments.trajectories.train import train
from entanglement.pipeline import stages
from entanglement.pipeline.parameters import Cell
from entanglement.pipeline.seeds import Seeds


@functools.cache
def evaluated(k=2, sampler="exact", depth=8, c=100.0, probes=6, **keys):
    keys = {"n": 40 * k, "networks": 20, **keys}
    parameters = Train(k=k, depth=depth, sampler=sampler, **keys)
    asked = Evaluate(c=c, probes=probes)
    seeds = Seeds.of(1, "trajectories", parameters.model_dump())
    made = stage.evaluate(train(parameters, seeds), Cell(parameters, asked), seeds)
    about = {**parameters.model_dump(), **asked.model_dump()}
    return made.assign_attrs(parameters=json.dumps(about))


def collected(*cells):
    made = {str(i): evaluated(**cell) for i, cell in enumerate(cells)}
    job = {"figure": "trajectories", "cells": list(made), "code": {}}
    return stages.collect(REGISTRY, job, made)


@pytest.mark.parametrize("k", [2, 3])
@pytest.mark.parametrize("sampler", ["exact", "literal"])
def test_augmented_vectors_have_unit_length_and_the_angle_that_is_carried(k, sampler):
    made = evaluated(k, sampler)
    vectors = made["augmented"].values[..., : k + 1]
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=-1), 1, atol=1e-12)
    space = vectors[..., 1:] / np.linalg.norm(vectors[..., 1:], axis=-1, keepdims=True)
    cosine = np.einsum("nlvx,nlx->nlv", space, space[:, :, 0])
    expected = np.cos(np.arctan2(1.0, made["cotangent"].values))
    np.testing.assert_allclose(cosine, expected, atol=1e-9)
    assert np.isnan(made["augmented"].values[..., k + 1 :]).all()


def test_every_path_ends_with_the_sample_or_opposite_to_it():
    made = evaluated(depth=14).isel(layer=-1)
    with_it = made["cotangent"].isel(vector=slice(1, None)) > 0
    assert 0.3 < with_it.mean() < 0.7
    paths = made["augmented"].values[..., 1:3]  # (network, vector, axis)
    sign = np.where(with_it.values, 1, -1)[..., None]
    distance = np.abs(paths[:, 1:] * sign - paths[:, :1])
    assert np.median(distance) < 1e-3
    assert made["augmented"].isel(axis=0).max() < 0.1


def test_wide_networks_are_projected_on_the_samples_direction_and_a_residual():
    made = evaluated(k=50)
    plane = made["augmented"].values[..., 1:3]
    length = np.sqrt((made["augmented"].values[..., :3] ** 2).sum(axis=-1))
    assert length.max() <= 1 + 1e-12
    np.testing.assert_allclose(length[:, :, 0], 1)
    assert (plane[:, :, 0, 1] == 0).all()
    # The chosen probe lies in the plane whole, the others do not.
    whole = np.isclose(length[:, :, 1:], 1, atol=1e-9).all(axis=1)
    assert whole.any(axis=1).all()
    assert not whole.all(axis=1).any()


def test_a_network_with_both_signs_is_drawn_and_offered_to_be_turned():
    made = collected({}, {"k": 3}, {"k": 50})
    for i in range(3):
        cell = made.isel(cell=i)
        last = cell["cotangent"].isel(network=int(cell["shown_network"]), layer=-1)[1:]
        assert 2 <= int((last > 0).sum()) <= 4
    assert set(figures.plot_panels(made)) == {"raw", "normalised", "top_views", "wider"}
    assert set(explore.explore(made)) == {"narrow", "wide"}
    assert set(figures.plot_panels(collected({}))) == {"raw", "normalised", "top_views", "wider"}


ONE = {"networks": 1, "probes": 1, "depth": 1}


@pytest.mark.parametrize(
    "cells",
    [
        [{"probes": 2, "c": 1e12}, {**ONE, "k": 50, "weights": "orthogonal", "gain": 1e6}],
        [{"k": 50, "n": 5000, "depth": 400, "probes": 2}],
    ],
    ids=["far", "collapsed"],
)
def test_the_ends_of_the_range_are_summarised_drawn_and_offered(cells, recwarn):
    made = collected(*cells)
    drawn = figures.plot_panels(made)
    assert set(drawn) == {"raw", "normalised", "top_views", "wider"}
    for picture in drawn.values():
        picture.draw_without_rendering()
    for offered in explore.explore(made).values():
        for path in offered["paths"]:
            assert np.isfinite(path["points"]).all()
    assert not [str(warning.message) for warning in recwarn]


def test_lengths_beyond_float64_are_still_drawn():
    made = evaluated(k=50, depth=280)
    assert np.isfinite(made["log_position"].isel(axis=slice(0, 3))).all()
    assert made["log_length"].max() > 710
