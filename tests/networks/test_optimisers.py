"""Optimisers against independent code, closed forms, and what a loss can and cannot see."""

import numpy as np
import pytest

from entanglement.networks.optimisers import OPTIMISERS, Task
from entanglement.theory import descent as theory

ACROSS = np.array([1.0, -1.0]) / np.sqrt(2)
GRADIENT = ("descent", "momentum", "adam")
BLIND = ("evolution", "metropolis", "random_search")


def task(networks=5, start=(0.1, 0.1), scale=1e4, stride=0.01, steps=300):
    generators = [[np.random.default_rng([kind, i]) for i in range(networks)] for kind in (1, 2)]
    return Task(np.array(start), scale * np.ones(2), stride, steps, *generators)


def initial(networks=5):
    return np.stack(
        [np.random.default_rng([0, i]).standard_normal((2, 2)) for i in range(networks)]
    )


def last(name, given, networks=5):
    *_, (matrix, wander) = OPTIMISERS[name](initial(networks), given)
    return matrix, wander


@pytest.mark.parametrize(("name", "options"), [("momentum", {"momentum": 0.9}), ("adam", {})])
def test_they_step_as_another_library_does(name, options):
    jax, optax = pytest.importorskip("jax"), pytest.importorskip("optax")
    given = task(steps=40)
    rule = (
        optax.sgd(given.rate, **options) if name == "momentum" else optax.adam(
            given.stride * given.way / 2
        )
    )  # fmt: skip
    with jax.enable_x64(True) if hasattr(jax, "enable_x64") else jax.experimental.enable_x64():
        matrix = jax.numpy.asarray(initial())
        state = rule.init(matrix)
        for _ in range(given.steps):
            change, state = rule.update(jax.numpy.asarray(given.slope(np.asarray(matrix))), state)
            matrix = optax.apply_updates(matrix, change)
        assert last(name, given)[0] == pytest.approx(np.asarray(matrix), rel=1e-9)


def test_descent_is_its_closed_form():
    given = task(steps=7)
    exact = theory.trained(initial(), given.start, given.aim, given.rate, 7)
    assert last("descent", given)[0] == pytest.approx(exact, rel=1e-12)


@pytest.mark.parametrize("name", sorted({*OPTIMISERS} - {"random_search"}))
def test_they_fit(name):
    given = task(steps=2000)
    assert np.all(given.error(last(name, given)[0]) < 0.05**2)


@pytest.mark.parametrize("name", GRADIENT)
def test_the_gradient_moves_nothing_across_the_point(name):
    moved = last(name, task())[0] - initial()
    assert np.abs(moved @ ACROSS).max() < 1e-12 * np.abs(moved).max()


def test_adam_moves_along_signs_and_so_across_a_point_of_unequal_coordinates():
    given = task(start=(0.3, 0.1))
    moved = last("adam", given)[0] - initial()
    across = np.array([0.1, -0.3])
    assert np.abs(moved @ across).max() > 1e-3 * np.abs(moved).max()
    # Still of rank one: both columns are equal up to the vanishing constant of its quotient.
    assert moved[..., 0] == pytest.approx(moved[..., 1], rel=1e-6)


@pytest.mark.parametrize("name", BLIND)
def test_what_only_compares_losses_wanders_across_as_independent_gaussian_numbers(name):
    networks = 300
    given = task(networks, stride=0.05, steps=100)
    matrix, wander = last(name, given, networks)
    z = (matrix @ ACROSS) / np.sqrt(1 + wander)[:, None]
    # Two numbers a network: mean square 1, whose standard error is sqrt(2 / 600).
    error = np.sqrt(2 / z.size)
    assert abs(np.mean(z**2) - 1) < 4 * error
    assert abs(z.mean()) < 4 / np.sqrt(z.size)
    # Along w_0 they are chosen: there they are no centred numbers.
    along = matrix @ given.start / np.linalg.norm(given.start) / np.sqrt(1 + wander)[:, None]
    assert along.mean() > 10 / np.sqrt(along.size)


def test_the_identity_keeps_every_angle():
    given = task(start=(0.3, -0.2))
    matrix = last("identity", given)[0] / given.way
    assert matrix @ given.start == pytest.approx(np.full((5, 2), 1e4 / given.way))
    assert matrix[0].T @ matrix[0] == pytest.approx(np.eye(2), abs=1e-14)


def test_more_networks_leave_the_earlier_ones_as_they_were():
    few, many = last("evolution", task(3), 3)[0], last("evolution", task(5), 5)[0]
    assert np.array_equal(few, many[:3])
