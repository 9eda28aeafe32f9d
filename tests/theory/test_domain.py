"""No law answers outside its domain with a number that is none: it names the parameter."""

import numpy as np
import pytest

from entanglement.theory import depth, domain, laws, prediction, rates, selection

LAWS = {
    "scalar_chain": lambda k, n, depth: laws.scalar_chain(k, n, depth, 3, np.random.default_rng(1)),
    "mean_over_chain": lambda k, n, depth: laws.mean_over_chain(k, n, depth, np.exp),
    "mean_folded_loss": laws.mean_folded_loss,
    "mean_log_cotangent": laws.mean_log_cotangent,
    "folded_distribution": lambda k, n, depth: laws.folded_distribution(k, n, depth, 0.1),
    "spread": laws.spread,
    "crossing_probability": laws.crossing_probability,
    "share_above": lambda k, n, layers: depth.share_above(k, n, layers, 0.1),
    "normal": depth.normal,
    "prediction": prediction.prediction,
}
SIZES = {
    "rate": rates.rate,
    "rates.spread": rates.spread,
    "lyapunov_spectrum": rates.lyapunov_spectrum,
    "layers_needed": lambda k, n: depth.layers_needed(k, n, 0.1, 0.1),
    "layers_by_clt": lambda k, n: depth.layers_by_clt(k, n, 0.1, 0.1),
}


@pytest.mark.parametrize("name", [*LAWS, *SIZES])
@pytest.mark.parametrize(
    ("k", "n", "words"), [(1, 5, "k = 1"), (5, 4, "n = 4"), (2.5, 4, "k = 2.5")]
)
def test_sizes_outside_the_domain_are_named(name, k, n, words):
    given = (k, n, 3) if name in LAWS else (k, n)
    with pytest.raises(ValueError, match=words):
        (LAWS | SIZES)[name](*given)


@pytest.mark.parametrize("name", LAWS)
def test_a_negative_depth_is_named(name):
    with pytest.raises(ValueError, match="depth = -1"):
        LAWS[name](3, 5, -1)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: rates.rate_without_selection(1), "k = 1"),
        (lambda: rates.spread_at_fixed_gain(1), "k = 1"),
        (lambda: rates.rate_width_two(1), "n = 1"),
        (lambda: rates.rate(3, float("nan")), "n = nan"),
        (lambda: selection.threshold(5, 4), "n = 4"),
        (lambda: selection.mean_log_gain(0, 4), "k = 0"),
        (lambda: selection.log_square_law(5, 4), "n = 4"),
        (lambda: selection.threshold_nodes(4, 4), "no threshold"),
        (lambda: laws.mean_unfolded_loss(-1), "depth = -1"),
        (lambda: laws.folded_distribution(3, 5, 2, np.array([0.1, 0.5])), "angle = 0.5"),
        (lambda: laws.folded_distribution(3, 5, 2, np.array([1e-13])), "angle = 1e-13"),
        (lambda: laws.angle_density(0.0, 1.0), "angle = 0.0"),
        (lambda: laws.angle_density(0.5, 0.0), "spread = 0.0"),
        (lambda: depth.layers_needed(3, 5, 0.1, 0.0), "delta = 0.0"),
        (lambda: depth.layers_by_clt(3, 5, 0.6, 0.1), "angle = 0.6"),
        (lambda: prediction.prediction(3, 5, 0), "depth = 0"),
        (lambda: prediction.prediction(3, 5, 2, -1.0), "alpha = -1.0"),
        (lambda: domain.between("x", np.nan, 0, 1), "x = nan"),
    ],
)
def test_each_parameter_is_named_with_its_domain(call, words):
    with pytest.raises(ValueError, match=words):
        call()


@pytest.mark.parametrize(("k", "n"), [(2, 2), (2, 10**12), (3, 4), (20_000, 30_000)])
def test_inside_the_domain_all_is_finite(k, n):
    for value in (
        rates.rate(k, n), rates.spread(k, n), rates.rate(k, n, "minimum"),
        laws.mean_folded_loss(k, n, 5), laws.mean_log_cotangent(k, n, 5),
        laws.crossing_probability(k, n, 5),
    ):  # fmt: skip
        assert np.isfinite(value).all()
    assert "nan" not in prediction.prediction(k, n, 5, 100.0)
