"""Attack the networks of all products on the same held-out samples, and measure their slopes."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import xarray as xr

from entanglement.experiments.distance_robustness import Evaluate, Train
from entanglement.experiments.distance_robustness.train import tensors
from entanglement.networks import (
    digits,
    recall,
    recall_attack,
    slopes,
    stored_attention,
    symmetries,
)
from entanglement.networks.attention import Weights
from entanglement.networks.product import PRODUCTS, Product
from entanglement.networks.recall import Samples
from entanglement.pipeline.parameters import Cell
from entanglement.pipeline.seeds import Seeds
from entanglement.theory.slopes import euclidean

CHANGES = (*recall_attack.ATTACKS, "noise")
SIZE = 2.0  # of the group element that makes an isometric equivalent; any does
STRETCHES = (1.0, 2.0, 5.0, 10.0, 20.0, 50.0)  # of the keys, which no bound of E knows

WORDS = {
    "clean_accuracy": "accuracy on samples of held-out pictures",
    "training_accuracy": "accuracy on fresh samples of clean training pictures",
    "accuracy_under": "accuracy on changed samples",
    "change_norm": "mean Euclidean norm of the change",
    "fooled": "samples that PGD fools: right before, wrong now",
    "rejected": "of these, right in the network of another product, trained on the same pictures",
    "rejected_isometric": "of these, right in an isometric equivalent of the network",
    "slope": "largest singular value of attention's Jacobian by the query, of any sample, over the "
    "Euclidean product's bound",
    "slope_bound": "what algebra says that it cannot exceed, over the same",
    "slope_pixels": "mean largest singular value of attention's Jacobian by the query's pixels",
}
PLAIN = ("clean_accuracy", "training_accuracy", "slope_pixels")


@dataclass(frozen=True)
class Asked:
    """What one network of each product is asked: samples in pictures of their own, and a size each."""

    scene: np.ndarray
    samples: Samples
    sizes: np.ndarray

    def right(self, weights: Weights, product: Product, scenes: np.ndarray) -> np.ndarray:
        """Whether the network says the right label for scenes (..., m, 1 + choices, 64)."""
        right = np.empty(scenes.shape[:-2], dtype=bool)
        for place in np.ndindex(scenes.shape[:-3]):
            flat = scenes[place].reshape(-1, recall.PIXELS)
            right[place] = _says(weights, flat, self.samples, product) == self.samples.answers
        return right


def evaluate(model: xr.Dataset | None, cell: Cell[Train, Evaluate], seeds: Seeds) -> xr.Dataset:
    """Measure accuracy under FGSM, PGD and noise of PGD's norm, and who rejects the fakes.

    Parameters
    ----------
    model
        From this experiment's `train`.
    cell
        Samples and norms.
    seeds
        Streams "train probes", "test probes", "noise" and "elements" of each network; those of a
        network are the same for all products.
    """
    assert model is not None
    chosen = cell.evaluate
    sizes = chosen.largest * np.arange(1, chosen.norms + 1) / max(chosen.norms, 1)
    pictures, columns = recall.flat(digits.load()[0]), []
    for network in range(model.sizes["network"]):
        drawn = recall.asked(model, network, seeds, cell.train.choices, chosen.probes)
        asked = Asked(*recall_attack.scenes(pictures, drawn["test"]), sizes)
        weights = {
            name: stored_attention.unpack(model, network, f"{name}_", tensors(name))
            for name in PRODUCTS
        }
        rows = []
        for name, product in PRODUCTS.items():
            row = _slopes(weights[name], pictures, drawn["test"], product)
            said = _says(weights[name], pictures, drawn["train"], product)
            row["training_accuracy"] = np.mean(said == drawn["train"].answers)
            rows.append(row | _attacked(weights, product, asked, seeds, network))
        columns.append(rows)
    dims = {
        **dict.fromkeys(WORDS, ("target", "norm")),
        **dict.fromkeys(PLAIN, ()),
        "accuracy_under": ("target", "change", "norm"),
        "change_norm": ("target", "change", "norm"),
        "rejected": ("target", "norm", "other"),
        "slope": ("stretch",),
        "slope_bound": ("stretch",),
    }
    made = xr.Dataset(
        {
            name: (
                ("network", "product", *dims[name]),
                np.array([[row[name] for row in rows] for rows in columns], dtype=float),
                {"long_name": words, "units": "1"},
            )
            for name, words in WORDS.items()
        },
        coords={
            "product": list(PRODUCTS),
            "other": list(PRODUCTS),
            "change": list(CHANGES),
            "target": list(recall_attack.TARGETS),
            "stretch": list(STRETCHES),
        },
    )
    about = {"long_name": "Euclidean norm of the change of a sample, at most", "units": "1"}
    made["size"] = "norm", sizes, about
    return made.merge(model[["accuracy"]].load())


def _says(weights: Weights, pictures: np.ndarray, samples: Samples, product: Product) -> np.ndarray:
    """Labels (m,) that a network says."""
    table = symmetries.table(product, *recall.queries_keys(weights, pictures, samples))
    paid = recall.paid(weights, table, product)
    return recall.label_scores(weights, paid, samples).argmax(-1)


def _slopes(
    weights: Weights, pictures: np.ndarray, samples: Samples, product: Product
) -> dict[str, np.ndarray]:
    """How fast attention turns with the query, as trained and with keys of greater length."""
    beta, head = float(np.exp(weights["log_beta"])), weights["query"].shape[1] // product.channels
    rows = []
    for stretch in STRETCHES:
        keys = {name: stretch * weights[name] for name in ("key", "key_bias")}
        given = {**weights, **keys}, pictures, samples, product
        found = slopes.largest(slopes.by_query(*given))
        rows.append((found.max(), slopes.bound(*given).max()))
    over, most = np.transpose(rows) / euclidean(beta, head)
    steep = slopes.largest(slopes.by_pixels(weights, pictures, samples, product))
    return {"slope": over, "slope_bound": most, "slope_pixels": steep.mean()}


def _attacked(
    weights: Mapping[str, Weights], product: Product, asked: Asked, seeds: Seeds, network: int
) -> dict[str, np.ndarray]:
    """Attack the network of one product, and ask those of the others and an equivalent."""
    own = weights[product.name]
    drawn = symmetries.element(
        seeds.generator(network, "elements"), own, product, product.absorbed[-1], SIZE
    )
    clean, rows = asked.right(own, product, asked.scene), []
    for target in recall_attack.TARGETS:
        fake = recall_attack.craft(own, asked.scene, asked.samples, product, target, asked.sizes)
        rng = seeds.generator(network, "noise")
        noisy = np.empty_like(fake[1])
        for number, one in enumerate(fake[1]):
            noisy[number] = recall_attack.noise(rng, asked.scene, one)
        every = np.concatenate([fake, noisy[None]])  # (changes, norms, m, 1 + choices, 64)
        right = asked.right(own, product, every)
        fooled = clean & ~right[1]
        others = [asked.right(weights[name], PRODUCTS[name], fake[1]) for name in PRODUCTS]
        alike = asked.right({**own, **drawn.weights}, product, fake[1])
        rows.append(
            {
                "accuracy_under": right.mean(-1),
                "change_norm": np.linalg.norm(every - asked.scene, axis=(-2, -1)).mean(-1),
                "fooled": fooled.sum(-1),
                "rejected": np.stack([(fooled & other).sum(-1) for other in others], axis=-1),
                "rejected_isometric": (fooled & alike).sum(-1),
            }
        )
    joined = {name: np.stack([row[name] for row in rows]) for name in rows[0]}
    return joined | {"clean_accuracy": clean.mean()}
