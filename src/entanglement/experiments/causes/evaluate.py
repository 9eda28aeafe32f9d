"""Measure collapse to the training sample and between probes, norms and spacetime, by layer."""

from itertools import combinations

import numpy as np
import xarray as xr

from entanglement.experiments.causes import Evaluate, Train
from entanglement.geometry import spacetime
from entanglement.geometry.angles import loss_fold, loss_plus
from entanglement.networks import ensemble
from entanglement.pipeline.parameters import Cell
from entanglement.pipeline.seeds import Seeds

NAMES = {
    "fold": "mean folded angle between training sample and probes, in units of pi",
    "fold_between": "mean folded angle between pairs of probes, in units of pi",
    "log_cotangent": "mean ln |cotangent| between training sample and probes",
    "log_cotangent_between": "mean ln |cotangent| between pairs of probes",
    "log_norm": "logarithm of the norm of the training sample",
    "time_share": "time share c l / |[c l; w]| of the training sample",
    "augmented": "mean angle of Eq. 31 between augmented vectors, in units of pi",
}


def evaluate(model: xr.Dataset, cell: Cell[Train, Evaluate], seeds: Seeds) -> xr.Dataset:
    """Push probes through one family of networks.

    Parameters
    ----------
    model
        What `train` made.
    cell
        Of the cell.
    seeds
        Of the model.
    """
    draw = ensemble.gaussian_probes(model, seeds, cell.evaluate.probes)
    probes = np.stack([draw(i) for i in range(cell.train.networks)])
    pairs = list(combinations(range(cell.evaluate.probes), 2))
    found: dict[str, list[np.ndarray]] = {}
    for layer in ensemble.walk(model, probes):
        between = np.stack([layer.pair_cotangent(i, j) for i, j in pairs], axis=1)
        time = cell.evaluate.c * layer.index
        augmented = spacetime.augmented_cotangent(
            time, layer.log_norm[:, None], layer.log_probe_norm(), layer.cotangent
        )
        for name, values in (
            ("fold", loss_fold(layer.cotangent).mean(axis=1)),
            ("fold_between", loss_fold(between).mean(axis=1)),
            ("log_cotangent", np.log(np.abs(layer.cotangent)).mean(axis=1)),
            ("log_cotangent_between", np.log(np.abs(between)).mean(axis=1)),
            ("log_norm", layer.log_norm),
            ("time_share", spacetime.time_share(time, layer.log_norm)),
            ("augmented", loss_plus(augmented).mean(axis=1)),
        ):
            found.setdefault(name, []).append(values)
    curves = {name: (("network", "layer"), np.stack(rows, axis=1)) for name, rows in found.items()}
    result = xr.Dataset(curves, coords={"layer": np.arange(cell.train.depth + 1)})
    for name, words in NAMES.items():
        result[name].attrs = {"long_name": words, "units": "1"}
    return result
