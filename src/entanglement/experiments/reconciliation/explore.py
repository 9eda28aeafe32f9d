"""Move through the layers, and watch a message appear."""

from typing import Any

import numpy as np
import xarray as xr

from entanglement.experiments.reconciliation.published import picture_name
from entanglement.experiments.reconciliation.roles import ROLES
from entanglement.statistics.roles import cast

# Close together where the pictures clear up, far apart where nothing changes any more.
LAYERS = (*range(0, 60, 3), *range(60, 200, 10), 250, 300, 400, 500)
GAP, GREY = 3, 200


def explore(results: xr.Dataset) -> dict[str, dict[str, Any]]:
    """Offer message, cipher and Bob's picture at many layers."""
    cells = cast(results, ROLES)["pictures"]
    if not cells:
        return {}
    deepest = max(int(cell["depth"]) for cell in cells)
    layers = [layer for layer in LAYERS if layer < deepest] + [deepest]
    side = max(round(int(cell["k"]) ** 0.5) for cell in cells)
    frames = [[_frame(cell, layer, side) for layer in layers] for cell in cells]
    early = int(np.searchsorted(layers, 24))
    return {
        "pictures": {
            "kind": "pictures",
            "title": "Message, cipher, and what Bob sees",
            "caption": (
                "Left: the message. Middle: Alice's cipher. Right: what Bob recovers with his "
                "own input, if both read their keys after this layer. A network that is less "
                "deep than the slider stays at its last layer."
            ),
            "axes": [
                {"name": "message", "values": [picture_name(cell) for cell in cells]},
                {
                    "name": "layer",
                    "values": layers,
                    "start": min(early, len(layers) - 1),
                    "play": True,
                },
            ],
            "frames": np.array(frames),
            "numbers": {
                "share of wrong bits": [[_wrong(cell, layer) for layer in layers] for cell in cells]
            },
        }
    }


def _at(cell: xr.Dataset, layer: int) -> xr.Dataset:
    return cell.sel(layer=min(layer, int(cell["depth"])))


def _wrong(cell: xr.Dataset, layer: int) -> float:
    at = _at(cell, layer)
    return float((at["recovered"] != at["message_bits"]).mean())


def _frame(cell: xr.Dataset, layer: int, side: int) -> np.ndarray:
    """Three squares side by side, ink black, smaller pictures in the middle of a grey square."""
    at = _at(cell, layer)
    own = round(int(cell["k"]) ** 0.5)
    margin = (side - own) // 2
    squares = []
    for name in ("message_bits", "cipher", "recovered"):
        square = np.full((side, side), GREY, np.uint8)
        ink = at[name].values.reshape(own, own) == 1
        square[margin : margin + own, margin : margin + own] = np.where(ink, 0, 255)
        squares += [square, np.full((side, GAP), GREY, np.uint8)]
    return np.concatenate(squares[:-1], axis=1)
