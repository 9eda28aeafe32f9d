"""Three independent ways to the same law: literal Algorithm 1, exact sampler, scalar chain.

Every comparison is a two-sample Kolmogorov-Smirnov test over networks, the sampling unit, with
a level low enough that the whole file fails by chance once in thousands of seeds, and with a
negative control that the same test must reject.
"""

import os
from functools import lru_cache

import numpy as np
import pytest
from scipy.stats import ks_2samp

from entanglement.networks.architecture import Architecture
from entanglement.networks.ensemble import gaussian_probes, train, walk
from entanglement.pipeline.seeds import Seeds
from entanglement.theory.laws import scalar_chain

SEED = int(os.environ.get("ENTANGLEMENT_TEST_SEED", "15669"))
LEVEL = 1e-5
NETWORKS = 1500

# k, n, depth, probes: width 2, no selection, more probes than dimensions, odd sizes.
SIZES = [(2, 10, 6, 1), (2, 2, 5, 3), (5, 5, 8, 2), (7, 23, 5, 3), (4, 9, 6, 7), (33, 101, 4, 2)]
FAMILIES = ["top", "top_unit", "random", "minimum", "orthogonal"]


@lru_cache(maxsize=64)
def layers(k, n, depth, probes, sampler, weights="top", row_order="sorted", networks=NETWORKS):
    architecture = Architecture(
        k=k, n=n, depth=depth, networks=networks, sampler=sampler, weights=weights,
        row_order=row_order, gain=1.25,
    )  # fmt: skip
    # Different seeds, so that the two samplers share no random number.
    seeds = Seeds(SEED + (sampler == "literal"))
    model = train(architecture, seeds)
    drawn = gaussian_probes(model, seeds, probes)
    return list(walk(model, np.stack([drawn(i) for i in range(networks)])))


def statistics(walked):
    """What a law of one or two probes can differ in, one number for each network."""
    last, before = walked[-1], walked[-2]
    u, x = last.direction, last.probe_directions()
    numbers = {
        "cotangent": last.cotangent[:, -1],
        "growth of the norm": last.log_norm - before.log_norm,
        "growth of the probe": last.log_probe_norm()[:, -1] - walked[0].log_probe_norm()[:, -1],
        "entry of the direction": u[:, 0],
        "entry of the probe": x[:, -1, 0],
        "entry of the residual": last.residual_directions()[:, -1, -1],
        "memory of the layer before": last.cotangent[:, -1] / before.cotangent[:, -1],
    }
    if x.shape[1] > 1:
        numbers |= {
            "angle between probes": last.pair_cotangent(0, x.shape[1] - 1),
            "product of cotangents": last.cotangent[:, 0] * last.cotangent[:, -1],
            # At width 2 it is 1 or -1, whatever the rounding.
            "residuals' inner product": np.round(last.gram()[:, 0, -1], 9),
        }
    return numbers


def p_values(first, second):
    return {name: ks_2samp(first[name], second[name]).pvalue for name in first}


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_exact_sampler_has_the_law_of_algorithm_1(size):
    found = p_values(*(statistics(layers(*size, sampler)) for sampler in ("exact", "literal")))
    assert min(found.values()) > LEVEL, found


@pytest.mark.parametrize("weights", FAMILIES[1:])
@pytest.mark.parametrize("size", [(3, 8, 5, 2), (6, 11, 4, 9)], ids=str)
def test_exact_sampler_has_the_law_of_the_other_families(size, weights):
    found = p_values(
        *(statistics(layers(*size, sampler, weights)) for sampler in ("exact", "literal"))
    )
    # An isometry moves no angle: its constants differ by rounding and by nothing else.
    if weights == "orthogonal":
        for name in ("memory of the layer before", "growth of the norm", "growth of the probe"):
            del found[name]
    if weights == "top_unit":
        del found["growth of the norm"]
    assert min(found.values()) > LEVEL, found


@pytest.mark.parametrize("row_order", ["sorted", "index"])
def test_row_orders_agree_between_samplers(row_order):
    found = p_values(
        *(statistics(layers(5, 12, 4, 2, s, "top", row_order)) for s in ("exact", "literal"))
    )
    assert min(found.values()) > LEVEL, found


def test_row_order_moves_entries_and_nothing_else():
    by_size, by_index = (
        statistics(layers(5, 12, 4, 2, "exact", "top", order)) for order in ("sorted", "index")
    )
    for name in by_size:
        if name.startswith("entry of the direction"):
            assert ks_2samp(by_size[name], by_index[name]).pvalue < LEVEL
        elif not name.startswith("entry"):
            np.testing.assert_allclose(by_size[name], by_index[name], rtol=1e-9)


@pytest.mark.parametrize("sampler", ["exact", "literal"])
@pytest.mark.parametrize("size", SIZES, ids=str)
def test_one_probe_follows_the_scalar_chain(size, sampler):
    k, n, depth, _ = size
    chain = scalar_chain(k, n, depth, 20_000, np.random.default_rng(SEED))
    walked = layers(*size, sampler)
    for layer in (0, 1, depth):
        assert ks_2samp(walked[layer].cotangent[:, -1], chain[:, layer]).pvalue > LEVEL


@pytest.mark.parametrize("weights", ["random", "minimum"])
def test_the_chain_of_the_other_families(weights):
    chain = scalar_chain(3, 8, 5, 20_000, np.random.default_rng(SEED), weights)
    for sampler in ("exact", "literal"):
        found = layers(3, 8, 5, 2, sampler, weights)[-1].cotangent[:, 0]
        assert ks_2samp(found, chain[:, -1]).pvalue > LEVEL


def test_control_random_rows_are_rejected():
    """The same test tells the largest rows from random ones, so that passing means something."""
    literal = statistics(layers(7, 23, 5, 3, "literal"))
    wrong = statistics(layers(7, 23, 5, 3, "exact", "random"))
    assert p_values(literal, wrong)["cotangent"] < 1e-12
    chain = scalar_chain(7, 23, 5, 20_000, np.random.default_rng(SEED))[:, -1]
    assert ks_2samp(wrong["cotangent"], chain).pvalue < 1e-12


def test_control_independent_networks_are_no_joint_law():
    """Probes through different networks have each the right law, and the wrong one together."""
    literal = layers(2, 2, 5, 3, "literal")[-1].cotangent
    exact = layers(2, 2, 5, 3, "exact")[-1].cotangent
    apart = np.roll(exact[:, -1], 1)
    assert ks_2samp(literal[:, -1], apart).pvalue > LEVEL
    # At width 2 both probes share all randomness: their cotangents shrink and grow together.
    ratio = np.abs(literal[:, 0] / literal[:, -1])
    assert ks_2samp(ratio, np.abs(exact[:, 0] / exact[:, -1])).pvalue > LEVEL
    assert ks_2samp(ratio, np.abs(exact[:, 0] / apart)).pvalue < 1e-12
