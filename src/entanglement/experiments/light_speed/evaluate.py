"""Losses of the augmented vectors [c l; w_l] at every layer, beside the angle in space."""

import numpy as np
import xarray as xr

from entanglement.experiments.light_speed import Evaluate, Train
from entanglement.geometry.angles import loss_fold, loss_minus, loss_plus
from entanglement.geometry.spacetime import augmented_cotangent, time_share
from entanglement.networks.ensemble import gaussian_probes, walk
from entanglement.pipeline.parameters import Cell
from entanglement.pipeline.seeds import Seeds

CHUNK = 200  # networks at a time

# What is averaged over the probes of each network.
MEANS = {
    "augmented_plus": "mean of Eq. 31 over the probes",
    "augmented_minus": "mean of Eq. 30 over the probes",
    "augmented_fold": "mean distance of the augmented angle from its nearer pole",
    "time_share": "c l / |[c l; w_l]| of the training sample (Eqs. 24, 25)",
    "time_share_probe": "mean of c l / |[c l; w'_l]| over the probes",
    "folded_angle": "mean distance of the angle in space from its nearer pole",
}


def evaluate(model: xr.Dataset, cell: Cell[Train, Evaluate], seeds: Seeds) -> xr.Dataset:
    """Follow Fig. 5 f: augment training sample and probes with the time c l (paper A, Eq. 27).

    Parameters
    ----------
    model
        What `train` made.
    cell
        Speed of light, and how many probes.
    seeds
        The model's random streams: cells that differ in c only see the same probes.

    Returns
    -------
    Means over the probes of each network, (network, layer); see MEANS.
    """
    parameters = cell.evaluate
    networks, layers = model.sizes["network"], model.sizes["layer"]
    probes = gaussian_probes(model, seeds, parameters.probes)
    means = {name: np.empty((networks, layers)) for name in MEANS}
    for start in range(0, networks, CHUNK):
        part = slice(start, min(start + CHUNK, networks))
        vectors = np.stack([probes(i) for i in range(part.start, part.stop)])
        for layer in walk(model, vectors, part):
            time, log_norm = parameters.c * layer.index, layer.log_norm[:, None]
            log_probe_norm = layer.log_probe_norm()
            augmented = augmented_cotangent(time, log_norm, log_probe_norm, layer.cotangent)
            for name, values in (
                ("augmented_plus", loss_plus(augmented)),
                ("augmented_minus", loss_minus(augmented)),
                ("augmented_fold", loss_fold(augmented)),
                ("time_share", time_share(time, log_norm)),
                ("time_share_probe", time_share(time, log_probe_norm)),
                ("folded_angle", loss_fold(layer.cotangent)),
            ):
                means[name][part, layer.index] = values.mean(axis=1)
    return xr.Dataset(
        {
            name: (("network", "layer"), values, {"long_name": MEANS[name], "units": "1"})
            for name, values in means.items()
        },
        coords={"network": model["network"], "layer": model["layer"]},
    ).assign(log_norm=model["log_norm"])
