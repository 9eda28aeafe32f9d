"""T2-T5 against simulation and against each other."""

import numpy as np
import pytest
from scipy.special import polygamma, psi

from entanglement.theory.rates import (
    RULES,
    lyapunov_spectrum,
    rate,
    rate_width_two,
    rate_without_selection,
    spread,
    spread_at_fixed_gain,
)
from entanglement.theory.selection import gain_asymptotic


def kept_weights(k, n, u, rng):
    candidates = rng.normal(size=(n, k))
    return candidates[np.argsort(-np.abs(candidates @ u))[:k]]


def test_t2_is_the_growth_of_the_cotangent_in_literal_networks():
    rng, k, n, depth = np.random.default_rng(1), 4, 11, 2500
    growth, u, s = [], np.eye(k)[0], np.eye(k)[1]
    for _ in range(depth):
        g = kept_weights(k, n, u, rng)
        w, r = g @ u, g @ s
        gain = np.linalg.norm(w)
        u = w / gain
        r -= (r @ u) * u
        growth.append(np.log(gain / np.linalg.norm(r)))
        s = r / np.linalg.norm(r)
    error = np.std(growth) / np.sqrt(depth)
    assert abs(np.mean(growth) - rate(k, n)) < 4 * error
    assert abs(np.mean(growth) - rate(k, k)) > 20 * error  # control: no selection


def test_t3_is_the_spectrum_that_qr_finds():
    rng, k, n, depth = np.random.default_rng(2), 5, 12, 2500
    q, logs = np.eye(k), []
    for _ in range(depth):
        q, r = np.linalg.qr(kept_weights(k, n, q[:, 0], rng) @ q)
        logs.append(np.log(np.abs(np.diag(r))))
    error = np.std(logs, axis=0) / np.sqrt(depth)
    found = np.mean(logs, axis=0)
    assert np.all(np.abs(found - lyapunov_spectrum(k, n)) < 4 * error)
    # Selection lifts the first exponent and no other.
    assert (found - lyapunov_spectrum(k, k))[0] > 20 * error[0]
    np.testing.assert_array_equal(lyapunov_spectrum(k, n)[1:], lyapunov_spectrum(k, k)[1:])


def test_t2_is_the_gap_of_t3():
    for k, n in [(2, 10), (5, 12), (256, 16384)]:
        spectrum = lyapunov_spectrum(k, n)
        assert rate(k, n) == pytest.approx(spectrum[0] - spectrum[1], rel=1e-12)


def test_t2_tends_to_ln_a():
    for ratio, error in ((1.4, 0.606), (64, 0.916)):
        for k in (2500, 25_000):
            limit = np.log(gain_asymptotic(k, int(ratio * k)))
            # The error falls as 1 / k.
            assert k * (rate(k, int(ratio * k)) - limit) == pytest.approx(error, abs=2e-3)


def test_t4_collapse_needs_no_selection():
    assert rate_without_selection(2) == pytest.approx(np.log(2), rel=1e-14)
    for k in (2, 10, 1000):
        assert rate(k, k) == pytest.approx(rate_without_selection(k), rel=1e-9)
        assert rate(k, 50 * k, "random") == pytest.approx(rate_without_selection(k), rel=1e-9)
    for k in (100, 1000):
        assert k**2 * (rate_without_selection(k) - 1 / (2 * k)) == pytest.approx(0.75, rel=0.02)


@pytest.mark.parametrize(("n", "known"), [(5, 1.221), (10, 1.4679), (100, 1.9261), (1000, 2.174)])
def test_t5_at_width_two(n, known):
    assert rate_width_two(n) == pytest.approx(rate(2, n), rel=1e-12)
    assert rate_width_two(n) == pytest.approx(known, abs=1e-3)


def test_families_order_the_rates():
    assert rate(64, 512, "minimum") < 0 == rate(64, 512, "orthogonal")
    assert 0 < rate(64, 512, "random") < rate(64, 512) == rate(64, 512, "top_unit")


PICKS = {
    "top": lambda z, s: -np.abs(z),
    "median": lambda z, s: np.abs(np.abs(z) - 0.6745),
    "minimum": lambda z, s: np.abs(z),
    "random": lambda z, s: np.arange(len(z)),
    # No rule of the class: it looks at what lies beside the training sample.
    "seen": lambda z, s: np.abs(s),
}


def grown(pick, k=4, n=11, layers=6000):
    """ln A and ln X of layers of k of n literal rows, kept by a rule."""
    rng = np.random.default_rng(5)
    rows = rng.normal(size=(layers, n, k))
    order = np.array([np.argsort(pick(row[:, 0], row[:, 1]))[:k] for row in rows])
    kept = np.take_along_axis(rows, order[:, :, None], axis=1)
    z, s = kept[..., 0], kept[..., 1]
    gain = np.linalg.norm(z, axis=1)
    along = np.sum(z * s, axis=1) / gain
    return np.log(gain), np.log(np.sum(s**2, axis=1) - along**2) / 2


def standard_errors(values, expected):
    return abs(values.mean() - expected) * len(values) ** 0.5 / values.std()


@pytest.mark.parametrize("rule", ["top", "median", "minimum", "random"])
def test_u1_any_rule_that_sees_the_projections_has_a_chi_residual_and_no_faster_rate(rule):
    log_gain, log_residual = grown(PICKS[rule])
    assert standard_errors(log_residual, (np.log(2) + psi(3 / 2)) / 2) < 4
    assert standard_errors(log_residual**2, residual_square()) < 4
    assert np.all(grown(PICKS["top"])[0] >= log_gain - 1e-12)  # draw by draw, to rounding
    if rule in RULES:
        assert standard_errors(log_gain - log_residual, rate(4, 11, rule)) < 4


def residual_square(k=4):
    return polygamma(1, (k - 1) / 2) / 4 + ((np.log(2) + psi((k - 1) / 2)) / 2) ** 2


def test_u1_control_a_rule_that_sees_the_rest_has_another_residual():
    _, log_residual = grown(PICKS["seen"])
    assert standard_errors(log_residual, (np.log(2) + psi(3 / 2)) / 2) > 20


def test_u1_the_largest_rows_lead_at_every_size():
    assert rate(2, 3) > rate(2, 3, "random") > rate(2, 3, "minimum") > 0
    for k, n in [(2, 10), (10, 14), (64, 4096), (2500, 3500)]:
        found = [rate(k, n, rule) for rule in RULES]
        assert found == sorted(found, reverse=True)
        assert found[0] > found[1] > 0 > found[2]


def test_u2_the_spread_is_that_of_literal_layers():
    log_gain, log_residual = grown(PICKS["top"])
    squares = (log_gain - log_residual - rate(4, 11)) ** 2
    assert standard_errors(squares, spread(4, 11) ** 2) < 4
    # Control: without the scatter of the gain.
    assert standard_errors(squares, spread_at_fixed_gain(4) ** 2) > 3


@pytest.mark.parametrize("k", [2, 3, 64, 2500])
def test_u2_the_spread_without_selection_in_closed_form(k):
    closed = polygamma(1, k / 2) / 4 + polygamma(1, (k - 1) / 2) / 4
    assert spread(k, k) ** 2 == pytest.approx(closed, rel=1e-5)
    assert spread(k, 7 * k, "random") ** 2 == pytest.approx(closed, rel=1e-5)
    assert spread(k, k, "orthogonal") == 0.0
    assert spread_at_fixed_gain(2) == pytest.approx(np.pi / np.sqrt(8), rel=1e-12)


def test_u3_the_growth_is_the_gap_or_nothing():
    from entanglement.theory.laws import mean_log_cotangent

    for n, weights in ((64, "top"), (70, "top"), (256, "top_unit"), (512, "minimum")):
        last = 2000 if weights == "top" else 100
        mean = mean_log_cotangent(64, n, last, weights)
        growth = (mean[-1] - mean[last // 2]) / (last - last // 2)
        assert growth == pytest.approx(max(rate(64, n, weights), 0.0), abs=2e-4)


def test_u3_pairs_under_the_smallest_rows_are_those_of_a_network_without_selection():
    """Residuals of two probes see k-1 Gaussian rows; their angle has the law of n = k-1."""
    rng, k, n, depth, networks = np.random.default_rng(8), 4, 12, 8, 3000
    folded = np.empty(networks)
    for network in range(networks):
        u, a, b = np.linalg.qr(rng.normal(size=(k, k)))[0][:3]
        a, b = (
            mix / np.linalg.norm(mix) for mix in (a, a * rng.normal() + b * abs_chi(rng, k - 2))
        )
        for _ in range(depth):
            rows = rng.normal(size=(n, k))
            kept = rows[np.argsort(np.abs(rows @ u))[:k]]
            u, a, b = kept @ u, kept @ a, kept @ b
            u /= np.linalg.norm(u)
            a, b = ((v - (v @ u) * u) / np.linalg.norm(v - (v @ u) * u) for v in (a, b))
        folded[network] = np.arctan2(np.linalg.norm(b - (a @ b) * a), abs(a @ b)) / np.pi
    from entanglement.theory.laws import mean_folded_loss

    assert standard_errors(folded, mean_folded_loss(k - 1, k - 1, depth)[-1]) < 4
    # Control: the law in k dimensions.
    assert standard_errors(folded, mean_folded_loss(k, k, depth)[-1]) > 6


def abs_chi(rng, degrees):
    return np.sqrt(2 * rng.standard_gamma(degrees / 2))
