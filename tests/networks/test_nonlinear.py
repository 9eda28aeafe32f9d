"""Layers with activations have the law of Algorithm 1 drawn literally, at small width."""

import numpy as np
import pytest
from scipy.stats import ks_2samp

from entanglement.networks.nonlinear import inputs, walk
from entanglement.networks.nonlinear_architecture import Nonlinear
from entanglement.pipeline.seeds import Seeds
from entanglement.theory.meanfield import activate

NETWORKS, SEEDS = 1500, Seeds(5, "test")
KINDS = [
    {"activation": "identity", "n_over_k": 3},
    {"activation": "tanh", "n_over_k": 3, "bias": 0.5},
    {"activation": "gelu", "n_over_k": 1, "skip": True},
    {"activation": "relu", "n_over_k": 3, "skip": True, "norm": "layer"},
    {"activation": "tanh", "n_over_k": 3, "norm": "batch"},
]


def cosines(x):
    """Cosines training sample to near probe, to an unseen one, and between two unseen ones."""
    unit = x / np.linalg.norm(x, axis=-2, keepdims=True)
    pairs = ((0, -3), (0, 1), (1, 2))
    return np.stack([np.sum(unit[..., i] * unit[..., j], axis=-1) for i, j in pairs])


def exact(a):
    found = np.empty((3, a.networks))
    for part, layer, x, _ in walk(a, SEEDS):
        if layer == a.depth:
            found[:, part.start : part.stop] = cosines(x)
    return found


def literal(a, n):
    """The algorithm as printed, n rows drawn and k kept, written without the module's help."""
    made = []
    for i in range(a.networks):
        rng = np.random.default_rng([17, i])
        x = inputs(a, rng)
        for _ in range(a.depth):
            rows = rng.standard_normal((n, a.k))
            kept = np.sort(np.argsort(-np.abs(rows @ x[:, 0]))[: a.k])
            h = a.weight / np.sqrt(a.k) * rows[kept] @ x + a.bias * rng.standard_normal((a.k, 1))
            if a.norm == "batch":
                h = (h - h.mean(axis=1, keepdims=True)) / h.std(axis=1, keepdims=True)
            y = activate(a.activation, h)
            x = x + y if a.skip else y
            if a.norm == "layer":
                x = (x - x.mean(axis=0)) / x.std(axis=0)
        made.append(x)
    return cosines(np.stack(made))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: "-".join(map(str, kind.values())))
def test_layers_have_the_law_of_the_literal_algorithm(kind):
    a = Nonlinear(k=8, depth=3, networks=NETWORKS, probes=2, **kind)
    drawn = literal(a, round(8 * a.n_over_k))
    for found, expected in zip(exact(a), drawn, strict=True):
        assert ks_2samp(found, expected).pvalue > 1e-3


def test_control_another_number_of_candidates_is_rejected():
    a = Nonlinear(k=8, depth=3, networks=NETWORKS, probes=2, activation="tanh", n_over_k=3)
    assert ks_2samp(exact(a)[0], literal(a, 16)[0]).pvalue < 1e-3


def test_inputs_start_where_they_are_prepared():
    a = Nonlinear(k=30, depth=1, networks=2, n_over_k=1)
    x = inputs(a, np.random.default_rng(0))
    cosine = (x.T @ x / 30)[0]
    assert np.diag(x.T @ x) == pytest.approx(30)
    assert cosine[-3:] == pytest.approx([0.5, -0.5, np.cos(1e-3)], abs=1e-12)


def test_more_networks_keep_the_earlier_ones():
    few, more = (Nonlinear(k=6, depth=4, networks=n, n_over_k=2, bias=1.0) for n in (3, 9))
    assert (exact(few) == exact(more)[:, :3]).all()


def test_a_silent_network_has_no_direction():
    """ReLU networks of width 2 go silent: zeros, not errors."""
    a = Nonlinear(k=2, depth=20, networks=50, n_over_k=2, activation="relu", norm="layer")
    last = [x for _, layer, x, _ in walk(a, SEEDS) if layer == a.depth]
    assert np.isfinite(np.concatenate(last)).all()
