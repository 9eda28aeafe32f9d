"""Associative recall: the task needs attention, and trained attention keeps its symmetries."""

import json

import numpy as np
import pytest
from pydantic import ValidationError

from entanglement.experiments import REGISTRY
from entanglement.experiments.associative_recall import Evaluate, Train
from entanglement.experiments.associative_recall.evaluate import answers, evaluate
from entanglement.experiments.associative_recall.train import train
from entanglement.networks import digits, recall, symmetries
from entanglement.networks.apprentices import SMALLEST_CLASS
from entanglement.networks.product import PRODUCTS, ROWS
from entanglement.networks.stored_attention import unpack
from entanglement.pipeline import stages
from entanglement.pipeline.parameters import Cell
from entanglement.pipeline.seeds import Seeds
from entanglement.statistics import agreement

CHOICES = 4
SMALL = {
    "beta": 0.3535533905932738, "networks": 3, "epochs": 8, "batch": 64, "rate": 0.01,
    "choices": CHOICES, "training_each": 100, "test_each": 50, "width": 24, "head": 8,
}  # fmt: skip
IMAGES, LABELS = digits.load()
PICTURES = recall.flat(IMAGES)


def run(product, **changes):
    parameters = Train(product=product, **{**SMALL, **changes})
    seeds = Seeds.of(7, "associative_recall", parameters.model_dump())
    model = train(parameters, seeds)
    asked = Evaluate(probes=400)
    made = evaluate(model, Cell(parameters, asked), seeds)
    text = json.dumps({**parameters.model_dump(), **asked.model_dump()})
    return model, made.assign_attrs(parameters=text)


@pytest.fixture(scope="module")
def trained():
    return {product: run(product) for product in PRODUCTS}


@pytest.fixture(scope="module")
def uniform():
    return run("E", beta=0.0, networks=12, epochs=2)


def collected(*evaluations):
    cells = {str(number): made for number, made in enumerate(evaluations)}
    return stages.collect(
        REGISTRY, {"figure": "associative_recall", "cells": list(cells), "code": {}}, cells
    )


def held_out(model, network=0, count=300):
    pool = model["test_sample"].values[network]
    return recall.draw(np.random.default_rng(3), pool, CHOICES, (count,))


def test_the_smallest_class_is_known():
    assert np.bincount(LABELS).min() == SMALLEST_CLASS


def test_a_sample_shows_distinct_classes_and_asks_with_another_picture_of_one():
    rng = np.random.default_rng(0)
    learned, kept = digits.split_each(rng, LABELS, 100, 50)
    assert not set(learned.ravel()) & set(kept.ravel())
    samples = recall.draw(rng, kept, CHOICES, (40, 50))
    shown = LABELS[samples.shown]
    assert (np.diff(np.sort(shown), axis=-1) > 0).all()
    np.testing.assert_array_equal(
        np.sort(samples.labels), np.broadcast_to(np.arange(CHOICES), shown.shape)
    )
    matched = np.take_along_axis(samples.shown, samples.match[..., None], -1)[..., 0]
    np.testing.assert_array_equal(LABELS[matched], LABELS[samples.asked])
    assert (matched != samples.asked).all()
    assert set(samples.shown.ravel()) | set(samples.asked.ravel()) <= set(kept.ravel())


def _dependence(rows, columns):
    """Mutual information in units of its mean where there is none: (r - 1)(c - 1) / 2 N."""
    table = np.zeros((rows.max() + 1, columns.max() + 1))
    np.add.at(table, (rows, columns), 1 / rows.size)
    outer = table.sum(1)[:, None] * table.sum(0)
    filled = table > 0
    nats = np.sum(table[filled] * np.log(table[filled] / outer[filled]))
    return nats * 2 * rows.size / np.prod(np.array(table.shape) - 1)


def test_neither_class_nor_place_tells_the_label_and_both_together_do():
    pool = digits.split_each(np.random.default_rng(1), LABELS, 100, 50)[0]
    samples = recall.draw(np.random.default_rng(2), pool, CHOICES, (20_000,))
    assert _dependence(LABELS[samples.asked], samples.answers) < 2
    assert _dependence(samples.match, samples.answers) < 2
    assert _dependence(samples.labels[:, 0], samples.answers) < 2
    first = samples.match == 0
    assert _dependence(samples.labels[first, 0], samples.answers[first]) > 100


def test_uniform_attention_is_right_once_in_choices_and_trained_attention_is_not(uniform, trained):
    results = collected(uniform[1], *(made for _, made in trained.values()))
    assert results["largest_t_over_limit"] < 1
    assert results["accuracy_uniform_theory"] == 1 / CHOICES
    low, high = (results["accuracy_uniform"].attrs[end] for end in ("ci_low", "ci_high"))
    assert low - 0.02 < 1 / CHOICES < high + 0.02
    found = uniform[1]["test_accuracy"].values
    assert agreement.over_limit(found, np.array([1 / CHOICES])) < 1
    assert agreement.over_limit(found, np.array([1 / (CHOICES + 1)])) > 1
    for product, (_, made) in trained.items():
        assert made["test_accuracy"].values.min() > 2 / CHOICES, product


def test_uniform_attention_says_one_label_whatever_is_shown(uniform, trained):
    for (model, _), alone in ((uniform, True), (trained["E"], False)):
        weights = unpack(model.isel(step=0), 0, tensors=recall.TENSORS)
        _, said = answers(weights, PICTURES, held_out(model), ROWS[1])
        assert (len(np.unique(said)) == 1) == alone


@pytest.mark.parametrize("product", ROWS, ids=[row.name for row in ROWS])
def test_the_order_of_the_keys_changes_nothing_and_that_of_the_labels_alone_does(trained, product):
    model = trained[product.name][0]
    weights, samples = unpack(model.isel(step=0), 0, tensors=recall.TENSORS), held_out(model)
    paid, said = answers(weights, PICTURES, samples, product)
    order = np.array([2, 0, 3, 1])
    moved = samples._replace(shown=samples.shown[:, order], labels=samples.labels[:, order])
    paid_moved, said_moved = answers(weights, PICTURES, moved, product)
    np.testing.assert_allclose(paid_moved, paid[:, order], rtol=1e-12)
    np.testing.assert_array_equal(said_moved, said)
    mixed = samples._replace(labels=samples.labels[:, order])
    assert np.mean(answers(weights, PICTURES, mixed, product)[1] != said) > 0.9


@pytest.mark.parametrize(
    ("product", "family"), [(row, family) for row in ROWS for family in row.families]
)
def test_the_products_group_leaves_trained_recall_and_random_changes_do_not(
    trained, product, family
):
    model, rng = trained[product.name][0], np.random.default_rng(5)
    weights, samples = unpack(model.isel(step=0), 0, tensors=recall.TENSORS), held_out(model)
    before, said = answers(weights, PICTURES, samples, product)
    made = symmetries.element(rng, weights, product, family, 2.0)
    moved = {**weights, **made.weights}
    table = symmetries.table(
        product, *recall.queries_keys(moved, PICTURES, samples), layer=made.layer
    )
    after = recall.paid(weights, table, product)
    np.testing.assert_allclose(after, before, atol=1e-9)
    np.testing.assert_array_equal(recall.label_scores(weights, after, samples).argmax(-1), said)
    null = {**weights, **symmetries.perturbed(rng, weights, made.distance)}
    assert np.abs(answers(null, PICTURES, samples, product)[0] - before).max() > 0.1


def test_keys_alone_moved_are_another_model(trained):
    model = trained["E"][0]
    weights, samples = unpack(model.isel(step=0), 0, tensors=recall.TENSORS), held_out(model)
    before, _ = answers(weights, PICTURES, samples, ROWS[1])
    shifted = {**weights, "key_bias": weights["key_bias"] + 1.0}
    assert np.abs(answers(shifted, PICTURES, samples, ROWS[1])[0] - before).max() > 0.1


def test_more_networks_keep_the_earlier_ones():
    # So slow that weights stay what they are drawn as; training several sums in another order.
    few, many = (run("E", networks=n, epochs=1, rate=1e-8)[0] for n in (1, 2))
    np.testing.assert_array_equal(few["test_sample"][0], many["test_sample"][0])
    np.testing.assert_allclose(few["query"][0], many["query"][0], atol=1e-5)
    assert np.abs(many["query"][0] - many["query"][1]).max() > 0.1


def test_a_sweep_holds_every_beta_and_statistics_find_theirs():
    made = run("E", beta=SMALL["beta"] / 5, betas=3, factor=5.0, epochs=2)[1]
    np.testing.assert_allclose(made["start_beta"], SMALL["beta"] * np.array([0.2, 1, 5]))
    results = collected(made)
    middle = made["test_accuracy"].values[:, 1]
    assert results["accuracy_E"] == pytest.approx(middle.mean())
    assert results["accuracy_E"].attrs["networks"] == 3
    assert np.isnan(results["accuracy_H"])
    without = collected(run("E", beta=0.1, epochs=1)[1])
    assert np.isnan(without["accuracy_E"])
    assert without["accuracy_E"].attrs["networks"] == 0


def test_a_network_whose_weights_overflow_is_a_guess_and_named(trained, recwarn):
    model = trained["H"][0].copy(deep=True)
    model["query_bias"][0] += 1e4
    parameters = Train(product="H", **SMALL)
    made = evaluate(model, Cell(parameters, Evaluate(probes=400)), Seeds.of(7, "x", {}))
    assert made["diverged"].values[:, 0].tolist() == [1, 0, 0]
    assert made["test_accuracy"].values[0, 0] == pytest.approx(1 / CHOICES, abs=0.1)
    assert made["test_accuracy"].values[1:].min() > 2 / CHOICES
    text = made.assign_attrs(parameters=json.dumps({**parameters.model_dump(), "probes": 400}))
    shown = collected(text)["mean_match_attention"].values
    assert np.isfinite(shown).all()
    assert not [str(warning.message) for warning in recwarn]


def test_impossible_parameters_are_refused():
    for wrong, words in (
        ({"beta": -1.0}, "greater than or equal to"),
        ({"training_each": 130}, "more than the 174 pictures of the smallest class"),
        ({"beta": 0.0, "learn_beta": True}, "a beta of 0 has no gradient"),
        ({"choices": 11}, "less than or equal to 10"),
    ):
        with pytest.raises(ValidationError, match=words):
            Train(product="E", **{**SMALL, **wrong})
