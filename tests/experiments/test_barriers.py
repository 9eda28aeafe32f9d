"""Paths between networks, paths inside the orbit, and training on from equivalents."""

import json

import numpy as np
import pytest
import xarray as xr

from entanglement.experiments.barriers import Evaluate
from entanglement.experiments.barriers.evaluate import evaluate, rings
from entanglement.experiments.barriers.figures import plot_cell, plot_panels
from entanglement.experiments.barriers.summary import summarise
from entanglement.experiments.equivalent_attention import Train
from entanglement.experiments.equivalent_attention.train import train
from entanglement.networks import alignment, digits
from entanglement.networks.moves import move
from entanglement.networks.product import PRODUCTS, ROWS
from entanglement.networks.stored_attention import unpack
from entanglement.pipeline.parameters import Cell
from entanglement.pipeline.results import concatenate
from entanglement.pipeline.seeds import Seeds

SMALL = {
    "beta": 0.35, "networks": 3, "epochs": 12, "batch": 32, "rate": 0.01, "training": 600,
    "test": 300, "width": 16, "head": 8, "hidden": 32,
}  # fmt: skip


@pytest.fixture(scope="module")
def models():
    made = {}
    for product in ("dot", "E", "H"):
        parameters = Train(product=product, **SMALL)
        seeds = Seeds.of(7, "equivalent_attention", parameters.model_dump())
        made[product] = (train(parameters, seeds), seeds, parameters)
    return made


@pytest.fixture(scope="module")
def results(models):
    cells = {}
    asked = Evaluate(pairs=3, points=5, pictures=100, steps=11)
    for product, (model, seeds, parameters) in models.items():
        made = evaluate(model, Cell(parameters, asked), seeds)
        made["converged"][:] = 1.0  # twelve epochs are too few; the bookkeeping is tested
        text = json.dumps({**parameters.model_dump(), **asked.model_dump()})
        cells[product] = made.assign_attrs(parameters=text)
    joined = concatenate(cells)
    return xr.merge([joined, summarise(joined)], combine_attrs="drop_conflicts")


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
    for name in ("further_E", "further_H", "further_dot_sgd", "further_tables_riemannian"):
        assert float(results[name]) < 1e-10, name
    for name in ("further_H_dilation", "further_dot_adam", "further_dot_linear"):
        assert float(results[name]) > 1e-6, name


def test_loss_does_not_change_along_the_orbit_unless_one_side_moves(results):
    for product in ("dot", "E", "H"):
        assert float(results[f"shift_{product}"]) < 1e-9
        assert float(results[f"shift_alone_{product}"]) > 1e-2


def test_a_minimum_laid_on_the_path_is_found(results):
    for product in ("dot", "E", "H"):
        assert float(results[f"negative_{product}_control"]) == 1


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


def test_panels_and_cells_are_drawn(results):
    assert all(figure.axes for figure in plot_panels(results).values())
    assert plot_cell(results.isel(cell=0)).axes


def test_unknown_moves_are_named():
    with pytest.raises(ValueError, match="has no move 'dilation'; it has: translation"):
        move(np.random.default_rng(0), {}, PRODUCTS["E"], "dilation")
