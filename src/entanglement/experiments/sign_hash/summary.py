"""Means over networks with the exact laws, and the statistics of claim A15."""

from collections.abc import Callable

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike

from entanglement.geometry.angles import loss_fold
from entanglement.statistics import agreement, curves, estimates
from entanglement.statistics.curves import Curve, share
from entanglement.statistics.estimates import Estimate
from entanglement.statistics.roles import values
from entanglement.statistics.table import Statistic
from entanglement.theory import candidates, laws, likelihood

RANDOM, KEPT = "random hyperplanes", "kept rows"
# Layers whose angles are neither right angles nor too small for their bits to be counted.
EXCESS_LAYERS, BINOMIAL_LAYERS = slice(1, 5), slice(0, 2)
# The depth at which Fig. 3 e ends.
LATE = 15
# Layers whose mean is below this are not compared by a t test.
LEAST = 0.05
TENTHS = np.arange(11) / 10


def _entropy(folded: np.ndarray) -> np.ndarray:
    """Binary entropy H2 in bits, exact for small shares."""
    p = np.asarray(folded, dtype=float)
    small = np.where(p > 0, p, 1.0)
    return -(p * np.log2(small) + (1 - p) * np.log1p(-np.minimum(p, 0.5)) / np.log(2))


def _entropy_law(cell: xr.Dataset) -> np.ndarray:
    """T1."""
    k, n, depth, weights = values(cell, "k", "n", "depth", "weights")
    return laws.mean_over_chain(k, n, depth, lambda c: _entropy(loss_fold(c)), weights)


def _shares(cell: xr.Dataset) -> np.ndarray:
    """Share of a network's early layers in each tenth of Eq. 11's law, (network, hash, tenth)."""
    early = cell["quantile"].sel(layer=BINOMIAL_LAYERS).transpose("network", "hash", "layer")
    quantile = early.values[..., None]
    inside = (quantile >= TENTHS[:-1]) & (quantile < TENTHS[1:])
    return inside.sum(axis=2) / np.isfinite(quantile).sum(axis=2)


# Bins of the folded angle.
EDGES = np.linspace(0, 0.5, 11)
BINS = {"bin": (EDGES[1:] + EDGES[:-1]) / 2}


def _binned(cell: xr.Dataset, found: xr.DataArray) -> np.ndarray:
    """Mean over a network's layers whose angle is in a bin, (network, hash, bin); NaN without any."""
    angle = cell["folded_angle"].transpose("network", "layer").values[:, :-1, None]
    inside = (angle >= EDGES[:-1]) & (angle < EDGES[1:])  # (network, layer, bin)
    values = found.transpose("network", "hash", "layer").values[..., :-1]
    layers = inside.sum(axis=1)[:, None]
    total = np.einsum("nhl,nlb->nhb", values, inside)
    return np.divide(total, layers, out=np.full(total.shape, np.nan), where=layers > 0)


def _of_known(samples: ArrayLike) -> curves.Band:
    """Means with Student's t interval over the networks that have a number."""
    x = np.asarray(samples, dtype=float)
    flat = x.reshape(len(x), -1)
    each = [estimates.mean(column[np.isfinite(column)]) for column in flat.T]
    value, low, high = np.array([(e.value, e.low, e.high) for e in each]).T.reshape(3, *x.shape[1:])
    return value, low, high


CURVES = {
    "mean_disagreement": Curve(
        "disagreement",
        "fraction of bits that differ, folded",
        dims=("hash", "layer"),
        theory=lambda cell: cell["law"].mean("network", skipna=False),
        interval=share,
    ),
    "mean_bias": Curve(
        lambda cell: _binned(cell, cell["disagreement"] - cell["folded_angle"]),
        "estimate h / n of theta less theta, for theta of a bin",
        dims=("hash", "bin"),
        coords=BINS,
        interval=_of_known,
    ),
    "binned_angle": Curve(
        lambda cell: _binned(cell, cell["folded_angle"].expand_dims(hash=cell["hash"])),
        "mean folded angle theta of a bin",
        dims=("hash", "bin"),
        coords=BINS,
        interval=_of_known,
    ),
    "mean_entropy": Curve(
        lambda cell: _entropy(cell["folded_angle"].values),
        "H2 of the angle",
        theory=_entropy_law,
        interval=share,
    ),
    "quantile_share": Curve(
        _shares,
        "share of Hamming distances in a tenth of the binomial law",
        dims=("hash", "tenth"),
        coords={"tenth": (np.arange(10) + 0.5) / 10},
        interval=share,
    ),
}


def _over_layers(found: xr.DataArray, kind: str, layers: slice) -> np.ndarray:
    """Mean over layers of every network that has a number in each of them."""
    chosen = found.sel(hash=kind, layer=layers).transpose("network", "layer").values
    return chosen[np.isfinite(chosen).all(axis=1)].mean(axis=1)


def _excess(kind: str) -> Callable[[xr.Dataset], np.ndarray]:
    return lambda cell: _over_layers(
        cell["disagreement"] - cell["folded_angle"], kind, EXCESS_LAYERS
    )


def _excess_law(kind: str) -> Callable[[xr.Dataset], Estimate]:
    """T8 and Eq. 9 at the angles of these networks: a mean over them, too."""
    return lambda cell: estimates.mean(
        _over_layers(cell["law"] - cell["folded_angle"], kind, EXCESS_LAYERS)
    )


def _relative_bias(kind: str) -> Callable[[xr.Dataset], np.ndarray]:
    """Estimate over theta less 1, layer 1: theta is near its middle range there."""

    def found(cell: xr.Dataset) -> np.ndarray:
        at = cell.sel(layer=1, hash=kind)
        ratio = at["disagreement"].values / at["folded_angle"].values - 1
        return ratio[np.isfinite(ratio)]

    return found


def _relative_bias_law(cell: xr.Dataset) -> Estimate:
    """U8 at the angles of these networks: a mean over them, too."""
    theta = cell["folded_angle"].sel(layer=1).values
    rows = candidates(*values(cell, "weights", "k", "n"))
    if rows is None:
        return estimates.NOTHING
    return estimates.mean(likelihood.bias(int(cell["k"]), rows, theta) / theta)


def _dispersion(kind: str) -> Callable[[xr.Dataset], np.ndarray]:
    return lambda cell: _over_layers(cell["dispersion"], kind, BINOMIAL_LAYERS)


def _late(cell: xr.Dataset) -> np.ndarray:
    """Layer 15; nothing of a network that is not so deep."""
    if int(cell["depth"]) < LATE:
        return np.empty(0)
    return _entropy(cell["folded_angle"].sel(layer=LATE).values)


def _late_law(cell: xr.Dataset) -> float:
    return float(cell["mean_entropy_theory"].reindex(layer=[LATE])[0])


def _worst(cells: list[xr.Dataset]) -> tuple[float, int]:
    """Largest |t| over its limit, and the least networks of any cell.

    Means that hang on the few networks which are late have no normal law: left out.
    """
    ratios = []
    for cell in cells:
        entropy, law = _entropy(cell["folded_angle"].values), cell["mean_entropy_theory"].values
        ratios.append(agreement.over_limit(entropy, np.where(law > LEAST, law, np.nan)))
        folded = cell["folded_angle"]
        away = (cell["disagreement"] - folded) - (cell["law"] - folded)
        for kind in (RANDOM, KEPT):
            tested = cell["mean_disagreement"].sel(hash=kind) > LEAST
            samples = away.sel(hash=kind).transpose("network", "layer")
            ratios.append(agreement.over_limit(samples, np.where(tested, 0.0, np.nan)))
    return agreement.worst(ratios), min(cell.sizes["network"] for cell in cells)


def _counted(cell: xr.Dataset) -> tuple[np.ndarray, int, np.ndarray]:
    """Hamming distances of random hashes at layer 1, their number, and theta, by network."""
    hashes, at = int(cell["hashes"]), cell.sel(layer=1)
    share = at["disagreement"].sel(hash=RANDOM).values
    known = np.isfinite(share)
    return np.round(share[known] * hashes), hashes, at["folded_angle"].values[known]


def _root_distance(hits: np.ndarray, bits: int, theta: np.ndarray) -> np.ndarray:
    return np.abs(likelihood.other_root(hits, bits, theta) - theta)


def _root_distance_at_maximum(cell: xr.Dataset) -> np.ndarray:
    hits, bits, _ = _counted(cell)
    return _root_distance(hits, bits, hits / bits)


ROOT = "distance from theta to another theta of the same likelihood, layer 1"
EXCESS = "mean disagreement less folded angle, layers 1 to 5"
BIAS = "mean of (estimate h / n of theta) / theta - 1, layer 1"
DISPERSION = "variance of the Hamming distance over Eq. 11's"
ENTROPY = f"mean H2 of the angle at layer {LATE}"

STATISTICS = {
    "excess_random": Statistic(
        "main", _excess(RANDOM), f"{EXCESS}, {RANDOM}", theory=_excess_law(RANDOM)
    ),
    "excess_kept": Statistic("main", _excess(KEPT), f"{EXCESS}, {KEPT}", theory=_excess_law(KEPT)),
    "dispersion_random": Statistic("main", _dispersion(RANDOM), f"{DISPERSION}, {RANDOM}"),
    "dispersion_kept": Statistic("main", _dispersion(KEPT), f"{DISPERSION}, {KEPT}"),
    "dispersion_theory": Statistic(
        "main",
        lambda cell: (1.0, cell.sizes["network"]),
        "variance ratio of a binomial law",
        estimator=estimates.exact,
    ),
    "relative_bias_kept": Statistic(
        "main", _relative_bias(KEPT), f"{BIAS}, {KEPT}", theory=_relative_bias_law
    ),
    "relative_bias_random": Statistic("main", _relative_bias(RANDOM), f"{BIAS}, {RANDOM}"),
    "entropy_late": Statistic("main", _late, ENTROPY, theory=_late_law),
    "entropy_late_unselected": Statistic("unselected", _late, ENTROPY),
    "entropy_constant_map": Statistic(
        "main",
        lambda cell: _entropy(cell["folded_constant"].values),
        "mean H2 of the angle behind a constant map",
    ),
    "root_distance": Statistic(
        "main",
        lambda cell: _root_distance(*_counted(cell)),
        f"{ROOT}, Hamming distance as counted",
        theory=lambda cell: estimates.mean(
            likelihood.mean_distance(int(cell["hashes"]), _counted(cell)[-1])
        ),
    ),
    "root_distance_maximum": Statistic(
        "main", _root_distance_at_maximum, f"{ROOT}, theta at the maximum of the likelihood"
    ),
    "largest_t_over_limit": Statistic(
        "all",
        _worst,
        "largest |t| of mean bits or H2 against their laws, over its Bonferroni quantile",
        estimator=estimates.exact,
    ),
}
