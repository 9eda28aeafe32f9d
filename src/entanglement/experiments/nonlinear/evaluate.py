"""Measure angles layer by layer, and count the directions that the inputs end in."""

import numpy as np
import xarray as xr

from entanglement.experiments.nonlinear import Evaluate
from entanglement.geometry.angles import loss_fold, loss_plus
from entanglement.networks.nonlinear import walk
from entanglement.pipeline.parameters import Cell
from entanglement.pipeline.seeds import Seeds

# Outputs within this angle, in units of pi, count as one direction.
ONE_POLE = 0.05
NAMES = {
    "near": "cosine to the training sample of the probe that starts at 1/2",
    "far": "cosine to the training sample of the probe that starts at -1/2",
    "between": "cosine between two unseen probes",
    "log_tangent": "logarithm of the tangent of the near probe's angle to the training sample",
    "log_tangent_close": "the same of the probe that starts 0.06 degrees away",
    "fold": "mean folded angle from unseen probes to the training sample, in units of pi",
    "loss": "mean angle from unseen probes to the training sample, in units of pi",
    "alive": "whether the training sample's output is not zero",
    "poles": "directions that all inputs end in, those within 0.05 pi counted as one",
}


def evaluate(model: xr.Dataset | None, cell: Cell[None, Evaluate], seeds: Seeds) -> xr.Dataset:
    """Push inputs through the networks of one cell.

    Parameters
    ----------
    model
        Unused: nothing of the networks is needed again.
    cell
        Of the cell.
    seeds
        Of the experiment.

    Returns
    -------
    What `NAMES` lists; NaN where an output is zero and has no direction.
    """
    a = cell.evaluate
    own = seeds.own(a.model_dump(exclude={"networks", "depth"}))
    shape = a.networks, a.depth + 1
    made = {name: np.full(shape, np.nan) for name in NAMES if name != "poles"}
    poles = np.empty(a.networks)
    for part, layer, x, triangle in walk(a, own):
        found = _angles(x, triangle, a.probes)
        for name, values in found.items():
            made[name][part.start : part.stop, layer] = values
        if layer == a.depth:
            poles[part.start : part.stop] = [_directions(one) for one in triangle]
    result = xr.Dataset(
        {name: (("network", "layer"), values) for name, values in made.items()},
        coords={"layer": np.arange(a.depth + 1)},
    )
    result["poles"] = "network", poles
    for name, words in NAMES.items():
        result[name].attrs = {"long_name": words, "units": "1"}
    return result


def _angles(x: np.ndarray, triangle: np.ndarray, probes: int) -> dict[str, np.ndarray]:
    """What is measured in one layer, from R: column i is input i, row 0 along the first input."""
    along, aside = triangle[:, 0], np.linalg.norm(triangle[:, 1:], axis=1)
    size = np.hypot(along, aside)
    alive = size > 0
    with np.errstate(divide="ignore", invalid="ignore"):
        cotangent = np.where(alive & alive[:, :1], along / aside, np.nan)
        cosine = np.where(alive[:, :1], along / size, np.nan)
        pair = np.einsum("nr,nr->n", triangle[:, :, 1], triangle[:, :, 2])
        between = pair / size[:, 1] / size[:, 2]
        tangent = np.log(aside / np.abs(along))
    tangent = np.where(np.isfinite(tangent) & alive[:, :1], tangent, np.nan)
    unseen = cotangent[:, 1 : probes + 1]
    return {
        "near": cosine[:, -3],
        "far": cosine[:, -2],
        "between": between,
        "log_tangent": tangent[:, -3],
        "log_tangent_close": tangent[:, -1],
        "fold": loss_fold(unseen).mean(axis=1),
        "loss": loss_plus(unseen).mean(axis=1),
        "alive": alive[:, 0].astype(float),
    }


def _directions(triangle: np.ndarray) -> int:
    """Count directions: an input counts if it is far from all that were counted before."""
    size = np.linalg.norm(triangle, axis=0)
    unit = triangle[:, size > 0] / size[size > 0]
    counted: list[np.ndarray] = []
    for one in unit.T:
        if not any(one @ other > np.cos(np.pi * ONE_POLE) for other in counted):
            counted.append(one)
    return len(counted)
