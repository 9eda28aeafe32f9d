"""Train the classifiers of one cell, all networks of a kind together."""

import numpy as np
import xarray as xr

from entanglement.experiments.adversarial_digits import Train
from entanglement.experiments.adversarial_digits.pictures import load
from entanglement.networks import classifiers
from entanglement.networks.digits import split_each
from entanglement.networks.recall import UPDATES
from entanglement.pipeline.seeds import Seeds


def train(parameters: Train, seeds: Seeds) -> xr.Dataset:
    """Train `networks` classifiers of each kind; those of one network share split and order.

    Parameters
    ----------
    parameters
        Pictures, sizes and schedule.
    seeds
        Streams "weights", "split" and "order" of each network.

    Returns
    -------
    Weights under `<kind>_<tensor>`, accuracy and loss of each epoch (network, classifier, epoch),
    and the numbers of each network's pictures.
    """
    from entanglement.networks import classifier_training

    p = parameters
    pictures, labels = load(p.pictures)
    side, parts, order = round(pictures.shape[1] ** 0.5), [], []
    for network in range(p.networks):
        rng = seeds.generator(network, "split")
        parts.append(split_each(rng, labels, p.training_each, p.test_each))
        rng, shape = seeds.generator(network, "order"), (p.epochs, UPDATES, p.batch)
        order.append(rng.choice(parts[-1][0].ravel(), shape))
    made, loss, accuracy = {}, [], []
    for number, kind in enumerate(classifiers.KINDS):
        start = [
            classifiers.initial_weights(
                seeds.generator(network, "weights", number), kind, side, p.hidden, p.filters
            )
            for network in range(p.networks)
        ]
        trained = classifier_training.fit(start, pictures, labels, np.stack(order), p.rate)
        loss.append(trained.loss)
        accuracy.append(trained.accuracy)
        for name, dims in classifiers.TENSORS[kind].items():
            # Tensors of one kind have sizes of their own: their dimensions are named after it.
            own = [f"{kind}_{dim}" if dim == "unit" else dim for dim in dims]
            about = {"long_name": f"{name.replace('_', ' ')} of the {kind} classifier"}
            made[f"{kind}_{name}"] = (
                ("network", *own),
                trained.weights[name],
                about | {"units": "1"},
            )
    learned, held_out = (np.stack(part).astype(np.int16) for part in zip(*parts))
    each = ("network", "classifier", "epoch")
    return xr.Dataset(
        {
            **made,
            "loss": (
                each,
                np.stack(loss, axis=1),
                _attrs("training loss of an epoch", "nat"),
            ),
            "training_accuracy": (
                each,
                np.stack(accuracy, axis=1),
                _attrs("training accuracy of an epoch"),
            ),
            "training_sample": (
                ("network", "digit", "sample"),
                learned,
                _attrs("number of a training picture"),
            ),
            "test_sample": (
                ("network", "digit", "sample_held_out"),
                held_out,
                _attrs("number of a held-out picture"),
            ),
        },
        coords={"classifier": list(classifiers.KINDS), "epoch": np.arange(1, p.epochs + 1)},
        attrs={"source": "paper A, VII and VIII: it names no classifier"},
    )


def _attrs(long_name: str, units: str = "1") -> dict[str, str]:
    return {"long_name": long_name, "units": units}
