"""Paths between networks, paths inside the orbit, and training on from equivalents."""

import json

import numpy as np
import pytest
import xarray as xr

from entanglement.experiments import REGISTRY
from entanglement.experiments.barriers import Evaluate, heights, summary
from entanglement.experiments.barriers.evaluate import evaluate, rings
from entanglement.experiments.barriers.figures import plot_cell
from entanglement.experiments.barriers.roles import ROLES
from entanglement.experiments.equivalent_attention import Train
from entanglement.experiments.equivalent_attention.train import train
from entanglement.networks import alignment, digits
from entanglement.networks.moves import move
from entanglement.networks.product import PRODUCTS, ROWS
from entanglement.networks.stored_attention import Networks, unpack
from entanglement.pipeline import stages
from entanglement.pipeline.parameters import Cell
from entanglement.pipeline.seeds import Seeds
from entanglement.statistics.roles import cast

SMALL = {
    "beta": 0.35, "networks": 3, "epochs": 12, "batch": 32, "rate": 0.01, "training": 600,
    "test": 300, "width": 16, "head": 8, "hidden": 32,
}  # fmt: skip


def trained(product, **changes):
    parameters = Train(product=product, **{**SMALL, **changes})
    seeds = Seeds.of(7, "equivalent_attention", parameters.model_dump())
    return train(parameters, seeds), seeds, parameters


def evaluated(model, **changes):
    made, seeds, parameters = model
    asked = Evaluate(**{"pairs": 3, "points": 5, "pictures": 100, "steps": 11, **changes})
    text = json.dumps({**parameters.model_dump(), **asked.model_dump()})
    return evaluate(made, Cell(parameters, asked), seeds).assign_attrs(parameters=text)


def collected(*evaluations):
    """Twelve epochs are too few; what is tested is the bookkeeping."""
    cells = {
        str(number): made.assign(converged=made["converged"] * 0 + 1)
        for number, made in enumerate(evaluations)
    }
    job = {"figure": "barriers", "cells": list(cells), "code": {}}
    return stages.collect(REGISTRY, job, cells)


@pytest.fixture(scope="module")
def models():
    return {product: trained(product) for product in PRODUCTS}


@pytest.fixture(scope="module")
def evaluations(models):
    return {product: evaluated(model) for product, model in models.items()}


@pytest.fixture(scope="module")
def results(evaluations):
    return collected(*evaluations.values())


@pytest.mark.parametrize("product", ROWS, ids=list(PRODUCTS))
def test_alignment_keeps_the_function_and_comes_closer(models, product):
    model = models[product.name][0]
    images, _ = digits.load()
    first, second, some = unpack(model, 0), unpack(model, 1), images[:100]
    ordinary = alignment.ordinary(second, first, some, product)
    both = alignment.group(ordinary, first, some, product)
    here = np.zeros(1)
    before = alignment.path(second, second, here, some, product)
    for moved in (ordinary, both, alignment.group(second, first, some, product)):
        np.testing.assert_allclose(alignment.path(moved, moved, here, some, product), before,
                                   atol=1e-9)  # fmt: skip
    target = alignment.activity(first, some, product).points
    far = np.linalg.norm(alignment.activity(ordinary, some, product).points - target)
    assert np.linalg.norm(alignment.activity(both, some, product).points - target) < far


@pytest.mark.parametrize("product", ROWS, ids=list(PRODUCTS))
def test_every_part_of_the_group_keeps_the_function_and_moves_what_it_may(models, product):
    model = models[product.name][0]
    images, labels = digits.load()
    first, second, some = unpack(model, 0), unpack(model, 1), images[:100]
    here, way = np.zeros(1), np.array([0.0, 0.3, 0.7, 1.0])
    before = alignment.path(second, second, here, some, product)
    along = {}
    for part in alignment.PARTS:
        if part == "one" and product.isometry is None:
            with pytest.raises(ValueError, match="part = one"):
                alignment.group(second, first, some, product, part)
            continue
        moved = alignment.group(second, first, some, product, part)
        np.testing.assert_allclose(alignment.path(moved, moved, here, some, product), before,
                                   atol=1e-9)  # fmt: skip
        scores = alignment.path(first, moved, way, some, product)
        along[part] = alignment.cross_entropy(scores, labels[:100])
    straight = alignment.cross_entropy(alignment.path(first, second, way, some, product),
                                       labels[:100])  # fmt: skip
    # Under E only b_Q - b_K counts, and under dot softmax ignores what a shift of the keys adds:
    # on the whole way.
    for part, losses in along.items():
        same = product.name in ("dot", "E") and part in ("one", "shifts")
        assert np.allclose(losses, straight, atol=1e-9, rtol=0) == same, part


@pytest.mark.parametrize(("product", "kind"), [(row, kind) for row in ROWS for kind in row.moves])
def test_every_move_keeps_the_function(models, product, kind):
    from entanglement.networks.attention import embed
    from entanglement.networks.symmetries import products

    weights, rng = unpack(models[product.name][0], 0), np.random.default_rng(3)
    tokens = embed(weights, digits.load()[0][:50])
    made = move(rng, weights, product, kind)
    before = products(weights, tokens, product)
    after = products({**weights, **made.weights}, tokens, product, made.layer)
    difference = after - before
    difference -= difference.mean(-1, keepdims=True)
    assert np.abs(difference).max() < 1e-11 * np.abs(before).max()
    assert made.distance > 0


def test_training_on_is_the_same_where_the_group_says_so_and_differs_elsewhere(results):
    for name in ("further_E", "further_tables_riemannian"):
        assert results[name] < 1e-10, name
    assert results["further_H_dilation_adam"] > 1e-6
    parts = cast(results, ROLES)
    mirrored = summary._largest_difference(summary.OPTIMISERS, summary.MOVES_H)(parts["H"])
    assert mirrored.max() < 1e-10
    for product, optimiser, start, same in (
        ("H", "SGD", "dilation", False),
        ("dot", "SGD", "rotation", True),
        ("dot", "Adam", "rotation", False),
        ("dot", "SGD", "linear", False),
        ("H", "Adam", "jitter", True),
    ):
        apart = summary._largest_difference((optimiser,), (start,))(parts[product])
        assert apart.max() < 1e-10 if same else apart.mean() > 1e-6, (product, optimiser, start)


def test_a_share_counts_the_networks_whose_loss_differs_visibly(results):
    part = cast(results, ROLES)["H"].copy(deep=True)
    apart = summary._largest_difference(("Adam",), ("dilation",))(part)
    assert results["further_H_dilation_adam_seen"] == np.mean(apart > summary.VISIBLE)
    assert results["further_H_seen"] == 0.0
    seen = summary.STATISTICS["further_H_dilation_adam_seen"]
    part["further_loss"].loc[{"start": "dilation", "step": 0}] += 1.0
    assert seen.samples(part).all()
    part["further_loss"].loc[{"start": "dilation"}] = part["further_loss"].sel(start="model")
    assert not seen.samples(part).any()


def test_loss_does_not_change_along_the_orbit_unless_one_side_moves(results):
    for cell in cast(results, ROLES).values():
        assert cell["largest_loss_shift"].max() < 1e-9
        assert cell["largest_loss_shift_alone"].max() > 1e-2
    assert results["shift_E"] < 1e-9
    assert results["shift_alone_E"] > 1e-2


def planted_at(models, rise):
    """Dips of the second product's networks, found with ends that lie `rise` nat above."""
    from entanglement.experiments.barriers import planted

    made, seeds, _ = models["E"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(planted, "DIP", rise)
        return planted.planted(Networks.of(made), np.linspace(0, 1, 5), 100, seeds)


def test_a_minimum_laid_on_the_path_is_found_if_it_is_deep_enough(models):
    """Twelve epochs leave a slope at the trained weights: a shallow dip drowns in it."""
    deep, shallow = (planted_at(models, rise) for rise in (0.3, 0.003))
    assert (deep["negative_planted"] == 1).all()
    assert (deep["descent_planted"] < -0.1).all()
    assert (deep["descent_planted"] < shallow["descent_planted"]).all()


def test_heights_of_paths_that_are_known():
    """Two networks, three paths: up to 5, straight down, and a dip below both ends."""
    loss = [[2.0, 5.0, 1.0], [1.0, 1.5, 2.0], [2.0, 0.5, 1.0]]
    shape = ("pair", "alignment", "position")
    cell = xr.Dataset(
        {
            "loss_training": (shape, np.array(loss)[:, None], {"long_name": "loss"}),
            "loss_held_out": (shape, np.array(loss)[:, None], {"long_name": "loss"}),
            "pair_first": ("pair", [0.0, 1.0, 0.0]),
            "pair_second": ("pair", [1.0, 2.0, 2.0]),
            "converged": ("network", [1, 1, 1]),
        },
        coords={"alignment": ["both"], "position": [0.0, 0.5, 1.0]},
    )
    made = heights.barriers(cell)
    np.testing.assert_allclose(made["barrier"].squeeze(), [3.0, 0.0, 0.0])
    np.testing.assert_array_equal(made["negative"].squeeze(), [0, 0, 1])
    # From 0 up to 2.5 times its loss, or down; from 2 down to 1; from 1, the lowest, nowhere.
    np.testing.assert_allclose(
        made["lowest_descent"], [np.log(1.0 / 2.0), np.nan, np.log(1.5 / 2.0)]
    )
    np.testing.assert_array_equal(made["lowest_pair"], [2, np.nan, 1])


def test_the_exam_is_of_pictures_that_were_neither_trained_on_nor_shown(models):
    from entanglement.experiments.barriers.further import _new_data

    made, seeds, _ = models["E"]
    networks = Networks.of(made)
    for i in range(len(networks)):
        shown, exam = _new_data(networks, i, seeds, 4)
        assert not np.isin(exam, shown).any()
        assert not np.isin(exam, networks.training[i]).any()
        assert np.isin(shown, networks.held_out[i]).all()
        assert len(exam) == SMALL["test"] // 2


def test_training_on_ends_alike_from_euclidean_equivalents_and_not_from_dilated_points(results):
    assert results["better_E"] < 1e-9
    assert results["better_H_largest"] > 1e-5
    assert abs(results["better_H"]) <= results["better_H_largest"]
    assert abs(results["trained_on_E"]) > 1e-4


def test_both_is_compared_with_the_mean_of_ordinary_and_random_elements(results):
    cell = cast(results, ROLES)["E"]
    height = np.log(np.maximum(cell["barrier"], summary.LOWEST))
    others = height.sel(alignment=["ordinary", "random", "random_2", "random_3"])
    gain = (height.sel(alignment="both") - others.mean("alignment")).mean()
    np.testing.assert_allclose(results["both_gain_E"], gain)
    assert "three random" in results["both_gain_E"].attrs["long_name"]


def test_translation_paths_inside_the_orbit_are_flat_and_reflections_are_not(results):
    cell = results.isel(cell=list(results["product"].values).index("E"))
    height = cell["orbit_loss"].max("position") - cell["orbit_loss"].isel(position=0)
    assert float(height.sel(kind="translation").max()) < 1e-9
    assert float(height.sel(kind="reflection").min()) > 0.1


def test_rings_use_each_pair_once_and_every_network_alike():
    for networks in (3, 4, 5, 10):
        pairs = rings(networks, 1000)
        assert (
            len({frozenset(pair) for pair in pairs}) == len(pairs) == networks * (networks - 1) // 2
        )
    members = np.ravel(rings(10, 20))
    assert set(np.bincount(members)) == {4}


TINY = {"epochs": 2, "batch": 8, "training": 10, "test": 10, "width": 5, "head": 3, "hidden": 7}


@pytest.fixture(scope="module")
def odd():
    """Cells of other sizes in every key."""
    return {
        "one": evaluated(trained("H", beta=0.9, networks=1, **TINY), pairs=1, points=3, steps=2),
        "beta": evaluated(trained("E", beta=0.5, epochs=1, networks=2), points=6, steps=4),
    }


def test_cells_of_other_sizes_do_not_move_a_statistic(evaluations, odd, results):
    beside = collected(*evaluations.values(), odd["one"], odd["beta"])
    for name in summary.STATISTICS:
        np.testing.assert_array_equal(beside[name], results[name], err_msg=name)


def test_two_networks_that_share_no_picture_have_no_loss_between_them_and_the_figure_says_so():
    made = evaluated(trained("dot", networks=2, **TINY), points=4, pictures=20, steps=3)
    assert np.isnan(made["loss_training"]).all()
    assert "no two networks" in plot_cell(made).axes[0].texts[0].get_text()


def test_unknown_moves_are_named():
    with pytest.raises(ValueError, match="has no move 'dilation'; it has: translation"):
        move(np.random.default_rng(0), {}, PRODUCTS["E"], "dilation")
