"""Trained attention from parameters to the claims' statistics, small."""

import json

import numpy as np
import pytest
import xarray as xr
from pydantic import ValidationError

from entanglement.experiments.equivalent_attention import Evaluate, Train
from entanglement.experiments.equivalent_attention.evaluate import evaluate
from entanglement.experiments.equivalent_attention.figures import plot_cell, plot_panels
from entanglement.experiments.equivalent_attention.summary import summarise
from entanglement.experiments.equivalent_attention.train import train
from entanglement.pipeline.parameters import Cell
from entanglement.pipeline.results import concatenate
from entanglement.pipeline.seeds import Seeds

SMALL = {
    "beta": 0.35, "networks": 3, "epochs": 12, "batch": 32, "rate": 0.01, "training": 600,
    "test": 300, "width": 16, "head": 8, "hidden": 32,
}  # fmt: skip


def run(product, **changes):
    parameters = Train(product=product, **{**SMALL, **changes})
    seeds = Seeds.of(7, "equivalent_attention", parameters.model_dump())
    model = train(parameters, seeds)
    asked = Evaluate(elements=40)
    made = evaluate(model, Cell(parameters, asked), seeds)
    text = json.dumps({**parameters.model_dump(), **asked.model_dump()})
    return model, made.assign_attrs(parameters=text)


@pytest.fixture(scope="module")
def trained():
    return {product: run(product) for product in ("dot", "E", "H")}


@pytest.fixture(scope="module")
def results(trained):
    cells = concatenate({product: made for product, (_, made) in trained.items()})
    cells["converged"][:] = 1.0  # twelve epochs are too few; what is tested is the bookkeeping
    return xr.merge([cells, summarise(cells)], combine_attrs="drop_conflicts")


def test_every_product_learns(trained):
    for product, (model, made) in trained.items():
        assert made["test_accuracy"].values.min() > 0.75, product
        assert model["loss"].values[:, -1].max() < 0.5 * model["loss"].values[:, 0].min()


def test_isometric_equivalents_change_nothing_and_random_changes_do(results):
    for product in ("dot", "E", "H"):
        assert float(results[f"changed_{product}"]) == 0
        assert float(results[f"changed_{product}_null"]) > 0.1
    assert float(results["fixed_isometric"]) == 0
    assert float(results["distinct_isometric"]) == 1
    assert float(results["seed_fixed_share"]) > 0.1


def test_fixed_and_broken_balance_over_ordered_pairs(results):
    pairs = results[["seed_fixed", "seed_broken"]].sum()
    assert float(pairs["seed_fixed"]) == float(pairs["seed_broken"])


def test_flat_directions_are_at_least_the_groups(results):
    for product in ("dot", "E", "H"):
        group = float(results[f"flat_{product}_theory"])
        assert float(results[f"flat_{product}"]) >= group


def test_networks_that_do_not_converge_leave_the_statistics(trained):
    cells = concatenate({product: made for product, (_, made) in trained.items()})
    cells["converged"][:] = 0.0
    assert summarise(cells)["changed_E"].attrs["networks"] == 0
    assert np.isnan(float(summarise(cells)["changed_E"]))


def test_missing_products_are_not_measured(trained):
    only = concatenate({"dot": trained["dot"][1]})
    assert np.isnan(float(summarise(only)["changed_H"]))


def test_more_networks_keep_the_earlier_ones_split_and_weights():
    few, many = (run("E", networks=n, epochs=1)[0] for n in (1, 2))
    np.testing.assert_array_equal(few["test_sample"][0], many["test_sample"][0])
    np.testing.assert_array_equal(few["initial_query"][0], many["initial_query"][0])


def test_panels_and_cells_are_drawn(trained, results):
    assert plot_cell(trained["E"][1]).axes
    assert all(figure.axes for figure in plot_panels(results).values())


def test_impossible_parameters_are_refused():
    for wrong, words in (
        ({"beta": 0.0}, "greater than 0"),
        ({"beta": -1.0}, "greater than 0"),
        ({"training": 1600}, "too small to split"),
        ({"networks": True}, "must be a number"),
    ):
        with pytest.raises(ValidationError, match=words):
            Train(product="E", **{**SMALL, **wrong})
    with pytest.raises(ValidationError, match="'dot', 'E' or 'H'"):
        Train(product="F", **SMALL)
