"""Losses on the way between networks, and of training on from equivalent ones."""

from typing import Any

import numpy as np
import xarray as xr

from entanglement.experiments.barriers import Evaluate
from entanglement.experiments.barriers.further import further, further_tables
from entanglement.experiments.equivalent_attention import Train
from entanglement.networks import alignment, digits, symmetries
from entanglement.networks.attention import channels
from entanglement.networks.moves import KINDS, move
from entanglement.networks.stored_attention import unpack
from entanglement.pipeline.parameters import Cell
from entanglement.pipeline.seeds import Seeds

RANDOM = ("random", "random_2", "random_3")
ALIGNMENTS = ("naive", "group", "ordinary", "both", *RANDOM)
SHIFTED = {"dot": "linear", "E": "translation", "H": "affine"}
# Sizes of the shift along the orbit: condition number, alpha, distance r.
SHIFTS = {
    "dot": (1.0, 3.0, 10.0, 30.0, 100.0, 1000.0),
    "E": (0.01, 0.1, 1.0, 10.0, 100.0, 1000.0),
    "H": (0.01, 0.1, 0.5, 1.0, 2.0, 4.0),
}


def evaluate(model: xr.Dataset | None, cell: Cell[Train, Evaluate], seeds: Seeds) -> xr.Dataset:
    """Follow straight paths between pairs, inside the orbit and along a shift; train on.

    Parameters
    ----------
    model
        From `equivalent_attention`.
    cell
        Numbers of pairs, positions, pictures and steps.
    seeds
        Streams "random_element", "orbit_path", "shift" and those of `further`.
    """
    assert model is not None
    parameters = cell.evaluate
    product = cell.train.product
    images, labels = digits.load()
    weights = [unpack(model, network) for network in range(model.sizes["network"])]
    held_out = model["test_sample"].values.astype(int)
    training = model["training_sample"].values.astype(int)
    position = np.linspace(0, 1, parameters.points)
    parts = [
        _pairs(weights, product, images, labels, training, held_out, position, parameters, seeds),
        _inside(weights, product, images, labels, training, position, parameters, seeds),
        _shifts(weights, product, images, labels, training, parameters, seeds),
        _further(weights, product, images, labels, held_out, parameters, seeds),
        _planted(model, weights, product, images, labels, training, held_out, position),
        model[["converged"]].load(),
    ]
    return xr.merge(parts, combine_attrs="drop_conflicts", join="outer")


def rings(networks: int, count: int) -> list[tuple[int, int]]:
    """Choose pairs in rings: (i, i + 1) for all i, then (i, i + 2), ...; each pair once."""
    pairs = []
    for step in range(1, networks // 2 + 1):
        whole = networks if 2 * step < networks else networks // 2
        pairs += [(i, (i + step) % networks) for i in range(whole)]
    return pairs[:count]


def _pairs(
    weights: list[Any],
    product: str,
    images: np.ndarray,
    labels: np.ndarray,
    training: np.ndarray,
    held_out: np.ndarray,
    position: np.ndarray,
    parameters: Evaluate,
    seeds: Seeds,
) -> xr.Dataset:
    """Loss and accuracy on straight paths, on pictures both networks trained on or held out."""
    chosen = rings(len(weights), parameters.pairs)
    shape = (len(chosen), len(ALIGNMENTS), len(position))
    found = {name: np.full(shape, np.nan) for name in (
        "loss_training", "loss_held_out", "accuracy_training", "accuracy_held_out")}  # fmt: skip
    for number, (i, j) in enumerate(chosen):
        shared = np.intersect1d(training[i], training[j])[: parameters.pictures]
        unseen = np.intersect1d(held_out[i], held_out[j])
        start, end, known = weights[i], weights[j], images[shared]
        ordinary = alignment.ordinary(end, start, known, product)
        family = symmetries.FAMILIES[product][-1]
        rng = seeds.generator(j, "random_element", i)
        drawn = {
            name: {**ordinary, **symmetries.element(rng, ordinary, product, family, 1.0).weights}
            for name in RANDOM
        }
        ends = {
            "naive": end,
            "group": alignment.group(end, start, known, product),
            "ordinary": ordinary,
            "both": alignment.group(ordinary, start, known, product),
            **drawn,
        }
        both = np.concatenate([shared, unseen])
        for a, name in enumerate(ALIGNMENTS):
            scores = alignment.path(start, ends[name], position, images[both], product)
            for kind, part in (
                ("training", slice(len(shared))),
                ("held_out", slice(len(shared), None)),
            ):
                truth = labels[both][part]
                found[f"loss_{kind}"][number, a] = alignment.cross_entropy(scores[:, part], truth)
                right = scores[:, part].argmax(-1) == truth
                found[f"accuracy_{kind}"][number, a] = right.mean(-1)
    dims = ("pair", "alignment", "position")
    words = {"training": "pictures both trained on", "held_out": "pictures both held out"}
    variables: dict[str, Any] = {}
    for name, values in found.items():
        what, _, kind = name.partition("_")
        units = "nat" if what == "loss" else "1"
        variables[name] = (dims, values, _attrs(f"{what} on {words[kind]}", units))
    for name, place in (("pair_first", 0), ("pair_second", 1)):
        members = np.array([pair[place] for pair in chosen], float)
        variables[name] = ("pair", members, _attrs(f"{name.split('_')[1]} network of a pair"))
    coords = {"alignment": list(ALIGNMENTS), "position": position}
    return xr.Dataset(variables, coords)


def _planted(
    model: xr.Dataset,
    weights: list[Any],
    product: str,
    images: np.ndarray,
    labels: np.ndarray,
    training: np.ndarray,
    held_out: np.ndarray,
    position: np.ndarray,
) -> xr.Dataset:
    """Positive control: from the initial weights through the trained ones and as far beyond."""
    found = []
    for i, w in enumerate(weights):
        start = unpack(model, i, "initial_")
        end = {name: 2 * w[name] - start[name] for name in w}
        losses = []
        for samples in (training[i][:200], held_out[i]):
            scores = alignment.path(start, end, position, images[samples], product)
            losses.append(alignment.cross_entropy(scores, labels[samples]))
        known, unseen = losses
        place = 1 + int(np.argmin(known[1:-1]))
        below = [part[place] < min(part[0], part[-1]) for part in (known, unseen)]
        found.append(float(all(below)))
    words = "1 where a path laid through the trained network is found to have a negative barrier"
    return xr.Dataset({"negative_planted": ("network", np.array(found), _attrs(words))})


def _inside(
    weights: list[Any],
    product: str,
    images: np.ndarray,
    labels: np.ndarray,
    training: np.ndarray,
    position: np.ndarray,
    parameters: Evaluate,
    seeds: Seeds,
) -> xr.Dataset:
    """Loss on the straight line from a model to its own equivalents (absorbed ones)."""
    kinds = [kind for kind in KINDS[product] if kind != "layer"]
    losses = np.empty((len(weights), len(kinds), len(position)))
    for i, w in enumerate(weights):
        samples, rng = training[i][: parameters.pictures], seeds.generator(i, "orbit_path")
        for number, kind in enumerate(kinds):
            end = {**w, **move(rng, w, product, kind).weights}
            scores = alignment.path(w, end, position, images[samples], product)
            losses[i, number] = alignment.cross_entropy(scores, labels[samples])
    attrs = _attrs("training loss between a model and its equivalent", "nat")
    return xr.Dataset(
        {"orbit_loss": (("network", "kind", "position"), losses, attrs)}, {"kind": kinds}
    )


def _shifts(
    weights: list[Any],
    product: str,
    images: np.ndarray,
    labels: np.ndarray,
    training: np.ndarray,
    parameters: Evaluate,
    seeds: Seeds,
) -> xr.Dataset:
    """L(g theta) - L(theta) where g moves Q and K, and where it moves Q alone."""
    sizes = SHIFTS[product]
    change = np.empty((2, len(weights), len(sizes)))
    here = np.zeros(1)
    for i, w in enumerate(weights):
        samples = training[i][: parameters.pictures]
        known, truth = images[samples], labels[samples]
        before = alignment.cross_entropy(alignment.path(w, w, here, known, product)[0], truth)
        for s, size in enumerate(sizes):
            rng = seeds.generator(i, "shift", s)
            moved = symmetries.element(rng, w, product, SHIFTED[product], size).weights
            alone = {name: value for name, value in moved.items() if name.startswith("query")}
            for side, weights_ in enumerate((moved, alone)):
                new = {**w, **weights_}
                scores = alignment.path(new, new, here, known, product)[0]
                change[side, i, s] = alignment.cross_entropy(scores, truth) - before
    dims = ("network", "shift_step")
    return xr.Dataset(
        {
            "loss_shift": (dims, change[0], _attrs("change of loss, Q and K moved", "nat")),
            "loss_shift_alone": (dims, change[1], _attrs("change of loss, Q alone moved", "nat")),
            "shift_size": ("shift_step", np.array(sizes), _attrs("size of the group element")),
        }
    )


def _further(
    weights: list[Any],
    product: str,
    images: np.ndarray,
    labels: np.ndarray,
    held_out: np.ndarray,
    parameters: Evaluate,
    seeds: Seeds,
) -> xr.Dataset:
    given = (weights, product, images, labels, held_out, seeds, parameters.steps)
    losses, names = further(*given)
    parts = [_labelled(losses, names)]
    if channels(product) == 2:
        parts.append(_labelled(*further_tables(weights, *given[2:])))
    return xr.concat(parts, "optimiser", join="outer", combine_attrs="drop_conflicts")


def _labelled(losses: dict[str, np.ndarray], names: list[str]) -> xr.Dataset:
    attrs = _attrs("loss on each new batch before its step", "nat")
    dims = ("optimiser", "network", "start", "step")
    stacked = np.stack(list(losses.values()))
    coords = {"optimiser": list(losses), "start": names, "step": np.arange(stacked.shape[-1])}
    return xr.Dataset({"further_loss": (dims, stacked, attrs)}, coords)


def _attrs(long_name: str, units: str = "1") -> dict[str, str]:
    return {"long_name": long_name, "units": units}
