"""The law of rounding: against one computed by hand, and where it says that it does not hold."""

import numpy as np

from entanglement.theory.rounding import translation_change


def test_inside_one_binade_the_spacing_is_known():
    # 48 + a lies between 32 and 64 for all a that matter: spacing 32 eps.
    eps, k = 2.0**-52, 16
    expected = 32 * eps * np.sqrt(k / 6) / np.sqrt(4 * k**2 / np.pi + k * (2 - 4 / np.pi))
    np.testing.assert_allclose(translation_change(np.array([48.0, -48.0]), k, eps), expected)


def test_outside_its_range_it_gives_no_number():
    assert np.isnan(translation_change(np.array([0.0, 1.0, 1e16]), 16, 2.0**-52)).all()
    assert np.isnan(translation_change(np.array([1e7]), 16, 2.0**-23)).all()
