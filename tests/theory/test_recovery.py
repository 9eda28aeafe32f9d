"""What is left of the noise, and from which layer on it is little."""

import numpy as np

from entanglement.theory import recovery


def test_layers_needed_counts_from_the_last_failure():
    error = np.array([[1, 0.01, 1, 0.01, 0.01], [1, 1, 1, 1, 1], [0.01] * 5])
    np.testing.assert_array_equal(recovery.layers_needed(error), [3, np.inf, 0])
    np.testing.assert_array_equal(recovery.layers_needed(error, 0.001), [np.inf] * 3)


def test_the_error_is_that_of_unit_vectors_of_the_better_sign():
    rng = np.random.default_rng(3)
    u, v = (x / np.linalg.norm(x) for x in rng.normal(size=(2, 16)))
    cosine = u @ v
    better = 7 * min(np.linalg.norm(u - v), np.linalg.norm(u + v))
    found = recovery.error(cosine / np.sqrt(1 - cosine**2), 7.0, 16)
    np.testing.assert_allclose(found, better / 4)
