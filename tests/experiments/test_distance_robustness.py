"""Distance robustness: attacks keep their bounds, noise its norm, and products their pairing."""

import numpy as np
import pytest

from entanglement.experiments.distance_robustness import Train
from entanglement.experiments.distance_robustness.train import mistaken, tensors, train
from entanglement.networks import digits, recall, recall_attack
from entanglement.networks.product import PRODUCTS, ROWS
from entanglement.networks.stored_attention import unpack
from entanglement.pipeline.seeds import Seeds

PICTURES = recall.flat(digits.load()[0])
SMALL = {
    "beta": 0.5, "networks": 2, "epochs": 3, "batch": 64, "rate": 0.01, "choices": 4,
    "training_each": 100, "test_each": 50, "width": 16, "head": 4,
}  # fmt: skip
SIZES = np.array([0.3, 1.0])


def run(**changes):
    parameters = Train(**{**SMALL, **changes})
    return train(parameters, Seeds.of(7, "distance_robustness", parameters.model_dump()))


@pytest.fixture(scope="module")
def model():
    return run()


def asked(model, network=0, count=60):
    pool = model["test_sample"].values[network]
    samples = recall.draw(np.random.default_rng(3), pool, SMALL["choices"], (count,))
    return samples, *recall_attack.scenes(PICTURES, samples)


def losses(weights, scene, samples, product):
    from entanglement.networks import symmetries

    flat = scene.reshape(-1, recall.PIXELS)
    table = symmetries.table(product, *recall.queries_keys(weights, flat, samples))
    scores = recall.label_scores(weights, recall.paid(weights, table, product), samples)
    return np.log(np.exp(scores).sum(-1)) - scores[np.arange(len(scores)), samples.answers]


def test_products_share_what_they_learn_from(model):
    for name in ("embedding", "value"):
        assert model[f"dot_{name}"].shape == model[f"E_{name}"].shape
    slow = run(rate=1e-8, epochs=1)
    np.testing.assert_allclose(slow["dot_query"], slow["E_query"], atol=1e-5)
    np.testing.assert_allclose(slow["dot_embedding"], slow["H_embedding"], atol=1e-5)
    assert np.abs(slow["dot_query"][0] - slow["dot_query"][1]).max() > 0.1


@pytest.mark.parametrize("product", ROWS, ids=[row.name for row in ROWS])
@pytest.mark.parametrize("target", recall_attack.TARGETS)
def test_attacks_stay_within_their_ball_and_do_more_than_noise_of_their_norm(
    model, product, target
):
    weights = unpack(model, 0, f"{product.name}_", tensors(product.name))
    _, scene, samples = asked(model)
    made = recall_attack.craft(weights, scene, samples, product, target, SIZES)
    assert made.shape == (2, 2, *scene.shape)
    assert made.min() >= 0
    assert made.max() <= 1
    change = made - scene
    length = np.linalg.norm(change, axis=(-2, -1))
    assert (length <= SIZES[:, None] * (1 + 1e-9)).all()
    assert length.max() > 0.9 * SIZES.max()
    kept = {"query": slice(1, None), "keys": slice(0, 1), "both": slice(0)}[target]
    assert not change[..., kept, :].any()
    clean = losses(weights, scene, samples, product)
    for size in range(2):
        noisy = recall_attack.noise(np.random.default_rng(1), scene, made[1, size])
        np.testing.assert_allclose(
            np.linalg.norm(noisy - scene, axis=(1, 2)), length[1, size], rtol=1e-9
        )
        assert not (noisy - scene)[:, kept].any()
        risen = losses(weights, made[1, size], samples, product) - clean
        chance = losses(weights, noisy, samples, product) - clean
        assert risen.mean() > 3 * np.abs(chance).mean()
    # Many steps do more than one.
    one, many = (losses(weights, made[k, 1], samples, product).mean() for k in range(2))
    assert many > one


def test_noise_that_hits_the_ends_of_the_range_makes_up_for_it():
    rng = np.random.default_rng(0)
    scene = rng.random((50, 3, 64)).round()  # black or white: half of all changes are cut off
    changed = scene.copy()
    changed[:, 0] = np.abs(scene[:, 0] - rng.random((50, 64)) * 0.4)
    noisy = recall_attack.noise(rng, scene, changed)
    wanted = np.linalg.norm(changed - scene, axis=(1, 2))
    np.testing.assert_allclose(np.linalg.norm(noisy - scene, axis=(1, 2)), wanted, rtol=1e-9)
    assert noisy.min() >= 0
    assert noisy.max() <= 1
    cut = np.clip(scene[:, 0] + changed[:, 0] - scene[:, 0], 0, 1)
    assert np.abs(noisy[:, 0] - cut).max() > 0.01


def test_a_mistake_names_another_picture_and_happens_as_often_as_it_should():
    rng = np.random.default_rng(2)
    samples = recall.draw(rng, np.arange(1000).reshape(10, 100), 5, (20_000,))
    told = mistaken(rng, samples, 0.3)
    wrong = told.match != samples.match
    error = np.sqrt(0.3 * 0.7 / 20_000)
    assert abs(wrong.mean() - 0.3) < 4 * error
    assert abs(wrong.mean() - 0.33) > 4 * error
    shift = (told.match - samples.match)[wrong] % 5
    assert np.ptp(np.bincount(shift, minlength=5)[1:]) < 6 * np.sqrt(wrong.sum() * 0.1875)
    np.testing.assert_array_equal(mistaken(rng, samples, 0.0).match, samples.match)
    assert (mistaken(rng, samples, 1.0).match != samples.match).all()


def test_noisy_pictures_are_each_networks_own_and_teach_less(model):
    noisy = run(picture_noise=1.0)
    np.testing.assert_array_equal(noisy["training_sample"].shape, model["training_sample"].shape)
    assert noisy["accuracy"].isel(epoch=-1).mean() < model["accuracy"].isel(epoch=-1).mean()


def test_statistics_are_differences_within_triples(collected):
    block = {
        "fixed": {**SMALL, "networks": 3, "epochs": 1, "probes": 40, "largest": 0.5},
        "cases": [{"norms": 1}, {"label_noise": 0.5, "norms": 0}],
    }
    results = collected("distance_robustness", block)
    under = results.isel(cell=0)["accuracy_under"].sel(change="PGD", target="both").isel(norm=0)
    gap = (under.sel(product="dot") - under.sel(product="E")).values
    assert results["gap_E"] == pytest.approx(gap.mean())
    half = (results["gap_E"].attrs["ci_high"] - results["gap_E"].attrs["ci_low"]) / 2
    assert half == pytest.approx(4.302652729696142 * gap.std(ddof=1) / np.sqrt(3))
    assert results["slope_E"] <= 1
    assert results["rejected_equivalents"] == 0
    assert results["label_gap_E"].attrs["networks"] == 3
    assert results["picture_gap_E"].attrs["networks"] == 0
    assert set(PRODUCTS) == set(results["product"].values)
