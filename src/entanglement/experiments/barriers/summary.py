"""Barriers over pairs of networks, and how far training on from equivalents differs.

Statistics count converged networks only and carry their number. Means over pairs come with an
interval that knows that pairs which share a network are not independent.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import xarray as xr

from entanglement.experiments.barriers import heights
from entanglement.statistics import estimates, pairs, roles
from entanglement.statistics.curves import Curve
from entanglement.statistics.table import Statistic

RANDOM = ("random", "random_2", "random_3")
# Without alignment, Q and K stand at an arbitrary element of the group: the one that training
# left and the random ones.
UNALIGNED = ("ordinary", *RANDOM)
LOWEST = 1e-3  # nat; a barrier below this counts as this in ratios
VISIBLE = 1e-3  # nat; a difference of loss beyond this is seen
FIRST_STEPS = 11  # losses before the first ten steps and after them
TABLES = "points moved by M"
OPTIMISERS = ("SGD", "Adam", "AdamW")
EPS = float(np.finfo(np.float64).eps)
EXAM_ROUNDING = 1e-12  # of the logarithm of a loss, after the steps of training on

Measure = Callable[[xr.Dataset], np.ndarray]
Pairs = tuple[np.ndarray, np.ndarray]

CURVES: dict[str, Curve] = {}  # pairs that share a network are no sample: see `pairs.mean`


def _over_networks(measure: Measure) -> Measure:
    return lambda cell: measure(cell)[cell["converged"].values == 1]


def _over_pairs(measure: Measure) -> Callable[..., Pairs]:
    """Values of all pairs of converged networks, and who they are."""

    def values(*cells: xr.Dataset) -> Pairs:
        every, members = [], []
        for number, cell in enumerate(cells):
            found = measure(cell)
            both = np.stack([cell["pair_first"].values, cell["pair_second"].values])
            fine = np.flatnonzero(cell["converged"].values == 1)
            used = np.isfinite(found) & np.isin(both, fine).all(0)
            if not used.any():
                return np.empty(0), np.empty((2, 0))
            every.append(found[used])
            # Networks of different products are different networks.
            members.append(both[:, used] + 1e6 * number)
        return np.concatenate(every), np.concatenate(members, axis=1)

    return values


def _log_ratio(first: tuple[str, ...], second: tuple[str, ...]) -> Measure:
    """Pair by pair: heights differ by factors, and a few very high ones would rule a difference.

    Of several alignments their geometric mean counts.
    """

    def paired(cell: xr.Dataset) -> np.ndarray:
        height = cell["barrier"].clip(LOWEST)
        above, below = (
            np.log(height.sel(alignment=list(one)).values).mean(1) for one in (first, second)
        )
        return above - below

    return paired


def _largest_difference(optimisers: tuple[str, ...], starts: tuple[str, ...]) -> Measure:
    def largest(cell: xr.Dataset) -> np.ndarray:
        loss = cell["further_loss"].isel(step=slice(FIRST_STEPS)).sel(optimiser=list(optimisers))
        apart = abs(loss.sel(start=list(starts)) - loss.sel(start="model"))
        # Steps after a Euclidean table has left the half-plane have no loss and do not count.
        return apart.max(("optimiser", "start", "step")).values

    return largest


def _descents(cell: xr.Dataset) -> Pairs:
    """Every network's lowest way down to a lower one, and the pair that it joins."""
    fine = cell["converged"].values == 1
    found, pair = cell["lowest_descent"].values, cell["lowest_pair"].values
    both = np.stack([cell["pair_first"].values, cell["pair_second"].values])
    used = np.flatnonzero(fine & np.isfinite(found))
    members = both[:, pair[used].astype(int)]
    kept = fine[members.astype(int)].all(0)
    return found[used][kept], members[:, kept]


def _exam(cell: xr.Dataset) -> xr.DataArray:
    return cell["exam_loss"].copy(data=np.log(cell["exam_loss"]))


def _exams(optimisers: tuple[str, ...], starts: tuple[str, ...]) -> Measure:
    """ln of the loss that training on ends with, from equivalents over from the model itself.

    Of several optimisers and starts the largest distance from 0.
    """

    def measure(cell: xr.Dataset) -> np.ndarray:
        last = _exam(cell).sel(optimiser=list(optimisers)).isel(when=-1)
        apart = last.sel(start=list(starts)) - last.sel(start="model")
        if len(optimisers) == len(starts) == 1:
            return apart.squeeze(("optimiser", "start")).values
        return abs(apart).max(("optimiser", "start")).values

    return measure


def _training_on(cell: xr.Dataset) -> np.ndarray:
    loss = _exam(cell).sel(optimiser="Adam", start="model")
    return (loss.isel(when=-1) - loss.isel(when=0)).values


def _nothing(size: float) -> estimates.Estimate:
    """Exactly 0 in exact arithmetic; rounding leaves something of a known size."""
    return estimates.Estimate(0.0, -size, size, size, 0, "rounding")


def _shown(cell: xr.Dataset) -> np.ndarray:
    """What training on does to the loss on the pictures that it shows, against those kept back."""
    shown = cell["further_loss"].sel(optimiser="Adam", start="model")
    shown = shown.isel(step=slice(-max(1, shown.sizes["step"] // 3), None)).mean("step")
    kept = _exam(cell).sel(optimiser="Adam", start="model").isel(when=-1)
    return np.log(shown.values) - kept.values


def _jitter(*optimisers: str) -> Callable[[xr.Dataset], estimates.Estimate]:
    """Zero, to what a jitter of the weights by rounding changes."""

    def theory(cell: xr.Dataset) -> estimates.Estimate:
        apart = _over_networks(_largest_difference(optimisers, ("jitter",)))(cell)
        return _nothing(float(np.sqrt(np.mean(apart**2))) if len(apart) else np.nan)

    return theory


def _gain(role: str | tuple[str, ...], comparison: str) -> Statistic:
    first, second, words = COMPARED[comparison]
    words = f"ln of the ratio of barriers: {words}"
    return Statistic(role, _over_pairs(_log_ratio(first, second)), words, estimator=pairs.mean)


def _negative(role: str) -> Statistic:
    measure = _over_pairs(lambda cell: cell["negative"].sel(alignment="both").values)
    words = "share of aligned pairs with a negative barrier"
    return Statistic(role, measure, words, estimator=pairs.share)


def _planted(role: str) -> Statistic:
    measure = _over_networks(lambda cell: cell["negative_planted"].values)
    words = "share of paths laid through a minimum, 0.01 nat deep, whose barrier is found negative"
    return Statistic(role, measure, words, estimator=estimates.share)


def _descent(role: str) -> Statistic:
    words = (
        "ln of the highest loss on the lowest way down to a lower network, over the loss it starts "
        "from"
    )
    return Statistic(role, _descents, words, estimator=pairs.mean)


def _descent_planted(role: str) -> Statistic:
    measure = _over_networks(lambda cell: cell["descent_planted"].values)
    return Statistic(role, measure, "the same on a path laid down to a minimum, 0.01 nat deep")


def _shift(role: str, name: str, words: str, theory: Any = None) -> Statistic:
    measure = _over_networks(lambda cell: abs(cell[name]).max("shift_step").values)
    words = f"largest change of loss along the orbit, {words}"
    return Statistic(role, measure, words, "nat", theory)


def _further(role: str, optimisers: tuple[str, ...], *starts: str, theory: Any = None) -> Statistic:
    measure = _over_networks(_largest_difference(optimisers, starts))
    words = f"largest difference of loss in the first ten steps, {', '.join(optimisers)}: "
    return Statistic(role, measure, words + ", ".join(starts), "nat", theory)


def _seen(role: str, optimisers: tuple[str, ...], *starts: str) -> Statistic:
    largest = _over_networks(_largest_difference(optimisers, starts))
    words = f"share of networks with a difference of loss over {VISIBLE:g} nat in the first ten "
    words += f"steps, {', '.join(optimisers)}: {', '.join(starts)}"
    return Statistic(role, lambda cell: largest(cell) > VISIBLE, words, estimator=estimates.share)


def _better(role: str, optimisers: tuple[str, ...], *starts: str, theory: Any = None) -> Statistic:
    words = "ln of the ratio of losses on new pictures after training on, equivalent over model, "
    words += f"{', '.join(optimisers)}: {', '.join(starts)}"
    return Statistic(role, _over_networks(_exams(optimisers, starts)), words, theory=theory)


def _trained_on(role: str) -> Statistic:
    words = "ln of the ratio of losses on new pictures, after training on over before, Adam: model"
    return Statistic(role, _over_networks(_training_on), words)


COMPARED = {
    "group": (("group",), ("naive",), "aligned by the group over as trained"),
    "both": (
        ("both",),
        UNALIGNED,
        "aligned by both over the ordinary symmetries with any group element (geometric mean of "
        "the trained one and three random ones)",
    ),
    "random": (RANDOM, ("ordinary",), "random group elements over none"),
    "whole": (("both",), ("ordinary",), "the whole group over the ordinary symmetries"),
    "signs": (("signs",), ("ordinary",), "signs and order of the indices over ordinary"),
    "shifts": (("shifts",), ("ordinary",), "own shifts and dilations of every index over ordinary"),
    "one": (("one",), ("ordinary",), "one shift and dilation for all entries over ordinary"),
}

MOVES_E = ("translation", "reflection", "permutation")
MOVES_H = ("mirror", "permutation", "layer")

STATISTICS = {
    "group_gain_dot": _gain("dot", "group"),
    "group_gain_E": _gain("E", "group"),
    "group_gain_H": _gain("H", "group"),
    "both_gain": _gain(("E", "H"), "both"),
    "both_gain_dot": _gain("dot", "both"),
    "both_gain_E": _gain("E", "both"),
    "both_gain_H": _gain("H", "both"),
    "random_gain": _gain(("E", "H"), "random"),
    "random_gain_dot": _gain("dot", "random"),
    "random_gain_E": _gain("E", "random"),
    "random_gain_H": _gain("H", "random"),
    "whole_gain_dot": _gain("dot", "whole"),
    "whole_gain_E": _gain("E", "whole"),
    "whole_gain_H": _gain("H", "whole"),
    "signs_gain_dot": _gain("dot", "signs"),
    "signs_gain_E": _gain("E", "signs"),
    "signs_gain_H": _gain("H", "signs"),
    "shifts_gain_dot": _gain("dot", "shifts"),
    "shifts_gain_E": _gain("E", "shifts"),
    "shifts_gain_H": _gain("H", "shifts"),
    "one_gain_E": _gain("E", "one"),
    "one_gain_H": _gain("H", "one"),
    "negative_E": _negative("E"),
    "negative_E_control": _planted("E"),
    "negative_H": _negative("H"),
    "negative_H_control": _planted("H"),
    "descent_E": _descent("E"),
    "descent_E_control": _descent_planted("E"),
    "descent_H": _descent("H"),
    "descent_H_control": _descent_planted("H"),
    "shift_E": _shift(
        "E",
        "loss_shift",
        "Q and K moved",
        theory=lambda cell: _nothing(EPS * float(cell["shift_size"].max())),
    ),
    "shift_alone_E": _shift("E", "loss_shift_alone", "Q alone moved"),
    "further_E": _further("E", OPTIMISERS, *MOVES_E, theory=_jitter(*OPTIMISERS)),
    "further_H_seen": _seen("H", OPTIMISERS, *MOVES_H),
    "further_H_dilation_adam": _further("H", ("Adam",), "dilation"),
    "further_H_dilation_adam_seen": _seen("H", ("Adam",), "dilation"),
    "further_tables": _further("H", ("Euclidean step",), TABLES),
    "further_tables_riemannian": _further(
        "H", ("Riemannian step",), TABLES, theory=_jitter("Riemannian step")
    ),
    "better_E": _better("E", OPTIMISERS, *MOVES_E, theory=lambda cell: _nothing(EXAM_ROUNDING)),
    "better_H": _better("H", ("Adam",), "dilation"),
    "better_H_largest": _better("H", OPTIMISERS, "dilation"),
    "shown_H": Statistic(
        "H",
        _over_networks(_shown),
        "ln of the loss on pictures shown in the last third of the steps over that on pictures "
        "kept back, Adam: model",
    ),
    "trained_on_E": _trained_on("E"),
    "trained_on_H": _trained_on("H"),
}


def summarise(results: xr.Dataset) -> xr.Dataset:
    """Add the barrier of every pair, and what the panels show of all pairs and networks."""
    made = roles.join([heights.barriers(cell) for cell in roles.cells(results)])
    for name in ("loss_training", "loss_held_out"):
        about = {"long_name": f"{results[name].attrs['long_name']}, mean over pairs"}
        made[f"mean_{name}"] = results[name].mean("pair").assign_attrs(about, units="nat")
    loss = results["further_loss"]
    for name, values, words in (
        ("loss_shift", results["loss_shift"], "change of loss, Q and K moved"),
        ("loss_shift_alone", results["loss_shift_alone"], "change of loss, Q alone moved"),
        ("difference", loss - loss.sel(start="model"), "distance from the model's own loss"),
    ):
        about = {"long_name": f"{words}, largest of all networks", "units": "nat"}
        made[f"largest_{name}"] = abs(values).max("network").assign_attrs(about)
    return made
