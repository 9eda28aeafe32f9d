"""Attacks of given length against closed forms, JAX's gradient and foolbox, and within their bounds."""

import eagerpy as ep
import foolbox
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from entanglement.networks import ascent, classifiers, digits, perturbations
from entanglement.theory import misled

SIDES = {8: digits.load, 28: digits.load_large}


def network(kind, side, seed=0):
    drawn = classifiers.initial_weights(np.random.default_rng(seed), kind, side, 16, 4)
    rng = np.random.default_rng(seed + 1)
    return {n: w if w.any() else rng.normal(0, 0.3, w.shape) for n, w in drawn.items()}


def shown(weights, side, count=40):
    """Pictures with the label that the network gives, so that it is right on all of them."""
    images, _ = SIDES[side]()
    pictures = classifiers.standardised(images[:: len(images) // count][:count])
    return pictures, labels(weights, pictures)


def labels(weights, pictures):
    return classifiers.scores(weights, classifiers.features(weights, pictures)).argmax(-1)


CASES = [(kind, side) for kind in classifiers.KINDS for side in SIDES]


@pytest.mark.parametrize(("kind", "side"), CASES)
def test_the_gradient_is_that_of_jax(kind, side):
    weights = network(kind, side)
    pictures, _ = shown(weights, side, 5)
    cotangent = np.random.default_rng(3).standard_normal((5, 10))

    def weighted(x):
        found = classifiers.scores(weights, classifiers.features(weights, x))
        return jnp.sum(found * cotangent)

    with jax.enable_x64(True):
        expected = np.asarray(jax.grad(weighted)(jnp.asarray(pictures)))
    found = classifiers.slope(weights, classifiers.features(weights, pictures), cotangent)
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-12)
    assert np.abs(expected).max() > 0.1


@pytest.mark.parametrize(("kind", "side"), CASES)
def test_the_first_layer_is_linear_and_the_scores_of_a_network_with_units_are_not(kind, side):
    weights = network(kind, side)
    pictures, _ = shown(weights, side, 4)
    one, two = pictures[:2], pictures[2:]
    first = classifiers.features(weights, one) + 3 * classifiers.features(weights, two)
    np.testing.assert_allclose(classifiers.features(weights, one + 3 * two), first, atol=1e-9)
    middle = [classifiers.scores(weights, classifiers.features(weights, x)) for x in (one, two)]
    at = classifiers.scores(weights, classifiers.features(weights, (one + two) / 2))
    assert (np.abs(at - sum(middle) / 2).max() < 1e-9) == (kind == "linear")


@pytest.mark.parametrize("side", SIDES)
def test_of_a_linear_classifier_attacks_find_the_boundary(side):
    weights = network("linear", side)
    pictures, truth = shown(weights, side)
    _, distance = perturbations.deep_fool(weights, pictures, truth)
    readout = weights["readout"], pictures, weights["readout_bias"], truth
    for length in np.quantile(distance, [0.2, 0.5, 0.8]):
        exact = misled.worst_accuracy(*readout, length / (1 + perturbations.OVERSHOOT))
        assert (distance > length).mean() == pytest.approx(float(exact), abs=0.03)
        change = perturbations.projected_gradient(weights, pictures, truth, length, 50)
        kept = (labels(weights, pictures + change) == truth).mean()
        assert kept >= misled.worst_accuracy(*readout, length) - 1e-9
        assert kept == pytest.approx(float(misled.worst_accuracy(*readout, length)), abs=0.1)
        # Another length is another share.
        assert kept < misled.worst_accuracy(*readout, length / 2)


@pytest.mark.parametrize(("kind", "side"), CASES)
def test_attacks_keep_their_length_and_do_more_than_chance(kind, side):
    weights = network(kind, side)
    pictures, truth = shown(weights, side)
    fool, distance = perturbations.deep_fool(weights, pictures, truth)
    sign = perturbations.fast_gradient(weights, pictures, truth)
    for unit in (fool, sign):
        np.testing.assert_allclose(np.linalg.norm(unit, axis=1), 1.0, rtol=1e-9)
    crossed = np.isfinite(distance)
    assert crossed.mean() > 0.9
    at = pictures + distance[:, None] * 1.0001 * fool
    assert (labels(weights, at[crossed]) != truth[crossed]).all()
    length = float(np.median(distance))
    change = perturbations.projected_gradient(weights, pictures, truth, length)
    assert np.linalg.norm(change, axis=1).max() <= length * (1 + 1e-9)
    blind = np.random.default_rng(1).standard_normal(pictures.shape)
    blind *= length / np.linalg.norm(blind, axis=1, keepdims=True)
    missed = [
        (labels(weights, pictures + x) != truth).mean() for x in (change, length * sign, blind)
    ]
    assert missed[0] >= missed[1] > missed[2]
    assert missed[0] > missed[2] + 0.2


def test_a_picture_that_is_misclassified_already_is_left_as_it_is():
    weights = network("mlp", 8)
    pictures, said = shown(weights, 8)
    fool, distance = perturbations.deep_fool(weights, pictures, (said + 1) % 10)
    assert not fool.any()
    assert not distance.any()


@pytest.mark.parametrize(("kind", "side"), CASES)
def test_the_attacks_are_those_of_foolbox(kind, side):
    weights = {n: w.astype(np.float32) for n, w in network(kind, side).items()}
    pictures, truth = shown(weights, side, 20)
    pictures = pictures.astype(np.float32)

    def scored(x):
        return classifiers.scores(weights, classifiers.features(weights, x))

    model = foolbox.JAXModel(scored, bounds=(-100, 100))
    given, known = jnp.asarray(pictures), jnp.asarray(truth)
    length, steps = 2.0, perturbations.STEPS

    def theirs(attack, epsilon):
        return np.asarray(ep.astensor(attack(model, given, known, epsilons=epsilon)[1]).raw)

    sign = perturbations.fast_gradient(weights, pictures, truth)
    eps = length / np.sqrt(pictures.shape[1])
    way = np.sign(theirs(foolbox.attacks.FGSM(), eps) - pictures)
    seen = sign != 0  # a convolution leaves out the last rows of 28
    assert (way == np.sign(sign))[seen].mean() > 0.999
    reach = ascent.REACH / steps
    pgd = foolbox.attacks.L2PGD(rel_stepsize=reach, steps=steps, random_start=False)
    change = perturbations.projected_gradient(weights, pictures, truth, length)
    apart = np.linalg.norm(pictures + change - theirs(pgd, length), axis=1)
    assert np.median(apart) < 0.02 * length
    _, distance = perturbations.deep_fool(weights, pictures, truth)
    fooled = foolbox.attacks.L2DeepFoolAttack(
        steps=steps, candidates=None, overshoot=perturbations.OVERSHOOT
    )
    found = np.linalg.norm(theirs(fooled, None) - pictures, axis=1)
    np.testing.assert_allclose(np.median(distance), np.median(found), rtol=0.05)
    # Of another label it is another attack.
    other = perturbations.fast_gradient(weights, pictures, (truth + 1) % 10)
    assert (way == np.sign(other))[seen].mean() < 0.9
