"""Train the networks of one cell together."""

import numpy as np
import xarray as xr

from entanglement.experiments.associative_recall import Train
from entanglement.networks import digits, recall, stored_attention
from entanglement.networks.product import named
from entanglement.pipeline.seeds import Seeds


def train(parameters: Train, seeds: Seeds) -> xr.Dataset:
    """Train `networks` networks at every beta, each from its own weights, split and samples.

    A network has the same at every beta, so that what beta does is compared within networks.

    Parameters
    ----------
    parameters
        Sizes, product and schedule.
    seeds
        Streams "weights", "split" and "samples" of each network.

    Returns
    -------
    Trained weights, learning curves, and the pictures that each network learned from and held
    out.
    """
    from entanglement.networks import recall_training

    product, sizes = named(parameters.product), parameters
    images, labels = digits.load()
    starts, parts, samples = [], [], []
    for network in range(sizes.networks):
        rng = seeds.generator(network, "weights")
        starts.append(recall.initial_weights(rng, product, sizes.width, sizes.head, sizes.choices))
        rng = seeds.generator(network, "split")
        parts.append(digits.split_each(rng, labels, sizes.training_each, sizes.test_each))
        rng, shape = (
            seeds.generator(network, "samples"),
            (sizes.epochs, recall.UPDATES, sizes.batch),
        )
        samples.append(recall.draw(rng, parts[-1][0], sizes.choices, shape))
    beta = sizes.beta * sizes.factor ** np.arange(sizes.betas)
    log_beta = np.log(beta, out=np.full(sizes.betas, -np.inf), where=beta > 0)
    fitted = recall_training.fit(
        [weights | {"log_beta": value} for weights in starts for value in log_beta],
        recall.flat(images),
        [shown for shown in samples for _ in log_beta],
        product,
        sizes.learn_beta,
        sizes.rate,
    )
    learned, held_out = (np.stack(part).astype(np.int16) for part in zip(*parts))
    history, each = ("network", "step", "epoch"), (sizes.networks, sizes.betas)

    def apart(values: np.ndarray) -> np.ndarray:
        return values.reshape(*each, *values.shape[1:])

    model = stored_attention.pack(
        {name: apart(values) for name, values in fitted.weights.items()},
        {name: ("step", *dims) for name, dims in recall.TENSORS.items()},
    )
    model = model.assign(
        start_beta=("step", beta, _attrs("beta before training")),
        loss=(history, apart(fitted.loss), _attrs("training loss of an epoch's samples", "nat")),
        accuracy=(history, apart(fitted.accuracy), _attrs("training accuracy of an epoch")),
        training_sample=(
            ("network", "digit", "sample"),
            learned,
            _attrs("number of a training picture"),
        ),
        test_sample=(
            ("network", "digit", "sample_held_out"),
            held_out,
            _attrs("number of a held-out picture"),
        ),
    )
    model = model.assign_coords(epoch=np.arange(1, sizes.epochs + 1))
    return model.assign_attrs(product=sizes.product, source="paper B, Example 1")


def _attrs(long_name: str, units: str = "1") -> dict[str, str]:
    return {"long_name": long_name, "units": units}
