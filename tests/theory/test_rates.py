"""T2-T5 against simulation and against each other."""

import numpy as np
import pytest

from entanglement.theory.rates import (
    lyapunov_spectrum,
    rate,
    rate_width_two,
    rate_without_selection,
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
    for ratio in (1.4, 64):
        k = 100_000
        assert rate(k, int(ratio * k)) == pytest.approx(
            np.log(gain_asymptotic(k, int(ratio * k))), rel=1e-4
        )


def test_t4_collapse_needs_no_selection():
    assert rate_without_selection(2) == pytest.approx(np.log(2), rel=1e-14)
    for k in (2, 10, 1000):
        assert rate(k, k) == pytest.approx(rate_without_selection(k), rel=1e-9)
        assert rate(k, 50 * k, "random") == pytest.approx(rate_without_selection(k), rel=1e-9)
    assert 2 * 1000 * rate_without_selection(1000) == pytest.approx(1, rel=2e-3)


@pytest.mark.parametrize(("n", "known"), [(5, 1.221), (10, 1.466), (100, 1.925), (1000, 2.174)])
def test_t5_at_width_two(n, known):
    assert rate_width_two(n) == pytest.approx(rate(2, n), rel=1e-12)
    assert rate_width_two(n) == pytest.approx(known, abs=2e-3)


def test_families_order_the_rates():
    assert rate(64, 512, "minimum") < 0 == rate(64, 512, "orthogonal")
    assert 0 < rate(64, 512, "random") < rate(64, 512) == rate(64, 512, "top_unit")
