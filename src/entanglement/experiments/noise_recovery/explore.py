"""The recovered picture under sliders for depth, strength of the noise and sign."""

from typing import Any

import numpy as np
import xarray as xr

STEPS = 12  # positions of the depth slider, at most


def explore(results: xr.Dataset) -> dict[str, dict[str, Any]]:
    """Offer what Bob sees at every depth, for every strength of the noise.

    Parameters
    ----------
    results
        All cells with what `summarise` added.
    """
    cells = [_own(results.isel(cell=i)) for i in range(results.sizes["cell"])]
    first = min(
        cells,
        key=lambda cell: (
            cell["pixels"].item() != "zscore",
            abs(np.log(float(cell["alpha"]) / 100)),
        ),
    )
    alike = (
        "pixels", "weights", "gain", "row_order", "sampler", "k", "n", "depth", "networks",
        "message", "image",
    )  # fmt: skip
    cells = [c for c in cells if all(c[key].item() == first[key].item() for key in alike)]
    cells = sorted(cells, key=lambda cell: float(cell["alpha"]))
    depth, side = int(first["depth"]), int(np.sqrt(first.sizes["pixel"]))
    layers = np.unique(np.linspace(0, depth, min(depth, STEPS - 1) + 1).round().astype(int))
    signs = [
        (number, words)
        for number, words in enumerate(("right sign", "wrong sign"))
        if np.isfinite(first["training_direction"].isel(example=number)).all()
    ]
    if not signs:
        return {}
    frames = [
        [_frames(cell, layers, number).reshape(-1, 2, side, side) for number, _ in signs]
        for cell in cells
    ]
    return {
        "pictures": {
            "kind": "pictures",
            "title": "Recover the picture",
            "caption": "The noisy picture, and what is left when the probe's output is subtracted. "
            "With the right sign it appears after a depth that grows with the logarithm of the "
            "noise; with the wrong sign it never does.",
            "axes": [
                {
                    "name": "strength of the noise",
                    "values": [f"{float(cell['alpha']):g}" for cell in cells],
                    "start": [cell is first for cell in cells].index(True),
                },
                {"name": "network", "values": [words for _, words in signs], "start": 0},
                {
                    "name": "layers",
                    "values": [str(layer) for layer in layers],
                    "start": len(layers) // 2,
                },
                {"name": "picture", "values": ["noisy", "recovered"], "start": 1},
            ],
            "frames": np.array(frames),
        }
    }


def _own(cell: xr.Dataset) -> xr.Dataset:
    """A cell without the layers and pixels that only others have."""
    return cell.isel(layer=slice(int(cell["depth"]) + 1), pixel=slice(int(cell["k"])))


def _frames(cell: xr.Dataset, layers: np.ndarray, example: int) -> np.ndarray:
    """Noisy and recovered pictures as 8-bit grey values, (layer, 2, pixel)."""
    at = cell.isel(example=example).sel(layer=layers)
    alpha = float(cell["alpha"])
    noisy = cell["message_picture"].values + alpha * at["training_direction"].values
    recovered = noisy - alpha * at["probe_direction"].values
    grey = np.clip(np.stack([noisy, recovered], axis=1), 0, 1)
    return np.round(255 * grey).astype(np.uint8)
