"""Ask the trained networks and their equivalent models; sum up over cells."""

from typing import Any

import numpy as np
import xarray as xr

from entanglement.experiments.equivalent_attention import Evaluate, Train
from entanglement.experiments.equivalent_attention.orbit import (
    MEASURES,
    derived,
    draws_per_size,
)
from entanglement.networks import flatness, spectra, symmetries
from entanglement.networks.attention import class_scores, embed
from entanglement.networks.stored_attention import Networks
from entanglement.pipeline.parameters import Cell
from entanglement.pipeline.seeds import Seeds

FLAT_PICTURES = 48  # pictures behind a Jacobian: 48 * 8 * 7 logits exceed its columns
ORBIT_SIZE = {"dot": 100.0, "E": 1.0, "H": 2.0}  # elements whose spectra are compared


def evaluate(model: xr.Dataset | None, cell: Cell[Train, Evaluate], seeds: Seeds) -> xr.Dataset:
    """Measure accuracy, other seeds, and (with `elements`) orbit, nullity and spectra.

    Parameters
    ----------
    model
        From this experiment's `train`.
    cell
        How many elements, pictures and null draws.
    seeds
        Streams "elements", "null", "shuffle", "spectrum".
    """
    assert model is not None
    parameters = cell.evaluate
    trained = Networks.of(model)
    said = np.stack([_answers(trained, w) for w in trained.weights])
    unaware = np.stack([_answers(trained, w, uniform=True) for w in trained.weights])
    right = said == trained.labels
    history = model[["loss", "accuracy", "converged", "epochs_needed"]].load()
    results = history.assign(
        train_accuracy=_hits(right, trained.training, "accuracy on all training pictures"),
        test_accuracy=_hits(right, trained.held_out, "accuracy on held-out pictures"),
        uniform_accuracy=_hits(
            unaware == trained.labels, trained.held_out, "held-out accuracy with uniform attention"
        ),
        log_beta=model["log_beta"].load(),
        **_other_seeds(right, trained.held_out),
        **_operations(model, trained),
    )
    results["log_beta"].attrs = {"long_name": "ln beta after training", "units": "1"}
    if parameters.elements == 0:
        return results
    parts = [_orbit(trained, said, parameters, seeds), _flatness(trained)]
    parts += [_spectra(trained, parameters, seeds)]
    return xr.merge([results, *parts], combine_attrs="drop_conflicts", join="outer")


def _answers(trained: Networks, weights: Any, uniform: bool = False) -> np.ndarray:
    tokens = embed(weights, trained.images)
    table = symmetries.products(weights, tokens, trained.product)
    return class_scores(weights, tokens, table * (not uniform), trained.product).argmax(-1)


def _hits(right: np.ndarray, samples: np.ndarray, long_name: str) -> Any:
    chosen = np.take_along_axis(right, samples, axis=1)
    return ("network", chosen.mean(1), {"long_name": long_name, "units": "1"})


def _other_seeds(right: np.ndarray, held_out: np.ndarray) -> dict[str, Any]:
    """Compare every two networks on pictures that both held out: a seed changes the split too."""
    member = np.zeros(right.shape, dtype=bool)
    np.put_along_axis(member, held_out, True, axis=1)
    common = member[:, None] & member[None]
    wrong, now = ~right[:, None] & common, right[None] & common
    counts = {
        "seed_common": ("pictures held out by both", common),
        "seed_errors": ("errors of the first network among them", wrong),
        "seed_fixed": ("of these, right in the other network", wrong & now),
        "seed_broken": ("right in the first, wrong in the other", common & right[:, None] & ~now),
    }
    return {
        name: (("network", "other"), value.sum(-1).astype(float), _attrs(words))
        for name, (words, value) in counts.items()
    }


def _orbit(trained: Networks, said: np.ndarray, parameters: Evaluate, seeds: Seeds) -> xr.Dataset:
    product = trained.product
    draws = draws_per_size(parameters.elements, len(trained), product)
    found = [derived(trained, i, seeds, draws, min(draws, 2)) for i in range(len(trained))]
    largest = np.mean([one["largest"] for one in found])
    dims = ("network", "family", "size_step")
    variables: dict[str, Any] = {
        prefix + name: (
            (*dims, "null_draw" if prefix else "draw"),
            np.stack([one[prefix + name] for one in found]),
            _attrs(f"{'equal-norm random change: ' if prefix else ''}{words}"),
        )
        for name, words in MEASURES.items()
        for prefix in ("", "null_")
    }
    sizes = np.array(product.sizes)
    answers = [one["answers"] for one in found]
    distinct = [len(np.unique(each, axis=0)) for each in answers]
    variables |= {
        "size": ("size_step", sizes, _attrs("size of the group element")),
        "within_range": (
            "size_step",
            (sizes <= product.largest).astype(float),
            _attrs("1 where float64 resolves the element"),
        ),
        "predicted_error": (
            "size_step",
            product.rounding(sizes, trained.head, largest),
            _attrs("predicted rounding error of the product over its largest entry"),
        ),
        "elements_tested": ("network", [float(len(a)) for a in answers], _attrs("elements tested")),
        "distinct_answers": (
            "network",
            np.array(distinct, dtype=float),
            _attrs("different sets of answers among the derived models within the range"),
        ),
    }
    made = xr.Dataset(variables, coords={"family": list(product.families)})
    return made.assign(_pictures(trained, said, answers[0], parameters.pictures))


def _pictures(
    trained: Networks, said: np.ndarray, answers: np.ndarray, count: int
) -> dict[str, Any]:
    """Errors of the first network: what its equivalent models and the other seeds say of them."""
    images, labels, held_out = trained.images, trained.labels, trained.held_out
    mine, own = held_out[0], said[0, held_out[0]]
    places = np.flatnonzero(own != labels[mine])[:count]
    picture = np.full((count, 8, 8), np.nan)
    table = np.full((count, 4), np.nan)
    for row, place in enumerate(places):
        sample = mine[place]
        picture[row] = images[sample]
        others = [said[i, sample] == labels[sample] for i in range(1, len(said))
                  if sample in held_out[i]]  # fmt: skip
        equal = np.mean(answers[:, place] == own[place])
        table[row] = labels[sample], own[place], equal, np.mean(others) if others else np.nan
    words = ("digit", "digit said", "share of equivalent models that say the same",
             "share of other seeds that held it out and are right")  # fmt: skip
    names = ("wrong_digit", "wrong_said", "wrong_equivalent_same", "wrong_seeds_right")
    columns = {name: ("wrong", table[:, i], _attrs(words[i])) for i, name in enumerate(names)}
    return {"wrong_picture": (("wrong", "row", "pixel"), picture, _attrs("grey value")), **columns}


def _flatness(trained: Networks) -> xr.Dataset:
    values, flat, shifted, group = [], [], [], []
    head = trained.head
    for w, samples in zip(trained.weights, trained.training):
        tokens = embed(w, trained.images[samples[:FLAT_PICTURES]])
        found, alone = flatness.singular_values(w, tokens, trained.product)
        values.append(found / found[0])
        group.append(trained.product.dimension(head, len(found) // (2 * head)))
        flat.append(flatness.nullity(found, len(found)))
        shifted.append(flatness.nullity(alone, len(alone)))
    shortest = min(map(len, values))
    return xr.Dataset(
        {
            "jacobian_value": (
                ("network", "direction"),
                np.array([v[:shortest] for v in values]),
                _attrs("singular value of d(logits)/d(Q, K parameters) over the largest"),
            ),
            "flat_directions": (
                "network", np.array(flat, float), _attrs("nullity of the Jacobian")
            ),
            "flat_shifts_alone": (
                "network", np.array(shifted, float), _attrs("flat shifts of Q alone, K held")
            ),
            "group_dimension": (
                "network", np.array(group, float), _attrs("dimension of the known group")
            ),
        }
    )  # fmt: skip


def _spectra(trained: Networks, parameters: Evaluate, seeds: Seeds) -> xr.Dataset:
    """Spectra of W_Q and W_K: initial, trained, shuffled; the null; and their change on the orbit."""
    product = trained.product
    rows, columns = trained.weights[0]["query"].shape
    noise = spectra.null(seeds.generator(0, "spectrum"), rows, columns, parameters.null_draws)
    edge = np.quantile(noise[:, 0], 0.99)
    names, stages = ("query", "key"), ("initial", "trained", "shuffled")
    values = np.empty((len(trained), len(names), len(stages), min(rows, columns)))
    families = product.families
    change = np.zeros((len(trained), len(families)))
    for i, weights in enumerate(trained.weights):
        rng = seeds.generator(i, "shuffle")
        for m, name in enumerate(names):
            matrix = weights[name]
            versions = (trained.initial[i][name], matrix, spectra.shuffled(rng, matrix))
            values[i, m] = [spectra.normalised(one) for one in versions]
        for f, family in enumerate(families):
            made = symmetries.element(rng, weights, product, family, ORBIT_SIZE[product.name])
            change[i, f] = max(
                _largest_change(weights[n], made.weights.get(n, weights[n])) for n in names
            )
    low, high = np.quantile(noise, (0.005, 0.995), axis=0)
    band = {"null_median": np.median(noise, axis=0), "null_low": low, "null_high": high}
    words = {"null_median": "median", "null_low": "0.5 % point", "null_high": "99.5 % point"}
    return xr.Dataset(
        {
            "spectrum": (
                ("network", "matrix", "stage", "rank"),
                values,
                _attrs("singular value over sd(entries) * sqrt(rows)"),
            ),
            "spikes": (
                ("network", "matrix", "stage"),
                (values > edge).sum(-1).astype(float),
                _attrs("singular values above the 99 % point of the largest one of noise"),
            ),
            "spectrum_change": (
                ("network", "family"),
                change,
                _attrs("largest relative change of a singular value under a group element"),
            ),
            **{n: ("rank", v, _attrs(f"{words[n]} of noise")) for n, v in band.items()},
        },
        coords={"matrix": list(names), "stage": list(stages), "family": list(families)},
    )


def _largest_change(before: np.ndarray, after: np.ndarray) -> float:
    old, new = (np.linalg.svd(matrix, compute_uv=False) for matrix in (before, after))
    return float(np.max(np.abs(new / old - 1)))


def _operations(model: xr.Dataset, trained: Networks) -> dict[str, Any]:
    """Multiply-adds (a distance counts as one) to derive, to verify and to train one network.

    Times belong to the benchmarks: equal inputs must give equal datasets.
    """
    width, columns = model["query"].shape[1:]
    hidden, head = model["hidden"].shape[2], trained.head
    per_token = 8 * width + 2 * width * columns + width * width + 2 * width * hidden
    picture = 8 * per_token + 64 * (head + width) + 10 * width
    # The dearest element: a d x d matrix for dot, one affine map of each column for E and H.
    written = 2 * (width + 1) * columns * (1 if trained.product.isometry else head)
    epochs, shown = model.sizes["epoch"], model.sizes["sample"]
    counts = {
        "operations_derive": (written, "to write one group element into the parameters"),
        "operations_verify": (written + model.sizes["sample_held_out"] * picture,
                              "to write it and predict all held-out pictures"),
        "operations_train": (3 * epochs * shown * picture,
                             "to train once, the backward pass counted twice the forward one"),
    }  # fmt: skip
    return {
        name: ((), float(value), _attrs(f"multiply-adds {words}"))
        for name, (value, words) in counts.items()
    }


def _attrs(long_name: str) -> dict[str, str]:
    return {"long_name": long_name, "units": "1"}
