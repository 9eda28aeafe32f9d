"""Measure collapse to the training sample and between probes, norms and spacetime, by layer."""

from itertools import combinations

import numpy as np
import xarray as xr

from entanglement.experiments.causes import Evaluate, Train
from entanglement.geometry import spacetime
from entanglement.geometry.angles import loss_fold, loss_plus
from entanglement.networks import ensemble
from entanglement.networks.architecture import Architecture
from entanglement.pipeline.parameters import Cell
from entanglement.pipeline.seeds import Seeds
from entanglement.statistics import agreement
from entanglement.theory import laws

NAMES = {
    "fold": "mean folded angle between training sample and probes, in units of pi",
    "fold_between": "mean folded angle between pairs of probes, in units of pi",
    "log_cotangent": "mean ln |cotangent| between training sample and probes",
    "log_cotangent_between": "mean ln |cotangent| between pairs of probes",
    "log_norm": "logarithm of the norm of the training sample",
    "time_share": "time share c l / |[c l; w]| of the training sample",
    "augmented": "mean angle of Eq. 31 between augmented vectors, in units of pi",
    "fold_theory": "exact mean folded angle to the training sample, T1",
    "fold_between_theory": "exact mean folded angle between probes, T1",
    "log_cotangent_theory": "exact mean ln |cotangent| to the training sample, T1",
    "log_cotangent_between_theory": "exact mean ln |cotangent| between probes, T1",
    "largest_t": "largest |t| of mean ln |cotangent| against T1",
    "largest_t_limit": "Bonferroni 1e-3 quantile of the largest |t|",
    "kind": "pairs that are compared",
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
    parameters = cell.evaluate
    architecture = cell.train
    draw = ensemble.gaussian_probes(model, seeds, parameters.probes)
    probes = np.stack([draw(i) for i in range(architecture.networks)])
    pairs = list(combinations(range(parameters.probes), 2))
    found: dict[str, list[np.ndarray]] = {}
    for layer in ensemble.walk(model, probes):
        between = np.stack([layer.pair_cotangent(i, j) for i, j in pairs], axis=1)
        time = parameters.c * layer.index
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
    result = xr.Dataset(curves, coords={"layer": np.arange(architecture.depth + 1)})
    result = result.merge(_theory(architecture, result))
    for name, words in NAMES.items():
        result[name].attrs = {"long_name": words, "units": "1"}
    return result


def _theory(a: Architecture, measured: xr.Dataset) -> xr.Dataset:
    """Exact means where there are any, and how far the measured ones are from them.

    T1 describes a probe against the training sample in every family. Two probes are like a probe
    and the training sample where the weights do not look at the training sample.
    """
    unselected = a.n == a.k or a.weights == "random"
    blind = unselected or a.weights == "orthogonal"
    made: dict[str, np.ndarray] = {}
    for name, law in (("fold", laws.mean_folded_loss), ("log_cotangent", laws.mean_log_cotangent)):
        if a.weights == "orthogonal":
            exact = np.repeat(law(a.k, a.k, 0), a.depth + 1)
        elif unselected:
            exact = law(a.k, a.k, a.depth)
        else:
            exact = law(a.k, a.n, a.depth, a.weights)
        made[f"{name}_theory"] = exact
        made[f"{name}_between_theory"] = exact if blind else np.full(a.depth + 1, np.nan)
    largest, limit = np.full(2, np.nan), np.full(2, np.nan)
    for number, name in enumerate(("log_cotangent", "log_cotangent_between")):
        expected = made[f"{name}_theory"]
        if np.isfinite(expected).all() and a.networks > 1:
            curves = measured[name].transpose("network", "layer").values
            largest[number], limit[number] = agreement.largest_t(curves, expected)
    return xr.Dataset(
        {
            **{name: ("layer", values) for name, values in made.items()},
            "largest_t": ("kind", largest),
            "largest_t_limit": ("kind", limit),
        },
        coords={"kind": ["to the training sample", "between probes"]},
    )
