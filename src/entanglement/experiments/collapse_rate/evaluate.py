"""Measure the rate of the collapse and the Lyapunov spectrum."""

import numpy as np
import xarray as xr

from entanglement.experiments.collapse_rate import Evaluate
from entanglement.networks import ensemble
from entanglement.networks.architecture import Architecture
from entanglement.networks.maxlikelihood import literal_layer
from entanglement.pipeline.parameters import Cell
from entanglement.pipeline.seeds import Seeds

NAMES = {
    "log_tangent": "logarithm of the tangent of the angle between training sample and probe",
    "rate": "rate at which the residual shrinks against the training sample, per layer",
    "norm_growth": "growth of ln |w|, w the training sample, per layer",
    "exponent": "Lyapunov exponents by QR, per layer",
    "candidates": "candidate rows n, rounded",
    "order": "number of the Lyapunov exponent",
}


def evaluate(model: xr.Dataset | None, cell: Cell[None, Evaluate], seeds: Seeds) -> xr.Dataset:
    """Measure one width and number of candidates.

    The rate is the mean over layers of ln A - ln X: what the training sample's norm grows by
    beyond what a probe's orthogonal part does. These are independent from layer to layer, so
    the measured rate has no transient and is compared with T2 as it stands.

    Parameters
    ----------
    model
        Unused: nothing of the networks is needed again.
    cell
        Of the cell.
    seeds
        Of the experiment.
    """
    parameters = cell.evaluate
    architecture = parameters.architecture
    depth = architecture.depth
    # Cells are compared with each other, so each has its own networks.
    own = seeds.own(architecture.model_dump(include={"k", "n", "sampler", "weights", "gain"}))
    networks = ensemble.train(architecture, own)
    probes = ensemble.gaussian_probes(networks, own, 1)
    start = np.stack([probes(i) for i in range(architecture.networks)])
    tangent, gap, norm = [], [], []
    for layer in ensemble.walk(networks, start):
        tangent.append(-np.log(np.abs(layer.cotangent[:, 0])))
        norm.append(layer.log_norm)
        gap.append(layer.log_norm - layer.log_residual[:, 0])
    spectrum = np.full((architecture.networks, 1), np.nan)
    if architecture.sampler == "literal":
        spectrum = _spectrum(architecture, own)
    result = xr.Dataset(
        {
            "log_tangent": (("network", "layer"), np.stack(tangent, axis=1)),
            "rate": ("network", (gap[-1] - gap[0]) / depth),
            "norm_growth": ("network", (norm[-1] - norm[0]) / depth),
            "exponent": (("network", "order"), spectrum),
            "candidates": ((), float(architecture.n)),
        },
        coords={"layer": np.arange(depth + 1), "order": np.arange(1, spectrum.shape[1] + 1)},
    )
    for name, words in NAMES.items():
        result[name].attrs = {"long_name": words, "units": "1"}
    return result


def _spectrum(architecture: Architecture, seeds: Seeds) -> np.ndarray:
    """Lyapunov exponents of the literal networks by QR, shape (networks, k).

    The first vector of the frame is the training sample's direction, which the selection follows.
    """
    k, depth = architecture.k, architecture.depth
    exponents = np.empty((architecture.networks, k))
    for network in range(architecture.networks):
        rng = seeds.generator(network, "spectrum")
        frame = np.linalg.qr(rng.standard_normal((k, k)))[0]
        direction, total = frame[:, 0], np.zeros(k)
        for _ in range(depth):
            weights, projection = literal_layer(architecture, direction, rng)
            frame, triangle = np.linalg.qr(weights @ frame)
            total += np.log(np.abs(np.diag(triangle)))
            direction = projection / np.linalg.norm(projection)
        exponents[network] = total / depth
    return exponents
