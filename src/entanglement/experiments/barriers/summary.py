"""Barriers over pairs of networks, and how far training on from equivalents differs."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import xarray as xr

from entanglement.statistics import estimates, pairs
from entanglement.statistics.estimates import NOTHING, Estimate, scalar

RANDOM = ("random", "random_2", "random_3")
LOWEST = 1e-3  # nat; a barrier below this counts as this in ratios
FIRST_STEPS = 11  # losses before the first ten steps and after them
# Starts whose further training must be the same function's, whatever the optimiser.
SAME = {"E": ("translation", "reflection", "permutation"),
        "H": ("mirror", "permutation", "layer")}  # fmt: skip


def summarise(results: xr.Dataset) -> xr.Dataset:
    """Give every scalar of the claims, and the curves that the panels draw.

    Scalars count converged networks only and carry their number. Means over pairs come with an
    interval that knows that pairs which share a network are not independent.

    Parameters
    ----------
    results
        All cells, one for each product.
    """
    height, negative = _barriers(results)
    made: dict[str, Any] = {"barrier": height, "negative": negative}
    for product in ("dot", "E", "H"):
        cell = _cell(results.assign(barrier=height, negative=negative), product)
        for name, (first, second, words) in {
            "group_gain": ("group", "naive", "aligned by the group over as trained"),
            "both_gain": ("both", "unaligned", "aligned by both over by the ordinary symmetries"),
            "random_gain": ("random", "ordinary", "random group elements over none"),
        }.items():
            made[f"{name}_{product}"] = scalar(
                _over_pairs([cell], _log_ratio(first, second)),
                f"ln of the ratio of barriers: {words} ({product})",
            )
        made[f"negative_{product}"] = scalar(
            _over_pairs([cell], lambda c: c["negative"].sel(alignment="both").values),
            f"share of aligned pairs with a negative barrier ({product})",
        )
        made[f"negative_{product}_control"] = scalar(
            _over_networks(cell, lambda c: c["negative_planted"].values),
            f"share of paths laid through a minimum whose barrier is found negative ({product})",
        )
        for side, words in (("", "Q and K moved"), ("_alone", "Q alone moved")):
            made[f"shift{side}_{product}"] = scalar(
                _over_networks(cell, _largest_shift(f"loss_shift{side}")),
                f"largest change of loss along the orbit, {words} ({product})", "nat",
            )  # fmt: skip
    E, H, dot = (_cell(results, product) for product in ("E", "H", "dot"))
    distances = [_cell(results.assign(barrier=height), product) for product in ("E", "H")]
    for name, first, second in (
        ("both_gain", "both", "unaligned"),
        ("random_gain", "random", "ordinary"),
    ):
        words = made[f"{name}_E"].attrs["long_name"].replace("(E)", "(E, H)")
        made[name] = scalar(_over_pairs(distances, _log_ratio(first, second)), words)
    for name, (chosen, optimisers, starts, words) in {
        "further_E": (E, ("SGD", "Adam", "AdamW"), SAME["E"], "translation, reflection, order"),
        "further_H": (H, ("SGD", "Adam", "AdamW"), SAME["H"], "mirror, order, frozen layer"),
        "further_jitter": (H, ("SGD", "Adam", "AdamW"), ("jitter",), "jitter of 1e-15"),
        "further_H_dilation": (H, ("SGD",), ("dilation",), "dilation absorbed, SGD"),
        "further_H_dilation_adam": (H, ("Adam",), ("dilation",), "dilation absorbed, Adam"),
        "further_dot_sgd": (dot, ("SGD",), ("rotation",), "O(d), SGD"),
        "further_dot_adam": (dot, ("Adam",), ("rotation",), "O(d), Adam"),
        "further_dot_linear": (dot, ("SGD",), ("linear",), "GL(d), SGD"),
        "further_tables": (H, ("Euclidean step",), ("points moved by M",), "tables, Euclidean"),
        "further_tables_riemannian": (
            H, ("Riemannian step",), ("points moved by M",), "tables, Riemannian"),
    }.items():  # fmt: skip
        made[name] = scalar(
            _over_networks(chosen, _largest_difference(optimisers, starts)),
            f"largest difference of loss in the first ten steps: {words}", "nat",
        )  # fmt: skip
    return xr.Dataset(made | _curves(results))


def _barriers(results: xr.Dataset) -> tuple[xr.DataArray, xr.DataArray]:
    """Height above the higher end, and whether the path dips below both ends.

    A maximum over a closed path cannot be negative. A barrier counts as negative where the lowest
    interior training loss lies below both ends and the held-out loss at that place does too.
    """
    loss, unseen = results["loss_training"], results["loss_held_out"]
    ends = loss.isel(position=[0, -1])
    height = (loss.max("position") - ends.max("position")).assign_attrs(
        long_name="barrier: highest training loss on the path less that of its higher end",
        units="nat",
    )
    known = height.notnull()
    inner = loss.isel(position=slice(1, -1)).fillna(np.inf)
    place = inner.argmin("position") + 1
    dips = inner.min("position") < ends.min("position")
    confirmed = unseen.isel(position=place).drop_vars("position") < unseen.isel(
        position=[0, -1]
    ).min("position")
    negative = (dips & confirmed).astype(float).where(known)
    return height, negative.assign_attrs(long_name="1 where the barrier is negative", units="1")


def _cell(results: xr.Dataset, product: str) -> xr.Dataset | None:
    found = np.flatnonzero((results["product"] == product).values)
    return results.isel(cell=found[0]) if len(found) else None


def _fine(cell: xr.Dataset) -> np.ndarray:
    return np.flatnonzero(cell["converged"].values == 1)


def _over_networks(cell: xr.Dataset | None, statistic: Any) -> Estimate:
    if cell is None:
        return NOTHING
    return estimates.mean(np.asarray(statistic(cell), float)[_fine(cell)])


def _over_pairs(cells: Sequence[xr.Dataset | None], statistic: Any) -> Estimate:
    """Mean over pairs of converged networks."""
    every, members = [], []
    for number, cell in enumerate(cells):
        if cell is None:
            return NOTHING
        values = np.asarray(statistic(cell), float)
        both = np.stack([cell["pair_first"].values, cell["pair_second"].values])
        used = np.isfinite(values) & np.isin(both, _fine(cell)).all(0)
        every.append(values[used])
        # Networks of different products are different networks.
        members.append(both[:, used] + 1e6 * number)
    if min(map(len, every)) == 0:
        return NOTHING
    return pairs.mean(np.concatenate(every), np.concatenate(members, axis=1))


def _log_ratio(first: str, second: str) -> Any:
    """Pair by pair: heights differ by factors, and a few very high ones would rule a difference.

    Without alignment, Q and K stand at an arbitrary element of the group: `unaligned` is the
    geometric mean over the one that training left and the random ones.
    """
    members = {"random": RANDOM, "unaligned": ("ordinary", *RANDOM)}

    def paired(cell: xr.Dataset) -> np.ndarray:
        height = np.log(np.maximum(cell["barrier"].values, LOWEST))
        names = cell["alignment"].values
        above, below = (
            height[:, np.isin(names, members.get(name, (name,)))].mean(1)
            for name in (first, second)
        )
        return above - below

    return paired


def _largest_shift(name: str) -> Any:
    return lambda cell: abs(cell[name]).max("shift_step").values


def _largest_difference(optimisers: tuple[str, ...], starts: tuple[str, ...]) -> Any:
    def largest(cell: xr.Dataset) -> np.ndarray:
        loss = cell["further_loss"].isel(step=slice(FIRST_STEPS)).sel(optimiser=list(optimisers))
        apart = abs(loss.sel(start=list(starts)) - loss.sel(start="model"))
        # Steps after a Euclidean table has left the half-plane have no loss and do not count.
        return apart.max(("optimiser", "start", "step")).values

    return largest


def _curves(results: xr.Dataset) -> dict[str, xr.DataArray]:
    """Means over pairs and differences over networks that the panels show."""
    made = {}
    for name in ("loss_training", "loss_held_out", "accuracy_held_out"):
        attrs = results[name].attrs
        made[f"{name}_mean"] = (
            results[name]
            .mean("pair")
            .assign_attrs(long_name=f"{attrs['long_name']}, mean over pairs", units=attrs["units"])
        )
    apart = abs(results["further_loss"] - results["further_loss"].sel(start="model"))
    made["further_difference"] = apart.max("network").assign_attrs(
        long_name="difference of loss from the model's own training, largest of all networks",
        units="nat",
    )
    for name in ("loss_shift", "loss_shift_alone"):
        made[f"{name}_largest"] = (
            abs(results[name])
            .max("network")
            .assign_attrs(long_name=f"{results[name].attrs['long_name']}, largest", units="nat")
        )
    return made
