"""Trained attention from parameters to the claims' statistics, small."""

import json

import numpy as np
import pytest
from pydantic import ValidationError

from entanglement.experiments import REGISTRY
from entanglement.experiments.equivalent_attention import Evaluate, Train, summary
from entanglement.experiments.equivalent_attention.evaluate import evaluate
from entanglement.experiments.equivalent_attention.figures import plot_cell, plot_panels
from entanglement.experiments.equivalent_attention.roles import ROLES
from entanglement.experiments.equivalent_attention.train import train
from entanglement.pipeline import stages
from entanglement.pipeline.parameters import Cell
from entanglement.pipeline.seeds import Seeds
from entanglement.statistics.roles import cast

SMALL = {
    "beta": 0.35, "networks": 3, "epochs": 12, "batch": 32, "rate": 0.01, "training": 600,
    "test": 300, "width": 16, "head": 8, "hidden": 32,
}  # fmt: skip


def run(product, elements=40, **changes):
    parameters = Train(product=product, **{**SMALL, **changes})
    seeds = Seeds.of(7, "equivalent_attention", parameters.model_dump())
    model = train(parameters, seeds)
    asked = Evaluate(elements=elements)
    made = evaluate(model, Cell(parameters, asked), seeds)
    text = json.dumps({**parameters.model_dump(), **asked.model_dump()})
    return model, made.assign_attrs(parameters=text)


@pytest.fixture(scope="module")
def trained():
    return {product: run(product) for product in ("dot", "E", "H")}


def collected(*evaluations, converged=1.0):
    """Twelve epochs are too few; what is tested is the bookkeeping."""
    cells = {
        str(number): made.assign(converged=made["converged"] * 0 + converged)
        for number, made in enumerate(evaluations)
    }
    job = {"figure": "equivalent_attention", "cells": list(cells), "code": {}}
    return stages.collect(REGISTRY, job, cells)


@pytest.fixture(scope="module")
def results(trained):
    return collected(*(made for _, made in trained.values()))


def test_every_product_learns(trained):
    for product, (model, made) in trained.items():
        assert made["test_accuracy"].values.min() > 0.75, product
        assert model["loss"].values[:, -1].max() < 0.5 * model["loss"].values[:, 0].min()


def test_isometric_equivalents_change_nothing_and_random_changes_do(results):
    parts = cast(results, ROLES)
    for product in ("dot", "E", "H"):
        assert summary._changed(parts[product]).max() == 0
        assert summary._changed_null(parts[product]).mean() > 0.1
    assert results["changed_E"] == results["changed_H"] == 0
    assert results["changed_E_null"] > 0.1
    assert results["fixed_isometric"] == 0
    assert results["distinct_isometric"] == 1
    assert results["seed_fixed_share"] > 0.1


def test_fixed_and_broken_balance_over_ordered_pairs(results):
    pairs = results[["seed_fixed", "seed_broken"]].sum()
    assert float(pairs["seed_fixed"]) == float(pairs["seed_broken"])


def test_flat_directions_are_at_least_the_groups(results):
    for cell in cast(results, ROLES)["all"]:
        assert (cell["flat_directions"] >= cell["group_dimension"]).all()
    for name in ("flat_dot", "flat_H_least"):
        assert results[name] >= results[f"{name}_theory"]


def test_the_signs_of_q_less_k_predict_the_flat_directions_of_every_euclidean_network(results):
    cell = cast(results, ROLES)["E"]
    np.testing.assert_array_equal(cell["flat_directions"], cell["flat_predicted"])
    assert results["flat_E_apart"] == 0
    assert (
        results["flat_E_least"] == results["flat_E_least_theory"] == cell["flat_directions"].min()
    )
    assert (cell["flat_predicted"] > cell["group_dimension"]).any()  # the translations are not all
    assert results["flat_E_more"] > 0


def test_fakes_fool_their_network_and_its_equivalents_but_not_every_other(results):
    for product in ("dot", "E", "H"):
        cell = cast(results, ROLES)[product]
        assert (cell["fake_accuracy"] < cell["noise_accuracy"]).all()
        assert (cell["fake_accuracy"] < cell["test_accuracy"]).all()
        assert (cell["fake_errors"] > 0).all()
        assert (cell["fake_fixed"] == 0).all()
        assert cell["null_fake_fixed"].max() > 0
    assert results["fake_fixed_isometric"] == 0
    assert results["fake_fixed_null"] > 0.02
    assert 0.1 < results["fake_seed_share"] < 1
    assert results["noise_gap_E"] > results["robust_gap_E"]


def test_a_network_does_not_count_as_its_own_other_seed(results):
    """It is fooled by all of its fakes: the diagonal would pull the share down."""
    cell = cast(results, ROLES)["E"].sel(attack="PGD")
    fixed, common = cell["fake_other"].values, cell["fake_common"].values
    np.testing.assert_array_equal(np.diag(common), cell["fake_errors"])
    assert (np.diag(fixed) == 0).all()
    assert (fixed <= common).all()


def test_networks_that_do_not_converge_leave_the_statistics(trained):
    made = collected(*(made for _, made in trained.values()), converged=0.0)
    for name in summary.STATISTICS.keys() - {"derive_gain_E", "verify_gain_E", "retrain_gain"}:
        assert np.isnan(made[name]), name
        assert made[name].attrs["networks"] == 0


def test_networks_that_diverged_say_nothing_and_move_no_other(trained):
    model, whole = trained["H"]
    parameters = Train(product="H", **SMALL)
    seeds = Seeds.of(7, "equivalent_attention", parameters.model_dump())
    broken = model.copy(deep=True)
    broken["query"][1], broken["query"][2] = np.nan, 1e30
    broken["converged"][:] = 1
    made = evaluate(broken, Cell(parameters, Evaluate(elements=40)), seeds)
    assert made["converged"].values.tolist() == [1, 0, 0]
    assert made["converged"].dtype == whole["converged"].dtype
    for name in ("flat_directions", "spectrum", "jacobian_value"):
        assert np.isnan(made[name][1:]).all()
        np.testing.assert_array_equal(made[name][0], whole[name][0], err_msg=name)


@pytest.fixture(scope="module")
def odd():
    """Cells of other sizes in every key."""
    sizes = {"networks": 1, "epochs": 3, "training": 40, "test": 30, "width": 5, "head": 3,
             "hidden": 7, "batch": 8}  # fmt: skip
    return {
        "tiny": run("H", 3, beta=0.9, **sizes)[1],
        "learned": run("E", 0, learn_beta=True, epochs=2, networks=2)[1],
        "beta": run("E", 5, beta=0.5, epochs=2, networks=2, test=200)[1],
    }


def test_verifying_costs_what_running_does_and_deriving_next_to_nothing(trained, results):
    made = trained["E"][1]
    picture = made["operations_verify"] / SMALL["test"]
    passes = 3 * SMALL["epochs"] * SMALL["training"]
    np.testing.assert_allclose(made["operations_train"], passes * picture)
    assert results["derive_gain_E"] > 50 * results["verify_gain_E"] > 50


def test_cells_of_other_sizes_do_not_move_a_statistic(trained, odd, results):
    beside = collected(*(made for _, made in trained.values()), *odd.values())
    for name in ("changed_E_null", "flat_dot", "seed_fixed_share", "spikes_trained"):
        assert beside[name].attrs["networks"] == results[name].attrs["networks"]
        assert beside[name] == results[name]
    assert beside["accuracy_gap_off"].attrs["networks"] > 0


def test_more_networks_keep_the_earlier_ones_split_and_weights():
    few, many = (run("E", networks=n, epochs=1)[0] for n in (1, 2))
    np.testing.assert_array_equal(few["test_sample"][0], many["test_sample"][0])
    np.testing.assert_array_equal(few["initial_query"][0], many["initial_query"][0])


def test_panels_and_cells_are_drawn(trained, results):
    assert plot_cell(trained["E"][1]).axes
    assert all(figure.axes for figure in plot_panels(results).values())


def test_impossible_parameters_are_refused():
    for wrong, words in (
        ({"beta": 0.0}, "greater than or equal to"),
        ({"beta": -1.0}, "greater than or equal to"),
        ({"training": 1600}, "too small to split"),
        ({"networks": True}, "must be a number"),
    ):
        with pytest.raises(ValidationError, match=words):
            Train(product="E", **{**SMALL, **wrong})
    with pytest.raises(ValidationError, match="'dot', 'E' or 'H'"):
        Train(product="F", **SMALL)
