"""Ask the trained networks about pictures that none of them has seen."""

import numpy as np
import xarray as xr

from entanglement.experiments.associative_recall import Evaluate, Train
from entanglement.networks import digits, recall, stored_attention, symmetries
from entanglement.networks.attention import Weights
from entanglement.networks.product import Product, named
from entanglement.networks.recall import Samples
from entanglement.pipeline.parameters import Cell
from entanglement.pipeline.seeds import Seeds

EXAMPLES = 3  # samples that are kept as pictures

NAMES = {
    "train_accuracy": "accuracy on fresh samples of training pictures",
    "test_accuracy": "accuracy on samples of held-out pictures",
    "match_attention": "attention paid to the picture of the query's class",
    "diverged": "1 where weights overflowed in training, so that nothing is attended to",
    "log_beta": "ln beta after training",
    "example_query": "grey value of the query's picture",
    "example_key": "grey value of a key picture",
    "example_label": "label beside a key picture",
    "example_attention": "attention paid to a key picture",
    "example_match": "1 for the key picture of the query's class",
}


def evaluate(model: xr.Dataset | None, cell: Cell[Train, Evaluate], seeds: Seeds) -> xr.Dataset:
    """Measure each network's accuracy and the attention that it pays to the matching picture.

    Parameters
    ----------
    model
        From this experiment's `train`.
    cell
        How many samples.
    seeds
        Streams "train probes" and "test probes".
    """
    assert model is not None
    product, pictures = named(cell.train.product), recall.flat(digits.load()[0])
    networks, steps = model.sizes["network"], model.sizes["step"]
    hits = {kind: np.empty((networks, steps)) for kind in ("train", "test")}
    matched, kept = np.empty((networks, steps)), []
    for network in range(networks):
        asked = recall.asked(model, network, seeds, cell.train.choices, cell.evaluate.probes)
        for step in range(steps):
            weights = stored_attention.unpack(
                model.isel(step=step), network, tensors=recall.TENSORS
            )
            for kind, samples in asked.items():
                paid, said = answers(weights, pictures, samples, product)
                hits[kind][network, step] = np.mean(said == samples.answers)
            # Of the held-out samples, which come last.
            matched[network, step] = np.mean(
                np.take_along_axis(paid, samples.match[:, None], axis=1)
            )
            if network == 0:
                kept.append(paid[:EXAMPLES])
        if network == 0:
            examples = _examples(pictures, samples)
    each = ("network", "step")
    made = model[["start_beta", "loss", "accuracy", "log_beta"]].load()
    made = made.assign(examples).assign(
        train_accuracy=(each, hits["train"]),
        test_accuracy=(each, hits["test"]),
        match_attention=(each, matched),
        diverged=(each, np.isnan(matched).astype(np.int8)),
        example_attention=(("step", "example", "choice"), np.stack(kept)),
    )
    for name in set(NAMES) & set(made):
        made[name].attrs = {"long_name": NAMES[name], "units": "1"}
    return made


def answers(
    weights: Weights, pictures: np.ndarray, samples: Samples, product: Product
) -> tuple[np.ndarray, np.ndarray]:
    """Attention (m, choices) that one network pays, and the labels (m,) that it says."""
    table = symmetries.table(product, *recall.queries_keys(weights, pictures, samples))
    paid = recall.paid(weights, table, product)
    return paid, recall.label_scores(weights, paid, samples).argmax(-1)


def _examples(pictures: np.ndarray, samples: Samples) -> dict[str, tuple]:
    """Keep the first samples as pictures."""
    count, choices = len(samples.asked[:EXAMPLES]), samples.shown.shape[-1]
    asked, shown = samples.asked[:EXAMPLES], samples.shown[:EXAMPLES]
    match = np.arange(choices) == samples.match[:EXAMPLES, None]
    key = ("example", "choice")
    return {
        "example_query": (("example", "row", "pixel"), pictures[asked].reshape(count, 8, 8)),
        "example_key": ((*key, "row", "pixel"), pictures[shown].reshape(count, choices, 8, 8)),
        "example_label": (key, samples.labels[:EXAMPLES].astype(float)),
        "example_match": (key, match.astype(float)),
    }
