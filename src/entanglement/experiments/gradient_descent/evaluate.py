"""Train by Algorithm 2, and test on unseen probes."""

import numpy as np
import xarray as xr

from entanglement.experiments.gradient_descent import Evaluate
from entanglement.networks import descent
from entanglement.pipeline.parameters import Cell
from entanglement.pipeline.seeds import Seeds

MATRICES = ("untrained", "descent")
TARGETS = ("aim", "probe")
BINS = 100
NAMES = {
    "iterate": "matrix G after each step",
    "relative_error": "distance |G w_0 - w_L| over its start",
    "training_error": "distance |G w_0 - w_L| after training over that before",
    "direction": "matrix that the probes pass through, over its largest entry; NaN if it has none",
    "loss": "mean loss of Eq. 32 over unseen probes",
    "folded_loss": "mean loss of Eq. 32 to the nearer of target and its negative",
    "histogram": "number of probes by loss of Eq. 32",
    "step": "gradient step",
    "matrix": "matrix that the probes pass through",
    "target": "what the outputs are compared with",
    "bin": "loss of Eq. 32, middle of the bin",
}


def evaluate(model: xr.Dataset | None, cell: Cell[None, Evaluate], seeds: Seeds) -> xr.Dataset:
    """Measure the loss of Eq. 32 on unseen probes, before and after training, for two targets.

    The matrices are G_0 and what descent makes of it. The targets are the aim [1, 1] (text) and
    the image of another probe (the authors' code). All cells of one `init` share G_0 and the probes, so that
    they can be compared network by network.

    Parameters
    ----------
    model
        Unused: five steps of a 2x2 matrix are not worth a file.
    cell
        Of the cell.
    seeds
        Of the experiment.
    """
    parameters = cell.evaluate
    step = (
        np.array([parameters.start_x, parameters.start_y]),
        parameters.scale * np.ones(2),
        parameters.eta,
        parameters.steps,
    )
    factors, probes = _draw(parameters, seeds)
    run = descent.descend(factors, *step)
    initial, trained = run.iterate[:, 0], run.iterate[:, -1]
    with np.errstate(over="ignore", invalid="ignore"):
        length = np.linalg.norm(run.error, axis=-1)
        growth = length / length[:, :1]
    direction = _directions(np.stack([initial, trained]))
    result = xr.Dataset(
        {
            "iterate": (("network", "step", "row", "column"), run.iterate),
            "relative_error": (("network", "step"), growth),
            "training_error": ("network", growth[:, -1]),
            "direction": (("matrix", "network", "row", "column"), direction),
            **_losses(direction, probes),
        },
        coords={
            "step": np.arange(parameters.steps + 1),
            "matrix": list(MATRICES),
            "target": list(TARGETS),
            "bin": (np.arange(BINS) + 0.5) / BINS,
        },
    )
    for name, words in NAMES.items():
        result[name].attrs = {"long_name": words, "units": "1"}
    return result


def _draw(parameters: Evaluate, seeds: Seeds) -> tuple[np.ndarray, np.ndarray]:
    """Draw initial factors (networks, F, 2, 2) and probes (networks, m, 2)."""
    factors = np.zeros((parameters.networks, parameters.factors, 2, 2))
    # Twice as many, for the target that is itself a probe.
    probes = np.empty((parameters.networks, 2 * parameters.probes, 2))
    for network in range(parameters.networks):
        rng = seeds.generator(network, parameters.init)
        if parameters.init == "uniform":
            rng.random(out=factors[network])
        elif parameters.init == "normal":
            rng.standard_normal(out=factors[network])
        seeds.generator(network, "probes").standard_normal(out=probes[network])
    return factors, probes


def _directions(matrices: np.ndarray) -> np.ndarray:
    """A zero matrix has no direction, and one that overflowed none that is known."""
    largest = np.abs(matrices).max(axis=(2, 3), keepdims=True)
    sound = np.isfinite(largest) & (largest > 0)
    return np.where(sound, matrices / np.where(sound, largest, 1.0), np.nan)


def _losses(directions: np.ndarray, probes: np.ndarray) -> dict[str, tuple]:
    """Mean losses and their histogram of every matrix for both targets."""
    half = probes.shape[1] // 2
    found: dict[str, list[np.ndarray]] = {"loss": [], "folded_loss": [], "histogram": []}
    for matrix in directions:
        outputs = np.einsum("npj,nij->npi", probes, matrix)
        for reference in (np.ones(2), outputs[:, half:]):
            angles = descent.turn(outputs[:, :half], reference)
            losses = descent.loss(angles)
            found["loss"].append(losses.mean(axis=1))
            found["folded_loss"].append(descent.folded_loss(angles).mean(axis=1))
            found["histogram"].append(_counts(losses).astype(np.uint32))
    shape = (len(directions), len(TARGETS))
    stacked = {name: np.stack(x).reshape(*shape, *x[0].shape) for name, x in found.items()}
    dims = ("matrix", "target", "network", "bin")
    return {name: (dims[: x.ndim], x) for name, x in stacked.items()}


def _counts(losses: np.ndarray) -> np.ndarray:
    """Count losses in bins, network by network; what is not a number is not counted."""
    networks = len(losses)
    row, column = np.nonzero(np.isfinite(losses))
    place = np.minimum((losses[row, column] * BINS).astype(int), BINS - 1)
    return np.bincount(row * BINS + place, minlength=networks * BINS).reshape(networks, BINS)
