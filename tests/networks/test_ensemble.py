"""What holds exactly of an ensemble: the same bytes again, deep collapses, limits, bad input."""

import json
import tracemalloc
import warnings
from fractions import Fraction

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from entanglement.geometry.angles import cotangent_between, loss_plus
from entanglement.networks.architecture import Architecture
from entanglement.networks.ensemble import (
    gaussian_probes,
    propagate,
    sketch,
    train,
    walk,
    whole,
)
from entanglement.networks.maxlikelihood import literal_layer
from entanglement.pipeline.errors import MendableError
from entanglement.pipeline.seeds import Seeds

SEEDS = Seeds(1906)
SAMPLERS = ["exact", "literal"]


def ensemble(k=6, n=17, depth=5, networks=4, **keys):
    return Architecture(k=k, n=n, depth=depth, networks=networks, **keys)


def probes_of(model, count):
    drawn = gaussian_probes(model, SEEDS, count)
    return np.stack([drawn(i) for i in range(model.sizes["network"])])


def arrays(layer, probes=slice(None)):
    """All that a layer says of some probes."""
    return [
        layer.direction,
        layer.log_norm,
        layer.cotangent[:, probes],
        layer.log_probe_norm()[:, probes],
        layer.log_residual[:, probes],
        layer.residual_directions()[:, probes],
    ]


def assert_same_bits(first, second):
    for a, b in zip(first, second, strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_walking_twice_gives_the_same_bytes(sampler):
    model = train(ensemble(sampler=sampler), SEEDS)
    vectors = probes_of(model, 3)
    for first, second in zip(walk(model, vectors), walk(model, vectors), strict=True):
        assert_same_bits(arrays(first), arrays(second))


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_a_stored_model_is_the_model(sampler, tmp_path):
    model = train(ensemble(sampler=sampler), SEEDS)
    vectors = probes_of(model, 3)
    model.to_netcdf(tmp_path / "model.nc")
    with xr.open_dataset(tmp_path / "model.nc") as stored:
        for first, second in zip(walk(model, vectors), walk(stored, vectors), strict=True):
            assert_same_bits(arrays(first), arrays(second))


@pytest.mark.parametrize("sampler", SAMPLERS)
@pytest.mark.parametrize("weights", ["top", "minimum", "random", "orthogonal"])
@pytest.mark.parametrize("row_order", ["sorted", "index"])
def test_more_networks_keep_the_earlier_ones(sampler, weights, row_order):
    few = train(ensemble(sampler=sampler, weights=weights, row_order=row_order), SEEDS)
    many = train(ensemble(sampler=sampler, weights=weights, row_order=row_order, networks=9), SEEDS)
    for name in few.data_vars:
        np.testing.assert_array_equal(few[name], many[name][:4])
    alone = walk(few, probes_of(few, 2)[1:3], slice(1, 3))
    for first, second in zip(alone, walk(many, probes_of(many, 2)), strict=True):
        assert_same_bits(arrays(first), [part[1:3] for part in arrays(second)])


@pytest.mark.parametrize("k", [2, 6, 70, 200])
@pytest.mark.parametrize(("few", "many"), [(1, 2), (1, 9), (3, 4), (65, 300), (150, 201)])
def test_probes_added_at_the_end_change_nothing_before(k, few, many):
    model = train(ensemble(k=k, n=3 * k, depth=3, networks=2), SEEDS)
    for first, second in zip(
        walk(model, probes_of(model, few)), walk(model, probes_of(model, many)), strict=True
    ):
        if few < 5:
            assert_same_bits(arrays(first), arrays(second, slice(few)))
        # With many columns some BLAS kernels group sums differently: equal to rounding.
        for a, b in zip(arrays(first), arrays(second, slice(few)), strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-9, atol=1e-13)


def test_propagation_does_not_depend_on_its_chunks(monkeypatch):
    model = train(ensemble(networks=7), SEEDS)
    whole = propagate(model, gaussian_probes(model, SEEDS, 8))
    monkeypatch.setattr("entanglement.networks.ensemble.CHUNK", 1)
    monkeypatch.setattr("entanglement.networks.propagation.AHEAD", 1)
    assert whole.identical(propagate(model, gaussian_probes(model, SEEDS, 8)))
    assert whole.identical(propagate(model, probes_of(model, 8)))
    assert whole.cotangent.dims == ("network", "layer", "probe")


def test_training_in_chunks_changes_nothing(monkeypatch):
    whole = train(ensemble(networks=7), SEEDS)
    monkeypatch.setattr("entanglement.networks.ensemble.CHUNK", 1)
    assert whole.identical(train(ensemble(networks=7), SEEDS))


def test_literal_in_blocks_keeps_the_largest_rows_of_all(monkeypatch):
    whole = train(ensemble(n=100, sampler="literal"), SEEDS)
    monkeypatch.setattr("entanglement.networks.maxlikelihood.BLOCK", 1)
    np.testing.assert_allclose(
        train(ensemble(n=100, sampler="literal"), SEEDS).projection, whole.projection, rtol=1e-12
    )


@pytest.mark.parametrize("weights", ["top", "top_unit", "minimum", "random", "orthogonal"])
def test_literal_is_algorithm_1_on_the_same_random_numbers(weights):
    """Written out anew: draw, keep, multiply, with no deflation and raw norms."""
    a = ensemble(networks=1, weights=weights, gain=1.3, sampler="literal")
    model = train(a, SEEDS)
    rng = SEEDS.generator(0, "weights")
    w = model.training_sample.values[0]
    x = probes_of(model, 3)[0]
    for layer in walk(model, x):
        np.testing.assert_allclose(layer.log_norm[0], np.log(np.linalg.norm(w)), atol=1e-12)
        np.testing.assert_allclose(layer.log_norm, model.log_norm[:, layer.index], atol=1e-12)
        np.testing.assert_allclose(
            layer.log_probe_norm()[0], np.log(np.linalg.norm(x, axis=-1)), atol=1e-12
        )
        u = w / np.linalg.norm(w)
        np.testing.assert_allclose(layer.cotangent[0], cotangent_between(u, x), rtol=1e-9)
        if weights == "orthogonal":
            q, r = np.linalg.qr(rng.standard_normal((a.k, a.k)))
            g = 1.3 * q * np.sign(np.diag(r))
        else:
            g = rng.standard_normal((a.n, a.k))
            size = np.abs(g @ w)
            key = {"minimum": np.argsort(size), "random": np.arange(a.n)}
            g = g[key.get(weights, np.argsort(-size))[: a.k]]
            g = g[np.argsort(-np.abs(g @ w))]
        if weights == "top_unit":
            g = g * 1.3 * np.linalg.norm(w) / np.linalg.norm(g @ w)
        w, x = g @ w, x @ g.T


@pytest.mark.parametrize("sampler", SAMPLERS)
@pytest.mark.parametrize("probes", [1, 3, 12])
def test_vectors_agree_with_their_coordinates(sampler, probes):
    model = train(ensemble(sampler=sampler), SEEDS)
    for layer in walk(model, probes_of(model, probes)):
        u, s, x = layer.direction, layer.residual_directions(), layer.probe_directions()
        np.testing.assert_allclose(np.linalg.norm(u, axis=-1), 1, rtol=1e-14)
        np.testing.assert_allclose(np.linalg.norm(x, axis=-1), 1, rtol=1e-13)
        np.testing.assert_allclose(s @ u[..., None], 0, atol=1e-14)
        np.testing.assert_allclose(layer.gram(), s @ s.swapaxes(1, 2), atol=1e-13)
        np.testing.assert_allclose(cotangent_between(u[:, None], x), layer.cotangent, rtol=1e-7)
        pair = cotangent_between(x[:, 0], x[:, -1])
        if probes > 1:
            np.testing.assert_allclose(layer.pair_cotangent(0, probes - 1), pair, rtol=1e-6)


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_a_collapse_to_1e_200_is_representable_without_a_warning(sampler):
    a = ensemble(k=3, n=100, depth=400, networks=2, sampler=sampler)
    model = train(a, SEEDS)
    vectors = probes_of(model, 2)
    seen = []
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for layer in walk(model, vectors):
            seen.append((np.abs(layer.cotangent[:, 0]), layer.pair_cotangent(0, 1)))
            assert np.all(np.isfinite(layer.log_probe_norm()))
    c = np.array([s[0] for s in seen])
    angle = loss_plus(c)
    assert np.any((angle < 1e-200) & (angle > 0))
    # The growth per layer is the same at any depth: nothing is lost on the way down.
    deep = np.diff(np.log(c[(c < 1e280).all(axis=1)]), axis=0)
    assert np.mean(deep[-80:]) == pytest.approx(np.mean(deep[20:100]), rel=0.25)
    pairs = np.abs(np.array([s[1] for s in seen]))
    assert pairs[150:200].min() > 1e60


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_the_training_sample_as_a_probe_stays_parallel(sampler):
    model = train(ensemble(sampler=sampler), SEEDS)
    w = model.training_sample.values
    vectors = np.stack([w, -2 * w, probes_of(model, 1)[:, 0], 3 * w], axis=1)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for layer in walk(model, vectors):
            np.testing.assert_array_equal(
                layer.cotangent[:, [0, 1, 3]], [[np.inf, -np.inf, np.inf]] * 4
            )
            np.testing.assert_allclose(layer.log_probe_norm()[:, 0], layer.log_norm, rtol=1e-12)
            np.testing.assert_allclose(
                layer.log_probe_norm()[:, 1], layer.log_norm + np.log(2), rtol=1e-12
            )
            np.testing.assert_allclose(layer.probe_directions()[:, 1], -layer.direction)
            assert np.all(np.isfinite(layer.cotangent[:, 2]))


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_dependent_probes_stay_dependent(sampler):
    """A network is linear: sums and copies of probes come out as sums and copies."""
    model = train(ensemble(k=4, n=9, sampler=sampler), SEEDS)
    x = probes_of(model, 2)
    vectors = np.stack([x[:, 0], x[:, 0], x[:, 1], 2 * x[:, 0] + x[:, 1], -x[:, 1]], axis=1)
    for layer in walk(model, vectors):
        made = layer.probe_directions() * np.exp(layer.log_probe_norm())[..., None]
        np.testing.assert_allclose(made[:, 1], made[:, 0], rtol=1e-9)
        np.testing.assert_allclose(made[:, 3], 2 * made[:, 0] + made[:, 2], rtol=1e-7)
        np.testing.assert_allclose(made[:, 4], -made[:, 2], rtol=1e-9)


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_an_isometry_moves_no_angle_and_scales_every_norm(sampler):
    a = ensemble(weights="orthogonal", gain=2.0, sampler=sampler)
    model = train(a, SEEDS)
    walked = list(walk(model, probes_of(model, 9)))
    for layer in walked:
        np.testing.assert_allclose(layer.cotangent, walked[0].cotangent, rtol=1e-11)
        np.testing.assert_allclose(layer.gram(), walked[0].gram(), atol=1e-11)
        grown = layer.index * np.log(2)
        np.testing.assert_allclose(layer.log_norm, walked[0].log_norm + grown, rtol=1e-12)
        np.testing.assert_allclose(
            layer.log_probe_norm(), walked[0].log_probe_norm() + grown, rtol=1e-11
        )


@pytest.mark.parametrize("sampler", SAMPLERS)
def test_unit_rows_keep_the_norm_and_the_angles_of_the_top_rows(sampler):
    top, unit = (train(ensemble(weights=w, sampler=sampler), SEEDS) for w in ("top", "top_unit"))
    np.testing.assert_array_equal(unit.log_norm[:, 0], unit.log_norm[:, -1])
    vectors = probes_of(top, 3)
    for first, second in zip(walk(top, vectors), walk(unit, vectors), strict=True):
        np.testing.assert_allclose(first.cotangent, second.cotangent, rtol=1e-12)
        np.testing.assert_allclose(
            first.log_probe_norm() - first.log_norm[:, None],
            second.log_probe_norm() - second.log_norm[:, None],
            atol=1e-12,
        )


@pytest.mark.parametrize("weights", ["top", "minimum", "random"])
@pytest.mark.parametrize("sampler", SAMPLERS)
def test_sorted_rows_descend(weights, sampler):
    model = train(ensemble(k=9, n=40, weights=weights, sampler=sampler), SEEDS)
    assert np.all(np.diff(np.abs(model.projection[:, 1:]), axis=-1) <= 0)


def test_ten_to_the_twelve_candidates_cost_nothing():
    model = train(ensemble(k=3, n=10**12, depth=10), SEEDS)
    # The largest of 10^12 normal numbers are about 7.
    assert np.all((np.abs(model.projection[:, 1:]) > 6.5) & (np.abs(model.projection[:, 1:]) < 8.5))


def test_samples_are_the_given_ones():
    given = np.random.default_rng(3).random((4, 6))
    model = train(ensemble(), SEEDS, given)
    np.testing.assert_array_equal(model.training_sample, given)
    assert not train(ensemble(), SEEDS).training_sample.equals(model.training_sample)


def test_probe_0_is_no_training_sample():
    model = train(ensemble(), SEEDS)
    assert not np.any(probes_of(model, 1)[:, 0] == model.training_sample.values)
    assert np.array_equal(probes_of(model, 5)[:, :2], probes_of(model, 2))


@pytest.mark.parametrize(
    ("samples", "message"),
    [
        (np.ones((4, 5)), r"give \(networks, k\) = \(4, 6\)"),
        (np.zeros((4, 6)), "not zero"),
        (np.full((4, 6), np.nan), "finite"),
    ],
)
def test_bad_training_samples_are_named(samples, message):
    with pytest.raises(ValueError, match=message):
        train(ensemble(), SEEDS, samples)


@pytest.mark.parametrize(
    ("probes", "message"),
    [
        (np.ones((3, 5)), r"give \(networks, probes, k\)"),
        (np.ones((2, 3, 6)), r"\(4, any, 6\)"),
        (np.ones((0, 6)), "no probes"),
        (np.eye(6)[:3] * [[1], [0], [1]], "probe 1 of network 0 is zero"),
        (np.full((2, 6), np.inf), "not finite"),
    ],
)
def test_bad_probes_are_named(probes, message):
    model = train(ensemble(), SEEDS)
    with pytest.raises(ValueError, match=message):
        list(walk(model, probes))


@pytest.mark.parametrize("scale", [1e-300, 1e300])
def test_the_length_of_a_probe_is_no_matter(scale):
    model = train(ensemble(), SEEDS)
    vectors = probes_of(model, 2)
    for first, second in zip(walk(model, vectors), walk(model, scale * vectors), strict=True):
        np.testing.assert_allclose(first.cotangent, second.cotangent, rtol=1e-9)
        shift = second.log_probe_norm() - first.log_probe_norm()
        np.testing.assert_allclose(shift, np.log(scale), rtol=1e-12)


def exact_cotangents(model, probe):
    """Algorithm 1 in rational arithmetic on the very weights of network 0: squares of c_l."""
    a = Architecture(**json.loads(model.attrs["architecture"]))
    rng, w, x = SEEDS.generator(0, "weights"), model.training_sample.values[0], probe
    u = w / np.linalg.norm(w)
    w, x = ([Fraction(float(entry)) for entry in v] for v in (w, x))
    for layer in range(a.depth + 1):
        ww, xx, wx = (sum(p * q for p, q in zip(*v)) for v in ((w, w), (x, x), (w, x)))
        yield wx**2 / (ww * xx - wx**2)
        if layer < a.depth:
            weights, z = literal_layer(a, u, rng)
            u = z / np.linalg.norm(z)
            rows = [[Fraction(float(g)) for g in row] for row in weights]
            w, x = ([sum(g * e for g, e in zip(row, v)) for row in rows] for v in (w, x))


def test_every_digit_of_a_deep_collapse_is_right():
    """Against rational arithmetic: the cotangent after 60 layers is right to 1e-13 of itself."""
    model = train(ensemble(k=3, n=100, depth=60, networks=1, sampler="literal"), SEEDS)
    probe = probes_of(model, 1)
    for layer, square in zip(walk(model, probe), exact_cotangents(model, probe[0, 0]), strict=True):
        assert layer.cotangent[0, 0] ** 2 == pytest.approx(float(square), rel=1e-12)
    assert square > 10**60


@settings(max_examples=60, deadline=None)
@given(
    k=st.integers(2, 9),
    more=st.integers(0, 30),
    depth=st.integers(1, 4),
    networks=st.integers(1, 3),
    probes=st.integers(1, 12),
    sampler=st.sampled_from(SAMPLERS),
    weights=st.sampled_from(["top", "top_unit", "random", "minimum", "orthogonal"]),
    row_order=st.sampled_from(["sorted", "index"]),
)
def test_any_architecture_is_consistent(k, more, depth, networks, probes, **family):
    model = train(ensemble(k, k + more, depth, networks, **family), SEEDS)
    vectors = probes_of(model, probes)
    walked = list(walk(model, vectors))
    assert [layer.index for layer in walked] == list(range(depth + 1))
    for layer in walked:
        np.testing.assert_allclose(layer.log_norm, model.log_norm[:, layer.index], atol=1e-11)
        assert layer.cotangent.shape == (networks, probes)
        assert np.all(np.isfinite(layer.cotangent))
        x = layer.probe_directions()
        np.testing.assert_allclose(np.linalg.norm(x, axis=-1), 1, rtol=1e-12)
        c = cotangent_between(layer.direction[:, None], x)
        np.testing.assert_allclose(np.arctan2(1, c), np.arctan2(1, layer.cotangent), atol=1e-12)
        along = layer.log_residual + np.log(np.hypot(1, layer.cotangent))
        np.testing.assert_allclose(along, layer.log_probe_norm(), atol=1e-12)
    # A network is linear: a probe turned round comes out turned round.
    both = np.concatenate([vectors, -vectors], axis=1)
    for layer in walk(model, both):
        there, back = layer.cotangent[:, :probes], layer.cotangent[:, probes:]
        np.testing.assert_allclose(np.arctan2(1, there), np.arctan2(1, -back), atol=1e-9)


@pytest.mark.parametrize("weights", ["top", "top_unit", "minimum", "random", "orthogonal"])
@pytest.mark.parametrize("sampler", SAMPLERS)
def test_a_sketch_gives_the_bytes_of_the_whole_model(sampler, weights, tmp_path):
    a = ensemble(sampler=sampler, weights=weights)
    model, small = train(a, SEEDS), sketch(a, SEEDS)
    xr.testing.assert_identical(small, model.drop_vars("projection"))
    small.to_netcdf(tmp_path / "model.nc")
    vectors = probes_of(model, 3)
    with xr.open_dataset(tmp_path / "model.nc") as stored:
        for first, second in zip(walk(model, vectors), walk(stored, vectors), strict=True):
            assert_same_bits(arrays(first), arrays(second))
        some = whole(stored.isel(network=slice(1, 3)))
        for first, second in zip(
            walk(model, vectors[1:3], slice(1, 3)), walk(some, vectors[1:3]), strict=True
        ):
            assert_same_bits(arrays(first), arrays(second))
        if sampler == "exact":
            xr.testing.assert_identical(whole(stored).load(), model)


def test_a_sketch_whose_seed_gives_other_networks_is_refused():
    small = sketch(ensemble(), SEEDS)
    whole(small.assign(gain=small["gain"] * (1 + 1e-12)))  # another processor's rounding
    for wrong in (small.assign_attrs(entropy="0x1"), small.assign(gain=small["gain"] * 1.001)):
        with pytest.raises(MendableError, match="do not give the same networks"):
            whole(wrong)


def test_a_wide_ensemble_is_trained_and_walked_in_bounded_memory():
    """Paper A's rows from 10^12, 20 000 of them, two probes: 40 networks are 320 MB of rows."""
    a = ensemble(k=20_000, n=10**12, depth=50, networks=40)
    tracemalloc.start()
    model = sketch(a, SEEDS)
    found = propagate(model, gaussian_probes(model, SEEDS, 2))["cotangent"]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert np.isfinite(found).all()
    assert peak < 300e6
