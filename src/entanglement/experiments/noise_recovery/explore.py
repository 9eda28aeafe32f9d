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
    made = [
        [_pictures(cell, layers, number) for number in signs.values()] for cell in sweep
    ]  # (alpha, sign, layer, picture, pixel)
    off = (
        np.array(made)
        - np.array([cell["message_picture"].values for cell in sweep])[:, None, None, None]
    )
    error = np.sqrt(np.mean(np.square(off), axis=-1))
    grey = np.concatenate([np.array(made), np.abs(off[:, :, :, 1:])], axis=3)
    frames = np.round(255 * np.clip(grey, 0, 1)).astype(np.uint8)
    alphas = [f"{float(cell['alpha']):g}" for cell in sweep]
    start = [cell["cell_name"].item() for cell in sweep].index(shown["cell_name"].item())
    return {
        "pictures": {
            "kind": "pictures",
            "title": "Recover the picture",
            "caption": "The noisy picture, and what is left when the probe's output is subtracted. "
            "With the right sign it appears after a depth that grows with the logarithm of the "
            "noise; with the wrong sign it never does. The error is black where the recovered "
            "picture is right, and white where it is off by 1, the whole range of grey.",
            "axes": [
                {"name": "strength of the noise", "values": alphas, "start": start},
                {"name": "network", "values": list(signs), "start": 0},
                {
                    "name": "layers",
                    "values": [str(n) for n in layers],
                    "start": len(layers) // 2,
                    "play": True,
                },
                {"name": "picture", "values": ["noisy", "recovered", "error"], "start": 1},
            ],
            "frames": frames.reshape(*frames.shape[:-1], side, side),
            "numbers": {"error per pixel": np.concatenate([error, error[..., 1:]], axis=3)},
        }
    }


def _signs(cell: xr.Dataset) -> np.ndarray:
    """Of which signs the cell has an example, the right one first."""
    return cell["training_direction"].notnull().all(("layer", "pixel")).values


def _pictures(cell: xr.Dataset, layers: np.ndarray, example: int) -> np.ndarray:
    """Noisy and recovered picture, (layer, 2, pixel)."""
    at = cell.isel(example=example).sel(layer=layers)
    alpha = float(cell["alpha"])
    noisy = cell["message_picture"].values + alpha * at["training_direction"].values
    recovered = noisy - alpha * at["probe_direction"].values
    return np.stack([noisy, recovered], axis=1)
