"""Barriers over pairs of networks, and how far training on from equivalents differs.

Statistics count converged networks only and carry their number. Means over pairs come with an
interval that knows that pairs which share a network are not independent.
"""

from collections.abc import Callable

import numpy as np
import xarray as xr

from entanglement.statistics import estimates, pairs, roles
from entanglement.statistics.curves import Curve
from entanglement.statistics.table import Statistic

RANDOM = ("random", "random_2", "random_3")
# Without alignment, Q and K stand at an arbitrary element of the group: the one that training
# left and the random ones.
UNALIGNED = ("ordinary", *RANDOM)
LOWEST = 1e-3  # nat; a barrier below this counts as this in ratios
FIRST_STEPS = 11  # losses before the first ten steps and after them
TABLES = "points moved by M"
OPTIMISERS = ("SGD", "Adam", "AdamW")

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
    words = "share of paths laid through a minimum whose barrier is found negative"
    return Statistic(role, measure, words, estimator=estimates.share)


def _shift(role: str, name: str, words: str) -> Statistic:
    measure = _over_networks(lambda cell: abs(cell[name]).max("shift_step").values)
    return Statistic(role, measure, f"largest change of loss along the orbit, {words}", "nat")


def _further(role: str, optimisers: tuple[str, ...], *starts: str) -> Statistic:
    measure = _over_networks(_largest_difference(optimisers, starts))
    words = f"largest difference of loss in the first ten steps, {', '.join(optimisers)}: "
    return Statistic(role, measure, words + ", ".join(starts), "nat")


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
    "shift_E": _shift("E", "loss_shift", "Q and K moved"),
    "shift_alone_E": _shift("E", "loss_shift_alone", "Q alone moved"),
    "further_E": _further("E", OPTIMISERS, "translation", "reflection", "permutation"),
    "further_H": _further("H", OPTIMISERS, "mirror", "permutation", "layer"),
    "further_H_dilation_adam": _further("H", ("Adam",), "dilation"),
    "further_tables": _further("H", ("Euclidean step",), TABLES),
    "further_tables_riemannian": _further("H", ("Riemannian step",), TABLES),
}


def summarise(results: xr.Dataset) -> xr.Dataset:
    """Add the barrier of every pair, and what the panels show of all pairs and networks."""
    made = roles.join([_barriers(cell) for cell in roles.cells(results)])
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


def _barriers(cell: xr.Dataset) -> xr.Dataset:
    """Height above the higher end, and whether the path dips below both ends.

    A maximum over a closed path cannot be negative. A barrier counts as negative where the lowest
    interior training loss lies below both ends and the held-out loss at that place does too.
    """
    loss, unseen = cell["loss_training"], cell["loss_held_out"]
    ends, unseen_ends = loss.isel(position=[0, -1]), unseen.isel(position=[0, -1])
    height = loss.max("position") - ends.max("position")
    inner = loss.isel(position=slice(1, -1)).fillna(np.inf)
    there = unseen.isel(position=inner.argmin("position") + 1).drop_vars("position")
    dips = inner.min("position") < ends.min("position")
    negative = (dips & (there < unseen_ends.min("position"))).astype(float)
    made = xr.Dataset(
        {
            "barrier": height,
            "negative": negative.where(height.notnull() & unseen_ends.notnull().all("position")),
        }
    )
    made["barrier"].attrs = {
        "long_name": "highest training loss on the path less that of its higher end",
        "units": "nat",
    }
    made["negative"].attrs = {"long_name": "1 where the barrier is negative", "units": "1"}
    return made
