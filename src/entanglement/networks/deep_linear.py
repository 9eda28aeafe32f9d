"""Over-parameterised deep linear networks that are trained to turn noise into other noise.

All networks of an ensemble at once. The loss is |Y - X W^T|^2 / 2 summed over samples, W being the
product of the layers; every number of X and Y is noise of variance 1/k.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from entanglement.networks import rules

Layers = list[np.ndarray]  # of every network, (networks, k, k), the first layer first


@dataclass(frozen=True)
class Noise:
    """What the networks are to learn.

    Parameters
    ----------
    inputs, labels
        X and Y, (networks, samples, k).
    """

    inputs: np.ndarray
    labels: np.ndarray


@dataclass(frozen=True)
class School:
    """How they learn it.

    Parameters
    ----------
    optimiser
        A key of `RULES`; `sgd` is descent on a quarter of the samples at a time.
    rate
        Learning rate; Adam's falls to zero linearly.
    steps
        How many.
    dropout
        Chance that an input of a layer is set to zero in a step; the others are divided by its
        complement.
    """

    optimiser: str
    rate: float
    steps: int
    dropout: float


def whole(layers: Layers) -> np.ndarray:
    """W = W_L ... W_1, (networks, k, k)."""
    product = layers[0]
    for layer in layers[1:]:
        product = layer @ product
    return product


def slopes(layers: Layers, task: Noise, masks: list[np.ndarray]) -> Layers:
    """Gradient of the loss by every layer, inputs of layer l multiplied by masks[l]."""
    seen = [task.inputs * masks[0] if masks else task.inputs]
    for number, layer in enumerate(layers):
        out = seen[-1] @ layer.swapaxes(1, 2)
        last = number == len(layers) - 1
        seen.append(out * masks[number + 1] if masks and not last else out)
    back, found = seen.pop() - task.labels, []
    for number in reversed(range(len(layers))):
        found.append(back.swapaxes(1, 2) @ seen[number])
        back = back @ layers[number]
        if masks:
            back = back * masks[number]
    return found[::-1]


def learn(
    layers: Layers, task: Noise, school: School, generators: list[np.random.Generator]
) -> Iterator[Layers]:
    """Train all networks, and yield their layers after every step.

    Parameters
    ----------
    layers
        Before training.
    task, school
        What and how.
    generators
        One for each network: which samples a step sees, and what is dropped.
    """
    memory = [rules.memory(layer) for layer in layers]
    rule, count = RULES[school.optimiser], task.inputs.shape[1]
    batch = max(1, count // 4) if school.optimiser == "sgd" else count
    for number in range(1, school.steps + 1):
        seen = task
        if batch < count:
            rows = np.stack([rng.permutation(count)[:batch] for rng in generators])[..., None]
            seen = Noise(
                np.take_along_axis(task.inputs, rows, 1), np.take_along_axis(task.labels, rows, 1)
            )
        masks = _masks(len(layers), seen.inputs.shape, school.dropout, generators)
        rate = school.rate
        if school.optimiser == "adam":
            rate *= 1 - (number - 1) / school.steps
        layers = [
            layer - rate * rule(slope, number, kept)
            for layer, slope, kept in zip(layers, slopes(layers, seen, masks), memory)
        ]
        yield layers


def _masks(
    depth: int, shape: tuple[int, ...], dropout: float, generators: list[np.random.Generator]
) -> list[np.ndarray]:
    if dropout == 0:
        return []
    drawn = np.stack([rng.random((depth, *shape[1:])) for rng in generators], axis=1)
    return list((drawn >= dropout) / (1 - dropout))


RULES: dict[str, rules.Rule] = {
    "descent": rules.descent,
    "sgd": rules.descent,
    "momentum": rules.momentum,
    "adam": rules.adam,
}
