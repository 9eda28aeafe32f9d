"""U9: the norm grows exponentially, the distance along time knows nothing of it."""

import numpy as np
import pytest

from entanglement.theory.spacetime import log_distance, mean_log_norm


@pytest.mark.parametrize(("weights", "kept"), [("top", slice(-4, None)), ("minimum", slice(4))])
def test_the_mean_log_norm_is_that_of_algorithm_1(weights, kept):
    k, n, depth, networks = 4, 12, 5, 4000
    rng = np.random.default_rng(3)
    w = rng.standard_normal((networks, k))
    logs = [np.log(np.linalg.norm(w, axis=1))]
    for _ in range(depth):
        projections = np.einsum("inj,ij->in", rng.standard_normal((networks, n, k)), w)
        order = np.argsort(np.abs(projections), axis=1)[:, kept]
        w = np.take_along_axis(projections, order, axis=1)
        logs.append(np.log(np.linalg.norm(w, axis=1)))
    found = np.array(logs)
    error = found.std(axis=1) / np.sqrt(networks)
    away = np.abs(found.mean(axis=1) - mean_log_norm(k, n, depth, weights)) / error
    assert away.max() < 4.5
    # Control: a norm in proportion to the layer.
    proportional = found.mean(axis=1)[1] + log_distance(1.0, depth)
    assert np.abs(found.mean(axis=1)[1:] - proportional)[-1] > 20 * error[-1]


def test_the_distance_is_c_times_the_layer():
    np.testing.assert_allclose(np.exp(log_distance(1000.0, 3)), [1000, 2000, 3000])


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (lambda: mean_log_norm(3, 2, 1), "n = 2"),
        (lambda: mean_log_norm(3, 4, -1), "depth = -1"),
        (lambda: log_distance(0.0, 1), "c = 0.0"),
        (lambda: log_distance(1.0, 0), "depth = 0"),
    ],
)
def test_parameters_outside_the_domain_are_named(call, named):
    with pytest.raises(ValueError, match=named):
        call()
