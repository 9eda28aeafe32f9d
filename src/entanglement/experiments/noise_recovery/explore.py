"""The recovered picture under sliders for depth, strength of the noise and sign."""

from typing import Any

import numpy as np
import xarray as xr

from entanglement.experiments.noise_recovery.roles import ROLES
from entanglement.statistics.roles import cast

STEPS = 12  # positions of the depth slider, at most


def explore(results: xr.Dataset) -> dict[str, dict[str, Any]]:
    """Offer what Bob sees at every depth, for every strength of the noise."""
    parts = cast(results, ROLES)
    shown, sweep = parts["shown"], parts["sweep"]
    depth, side = int(shown["depth"]), int(np.sqrt(shown.sizes["pixel"]))
    layers = np.unique(np.linspace(0, depth, min(depth, STEPS - 1) + 1).round().astype(int))
    # Few networks may all end with one sign, and not with the same one in every cell.
    if not np.all([_signs(cell) for cell in sweep], axis=0).any():
        sweep = [shown]
    found = np.all([_signs(cell) for cell in sweep], axis=0)
    signs = {"right sign": 0, "wrong sign": 1}
    signs = {words: number for words, number in signs.items() if found[number]}
    frames = [
        [_frames(cell, layers, number).reshape(-1, 2, side, side) for number in signs.values()]
        for cell in sweep
    ]
    alphas = [f"{float(cell['alpha']):g}" for cell in sweep]
    start = [cell["cell_name"].item() for cell in sweep].index(shown["cell_name"].item())
    return {
        "pictures": {
            "kind": "pictures",
            "title": "Recover the picture",
            "caption": "The noisy picture, and what is left when the probe's output is subtracted. "
            "With the right sign it appears after a depth that grows with the logarithm of the "
            "noise; with the wrong sign it never does.",
            "axes": [
                {"name": "strength of the noise", "values": alphas, "start": start},
                {"name": "network", "values": list(signs), "start": 0},
                {"name": "layers", "values": [str(n) for n in layers], "start": len(layers) // 2},
                {"name": "picture", "values": ["noisy", "recovered"], "start": 1},
            ],
            "frames": np.array(frames),
        }
    }


def _signs(cell: xr.Dataset) -> np.ndarray:
    """Of which signs the cell has an example, the right one first."""
    return cell["training_direction"].notnull().all(("layer", "pixel")).values


def _frames(cell: xr.Dataset, layers: np.ndarray, example: int) -> np.ndarray:
    """Noisy and recovered pictures as 8-bit grey values, (layer, 2, pixel)."""
    at = cell.isel(example=example).sel(layer=layers)
    alpha = float(cell["alpha"])
    noisy = cell["message_picture"].values + alpha * at["training_direction"].values
    recovered = noisy - alpha * at["probe_direction"].values
    grey = np.clip(np.stack([noisy, recovered], axis=1), 0, 1)
    return np.round(255 * grey).astype(np.uint8)
