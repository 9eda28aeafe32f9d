"""Means over networks with the law T8, and the statistics of claims A10 and A11."""

from collections.abc import Callable
from functools import cache, partial

import numpy as np
import xarray as xr

from entanglement.experiments.reconciliation import phases
from entanglement.statistics import agreement, curves, estimates
from entanglement.statistics.curves import Curve, share
from entanglement.statistics.estimates import Estimate
from entanglement.statistics.roles import values
from entanglement.statistics.table import Statistic
from entanglement.theory import candidates, keybits, keydepth

# Below this mean error the few keys that still differ make up all of it, and the mean over some
# hundred keys is no longer near normal: such layers are shown but not tested against T8.
TESTED = 0.01
# At depths that make so large a share of keys perfect in theory, all should be.
DEEP = 0.999
# Laws are computed to multiples of this depth.
STEP = 20

Cells = list[xr.Dataset]
Law = Callable[[int, int, int], np.ndarray]


def _t8(law: Law, folded: bool = True) -> Callable[[xr.Dataset], np.ndarray]:
    """A law of keys read at threshold 0: it takes seconds, so cells of like depths share it.

    A law of folded errors says nothing where a reference bit takes the place of the folding.
    """
    cached = cache(law)

    def theory(cell: xr.Dataset) -> np.ndarray:
        weights, k, n, depth, threshold = values(cell, "weights", "k", "n", "depth", "threshold")
        rows = candidates(weights, k, n)
        if rows is None or threshold != 0 or (folded and cell["reference"].item()):
            return np.full(depth + 1, np.nan)
        deep = -(-depth // STEP) * STEP
        return cached(k, rows, deep)[: depth + 1]

    return theory


CURVES = {
    "mean_bit_error": Curve(
        "bit_error",
        "folded share of differing key bits",
        theory=_t8(keybits.error_rate),
        interval=share,
    ),
    "mean_perfect": Curve(
        "perfect",
        "share of keys that agree in every bit",
        theory=_t8(keybits.perfect_rate, folded=False),
        interval=share,
    ),
    "half_depth": Curve(
        lambda cell: cell["perfect"].values,
        "depth at which half of the keys are perfect",
        dims=(),
        units="layer",
        interval=partial(curves.of_mean, statistic=phases.half_depth),
    ),
    "mean_pairs": Curve(
        "bit_error_pairs", "differing key bits of two of Bob's inputs", interval=share
    ),
    "mean_fold": Curve(
        "loss_fold", "folded angle between Alice's and Bob's outputs, over pi", interval=share
    ),
    "mean_ones": Curve("ones", "share of ones in Alice's key", interval=share),
    "mean_nonfinite": Curve(
        lambda cell: cell["nonfinite"].values / int(cell["k"]),
        "share of entries inf or NaN",
        interval=share,
    ),
}


def _pooled(rows: list[np.ndarray]) -> np.ndarray:
    """Mean over cells of what network i of each gives: one number for each i.

    Cells are different networks, so this is a stratified mean: the differences between the
    pictures do not widen its interval.
    """
    shortest = min(map(len, rows), default=0)
    return np.mean([row[:shortest] for row in rows], axis=0) if rows else np.empty(0)


def _last(name: str) -> Callable[[Cells], np.ndarray]:
    return lambda cells: _pooled([cell[name].values[:, -1] for cell in cells])


def _each(name: str) -> Callable[[Cells], np.ndarray]:
    return lambda cells: _pooled([cell[name].values for cell in cells])


def _last_law(name: str) -> Callable[[Cells], float]:
    return lambda cells: float(np.mean([cell[f"{name}_theory"].values[-1] for cell in cells]))


def _deep(cells: Cells) -> np.ndarray:
    deep = [cell for cell in cells if cell["mean_perfect_theory"].values[-1] > DEEP]
    return _last("perfect")(deep)


def _stays_finite(cell: xr.Dataset) -> bool:
    """Whether |w| is expected to stay below the largest float64."""
    k, n, depth = values(cell, "k", "n", "depth")
    return bool(depth < keydepth.float64_end(k, n))


def _all_networks(outcome: Callable[[xr.Dataset], np.ndarray]) -> Callable[[Cells], np.ndarray]:
    """Networks of all cells, one after the other."""
    return lambda cells: np.concatenate([outcome(cell) for cell in cells] or [np.empty(0)])


def _all_perfect(cell: xr.Dataset) -> np.ndarray:
    return cell["perfect"].values[:, -1] == 1


def _too_shallow(cells: Cells) -> np.ndarray:
    """Pictures whose law has less than 99 % of keys perfect at their depth."""
    return _all_networks(_all_perfect)(
        [cell for cell in cells if cell["mean_perfect_theory"].values[-1] < keydepth.ALL]
    )


def _half_ratio(exact: Callable[[Cells], np.ndarray]) -> Callable[[Cells], tuple]:
    """Samples of a bootstrap, and the depths that the measured ones are divided by."""
    return lambda cells: (phases.half_depths(cells), exact(cells))


def _ratio(perfect: np.ndarray, exact: np.ndarray) -> Estimate:
    """Mean over the pictures of the depth at which half of the keys are perfect, over a law's."""
    if perfect.size == 0:
        return estimates.NOTHING

    def mean_ratio(drawn: np.ndarray) -> np.ndarray:
        shares = drawn.mean(axis=0)
        return np.asarray(np.mean(phases.half_depth(shares) / exact))

    return estimates.bootstrap(perfect, mean_ratio)


def _shallow(cells: Cells) -> np.ndarray:
    return _last("ones")([cell for cell in cells if _stays_finite(cell)])


def _overflown(cells: Cells) -> np.ndarray:
    return _each("in_clear")([cell for cell in cells if not _stays_finite(cell)])


def _ones_at_half(cells: Cells) -> float:
    # At the published k it is 1e-190: no key has ever had a one.
    sizes = [values(cell, "k", "n") for cell in cells]
    return float(np.mean([round(keybits.one_rate(k, n, 0.5), 12) for k, n in sizes]))


def _overflows(end: Callable[..., float]) -> Callable[[Cells], tuple[float, int]]:
    """First or last layer at which any network's norm exceeds float64."""

    def found(cells: Cells) -> tuple[float, int]:
        layers = np.concatenate([cell["first_overflow"].values for cell in cells])
        finite = layers[np.isfinite(layers)]
        return end(finite, default=np.nan), len(finite)

    return found


def _worst(cells: Cells) -> tuple[float, int]:
    """Largest |t| over its limit, and the least networks of any cell."""
    ratios = []
    for cell in cells:
        law = cell["mean_bit_error_theory"].values
        tested = np.where(law >= TESTED, law, np.nan)
        ratios.append(agreement.over_limit(cell["bit_error"].values, tested))
    return agreement.worst(ratios), min(cell.sizes["network"] for cell in cells)


WRONG = "folded share of wrong key bits at the last layer, mean over the pictures"
PERFECT = "share of Bob's keys right in every bit at the last layer, mean over the pictures"
ONES = "share of ones in Alice's key at the last layer"
CLEAR = "share of the cipher's bits that equal the message's"
ALL_KEYS = "networks in which all of Bob's keys are right in every bit at the last layer"
HALF = "depth at which half of the keys are perfect, mean over the pictures,"

STATISTICS = {
    "bit_error_last": Statistic(
        "pictures", _last("bit_error"), WRONG, theory=_last_law("mean_bit_error")
    ),
    "bit_error_last_random": Statistic("blind", _last("bit_error"), WRONG),
    "perfect_last": Statistic(
        "pictures", _last("perfect"), PERFECT, theory=_last_law("mean_perfect")
    ),
    "perfect_last_deep": Statistic("pictures", _deep, f"{PERFECT} whose depth suffices"),
    "perfect_last_random": Statistic("blind", _last("perfect"), PERFECT),
    "complement_rate": Statistic(
        "pictures",
        _each("complement"),
        "share of Bob's inputs that give the complement of the message",
        theory=lambda cells: 0.5,  # w' and -w' give opposite signs
    ),
    "complement_mended": Statistic(
        "mended",
        _all_networks(lambda cell: cell["complement"].values > 0),
        "networks in which any of Bob's inputs gives the complement, one reference bit agreed on",
        theory=lambda cells: 0.0,
        estimator=estimates.share,
    ),
    "complement_rate_mended": Statistic(
        "mended",
        _each("complement"),
        "share of Bob's inputs that give the complement, one reference bit agreed on",
    ),
    "complement_unmended": Statistic(
        "pictures",
        _all_networks(lambda cell: cell["complement"].values > 0),
        "networks in which any of Bob's inputs gives the complement",
        theory=lambda cells: 1.0,
        estimator=estimates.share,
    ),
    "perfect_mended": Statistic(
        "mended", _all_networks(_all_perfect), ALL_KEYS, estimator=estimates.share
    ),
    "perfect_too_shallow": Statistic(
        "pictures",
        _too_shallow,
        f"{ALL_KEYS}, pictures whose depth does not suffice",
        estimator=estimates.share,
    ),
    "half_depth_ratio": Statistic(
        "pictures",
        _half_ratio(phases.exact_halves),
        f"{HALF} over T8's",
        theory=lambda cells: 1.0,
        estimator=_ratio,
    ),
    "half_depth_ratio_angle": Statistic(
        "pictures",
        _half_ratio(phases.angle_halves),
        f"{HALF} over that of Eq. 9",
        estimator=_ratio,
    ),
    "complement_rate_near": Statistic(
        "pictures",
        # What the few with a nearby start do is a plain proportion of networks.
        lambda cells: np.concatenate([cell["complement_near"].values for cell in cells]),
        "share of inputs close to Alice's that give the complement",
        estimator=estimates.share,
    ),
    "ones_last": Statistic("pictures", _last("ones"), ONES),
    "ones_raw_last": Statistic(
        "raw",
        _last("ones"),
        ONES,
        theory=lambda cells: np.mean([0.5 if _stays_finite(cell) else 0.0 for cell in cells]),
    ),
    "ones_raw_shallow": Statistic("raw", _shallow, f"{ONES}, pictures that do not overflow"),
    "in_clear_half": Statistic(
        "half", _each("in_clear"), CLEAR, theory=lambda cells: 1 - _ones_at_half(cells)
    ),
    "in_clear_last": Statistic("pictures", _each("in_clear"), CLEAR, theory=lambda cells: 0.5),
    "in_clear_overflown": Statistic("raw", _overflown, f"{CLEAR}, pictures that overflow"),
    "bit_error_pairs_last": Statistic(
        "pictures", _last("bit_error_pairs"), f"{WRONG}, between inputs that both are Bob's"
    ),
    "bit_error_pairs_last_random": Statistic(
        "blind", _last("bit_error_pairs"), f"{WRONG}, between inputs that both are Bob's"
    ),
    "overflow_first": Statistic(
        "all", _overflows(min), "first layer with |w| beyond float64", estimator=estimates.exact
    ),
    "overflow_last": Statistic(
        "all", _overflows(max), "last of the networks' overflows", estimator=estimates.exact
    ),
    "largest_t_over_limit": Statistic(
        "tested",
        _worst,
        "largest |t| of a mean bit error against T8, over its Bonferroni quantile",
        estimator=estimates.exact,
    ),
}


def summarise(results: xr.Dataset) -> xr.Dataset:
    """Add the depths that the pictures need, and the map of phases."""
    return phases.phases(results)
