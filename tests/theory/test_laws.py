"""T1, T6, T7 and T9: quadrature against Monte-Carlo, closed forms, limits."""

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import ndtr

from entanglement.theory import candidates
from entanglement.theory.laws import (
    angle_density,
    crossing_probability,
    folded_distribution,
    mean_folded_loss,
    mean_log_cotangent,
    mean_over_chain,
    mean_time_share,
    mean_unfolded_loss,
    scalar_chain,
    spread,
)
from entanglement.theory.rates import rate
from entanglement.theory.selection import gain_asymptotic

CHAINS = [
    (2, 2, 6, "top"), (2, 5, 6, "top"), (2, 100, 4, "top"), (3, 7, 8, "minimum"),
    (5, 9, 12, "random"), (16, 17, 12, "top"), (256, 16384, 5, "top"), (2500, 3500, 12, "top"),
]  # fmt: skip


def folded(c):
    return np.arctan2(1, np.abs(c)) / np.pi


@pytest.mark.parametrize("chain", CHAINS, ids=str)
def test_t1_quadrature_agrees_with_monte_carlo(chain):
    k, n, depth, weights = chain
    c = scalar_chain(k, n, depth, 40_000, np.random.default_rng(7), weights)

    def largest_t(samples, expected):
        error = samples.std(axis=0) / np.sqrt(len(samples))
        return np.max(np.abs(samples.mean(axis=0) - expected) / error)

    assert largest_t(folded(c), mean_folded_loss(k, n, depth, weights)) < 4.5
    assert largest_t(np.log(np.abs(c)), mean_log_cotangent(k, n, depth, weights)) < 4.5
    x = np.array([0.02, 0.1, 0.3, 0.45])
    law = folded_distribution(k, n, depth, x, weights)
    found = np.mean(folded(c)[:, :, None] <= x, axis=0)
    error = np.sqrt(np.maximum(law * (1 - law), 1e-12) / len(c))
    assert np.max(np.abs(found - law) / (error + 1 / len(c))) < 4.5
    # Control: one layer more or less is told apart.
    if weights == "top":
        wrong = mean_folded_loss(k, n, depth + 1)[1:]
        assert largest_t(folded(c), wrong) > 10


def test_t1_at_the_input_is_a_uniform_direction():
    # The angle is uniform at width 2; at width 3 its cosine is, with mean angle 1 / pi folded.
    assert mean_folded_loss(2, 5, 1)[0] == pytest.approx(1 / 4, rel=1e-7)
    assert mean_folded_loss(3, 5, 1)[0] == pytest.approx(1 / np.pi, rel=1e-7)
    x = np.array([0.1, 0.2, 0.4])
    np.testing.assert_allclose(folded_distribution(2, 5, 1, x)[0], 2 * x, rtol=1e-6)


def test_t1_by_quadrature_of_one_layer_written_out():
    # Width 2 without selection: v_1 = (A^2 v_0 + 1) / X^2 with A^2 ~ chi^2(2), X^2 ~ chi^2(1).
    # The network is a Gaussian matrix, whose image of a second vector is as good as fresh: the
    # mean of ln |c| grows by E ln A - E ln X at large c, and 1/6 is the mean folded loss.
    assert mean_folded_loss(2, 2, 1)[1] == pytest.approx(1 / 6, rel=1e-5)


def test_t1_grows_at_the_rate_t2():
    for k, n in [(2, 10), (64, 640), (2500, 3500)]:
        growth = np.diff(mean_log_cotangent(k, n, 40))[-1]
        assert growth == pytest.approx(rate(k, n), rel=1e-4)


def test_t1_of_an_isometry_stays():
    law = mean_folded_loss(6, 6, 4, "orthogonal")
    np.testing.assert_array_equal(law, law[0])
    assert law[0] == pytest.approx(mean_folded_loss(6, 6, 0)[0], rel=1e-12)


def test_t1_with_any_function():
    # E 1/(1 + c^2) is the mean squared sine, (k-1)/k for a uniform direction.
    for k in (2, 5, 256):
        mean = mean_over_chain(k, 2 * k, 3, lambda c: 1 / (1 + c**2))
        assert mean[0] == pytest.approx((k - 1) / k, rel=1e-7)
        assert np.all(np.diff(mean) < 0)


def test_t6_is_the_law_of_large_widths():
    k, n = 2500, 3500
    c = scalar_chain(k, n, 10, 20_000, np.random.default_rng(8))
    np.testing.assert_allclose(c.std(axis=0), spread(k, n, 10), rtol=0.03)
    # Its known bias at the paper's setting: 3.3 % in the median, 6.4 % in the deviation.
    c, law = scalar_chain(256, 16384, 10, 100_000, np.random.default_rng(9)), spread(256, 16384, 10)
    ratio = np.median(np.abs(c[:, 10])) / 0.6744897501960817 / law[10]
    assert ratio == pytest.approx(1.033, abs=0.01)
    assert np.std(c[:, 10]) / law[10] == pytest.approx(1.064, abs=0.01)


def test_t6_without_selection_grows_linearly():
    np.testing.assert_allclose(spread(100, 100, 3), np.sqrt(np.array([1, 2, 3, 4]) / 100))
    np.testing.assert_allclose(spread(10**6, 10**6 + 1, 3) * 1e3, np.sqrt([1, 2, 3, 4]), rtol=1e-4)


@pytest.mark.parametrize("s", [0.05, 1.0, 40.0])
def test_t6_density_is_that_of_a_normal_cotangent(s):
    assert quad(angle_density, 1e-12, 1 - 1e-12, (s,), points=[0.5], limit=500)[0] == pytest.approx(
        1
    )
    below = quad(angle_density, 1e-12, 0.3, (s,), limit=500)[0]
    assert below == pytest.approx(ndtr(-1 / np.tan(0.3 * np.pi) / s), rel=1e-6)


@pytest.mark.parametrize("chain", [*CHAINS[:5], (2, 10, 30, "top"), CHAINS[-1]], ids=str)
def test_t7_is_the_fraction_that_crosses(chain):
    k, n, depth, weights = chain
    sides = np.signbit(scalar_chain(k, n, depth, 40_000, np.random.default_rng(10), weights))

    def largest_t(expected):
        crossed = (sides != sides[:, -1:]).mean(axis=0)
        error = np.sqrt(np.maximum(expected * (1 - expected), 1e-5) / len(sides))
        return np.max(np.abs(crossed - expected) / error)

    law = crossing_probability(k, n, depth, weights)
    assert largest_t(law) < 4.5
    # Control: the law of the next layer is another one.
    assert largest_t(np.append(law[1:], 0)) > 20


def test_t7_at_the_papers_setting_its_large_width_and_without_selection():
    np.testing.assert_allclose(
        crossing_probability(256, 16384, 30)[:2], [0.1175, 0.0415], atol=1e-4
    )
    k, n, layer = 4000, 8000, np.arange(4)
    large = np.arcsin(gain_asymptotic(k, n) ** -(layer + 1.0)) / np.pi
    np.testing.assert_allclose(crossing_probability(k, n, 40)[:4], large, atol=1e-3)
    assert crossing_probability(7, 7, 3, "orthogonal").tolist() == [0, 0, 0, 0]
    assert np.all(np.diff(crossing_probability(7, 7, 30)) < 0)


def test_t9_the_unfolded_loss_is_one_half_for_any_symmetric_law():
    c = scalar_chain(5, 50, 6, 200_000, np.random.default_rng(11))
    loss = np.arctan2(1, -c) / np.pi
    error = loss.std(axis=0) / np.sqrt(len(loss))
    assert np.max(np.abs(loss.mean(axis=0) - mean_unfolded_loss(6)) / error) < 4.5
    assert np.max(np.abs(folded(c).mean(axis=0) - 0.5) / error) > 50  # control: the folded one


@pytest.mark.parametrize(
    ("weights", "n", "expected"),
    [
        ("top", 16, 16), ("top_unit", 16, 16), ("random", 16, 8), ("minimum", 16, None),
        ("orthogonal", 16, None), ("top", 8, 8), ("minimum", 8, 8), ("orthogonal", 8, None),
    ],
)  # fmt: skip
def test_a_family_follows_the_law_of_its_candidates(weights, n, expected):
    assert candidates(weights, 8, n) == expected
    if expected is not None:
        same = mean_folded_loss(8, expected, 4)
        np.testing.assert_array_equal(mean_folded_loss(8, n, 4, weights), same)


def test_the_time_share_at_constant_norm_is_the_mean_over_gaussian_inputs():
    for time in (0.3, 2.0, 30.0):
        mean = quad(lambda x, t=time: t / np.hypot(t, np.sqrt(x)) * np.exp(-x / 2) / 2, 0, np.inf)[
            0
        ]
        assert mean_time_share(time) == pytest.approx(mean, rel=1e-7)
    assert 1 - mean_time_share(6e4) == pytest.approx(1 / 6e4**2, rel=1e-6)
