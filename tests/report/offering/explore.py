"""Two axes of pictures, and two curves in three dimensions."""

from typing import Any

import numpy as np
import xarray as xr


def explore(results: xr.Dataset) -> dict[str, dict[str, Any]]:
    frames = np.arange(6 * 64, dtype=np.uint8).reshape(2, 3, 8, 8)
    turn = np.linspace(0, 6, 20)
    return {
        "pictures": {
            "kind": "pictures",
            "title": "Recovered & shown",
            "caption": "Move the sliders.",
            "axes": [
                {"name": "alpha", "values": [10, 100], "start": 1},
                {"name": "layer", "values": [0, 5, 9], "play": True},
            ],
            "frames": frames,
            "numbers": {"error per pixel": [[1, 0.5, 0.25], [10, 5, 2.5]]},
        },
        "paths": {
            "kind": "paths",
            "title": "Trajectories",
            "caption": "Turn them.",
            "labels": ["x", "y", "time"],
            "paths": [
                {
                    "label": "sample",
                    "color": 6,
                    "points": np.c_[np.cos(turn), np.sin(turn), turn / 6],
                },
                {"label": "probe", "color": 1, "points": np.c_[np.sin(turn), 0 * turn, turn / 6]},
            ],
        },
    }
