"""N2: what a skip leaves of tokens that are nearly alike."""

import numpy as np
import pytest

from entanglement.theory import attention


@pytest.mark.parametrize("k", [2, 7, 32, 500])
def test_the_mean_grows_as_noncentral_numbers_do(k):
    rng = np.random.default_rng(k)
    x = np.zeros(k)
    x[0] = 1.0
    draws = rng.standard_normal((40_000, k)) / np.sqrt(k)
    found = -np.log(np.linalg.norm(x + draws, axis=1))
    error = found.std() / np.sqrt(len(found))
    assert abs(found.mean() - attention.skip_rate(k)) < 4.5 * error
    # Control: the limit of large k is told apart, even at k = 500.
    assert abs(found.mean() + np.log(2) / 2) > 4.5 * error


def test_the_limit_is_the_square_root_of_two():
    assert attention.skip_rate(10**6) == pytest.approx(-np.log(2) / 2, abs=1e-5)
    with pytest.raises(ValueError, match="k = 1"):
        attention.skip_rate(1)
