"""No softmax turns faster than its bound, and the bound is reached."""

import numpy as np

from entanglement.theory import slopes


def turned(attention, change):
    return np.linalg.norm(attention * (change - attention @ change))


def test_no_softmax_turns_faster_and_two_keys_do_as_fast():
    rng = np.random.default_rng(0)
    found = []
    for _ in range(4000):
        keys = rng.integers(2, 7)
        attention = rng.dirichlet(np.full(keys, rng.choice([0.1, 1.0, 10.0])))
        change = rng.choice([rng.random(keys), rng.integers(0, 2, keys)])
        found.append(turned(attention, change))
    assert max(found) <= slopes.turning(1.0) * (1 + 1e-12)
    assert max(found) > 0.95 * slopes.turning(1.0)  # a bound a twentieth smaller is none
    both = turned(np.array([0.5, 0.5]), np.array([0.0, 3.0]))
    np.testing.assert_allclose(both, slopes.turning(3.0), rtol=1e-14)


def test_two_keys_on_either_side_of_the_query_reach_the_euclidean_bound():
    head, beta = 6, 0.7
    # Every entry of the query lies between those of two keys, as far from one as from the other.
    slope = beta * np.stack([np.ones(head), -np.ones(head)])
    attention = np.array([[0.5], [0.5]])
    jacobian = attention * (slope - np.sum(attention * slope, axis=0))
    largest = np.linalg.svd(jacobian, compute_uv=False)[0]
    np.testing.assert_allclose(largest, slopes.euclidean(beta, head), rtol=1e-14)
    assert largest > 1.01 * slopes.euclidean(beta, head - 1)
