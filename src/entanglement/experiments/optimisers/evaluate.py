"""Train by one optimiser, and test on unseen probes along the way."""

import numpy as np
import xarray as xr

from entanglement.experiments.optimisers import Evaluate
from entanglement.networks import descent
from entanglement.networks.optimisers import OPTIMISERS, State, Task
from entanglement.pipeline.parameters import Cell
from entanglement.pipeline.seeds import Seeds

START = np.array([0.1, 0.1])
ACROSS = np.array([1.0, -1.0]) / np.sqrt(2)
MOMENTS, BINS = 20, 50
WORDS = {
    "folded_loss": "mean loss of Eq. 32 to the nearer of the aim and its negative",
    "training_error": "distance |G w_0 - w_L| over |w_L|",
    "spread": "standard deviation of G across w_0 over the size of G along it; NaN if it has none",
    "offset": "angle from G w_0 to the aim",
    "moved_across": "part of the movement of G that goes across w_0, (G - G_0) w_perp; NaN if none",
    "matrix": "trained matrix G over |w_L| / |w_0|",
    "histogram": "number of probes by loss of Eq. 32",
    "step": "step",
    "bin": "loss of Eq. 32, middle of the bin",
}


def evaluate(model: xr.Dataset | None, cell: Cell[None, Evaluate], seeds: Seeds) -> xr.Dataset:
    """Measure the loss of Eq. 32 on unseen probes after some of the steps.

    Cells share G_0, probes and random streams, so that optimisers are compared network by network.

    Parameters
    ----------
    model
        Unused: a 2x2 matrix is not worth a file.
    cell
        Of the cell.
    seeds
        Of the experiment.
    """
    chosen = cell.evaluate
    networks = range(chosen.networks)
    initial, probes = (
        np.stack([seeds.generator(i, word).standard_normal((count, 2)) for i in networks])
        for word, count in (("matrix", 2), ("probes", chosen.probes))
    )
    task = Task(
        START,
        chosen.scale * np.ones(2),
        chosen.stride,
        chosen.steps,
        *([seeds.generator(i, word) for i in networks] for word in ("proposals", "decisions")),
    )
    moments = np.unique(np.geomspace(1, chosen.steps, MOMENTS).round().astype(int))
    states = _states(initial, task, chosen.optimiser, moments)
    trained = states[-1][0]
    measured = [_measure(state, task, probes) for state in states]
    moved = trained - initial
    variables = {
        name: (("network", "step"), np.stack([each[name] for each in measured], axis=1))
        for name in measured[0]
    }
    losses = descent.loss(descent.turn(_outputs(trained, probes), task.aim))
    counts = [np.histogram(each, BINS, (0, 1))[0] for each in losses]
    with np.errstate(invalid="ignore"):  # nothing may have been accepted in a few steps
        across = np.linalg.norm(moved @ ACROSS, axis=1) / np.linalg.norm(moved, axis=(1, 2))
    result = xr.Dataset(
        {
            **variables,
            "moved_across": ("network", across),
            "matrix": (("network", "row", "column"), trained / task.way),
            "histogram": (("network", "bin"), np.array(counts, dtype=np.uint32)),
        },
        coords={"step": [0, *moments], "bin": (np.arange(BINS) + 0.5) / BINS},
    )
    for name, words in WORDS.items():
        result[name].attrs = {"long_name": words, "units": "1"}
    result["offset"].attrs["units"] = "rad"
    return result


def _states(initial: np.ndarray, task: Task, optimiser: str, moments: np.ndarray) -> list[State]:
    """The start, and what the optimiser has reached at some moments."""
    wanted = set(moments.tolist())
    steps = enumerate(OPTIMISERS[optimiser](initial, task), start=1)
    return [(initial, np.zeros(len(initial))), *(state for at, state in steps if at in wanted)]


def _measure(state: State, task: Task, probes: np.ndarray) -> dict[str, np.ndarray]:
    """One number for each network: `wander` adds to the variance of G_0's entries, which is one."""
    matrix, wander = state
    output = matrix @ task.start
    along = np.linalg.norm(output, axis=1) / np.linalg.norm(task.start)
    angles = descent.turn(_outputs(matrix, probes), task.aim)
    return {
        "folded_loss": descent.folded_loss(angles).mean(axis=1),
        "training_error": np.sqrt(task.error(matrix)),
        "spread": np.sqrt(1 + wander) / along,
        "offset": descent.turn(output, task.aim),
    }


def _outputs(matrix: np.ndarray, probes: np.ndarray) -> np.ndarray:
    return np.einsum("npj,nij->npi", probes, matrix)
