"""Train, or select rows, and ask about unseen noise along the way.

Training is part of the evaluation, so that cells share their noise and are compared network by network.
"""

import numpy as np
import xarray as xr

from entanglement.experiments.overparameterised import Evaluate
from entanglement.geometry.angles import cotangent_between, loss_fold
from entanglement.networks.architecture import Architecture
from entanglement.networks.deep_linear import Layers, Noise, School, learn, whole
from entanglement.networks.maxlikelihood import literal_layer
from entanglement.pipeline.parameters import Cell
from entanglement.pipeline.seeds import Seeds
from entanglement.theory import interpolation

MOMENTS = 40
BEYOND = 1e12  # losses and weights of no training that converges
WORDS = {
    "training_loss": "mean |y - W x|^2 on the training samples; 1 for no answer",
    "unseen_loss": "mean |y - W x|^2 on unseen inputs and labels; 1 for no answer",
    "pair_angle": "mean angle between the outputs of two unseen inputs over pi, folded; 0 on one axis",
    "unseen_law": "expected loss on unseen noise, exact for these training samples",
    "unseen_law_plain": "the same without dropout",
    "strength": "part of W along a mode of the labels over its final size",
    "strength_law": "the same by gradient flow",
    "diverged": "1 where weights grew beyond all bounds",
}
DIMS = {
    **dict.fromkeys(("training_loss", "unseen_loss"), ("network", "step")),
    **dict.fromkeys(("strength", "strength_law"), ("network", "step", "mode")),
}


def evaluate(model: xr.Dataset | None, cell: Cell[None, Evaluate], seeds: Seeds) -> xr.Dataset:
    """Measure losses on training samples and unseen ones, and whether outputs share an axis.

    Parameters
    ----------
    model
        Unused.
    cell
        What trains what.
    seeds
        Streams "inputs", "labels", "weights", "training", "probes" of each network.
    """
    c = cell.evaluate
    rngs = [seeds.generator(i, "training") for i in range(c.networks)]
    task, probes = (
        Noise(*(_drawn(c, seeds, f"{kind}{word}", count) for word in ("inputs", "labels")))
        for kind, count in (("", c.samples), ("unseen ", c.probes))
    )
    if c.start == "balanced":
        q = np.linalg.qr(task.inputs.swapaxes(1, 2))[0]
        task = Noise(q.swapaxes(1, 2), task.labels)
    left, final, right = np.linalg.svd(task.labels.swapaxes(1, 2) @ task.inputs)
    modes = left[:, :, : c.samples], final[:, None, : c.samples], right[:, : c.samples]
    steps = np.unique(np.geomspace(1, c.steps, MOMENTS).round().astype(int))
    times, matrices = [0], []
    if c.optimiser == "selection":
        matrices.append(_selected(c, seeds))
    else:
        start = _start(c, seeds, left, right)
        matrices.append(whole(start))
        times += steps.tolist()
        with np.errstate(all="ignore"):  # training may diverge, which is noted below
            matrices += _trained(c, start, task, rngs, set(times))
    found = _measured(np.stack(matrices), task, probes, modes, c.optimiser == "selection")
    last = matrices[-1]
    laws = _laws(c, task)
    found |= laws | {
        "pair_angle": _pair_angle(last, probes.inputs),
        "diverged": ~(np.abs(last) < BEYOND).all((1, 2)),
        "strength_law": _strength_law(c, final[:, : c.samples], np.array(times)),
    }
    made = xr.Dataset(
        {
            name: (DIMS.get(name, ("network",)), np.asarray(found[name], dtype=float))
            for name in WORDS
        },
        coords={"step": times},
    )
    for name, words in WORDS.items():
        made[name].attrs = {"long_name": words, "units": "1"}
    made["step"].attrs = {"long_name": "step", "units": "1"}
    return made


def _drawn(c: Evaluate, seeds: Seeds, stream: str, count: int) -> np.ndarray:
    """Noise of variance 1/k, (networks, count, k)."""
    rows = [seeds.generator(i, stream).standard_normal((count, c.k)) for i in range(c.networks)]
    return np.stack(rows) / np.sqrt(c.k)


def _start(c: Evaluate, seeds: Seeds, left: np.ndarray, right: np.ndarray) -> Layers:
    """Initial layers: random, or aligned with the modes so that each learns by itself."""
    if c.start == "random":
        drawn = np.stack(
            [
                seeds.generator(i, "weights").standard_normal((c.depth, c.k, c.k))
                for i in range(c.networks)
            ],
            axis=1,
        )
        return list(c.scale / np.sqrt(c.k) * drawn)
    layers = [c.scale * np.broadcast_to(np.eye(c.k), left.shape) for _ in range(c.depth)]
    layers[0] = layers[0] @ right
    layers[-1] = left @ layers[-1]
    return layers


def _trained(
    c: Evaluate, start: Layers, task: Noise, rngs: list[np.random.Generator], kept: set[int]
) -> list[np.ndarray]:
    """Matrices at the moments to keep; with dropout the last is a mean over half of training."""
    school = School(c.optimiser, c.rate * (1 - c.dropout), c.steps, c.dropout)
    found, total, half = [], np.zeros(start[0].shape), c.steps // 2
    for number, layers in enumerate(learn(start, task, school, rngs), start=1):
        matrix = whole(layers) if c.dropout or number in kept else None
        if matrix is not None and number > half:
            total = total + matrix
        if number in kept:
            found.append(matrix)
    if c.dropout:
        found[-1] = total / (c.steps - half)
    return [matrix for matrix in found if matrix is not None]


def _selected(c: Evaluate, seeds: Seeds) -> np.ndarray:
    """Algorithm 1's network of each sample 0, which keeps the share 1 - dropout of its rows."""
    n = max(c.k, round(c.k / (1 - c.dropout)))
    architecture = Architecture(k=c.k, n=n, depth=c.depth, networks=c.networks)
    made = []
    for i in range(c.networks):
        vector = seeds.generator(i, "inputs").standard_normal((c.samples, c.k))[0]
        matrix, rng = np.eye(c.k), seeds.generator(i, "selection")
        for _ in range(c.depth):
            layer, vector = literal_layer(architecture, vector / np.linalg.norm(vector), rng)
            matrix = layer @ matrix / np.linalg.norm(vector)  # in scale, whatever the depth
        made.append(matrix)
    return np.stack(made)


def _measured(
    matrices: np.ndarray, task: Noise, probes: Noise, modes: tuple, selected: bool
) -> dict[str, np.ndarray]:
    """Losses (network, step) and strengths of modes; none where nothing was to be learned."""
    left, final, right = modes
    with np.errstate(all="ignore"):
        losses = [
            np.mean(np.sum((part.labels - part.inputs @ w.swapaxes(1, 2)) ** 2, -1), -1)
            for w in matrices
            for part in (task, probes)
        ]
        along = [np.einsum("nki,nkl,nil->ni", left, w, right) / final[:, 0] for w in matrices]
    pairs = np.reshape(losses, (len(matrices), 2, -1))
    pairs = np.where((pairs < BEYOND) & (not selected), pairs, np.nan)
    strength = np.stack(along, axis=1)
    return {
        "training_loss": pairs[:, 0].T,
        "unseen_loss": pairs[:, 1].T,
        "strength": np.where(np.abs(strength) < BEYOND, strength, np.nan),
    }


def _pair_angle(matrix: np.ndarray, inputs: np.ndarray) -> np.ndarray:
    """Mean folded angle of pairs of outputs, (network,)."""
    with np.errstate(all="ignore"):
        # Short outputs have a direction too: squares of 1e-200 would be 0.
        exponent = np.frexp(np.abs(matrix).max((1, 2), keepdims=True))[1]
        out = inputs @ np.ldexp(matrix, -exponent).swapaxes(1, 2)
        out = out / np.linalg.norm(out, axis=-1, keepdims=True)
        even = out.shape[1] // 2 * 2
        folded = loss_fold(cotangent_between(out[:, 0:even:2], out[:, 1:even:2]))
    return np.where(np.isfinite(out).all((1, 2)), folded.mean(1), np.nan)


def _laws(c: Evaluate, task: Noise) -> dict[str, np.ndarray]:
    """Expected unseen loss 1 + |W|^2 / k of the exact fit of one layer that starts at zero."""
    exact = c.depth == 1 and c.scale == 0 and c.optimiser not in ("adam", "selection")
    laws = {}
    for name, dropout in (("unseen_law", c.dropout), ("unseen_law_plain", 0.0)):
        fit = interpolation.dropout_weights(task.inputs, task.labels, dropout)
        laws[name] = np.where(exact, 1 + np.sum(fit**2, axis=(1, 2)) / c.k, np.nan)
    return laws


def _strength_law(c: Evaluate, final: np.ndarray, times: np.ndarray) -> np.ndarray:
    """Gradient flow of every mode over its final size, (network, step, mode)."""
    if c.start != "balanced" or c.optimiser != "descent" or c.dropout:
        return np.full((c.networks, len(times), c.samples), np.nan)
    return np.stack(
        [interpolation.strength(c.rate * times, s, c.scale**c.depth, c.depth) / s for s in final]
    )
