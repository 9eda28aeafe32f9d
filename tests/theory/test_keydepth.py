"""U5: the depth of perfect keys, exact and for large k, and the end of float64."""

import numpy as np
import pytest
from scipy.special import ndtr

from entanglement.theory import keydepth
from entanglement.theory.keybits import error_rate, key_bit_error, perfect_rate
from entanglement.theory.laws import scalar_chain
from entanglement.theory.selection import threshold

PUBLISHED = {(2500, 2700): 265, (2500, 3400): 66, (2500, 3500): 61, (1600, 2100): 72}


def test_the_published_networks_need_the_depths_that_the_page_says():
    assert keydepth.depth_for_perfect(2500, 2700, 0.99) == 265
    assert keydepth.depth_for_perfect(2500, 3500) == 61
    assert keydepth.perfect_share(2500, 2700, 185) == pytest.approx(0.793, abs=6e-4)
    assert keydepth.perfect_share(2500, 2700, 183) == pytest.approx(0.777, abs=6e-4)
    assert 178 < keydepth.float64_end(2500, 2700) < 179


@pytest.mark.parametrize(("size", "exact"), PUBLISHED.items())
def test_the_law_for_large_k_is_within_a_layer_of_the_exact_depth(size, exact):
    legible, half, perfect = keydepth.boundaries(*size)
    assert abs(perfect - exact) < 1.5
    assert legible < half < perfect
    # Control: bits that differ by the angle, as Eq. 9 has them, ask for far more.
    deep = np.arange(1, 2 * exact)
    by_angle = keydepth.PhaseLaw(*size).perfect_by_angle(deep)
    assert by_angle[exact] < 0.9


def test_the_law_for_large_k_is_the_exact_one_at_all_depths():
    k, n, layers = 400, 600, np.arange(1, 61)
    law = keydepth.PhaseLaw(k, n)
    assert np.abs(law.error(layers) - error_rate(k, n, 60)[1:]).max() < 0.005
    assert np.abs(law.perfect(layers) - perfect_rate(k, n, 60)[1:]).max() < 0.02
    other = keydepth.PhaseLaw(k, 660)
    assert np.abs(other.perfect(layers) - perfect_rate(k, n, 60)[1:]).max() > 0.1


@pytest.mark.parametrize(("n", "right"), [(96, True), (64 + 16, False)])
def test_keys_of_drawn_chains_are_perfect_as_often_as_the_law_says(n, right):
    """Chains of n = 96 against the laws of this n and of another one."""
    k, depth, samples = 64, 30, 40_000
    rng = np.random.default_rng(5)
    c = scalar_chain(k, 96, depth - 1, samples, rng)[:, -1]
    perfect = (1 - key_bit_error(k, 96, c)) ** k
    error = perfect.std() / np.sqrt(samples)
    agrees = abs(perfect.mean() - keydepth.perfect_share(k, n, depth)) < 4.5 * error
    assert agrees == right


def test_literal_keys_are_perfect_as_often_as_the_law_says():
    """Bits drawn one by one at a given cotangent, not only their mean."""
    k, n, c, networks = 30, 60, 2.5, 20_000
    rng = np.random.default_rng(6)
    t = threshold(k, n)
    z = np.sort(np.abs(rng.standard_normal((networks, n))), axis=1)[:, -k:]
    wrong = c * z + rng.standard_normal(z.shape) < 0
    found = (~wrong.any(axis=1)).mean()
    # Given c the bits are independent but for the threshold they share.
    independent = (1 - key_bit_error(k, n, c)) ** k
    error = np.sqrt(found * (1 - found) / networks)
    assert abs(found - independent) < 4 * error + 0.01
    assert abs(found - (1 - ndtr(-c * t)) ** k) > 0.2


def test_depth_for_perfect_is_the_first_depth():
    depth = keydepth.depth_for_perfect(100, 200, 0.9)
    share = perfect_rate(100, 200, depth)
    assert share[depth] >= 0.9 > share[depth - 1]


def test_the_order_of_magnitude_is_that_of_the_closed_form():
    for (k, n), exact in PUBLISHED.items():
        assert 0.6 * exact < keydepth.depth_large(k, n) < exact


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (lambda: keydepth.perfect_share(10, 9, 3), "n = 9"),
        (lambda: keydepth.perfect_share(10, 20, -1), "depth = -1"),
        (lambda: keydepth.depth_for_perfect(10, 10), "n = 10"),
        (lambda: keydepth.depth_for_perfect(10, 20, 1.0), "share = 1.0"),
        (lambda: keydepth.depth_large(1, 3), "k = 1"),
        (lambda: keydepth.float64_end(4, 2), "n = 2"),
        (lambda: keydepth.PhaseLaw(5, 5), "n = 5"),
        (lambda: keydepth.PhaseLaw(5, 9).error(0), "depth"),
    ],
)
def test_parameters_outside_the_domain_are_named(call, named):
    with pytest.raises(ValueError, match=named):
        call()
