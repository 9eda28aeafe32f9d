"""A16: means against infinite width, with theories that must be rejected, and odd cases."""

import numpy as np
import pytest

from entanglement.experiments.nonlinear import evaluate, theory
from entanglement.statistics import agreement
from entanglement.statistics.roles import Role, cast
from entanglement.theory import laws, meanfield

FIGURE = "nonlinear"


@pytest.fixture(scope="module")
def results(collected):
    block = {
        "fixed": {"k": 2500, "depth": 8, "networks": 20, "probes": 2},
        "grid": {"activation": ["identity", "tanh", "relu", "gelu"], "n_over_k": [1, 4]},
        "cases": [
            {"activation": ["tanh", "relu"], "skip": True, "n_over_k": 4},
            {"activation": "relu", "norm": "layer", "n_over_k": [1, 4]},
            {"activation": "identity", "norm": "batch", "n_over_k": 4},
            {"activation": "tanh", "bias": 0.5, "n_over_k": 4},
            {"k": 2, "activation": ["identity", "relu"], "n_over_k": 4, "networks": 400},
        ],
    }
    return collected(FIGURE, block)


def only(results, **where):
    plain = {"skip": False, "norm": "none", "bias": 0}
    return cast(results, {"it": Role({**plain, **where})})["it"]


def test_means_are_those_of_infinite_width(results):
    assert results.largest_t_over_limit < 1


def test_a_wrong_theory_is_rejected(results):
    cell = only(results, activation="tanh", n_over_k=4, k=2500)
    samples = cell["near"].values[:, 1:4]
    gram = np.array([[1, 0.5], [0.5, 1]])
    for n_over_k, weight, rejected in ((4.0, 1.5, False), (5.0, 1.5, True), (4.0, 1.9, True)):
        path = meanfield.evolve(gram, 3, "tanh", n_over_k, weight)
        exact = meanfield.correlation(path)[1:, 0, 1]
        t, limit = agreement.largest_t(samples, exact)
        assert (t > limit) == rejected, (n_over_k, weight, t, limit)


def test_without_an_activation_it_is_the_exact_law_of_one_probe(results):
    # Later means hang on the few networks that are late.
    early = only(results, activation="identity", n_over_k=4, k=2)["fold"].values[:, :4]
    assert agreement.over_limit(early, laws.mean_folded_loss(2, 8, 3)) < 1
    assert agreement.over_limit(early, laws.mean_folded_loss(2, 4, 3)) > 1


def test_stability_tells_what_happens_to_a_close_probe(results):
    steps = {
        a: float(only(results, activation=a, n_over_k=4, k=2500)["mean_step"])
        for a in meanfield.ACTIVATIONS
    }
    assert steps["relu"] == pytest.approx(steps["identity"], abs=0.03)
    assert steps["tanh"] < 2 * steps["identity"] < 0
    assert float(only(results, activation="tanh", n_over_k=1, k=2500)["mean_step"]) > 0.05


def test_silent_networks_are_left_out_and_counted(results):
    cell = only(results, activation="relu", n_over_k=4, k=2)
    assert cell["mean_alive"][-1] < 0.5
    assert (cell["poles"].values[cell["alive"].values[:, -1] == 0] <= 1).all()
    alive = np.isfinite(cell["fold"].values)
    assert (alive <= (cell["alive"].values == 1)).all()


def test_directions_are_counted_once_each():
    angle = np.pi * np.array([0, 0.01, 0.04, 1.0, 0.5])
    triangle = np.stack([np.cos(angle), np.sin(angle)])
    assert evaluate._directions(triangle) == 3
    assert evaluate._directions(np.zeros((2, 4))) == 0


def test_probes_at_a_right_angle_have_no_law_where_rows_are_chosen(results):
    chosen = only(results, activation="relu", n_over_k=4, k=2500)
    assert np.isnan(theory.cosines(chosen)["between"]).all()
    free = only(results, activation="relu", n_over_k=1, k=2500)
    assert np.isfinite(theory.cosines(free)["between"]).all()
