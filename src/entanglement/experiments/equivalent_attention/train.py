"""Train the networks of one cell together."""

import numpy as np
import xarray as xr

from entanglement.experiments.equivalent_attention import Train
from entanglement.networks import attention, digits, stored_attention
from entanglement.networks.product import named
from entanglement.pipeline.seeds import Seeds

# A running training accuracy from here on counts as converged (paper B, Definition 1).
CONVERGED = 0.99


def train(parameters: Train, seeds: Seeds) -> xr.Dataset:
    """Train `networks` attention networks, each from its own weights, split and batch order.

    Parameters
    ----------
    parameters
        Sizes, product and schedule.
    seeds
        Streams "weights", "split" and "order" of each network.

    Returns
    -------
    Trained and initial weights, histories, splits, and whether and when training converged.
    """
    from entanglement.networks import training

    product = named(parameters.product)
    images, labels = digits.load()
    initial, parts, orders = [], [], []
    for network in range(parameters.networks):
        weights = attention.initial_weights(
            seeds.generator(network, "weights"),
            product,
            parameters.width,
            parameters.head,
            parameters.hidden,
        )
        initial.append(weights | {"log_beta": np.log(parameters.beta)})
        part = digits.split(seeds.generator(network, "split"), parameters.training, parameters.test)
        parts.append(part)
        rng = seeds.generator(network, "order")
        orders.append(_order(rng, part[0], parameters.epochs, parameters.batch))
    fitted = training.fit(
        initial,
        images,
        labels,
        np.stack(orders),
        product,
        parameters.learn_beta,
        parameters.rate,
    )
    start = {name: np.stack([weights[name] for weights in initial]) for name in initial[0]}
    tensors = stored_attention.TENSORS
    model = stored_attention.pack(fitted.weights, tensors).merge(
        stored_attention.pack(start, tensors, "initial_")
    )
    reached = fitted.accuracy >= CONVERGED
    epochs_needed = np.where(reached.any(1), reached.argmax(1) + 1.0, np.nan)
    held = ("network", "sample_held_out")
    history = ("network", "epoch")
    model = model.assign(
        loss=(history, fitted.loss, _attrs("training loss of an epoch's batches", "nat")),
        accuracy=(history, fitted.accuracy, _attrs("training accuracy of an epoch's batches")),
        converged=(
            "network",
            (fitted.accuracy[:, -1] >= CONVERGED).astype(np.int8),
            _attrs(f"last epoch's training accuracy is at least {CONVERGED}"),
        ),
        epochs_needed=("network", epochs_needed, _attrs("epochs until converged")),
        training_sample=(
            ("network", "sample"),
            np.stack([part[0] for part in parts]).astype(np.int16),
            _attrs("index of a training picture"),
        ),
        test_sample=(
            held,
            np.stack([part[1] for part in parts]).astype(np.int16),
            _attrs("index of a held-out picture"),
        ),
    )
    model = model.assign_coords(epoch=np.arange(1, parameters.epochs + 1))
    return model.assign_attrs(product=parameters.product, source="paper B, Example 1")


def _order(rng: np.random.Generator, samples: np.ndarray, epochs: int, batch: int) -> np.ndarray:
    """Draw each epoch's batches without replacement; the incomplete last one is left out."""
    batches = len(samples) // batch
    shuffled = [rng.permutation(samples)[: batches * batch] for _ in range(epochs)]
    return np.stack(shuffled).reshape(epochs, batches, batch)


def _attrs(long_name: str, units: str = "1") -> dict[str, str]:
    return {"long_name": long_name, "units": units}
