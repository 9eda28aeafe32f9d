"""Losses on the way between networks, and of training on from equivalent ones."""

import numpy as np
import xarray as xr

from entanglement.experiments.barriers import Evaluate
from entanglement.experiments.barriers.further import further, further_tables
from entanglement.experiments.barriers.planted import planted
from entanglement.experiments.equivalent_attention import Train
from entanglement.networks import alignment, symmetries
from entanglement.networks.moves import move
from entanglement.networks.stored_attention import Networks
from entanglement.pipeline.parameters import Cell
from entanglement.pipeline.seeds import Seeds

RANDOM = ("random", "random_2", "random_3")
# By the ordinary symmetries and, behind them, a part of the product's group; dot has no `one`.
COMPONENTS = ("signs", "shifts", "one")
ALIGNMENTS = ("naive", "group", "ordinary", "both", *COMPONENTS, *RANDOM)
# Sizes of the shift along the orbit, by the simplest family that weights absorb.
SHIFTS = {
    "dot": (1.0, 3.0, 10.0, 30.0, 100.0, 1000.0),
    "E": (0.01, 0.1, 1.0, 10.0, 100.0, 1000.0),
    "H": (0.01, 0.1, 0.5, 1.0, 2.0, 4.0),
}

NAMES = {
    "loss_training": ("loss on pictures both trained on", "nat"),
    "loss_held_out": ("loss on pictures both held out", "nat"),
    "accuracy_training": ("accuracy on pictures both trained on", "1"),
    "accuracy_held_out": ("accuracy on pictures both held out", "1"),
    "pair_first": ("first network of a pair", "1"),
    "pair_second": ("second network of a pair", "1"),
    "negative_planted": (
        "1 where the dip of a path laid through the trained network is found",
        "1",
    ),
    "descent_planted": (
        "ln of the highest loss over the first one, on a path laid down to the trained network",
        "1",
    ),
    "orbit_loss": ("training loss between a model and its equivalent", "nat"),
    "loss_shift": ("change of loss, Q and K moved", "nat"),
    "loss_shift_alone": ("change of loss, Q alone moved", "nat"),
    "shift_size": ("size of the group element", "1"),
    "further_loss": ("loss on each new batch before its step", "nat"),
    "exam_loss": ("loss on pictures kept back, before training on and after", "nat"),
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
        Streams "random_element", "orbit_path", "shift" and those of `planted` and `further`.
    """
    assert model is not None
    parameters = cell.evaluate
    trained = Networks.of(model)
    position = np.linspace(0, 1, parameters.points)
    parts = [
        _pairs(trained, position, parameters, seeds),
        _inside(trained, position, parameters, seeds),
        _shifts(trained, parameters, seeds),
        _further(trained, parameters, seeds),
        planted(trained, position, parameters.pictures, seeds),
        trained.converged(model).to_dataset(),
    ]
    results = xr.merge(parts, combine_attrs="drop_conflicts", join="outer")
    for name, (words, units) in NAMES.items():
        results[name].attrs = {"long_name": words, "units": units}
    return results


def rings(networks: int, count: int) -> list[tuple[int, int]]:
    """Choose pairs in rings: (i, i + 1) for all i, then (i, i + 2), ...; each pair once."""
    pairs = []
    for step in range(1, networks // 2 + 1):
        whole = networks if 2 * step < networks else networks // 2
        pairs += [(i, (i + step) % networks) for i in range(whole)]
    return pairs[:count]


def _pairs(
    trained: Networks, position: np.ndarray, parameters: Evaluate, seeds: Seeds
) -> xr.Dataset:
    """Loss and accuracy on straight paths, on pictures both networks trained on or held out."""
    product, weights, family = trained.product, trained.weights, trained.product.absorbed[-1]
    chosen = rings(len(trained), parameters.pairs)
    shape = (len(chosen), len(ALIGNMENTS), len(position))
    names = ("loss_training", "loss_held_out", "accuracy_training", "accuracy_held_out")
    found = {name: np.full(shape, np.nan) for name in names}
    for number, (i, j) in enumerate(chosen):
        shared = np.intersect1d(trained.training[i], trained.training[j])[: parameters.pictures]
        unseen = np.intersect1d(trained.held_out[i], trained.held_out[j])[: parameters.pictures]
        if not len(shared) or not trained.sound[[i, j]].all():
            continue  # small sets may share nothing: there is no common loss, nor an alignment
        start, end, known = weights[i], weights[j], trained.images[shared]
        ordinary = alignment.ordinary(end, start, known, product)
        rng = seeds.generator(j, "random_element", i)
        ends = {
            "naive": end,
            "group": alignment.group(end, start, known, product),
            "ordinary": ordinary,
            "both": alignment.group(ordinary, start, known, product),
        }
        for some in COMPONENTS:
            if some != "one" or product.isometry is not None:
                ends[some] = alignment.group(ordinary, start, known, product, some)
        for name in RANDOM:
            ends[name] = ordinary | symmetries.element(rng, ordinary, product, family, 1.0).weights
        both, kinds = np.concatenate([shared, unseen]), {"training": slice(len(shared))}
        if len(unseen):
            kinds["held_out"] = slice(len(shared), None)
        seen = trained.images[both]
        # At its ends every path has the same functions.
        first, last = alignment.path(start, end, np.array([0.0, 1.0]), seen, product)
        for a, name in enumerate(ALIGNMENTS):
            if name not in ends:
                continue
            between = alignment.path(start, ends[name], position[1:-1], seen, product)
            scores = np.concatenate([first[None], between, last[None]])
            for kind, part in kinds.items():
                truth = trained.labels[both][part]
                found[f"loss_{kind}"][number, a] = alignment.cross_entropy(scores[:, part], truth)
                right = scores[:, part].argmax(-1) == truth
                found[f"accuracy_{kind}"][number, a] = right.mean(-1)
    members = np.array(chosen, dtype=float).reshape(-1, 2).T
    return xr.Dataset(
        {name: (("pair", "alignment", "position"), values) for name, values in found.items()}
        | {"pair_first": ("pair", members[0]), "pair_second": ("pair", members[1])},
        coords={"alignment": list(ALIGNMENTS), "position": position},
    )


def _inside(
    trained: Networks, position: np.ndarray, parameters: Evaluate, seeds: Seeds
) -> xr.Dataset:
    """Loss on the straight line from a model to its own equivalents (absorbed ones)."""
    product = trained.product
    kinds = [kind for kind in product.moves if kind != "layer"]
    losses = np.empty((len(trained), len(kinds), len(position)))
    for i, w in enumerate(trained.weights):
        samples, rng = trained.training[i][: parameters.pictures], seeds.generator(i, "orbit_path")
        for number, kind in enumerate(kinds):
            end = {**w, **move(rng, w, product, kind).weights}
            scores = alignment.path(w, end, position, trained.images[samples], product)
            losses[i, number] = alignment.cross_entropy(scores, trained.labels[samples])
    return xr.Dataset({"orbit_loss": (("network", "kind", "position"), losses)}, {"kind": kinds})


def _shifts(trained: Networks, parameters: Evaluate, seeds: Seeds) -> xr.Dataset:
    """L(g theta) - L(theta) where g moves Q and K, and where it moves Q alone."""
    product = trained.product
    family, sizes = product.absorbed[0], SHIFTS[product.name]
    change = np.empty((2, len(trained), len(sizes)))
    here = np.zeros(1)
    for i, w in enumerate(trained.weights):
        samples = trained.training[i][: parameters.pictures]
        known, truth = trained.images[samples], trained.labels[samples]
        before = alignment.cross_entropy(alignment.path(w, w, here, known, product)[0], truth)
        for s, size in enumerate(sizes):
            rng = seeds.generator(i, "shift", s)
            moved = symmetries.element(rng, w, product, family, size).weights
            alone = {name: value for name, value in moved.items() if name.startswith("query")}
            for side, weights_ in enumerate((moved, alone)):
                new = {**w, **weights_}
                scores = alignment.path(new, new, here, known, product)[0]
                change[side, i, s] = alignment.cross_entropy(scores, truth) - before
    dims = ("network", "shift_step")
    return xr.Dataset(
        {
            "loss_shift": (dims, change[0]),
            "loss_shift_alone": (dims, change[1]),
            "shift_size": ("shift_step", np.array(sizes)),
        }
    )


def _further(trained: Networks, parameters: Evaluate, seeds: Seeds) -> xr.Dataset:
    losses, exams, names = further(trained, seeds, parameters.steps)
    parts = [_labelled("further_loss", losses, names, "step")]
    if trained.product.points:
        tables = further_tables(trained, seeds, parameters.steps)
        parts.append(_labelled("further_loss", *tables, "step"))
    joined = xr.concat(parts, "optimiser", join="outer", combine_attrs="drop_conflicts")
    return xr.merge([joined, _labelled("exam_loss", exams, names, "when")], join="outer")


def _labelled(
    variable: str, losses: dict[str, np.ndarray], names: list[str], last: str
) -> xr.Dataset:
    stacked = np.stack(list(losses.values()))
    coords = {"optimiser": list(losses), "start": names, last: np.arange(stacked.shape[-1])}
    return xr.Dataset({variable: (("optimiser", "network", "start", last), stacked)}, coords)
