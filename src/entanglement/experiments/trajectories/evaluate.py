"""Paths of the training sample and of probes through space and time, layer by layer."""

import numpy as np
import xarray as xr

from entanglement.experiments.trajectories import Evaluate, Train
from entanglement.geometry.spacetime import time_share
from entanglement.networks.ensemble import gaussian_probes, walk
from entanglement.networks.propagation import Layer
from entanglement.pipeline.parameters import Cell
from entanglement.pipeline.seeds import Seeds

AXES = {"axes": "0 time, 1 x, 2 y, 3 z (NaN where there is none)"}
VECTORS = {"vectors": "0 training sample, 1... probes"}
SPACE = 3  # spatial axes that are kept


def evaluate(model: xr.Dataset, cell: Cell[Train, Evaluate], seeds: Seeds) -> xr.Dataset:
    """Follow Figs. 4 and 5: vectors with the time c l in front, raw and normalised (Eq. 27).

    Up to three dimensions the coordinates are the neurons'. Wider networks are projected, at
    each layer, on the plane of u_l (axis x) and the residual of the probe that is farthest from
    the axis of u_l at the last layer (axis y): the part of the picture that is left of a probe's
    direction. What lies outside this plane is not drawn.

    Parameters
    ----------
    model
        What `train` made.
    cell
        Speed of light, and how many probes.
    seeds
        The model's random streams.

    Returns
    -------
    augmented and log_position (network, layer, vector, axis), log_length (network, layer, vector),
    cotangent (network, layer, vector), which is +inf for the training sample itself.
    """
    parameters = cell.evaluate
    networks, layers, k = (model.sizes[name] for name in ("network", "layer", "neuron"))
    drawn = gaussian_probes(model, seeds, parameters.probes)
    probes = np.stack([drawn(i) for i in range(networks)])
    farthest = _farthest(model, probes) if k > SPACE else None
    shape = (networks, layers, parameters.probes + 1)
    direction = np.full((*shape, SPACE), np.nan)
    log_length, cotangent = np.empty(shape), np.full(shape, np.inf)
    for layer in walk(model, probes):
        log_length[:, layer.index, 0] = layer.log_norm
        log_length[:, layer.index, 1:] = layer.log_probe_norm()
        cotangent[:, layer.index, 1:] = layer.cotangent
        if farthest is None:
            direction[:, layer.index, 0, :k] = layer.direction
            direction[:, layer.index, 1:, :k] = layer.probe_directions()
        else:
            direction[:, layer.index, :, :2] = _in_plane(layer, farthest)
    time = parameters.c * np.arange(layers)[:, None]
    share = time_share(time, log_length)
    space = np.sqrt((1 - share) * (1 + share))
    with np.errstate(over="ignore"):
        digits = np.log10(1 + np.exp(log_length))
    digits = np.where(np.isfinite(digits), digits, log_length / np.log(10))
    dims = ("network", "layer", "vector", "axis")
    whole_time = np.broadcast_to(time, shape)[..., None]
    return xr.Dataset(
        {
            "augmented": (
                dims, np.concatenate([share[..., None], space[..., None] * direction], axis=-1),
                _attrs("augmented unit vector [c l; w_l] / |[c l; w_l]|") | AXES | VECTORS,
            ),
            "log_position": (
                dims, np.concatenate([whole_time, digits[..., None] * direction], axis=-1),
                _attrs("time c l, and direction times log10(1 + |w_l|)") | AXES | VECTORS,
            ),
            "log_length": (dims[:3], log_length, _attrs("ln |w_l|") | VECTORS),
            "cotangent": (
                dims[:3], cotangent, _attrs("cotangent of the angle to the training sample") | VECTORS,
            ),
        },
        coords={
            "network": model["network"], "layer": model["layer"],
            "vector": np.arange(shape[2]), "axis": np.arange(SPACE + 1),
        },
    )  # fmt: skip


def _farthest(model: xr.Dataset, probes: np.ndarray) -> np.ndarray:
    """Which probe of each network has the largest residual direction at the last layer."""
    *_, last = walk(model, probes)
    return np.argmin(np.abs(last.cotangent), axis=1)


def _in_plane(layer: Layer, farthest: np.ndarray) -> np.ndarray:
    """Unit vectors in the plane of u_l and one probe's residual, (network, vector, 2)."""
    networks = np.arange(len(farthest))
    overlap = layer.gram()[networks, :, farthest]  # (network, probe)
    angle = np.arctan2(1.0, layer.cotangent)
    probes = np.stack([np.cos(angle), np.sin(angle) * overlap], axis=-1)
    sample = np.broadcast_to([1.0, 0.0], (len(networks), 1, 2))
    return np.concatenate([sample, probes], axis=1)


def _attrs(long_name: str) -> dict[str, str]:
    return {"long_name": long_name, "units": "1"}
