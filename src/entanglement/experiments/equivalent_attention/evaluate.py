"""Ask the trained networks and their equivalent models."""

from typing import Any

import numpy as np
import xarray as xr

from entanglement.experiments.equivalent_attention import Evaluate, Train, fake
from entanglement.experiments.equivalent_attention.orbit import MEASURES, derived, draws_per_size
from entanglement.networks import flatness, spectra, symmetries
from entanglement.networks.attention import TOKENS, Weights, embed, queries_keys
from entanglement.networks.digits import GREYS
from entanglement.networks.stored_attention import Networks
from entanglement.pipeline.parameters import Cell
from entanglement.pipeline.seeds import Seeds
from entanglement.theory.flatness import flat_directions

FLAT_PICTURES = 48  # pictures behind a Jacobian: 48 * 8 * 7 logits exceed its columns
ORBIT_SIZE = {"dot": 100.0, "E": 1.0, "H": 2.0}  # elements whose spectra are compared

NAMES = {
    "train_accuracy": "accuracy on all training pictures",
    "test_accuracy": "accuracy on held-out pictures",
    "uniform_accuracy": "held-out accuracy with uniform attention",
    "log_beta": "ln beta after training",
    "seed_common": "pictures held out by both",
    "seed_errors": "errors of the first network among them",
    "seed_fixed": "of these, right in the other network",
    "seed_broken": "right in the first, wrong in the other",
    "operations_derive": "multiply-adds to write one group element into the parameters",
    "operations_verify": "multiply-adds to run one model on all held-out pictures",
    "operations_train": "multiply-adds to train once, the backward pass counted twice the forward",
    **fake.NAMES,
    **MEASURES,
    **{f"null_{name}": f"equal-norm random change: {words}" for name, words in MEASURES.items()},
    "size": "size of the group element",
    "within_range": "1 where float64 resolves the element",
    "predicted_error": "predicted rounding error of the product over its largest entry",
    "elements_tested": "elements tested",
    "distinct_answers": "different sets of answers among the derived models within the range",
    "wrong_picture": "grey value",
    "wrong_digit": "digit",
    "wrong_said": "digit said",
    "wrong_equivalent_same": "share of equivalent models that say the same",
    "wrong_seeds_right": "share of other seeds that held it out and are right",
    "jacobian_value": "singular value of d(logits)/d(Q, K parameters) over the largest",
    "flat_directions": "nullity of the Jacobian",
    "flat_predicted": "nullity predicted by theory",
    "flat_shifts_alone": "flat shifts of Q alone, K held",
    "group_dimension": "dimension of the known group",
    "spectrum": "singular value over sd(entries) * sqrt(rows)",
    "spikes": "singular values above the 99 % point of the largest one of noise",
    "spectrum_change": "largest relative change of a singular value under a group element",
    "null_median": "median of noise",
    "null_low": "0.5 % point of noise",
    "null_high": "99.5 % point of noise",
}


def evaluate(model: xr.Dataset | None, cell: Cell[Train, Evaluate], seeds: Seeds) -> xr.Dataset:
    """Measure accuracy, other seeds, and (with `elements`) orbit, fakes, nullity and spectra.

    Parameters
    ----------
    model
        From this experiment's `train`.
    cell
        How many elements, pictures and null draws.
    seeds
        Streams "elements", "null", "shuffle", "spectrum" and those of `fake`.
    """
    assert model is not None
    trained = Networks.of(model)
    said, unaware = trained.scores.argmax(-1), trained.asked(uniform=True).argmax(-1)
    right = said == trained.labels
    results = model[["loss", "accuracy", "converged", "epochs_needed", "log_beta"]].load()
    results = results.assign(
        converged=trained.converged(model),
        train_accuracy=_hits(right, trained.training),
        test_accuracy=_hits(right, trained.held_out),
        uniform_accuracy=_hits(unaware == trained.labels, trained.held_out),
        **_other_seeds(right, trained.held_out),
        **_operations(cell.train, trained),
    )
    if cell.evaluate.elements > 0:
        parts = [
            _orbit(trained, said, cell.evaluate, seeds),
            fake.fake(trained, said, seeds),
            _flatness(trained),
            _spectra(trained, cell.evaluate, seeds),
        ]
        results = xr.merge([results, *parts], combine_attrs="drop_conflicts", join="outer")
    for name in set(NAMES) & set(results):
        results[name].attrs = {"long_name": NAMES[name], "units": "1"}
    return results


def _hits(right: np.ndarray, samples: np.ndarray) -> Any:
    return "network", np.take_along_axis(right, samples, axis=1).mean(1)


def _other_seeds(right: np.ndarray, held_out: np.ndarray) -> dict[str, Any]:
    """Compare every two networks on pictures that both held out: a seed changes the split too."""
    member = np.zeros(right.shape, dtype=bool)
    np.put_along_axis(member, held_out, True, axis=1)
    common = member[:, None] & member[None]
    wrong, now = ~right[:, None] & common, right[None] & common
    counts = {
        "seed_common": common,
        "seed_errors": wrong,
        "seed_fixed": wrong & now,
        "seed_broken": common & right[:, None] & ~now,
    }
    dims = ("network", "other")
    return {name: (dims, value.sum(-1).astype(float)) for name, value in counts.items()}


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
        )
        for name in MEASURES
        for prefix in ("", "null_")
    }
    sizes, answers = np.array(product.sizes), [one["answers"] for one in found]
    distinct = [float(len(np.unique(each, axis=0))) for each in answers]
    variables |= {
        "size": ("size_step", sizes),
        "within_range": ("size_step", (sizes <= product.largest).astype(float)),
        "predicted_error": ("size_step", product.rounding(sizes, trained.head, largest)),
        "elements_tested": ("network", [float(len(each)) for each in answers]),
        "distinct_answers": ("network", distinct),
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
        others = [
            said[i, sample] == labels[sample] for i in range(1, len(said)) if sample in held_out[i]
        ]
        equal = np.mean(answers[:, place] == own[place])
        table[row] = labels[sample], own[place], equal, np.mean(others) if others else np.nan
    names = ("wrong_digit", "wrong_said", "wrong_equivalent_same", "wrong_seeds_right")
    columns = {name: ("wrong", column) for name, column in zip(names, table.T)}
    return {"wrong_picture": (("wrong", "row", "pixel"), picture), **columns}


def _flatness(trained: Networks) -> xr.Dataset:
    names = ("flat_directions", "flat_predicted", "flat_shifts_alone", "group_dimension")
    counts = {name: np.full(len(trained), np.nan) for name in names}
    values, head = [], trained.head
    for i in np.flatnonzero(trained.sound).tolist():
        w, pictures = trained.weights[i], trained.images[trained.training[i][:FLAT_PICTURES]]
        tokens = embed(w, pictures)
        found, alone = flatness.singular_values(w, tokens, trained.product)
        values.append(found / found[0])
        group = float(trained.product.dimension(head, len(found) // (2 * head)))
        # E has more than its group: the signs of q - k say how many.
        signs = trained.product.name == "E"
        counts["flat_directions"][i] = flatness.nullity(found, len(found))
        counts["flat_predicted"][i] = _from_signs(w, pictures, tokens) if signs else group
        counts["flat_shifts_alone"][i] = flatness.nullity(alone, len(alone))
        counts["group_dimension"][i] = group
    shortest = min(map(len, values), default=0)
    jacobian = np.full((len(trained), shortest), np.nan)
    for i, found in zip(np.flatnonzero(trained.sound).tolist(), values):
        jacobian[i] = found[:shortest]
    return xr.Dataset(
        {"jacobian_value": (("network", "direction"), jacobian)}
        | {name: ("network", count) for name, count in counts.items()}
    )


def _from_signs(weights: Weights, pictures: np.ndarray, tokens: np.ndarray) -> float:
    """Theory's count, from the signs of q - k and the pictures: grey values and positions."""
    queries, keys = queries_keys(weights, tokens)
    place = np.broadcast_to(np.eye(TOKENS), (len(pictures), TOKENS, TOKENS))
    inputs = np.concatenate([np.rint(GREYS * pictures), place], axis=-1)
    return float(flat_directions(np.sign(queries[:, :, None] - keys[:, None]), inputs))


def _spectra(trained: Networks, parameters: Evaluate, seeds: Seeds) -> xr.Dataset:
    """Spectra of W_Q and W_K: initial, trained, shuffled; the null; and their change on the orbit."""
    product = trained.product
    rows, columns = trained.weights[0]["query"].shape
    noise = spectra.null(seeds.generator(0, "spectrum"), rows, columns, parameters.null_draws)
    edge = np.quantile(noise[:, 0], 0.99)
    names, stages = ("query", "key"), ("initial", "trained", "shuffled")
    values = np.full((len(trained), len(names), len(stages), min(rows, columns)), np.nan)
    families = product.families
    change = np.full((len(trained), len(families)), np.nan)
    for i in np.flatnonzero(trained.sound).tolist():
        weights, rng = trained.weights[i], seeds.generator(i, "shuffle")
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
    return xr.Dataset(
        {
            "spectrum": (("network", "matrix", "stage", "rank"), values),
            "spikes": (("network", "matrix", "stage"), (values > edge).sum(-1).astype(float)),
            "spectrum_change": (("network", "family"), change),
            "null_median": ("rank", np.median(noise, axis=0)),
            "null_low": ("rank", low),
            "null_high": ("rank", high),
        },
        coords={"matrix": list(names), "stage": list(stages), "family": list(families)},
    )


def _largest_change(before: np.ndarray, after: np.ndarray) -> float:
    old, new = (np.linalg.svd(matrix, compute_uv=False) for matrix in (before, after))
    return float(np.max(np.abs(new / old - 1)))


def _operations(parameters: Train, trained: Networks) -> dict[str, Any]:
    """Multiply-adds (a distance counts as one) to derive, to verify and to train one network.

    Times belong to the benchmarks: equal inputs must give equal datasets.
    """
    width, hidden, head = parameters.width, parameters.hidden, parameters.head
    columns = head * trained.product.channels
    per_token = 8 * width + 2 * width * columns + width * width + 2 * width * hidden
    picture = 8 * per_token + 64 * (head + width) + 10 * width
    # The dearest element: a d x d matrix for dot, one affine map of each column for E and H.
    written = 2 * (width + 1) * columns * (1 if trained.product.isometry else head)
    # The backward pass counts twice the forward one.
    training = 3 * parameters.epochs * parameters.training * picture
    verified = parameters.test * picture
    return {
        "operations_derive": float(written),
        "operations_verify": float(verified),
        "operations_train": float(training),
    }
