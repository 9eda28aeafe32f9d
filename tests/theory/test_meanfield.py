"""N1: closed forms of the maps, and single units drawn one by one."""

import numpy as np
import pytest

from entanglement.theory import meanfield
from entanglement.theory.selection import gain_asymptotic, threshold

DRAWS = 400_000


def gram(*cosines):
    """The training sample and probes at given cosines to it, otherwise unrelated."""
    c = np.array([1.0, *cosines])
    made = np.outer(c, c)
    np.fill_diagonal(made, 1.0)
    return made


def drawn_products(activation, q, n_over_k, weight, bias):
    """phi(h_i) phi(h_j) of many units, each drawn as it is written; shape (DRAWS, inputs, inputs)."""
    rng = np.random.default_rng(7)
    z = rng.standard_normal(int(DRAWS * n_over_k))
    z = z[np.abs(z) > threshold(1000, round(1000 * n_over_k))][:DRAWS]
    triangle = np.linalg.cholesky(q).T
    rows = np.column_stack([z, rng.standard_normal((len(z), len(q) - 1))])
    h = weight * rows @ triangle + bias * rng.standard_normal((len(z), 1))
    made = meanfield.activate(activation, h)
    return made[:, :, None] * made[:, None, :]


def distance(drawn, expected):
    """Largest distance of the means from what is expected, in standard errors."""
    error = drawn.std(axis=0) / np.sqrt(len(drawn))
    return float(np.max(np.abs(drawn.mean(axis=0) - expected) / error))


@pytest.mark.parametrize("n_over_k", [1.0, 4.0])
@pytest.mark.parametrize("activation", meanfield.ACTIVATIONS)
def test_a_layer_is_that_of_drawn_units(activation, n_over_k):
    q = 1.3 * gram(0.6, -0.3)
    drawn = drawn_products(activation, q, n_over_k, 1.5, 0.4)
    expected = meanfield.evolve(q, 1, activation, n_over_k, 1.5, 0.4)[1]
    assert distance(drawn, expected) < 4.5


@pytest.mark.parametrize("activation", meanfield.ACTIVATIONS)
def test_control_another_selection_is_told_apart(activation):
    q = gram(0.6, -0.3)
    drawn = drawn_products(activation, q, 4.0, 1.5, 0.0)
    for wrong in (3.8, 4.2):
        assert distance(drawn, meanfield.evolve(q, 1, activation, wrong, 1.5)[1]) > 4.5


def test_relu_without_selection_is_the_arc_cosine_kernel():
    cosine = np.array([-0.9, -0.2, 0.0, 0.4, 0.99])
    found = meanfield.correlation(meanfield.evolve(gram(*cosine), 1, "relu")[1])[0, 1:]
    angle = np.arccos(cosine)
    kernel = (np.sin(angle) + (np.pi - angle) * cosine) / np.pi
    assert found == pytest.approx(kernel, abs=2e-5)


@pytest.mark.parametrize("n_over_k", [1.5, 4.0, 64.0, 1e6])
def test_the_identity_shrinks_the_tangent_by_a(n_over_k):
    a = gain_asymptotic(1000, round(1000 * n_over_k))
    path = meanfield.correlation(meanfield.evolve(gram(0.5, -0.2), 3, "identity", n_over_k, 1.7))
    cotangent = path[:, 0, 1:] / np.sqrt(1 - path[:, 0, 1:] ** 2)
    assert cotangent[1:] == pytest.approx(a * cotangent[:-1], rel=1e-6)
    assert meanfield.stability(2.0, "identity", n_over_k, 1.7) == pytest.approx(a**-2, rel=1e-6)
    # A half stands above and below the line of chi_1.
    assert meanfield.stability(2.0, "relu", n_over_k, 1.7) == pytest.approx(a**-2, rel=1e-6)


@pytest.mark.parametrize("n_over_k", [1.1, 4.0, 1e6])
def test_kept_projections_have_their_moments(n_over_k):
    z, mass = meanfield.kept(n_over_k)
    t = threshold(10**6, round(10**6 * n_over_k))
    density = np.exp(-(t**2) / 2) / np.sqrt(2 * np.pi)
    assert mass.sum() == pytest.approx(1)
    assert mass @ z == pytest.approx(0, abs=1e-12)
    assert mass @ np.abs(z) == pytest.approx(2 * density * n_over_k, rel=1e-5)
    assert mass @ z**2 == pytest.approx(1 + 2 * t * density * n_over_k, rel=1e-5)


def test_chaos_begins_where_the_variance_of_weights_passes_one():
    # Below 1 lengths go to 0, where tanh is linear and turns nothing: chi_1 goes to 1.
    for weight, chaotic in ((0.9, False), (1.5, True), (4.0, True)):
        square = meanfield.evolve(np.eye(1), 200, "tanh", weight=weight)[-1, 0, 0]
        assert (meanfield.stability(square, "tanh", weight=weight) > 1.01) == chaotic
    # The choice of rows makes coincidence stable again.
    square = meanfield.evolve(np.eye(1), 50, "tanh", 4.0, 4.0)[-1, 0, 0]
    assert meanfield.stability(square, "tanh", 4.0, 4.0) < 0.01


def test_stability_is_the_slope_of_the_map():
    small = 1e-3
    for activation, n_over_k, bias in (("tanh", 1.0, 0.3), ("gelu", 4.0, 0.0), ("tanh", 4.0, 0.5)):
        path = meanfield.evolve(gram(np.cos(small)), 1, activation, n_over_k, 1.5, bias)
        cosine = meanfield.correlation(path)[1, 0, 1]
        chi = meanfield.stability(1.0, activation, n_over_k, 1.5, bias)
        assert (1 / cosine**2 - 1) / np.tan(small) ** 2 == pytest.approx(chi, rel=1e-3)


def test_layer_normalisation_makes_relu_part_its_inputs():
    with_it = meanfield.evolve(gram(0.9), 60, "relu", norm="layer")[-1, 0, 1]
    without = meanfield.correlation(meanfield.evolve(gram(0.9), 60, "relu"))[-1, 0, 1]
    assert abs(with_it) < 1e-3
    assert without > 0.98


def test_a_skip_adds_what_means_share():
    """ReLU without selection: closed means 1 / sqrt(2 pi), second moments from the kernel."""
    path = meanfield.evolve(gram(0.0), 2, "relu", skip=True)
    mean = 1 / np.sqrt(2 * np.pi)
    assert path[1, 0, 0] == pytest.approx(1.5, abs=1e-5)
    assert path[1, 0, 1] == pytest.approx(mean**2, abs=1e-5)
    spread = np.sqrt(1.5)
    assert path[2, 0, 0] == pytest.approx(1.5 + 2 * mean * spread * mean + 0.75, abs=1e-4)


@pytest.mark.parametrize("n_over_k", [1.0, 4.0])
def test_a_batch_is_normalised_unit_by_unit(n_over_k):
    q = gram(0.5, -0.5, 0.0)
    rng = np.random.default_rng(3)
    z = rng.standard_normal(int(DRAWS * n_over_k))
    z = z[np.abs(z) > threshold(1000, round(1000 * n_over_k))][:DRAWS]
    rows = np.column_stack([z, rng.standard_normal((len(z), len(q) - 1))])
    h = rows @ np.linalg.cholesky(q).T
    h -= h.mean(axis=1, keepdims=True)
    y = h / h.std(axis=1, keepdims=True)
    found = meanfield.evolve(q, 1, "identity", n_over_k, 1.5, norm="batch")[1]
    drawn = y[:, :, None] * y[:, None, :]
    assert distance(drawn, found) < 4.5
    other = meanfield.evolve(gram(0.45, -0.5, 0.0), 1, "identity", n_over_k, norm="batch")[1]
    assert distance(drawn, other) > 4.5


def test_batch_normalisation_spreads_a_linear_batch_evenly():
    path = meanfield.correlation(meanfield.evolve(gram(0.9, 0.3, -0.5), 200, norm="batch"))
    assert path[-1][~np.eye(4, dtype=bool)] == pytest.approx(-1 / 3, abs=1e-3)
    assert np.isnan(meanfield.evolve(gram(0.5), 2, "relu", norm="batch")[1:]).all()
