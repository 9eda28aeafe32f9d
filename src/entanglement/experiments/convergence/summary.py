"""What the cells of Fig. 3 say together: means over networks, the exact laws, statistics."""

from collections.abc import Callable
from functools import partial

import numpy as np
import xarray as xr
from scipy.special import ndtr

from entanglement.geometry.angles import angle, loss_fold, loss_minus
from entanglement.statistics import agreement, estimates, roles
from entanglement.statistics.curves import Curve, share
from entanglement.statistics.roles import values
from entanglement.statistics.table import Statistic
from entanglement.theory import candidates, laws

BINS = 40
EARLY, LATE = 2, 10  # the shallowest and the deepest network of Fig. 3 a-d
BULK = ("cotangent",)  # every probe of every network: it stays in the evaluations
SHOWN = 40  # probes of the first network whose angles are drawn as curves

Measure = Callable[[xr.Dataset], np.ndarray]


def _folded(cell: xr.Dataset) -> np.ndarray:
    """Mean distance of the angle from its pole, (network, layer)."""
    return loss_fold(cell["cotangent"].values).mean(axis=-1)


def _minus(cell: xr.Dataset) -> np.ndarray:
    """Summand of Eq. 21, (network, layer, probe); its mean needs no digits near 1."""
    cotangent = cell["cotangent"].values
    fold = loss_fold(cotangent)
    return np.where(cotangent < 0, fold, 1 - fold)


def _crossed(cell: xr.Dataset) -> np.ndarray:
    """Share of probes on another side of 1/2 than at the last layer, (network, layer)."""
    side = np.signbit(cell["cotangent"].values)
    return (side != side[:, -1:]).mean(axis=-1)


def _shares(minus: np.ndarray) -> np.ndarray:
    """Share of probes in each bin of the angle, 1 - `minus`; shape (network, layer, bin)."""
    number = BINS - 1 - np.minimum((minus * BINS).astype(np.int64), BINS - 1)
    rows = np.arange(number[..., 0].size)[:, None] * BINS
    counts = np.bincount((number.reshape(len(rows), -1) + rows).ravel(), minlength=rows.size * BINS)
    return counts.reshape(*number.shape[:2], BINS) / number.shape[-1]


def _folded_law(cell: xr.Dataset) -> np.ndarray:
    """T1, exact at every width."""
    return laws.mean_folded_loss(*values(cell, "k", "n", "depth", "weights"))


def _share_law(cell: xr.Dataset) -> np.ndarray:
    """T1: the whole distribution, symmetric about 1/2."""
    k, n, depth, weights = values(cell, "k", "n", "depth", "weights")
    inner = np.arange(1, BINS // 2) / BINS
    below = laws.folded_distribution(k, n, depth, inner, weights)
    ends = np.zeros((depth + 1, 1)), np.ones((depth + 1, 1))
    return _both_sides(np.diff(np.concatenate([ends[0], below, ends[1]], axis=1), axis=1) / 2)


def _crossing_law(cell: xr.Dataset) -> np.ndarray:
    """T7, exact at every width and depth."""
    return laws.crossing_probability(*values(cell, "k", "n", "depth", "weights"))


def _large_k_share(cell: xr.Dataset) -> np.ndarray:
    """T6: shares of the bins where c is Gaussian."""
    k, depth = values(cell, "k", "depth")
    drawn = candidates(*values(cell, "weights", "k", "n"))
    if drawn is None:
        return np.full((depth + 1, BINS), np.nan)
    inner = np.arange(1, BINS // 2) / BINS
    cotangent = np.concatenate([[np.inf], 1 / np.tan(np.pi * inner), [0.0]])
    tail = ndtr(-cotangent / laws.spread(k, drawn, depth)[:, None])
    return _both_sides(np.diff(tail, axis=1))


def _both_sides(half: np.ndarray) -> np.ndarray:
    """Shares of all bins from those below 1/2: the law is symmetric."""
    return np.concatenate([half, half[:, ::-1]], axis=1)


CURVES = {
    "folded_loss": Curve(
        _folded, "mean distance of the angle from its pole", theory=_folded_law, interval=share
    ),
    "mean_loss": Curve(
        lambda cell: _minus(cell).mean(axis=-1),
        "mean of Eq. 21 over probes and networks",
        theory=lambda cell: laws.mean_unfolded_loss(int(cell["depth"])),
        interval=share,
    ),
    "crossing": Curve(
        _crossed,
        "share of probes that leave their side of 1/2 after this layer",
        theory=_crossing_law,
        interval=share,
    ),
    "share": Curve(
        lambda cell: _shares(_minus(cell)),
        "share of probes in a bin",
        dims=("layer", "bin"),
        theory=_share_law,
        coords={"bin": (np.arange(BINS) + 0.5) / BINS},
        interval=share,
    ),
}


def _above(cotangent: np.ndarray) -> np.ndarray:
    return cotangent < 0


def _last_mean(measure: Callable[[np.ndarray], np.ndarray], near: bool = False) -> Measure:
    """Mean of a measure of the last cotangent over all probes of each network (network).

    `near`: over those that start on the training sample's side, a law without the symmetry of all.
    """

    def mean(cell: xr.Dataset) -> np.ndarray:
        cotangent = cell["cotangent"].values
        counted = cotangent[:, 0] > 0 if near else np.ones_like(cotangent[:, 0], dtype=bool)
        found = (measure(cotangent[:, -1]) * counted).sum(axis=-1)
        number = counted.sum(axis=-1)
        return np.asarray(found[number > 0] / number[number > 0])

    return mean


def _at(layer: int, measure: Measure) -> Measure:
    """What a measure (network, layer) or a law (layer) gives at one layer; NaN beyond the depth."""

    def at(cell: xr.Dataset) -> np.ndarray:
        found = np.asarray(measure(cell))
        deep = layer < found.shape[-1]
        return found[..., layer] if deep else np.full(found.shape[:-1], np.nan)

    return at


def _law(name: str) -> Measure:
    return lambda cell: cell[f"{name}_theory"].values


def _left(early_and_late: np.ndarray) -> np.ndarray:
    """Share of the folded loss that is left at layer 10 of what it is at layer 2, (network, 2)."""
    early, late = np.mean(early_and_late, axis=0)
    return np.asarray(late / early)


def _early_and_late(cell: xr.Dataset) -> np.ndarray:
    if int(cell["depth"]) < LATE:
        return np.empty(0)
    return _folded(cell)[:, [EARLY, LATE]]


def _left_law(cell: xr.Dataset) -> float:
    law = _law("folded_loss")
    return float(_at(LATE, law)(cell) / _at(EARLY, law)(cell))


_share_left = partial(estimates.bootstrap, statistic=_left)


def _worst(cells: list[xr.Dataset]) -> tuple[float, int]:
    """Largest |t| of any cell's folded loss over its limit, and the least networks of any cell."""
    ratios = [
        agreement.worst(np.abs(cell["deviation"].values) / float(cell["deviation_limit"]))
        for cell in cells
    ]
    return agreement.worst(ratios), min(cell.sizes["network"] for cell in cells)


LAST, LEAVES = "last mean folded loss", "share that leaves"
_last, _last_law = _at(-1, _folded), _at(-1, _law("folded_loss"))

STATISTICS = {
    "folded_loss_last": Statistic("paper", _last, LAST, theory=_last_law),
    "folded_loss_last_random": Statistic("random", _last, LAST),
    "folded_loss_last_two": Statistic("two", _last, LAST, theory=_last_law),
    "folded_loss_last_two_orthogonal": Statistic("two_orthogonal", _last, LAST),
    "folded_loss_last_two_random": Statistic("two_random", _last, LAST, theory=_last_law),
    "folded_loss_10": Statistic(
        "paper",
        _at(LATE, _folded),
        f"mean folded loss at layer {LATE}",
        theory=_at(LATE, _law("folded_loss")),
    ),
    "folded_loss_10_random": Statistic(
        "random", _at(LATE, _folded), f"mean folded loss at layer {LATE}"
    ),
    "folded_loss_left": Statistic(
        "paper",
        _early_and_late,
        f"folded loss at layer {LATE} over that at layer {EARLY}",
        theory=_left_law,
        estimator=_share_left,
    ),
    "folded_loss_left_random": Statistic(
        "random",
        _early_and_late,
        f"folded loss at layer {LATE} over that at layer {EARLY}",
        estimator=_share_left,
    ),
    "upper_group": Statistic(
        "paper",
        _last_mean(_above),
        "share of probes that end beyond 1/2",
        theory=lambda cell: 0.5,
    ),
    "upper_group_near": Statistic(
        "paper",
        _last_mean(_above, near=True),
        "share that ends beyond 1/2 of the probes that start below",
    ),
    "crossing_input": Statistic(
        "paper", _at(0, _crossed), f"{LEAVES} the input's side", theory=_at(0, _law("crossing"))
    ),
    "crossing_input_random": Statistic("random", _at(0, _crossed), f"{LEAVES} the input's side"),
    "crossing_first": Statistic(
        "paper", _at(1, _crossed), f"{LEAVES} layer 1's side", theory=_at(1, _law("crossing"))
    ),
    "crossing_first_random": Statistic("random", _at(1, _crossed), f"{LEAVES} layer 1's side"),
    "crossing_first_two": Statistic(
        "two", _at(1, _crossed), f"{LEAVES} layer 1's side", theory=_at(1, _law("crossing"))
    ),
    "crossing_first_two_random": Statistic(
        "two_random", _at(1, _crossed), f"{LEAVES} layer 1's side"
    ),
    "mean_loss_last": Statistic(
        "paper", _last_mean(loss_minus), "last mean of Eq. 21", theory=lambda cell: 0.5
    ),
    "mean_loss_last_near": Statistic(
        "paper",
        _last_mean(loss_minus, near=True),
        "last mean of Eq. 21 over the probes that start nearer to the training sample",
    ),
    "largest_t_over_limit": Statistic(
        "all",
        _worst,
        "largest |t| of a mean folded loss against T1, over its Bonferroni quantile",
        estimator=estimates.exact,
    ),
}


def summarise(results: xr.Dataset) -> xr.Dataset:
    """Add what no curve is: the large-k law, residuals with their limit, single probes."""
    return roles.join([_single(cell) for cell in roles.cells(results)])


def _single(cell: xr.Dataset) -> xr.Dataset:
    samples, law = _folded(cell), cell["folded_loss_theory"].values
    shown = angle(cell["cotangent"].values[0, :, :SHOWN])
    above = shown > 0.5
    side = np.where(above[0] != above[-1], 2, above[0].astype(int))
    return xr.Dataset(
        {
            "large_k_share": (
                ("layer", "bin"), _large_k_share(cell),
                {"long_name": "share of probes in a bin, large-k law", "units": "1"},
            ),
            "deviation": (
                "layer", agreement.deviation(samples, law),
                {"long_name": "folded loss less its exact law", "units": "standard errors"},
            ),
            "deviation_limit": (
                (), agreement.largest_t(samples, law)[1],
                {"long_name": "largest |deviation| of 999 in 1000 ensembles under the law",
                 "units": "standard errors"},
            ),
            "angle_shown": (
                ("layer", "shown"), shown,
                {"long_name": "angle of probes of network 0", "units": "pi rad"},
            ),
            "side_shown": (
                "shown", side, {"long_name": "0: below, 1: above, 2: changes its side", "units": "1"},
            ),
        },
        coords={"layer": cell["layer"].values, "bin": cell["bin"].values},
    )  # fmt: skip
