"""What is said of unseen noise against drawn fits, masks and differential equations."""

import numpy as np
import pytest

from entanglement.statistics import agreement
from entanglement.theory import interpolation


def noise(rng, draws, samples, k):
    return rng.normal(size=(2, draws, samples, k)) / np.sqrt(k)


@pytest.mark.parametrize(("k", "samples", "scale"), [(12, 1, 0.0), (12, 5, 0.0), (20, 8, 0.7)])
def test_the_loss_on_unseen_noise_is_that_of_drawn_fits(k, samples, scale):
    rng = np.random.default_rng(0)
    x, y = noise(rng, 4000, samples, k)
    inverse = np.linalg.pinv(x)
    start = scale * rng.normal(size=(4000, k, k)) / np.sqrt(k)
    # By the equations of the fit, not by what the law rests on.
    fit = start + (y - x @ start.swapaxes(1, 2)).swapaxes(1, 2) @ inverse.swapaxes(1, 2)
    seen, asked = rng.normal(size=(2, 4000, 1, k)) / np.sqrt(k)
    loss = np.sum((asked - seen @ fit.swapaxes(1, 2)) ** 2, axis=(1, 2))
    np.testing.assert_allclose(x @ fit.swapaxes(1, 2), y, atol=1e-9)
    law = interpolation.unseen_loss(k, samples, scale)
    assert agreement.over_limit(loss[:, None], np.array([law])) < 1
    wrong = interpolation.unseen_loss(k, samples + 2, scale)
    assert agreement.over_limit(loss[:, None], np.array([wrong])) > 1


def test_too_many_samples_have_no_mean():
    assert interpolation.unseen_loss(6, 0) == 1
    for samples in (-1, 5, 6):
        with pytest.raises(ValueError, match="give 0 to k - 2 = 4"):
            interpolation.unseen_loss(6, samples)


def test_dropout_weights_minimise_the_mean_loss_over_masks():
    x, y = noise(np.random.default_rng(1), 1, 4, 6)
    x, y, p = x[0], y[0], 0.4
    fit = interpolation.dropout_weights(x, y, p)
    masks = np.array(np.meshgrid(*[[0, 1]] * 6)).reshape(6, -1).T  # every mask of one sample
    chance = np.prod(np.where(masks, 1 - p, p), axis=1)

    def mean_loss(w):
        out = (masks[:, None] * x / (1 - p)) @ w.T  # (masks, samples, k)
        return np.sum(chance[:, None] * np.sum((y - out) ** 2, axis=-1))

    least, rng = mean_loss(fit), np.random.default_rng(2)
    for _ in range(50):
        assert mean_loss(fit + 1e-3 * rng.normal(size=fit.shape)) > least
    assert mean_loss(interpolation.dropout_weights(x, y, 0.3)) > least
    assert mean_loss(interpolation.dropout_weights(x, y, 0.0)) > least
    np.testing.assert_allclose(x @ interpolation.dropout_weights(x, y, 0.0).T, y, atol=1e-12)


def test_the_least_dropout_has_its_limit_and_an_input_that_is_never_seen_no_weight():
    x, y = noise(np.random.default_rng(1), 1, 4, 6)
    x, y = x[0] * [1, 1, 1, 1, 1, 0], y[0]
    near, limit = (interpolation.dropout_weights(x, y, p) for p in (1e-8, 1e-242))
    np.testing.assert_allclose(near, limit, atol=1e-6)
    np.testing.assert_allclose(x @ limit.T, y, atol=1e-12)
    assert (limit[:, 5] == 0).all()
    assert np.abs(limit - interpolation.dropout_weights(x, y, 0.0)).max() > 0.01


@pytest.mark.parametrize("depth", [1, 2, 3, 4])
def test_modes_solve_their_equation(depth):
    final, start, time = np.array([0.6, 1.7]), 0.05, np.linspace(0, 12, 49)
    found = interpolation.strength(time, final, start, depth)
    np.testing.assert_allclose(found[0], start, rtol=1e-6)
    step = 1e-4
    near = interpolation.strength(np.concatenate([[0.0], time[1:] + step]), final, start, depth)
    slope = (near - found)[1:] / step
    want = depth * found ** (2 - 2 / depth) * (final - found)
    np.testing.assert_allclose(slope, want[1:], atol=2e-3)
    other = (depth + 1) * found ** (2 - 2 / (depth + 1)) * (final - found)
    assert np.abs(slope - other[1:]).max() > 0.01
    # The larger mode is learned first.
    assert (found[:, 1] / final[1] >= found[:, 0] / final[0] - 0.06).all()
