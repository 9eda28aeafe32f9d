"""U2: the master curve, the depth that a share of networks needs, and its closed form."""

import numpy as np
import pytest
from scipy.special import ndtr

from entanglement.theory import depth, rates
from entanglement.theory.laws import folded_distribution, mean_log_cotangent, scalar_chain

SIZES = [(2, 2), (2, 10), (3, 12), (10, 40), (64, 640), (256, 16384), (2500, 2700), (2500, 3500)]


def test_u2_the_share_above_an_angle_is_the_rest_of_its_law_and_falls():
    for k, n in [(2, 5), (10, 40), (2500, 3500)]:
        share = depth.share_above(k, n, 30, 0.05)
        law = folded_distribution(k, n, 30, np.array([0.05]))[:, 0]
        np.testing.assert_allclose(share, 1 - law, atol=1e-12)
        assert np.all(np.diff(share) < 1e-9)  # 1 to rounding as long as nothing has collapsed
        assert share[-1] < 0.9 * share[0]


@pytest.mark.parametrize(("k", "n"), [(2, 10), (10, 40), (64, 64)])
def test_u2_so_many_layers_are_needed_and_no_fewer(k, n):
    angle, delta, draws = 0.02, 0.1, 40_000
    needed = depth.layers_needed(k, n, angle, delta)
    c = scalar_chain(k, n, needed, draws, np.random.default_rng(3))
    share = np.mean(np.arctan2(1, np.abs(c)) / np.pi > angle, axis=0)
    error = np.sqrt(delta * (1 - delta) / draws)
    assert share[needed] < delta + 4 * error
    assert share[needed - 1] > delta - 4 * error
    # Control: half the depth leaves far more of them.
    assert share[needed // 2] > delta + 20 * error


@pytest.mark.parametrize(("k", "n"), SIZES)
def test_u2_the_closed_form_is_off_by_a_few_e_folds_however_small_the_angle(k, n):
    gamma = rates.rate(k, n)
    for delta, bound in ((0.5, 0.8), (0.05, 2.5), (0.01, 4.5)):
        for angle in (1e-2, 1e-4, 1e-6):
            exact = depth.layers_needed(k, n, angle, delta)
            off = (depth.layers_by_clt(k, n, angle, delta) - exact) * gamma
            assert abs(off) < bound + gamma  # a layer is lost to rounding up
    # Control: without the mean of the bounded part it is off by more at large width.
    if k == 2500:
        bare = np.log(1 / np.tan(np.pi * 1e-6)) / gamma
        assert (depth.layers_needed(k, n, 1e-6, 0.5) - bare) * gamma > 3


@pytest.mark.parametrize(("k", "n", "layers"), [(2, 2, (5, 10, 20)), (10, 40, (10, 20, 40))])
def test_u2_the_law_of_the_cotangent_tends_to_the_normal_one_as_one_over_root_l(k, n, layers):
    x, distance = np.linspace(-3, 3, 61), []
    for last in layers:
        mean, deviation = depth.normal(k, n, last)
        angle = np.arctan(np.exp(-mean - deviation * x)) / np.pi
        within = (angle > 1e-12) & (angle < 0.4999)
        law = 1 - folded_distribution(k, n, last, angle[within])[-1]
        distance.append(np.max(np.abs(law - ndtr(x[within]))))
    assert np.all(np.diff(distance) < 0)
    assert distance[-1] < 0.1
    # Twice the layers: 1.41-fold smaller in the limit.
    assert 1.2 < distance[-2] / distance[-1] < 1.6


def test_u2_the_mean_is_right_for_wide_networks_at_any_depth():
    for n in (2500, 3500):
        for last in (1, 10, 100):
            exact = mean_log_cotangent(2500, n, last)[-1]
            assert depth.normal(2500, n, last)[0] == pytest.approx(exact, abs=0.02)


def test_u2_what_does_not_collapse_has_no_depth():
    with pytest.raises(ValueError, match="weights = minimum: no depth is enough"):
        depth.layers_needed(8, 16, 0.1, 0.1, "minimum")
    with pytest.raises(ValueError, match="more than 20000 layers"):
        depth.layers_needed(20_000, 20_000, 1e-6, 0.01)
