"""The normalised paths through spacetime, to be turned."""

from typing import Any

import xarray as xr

from entanglement.drawing.style import PALETTE
from entanglement.experiments.trajectories.figures import AGAINST, SAMPLE, WITH
from entanglement.experiments.trajectories.roles import ROLES
from entanglement.statistics.roles import cast

# Words and place in `style.PALETTE` of each kind of path, as in the figures.
KINDS = {
    "sample": ("training sample", PALETTE.index(SAMPLE)),
    "with": ("probe that ends with it", PALETTE.index(WITH)),
    "against": ("probe that ends opposite", PALETTE.index(AGAINST)),
}


def explore(results: xr.Dataset) -> dict[str, dict[str, Any]]:
    """Offer the paths of the narrowest network and of the widest one."""
    cells = cast(results, ROLES)
    offered = {"narrow": _paths(cells["narrow"])}
    if cells["widest"] is not None and cells["widest"]["k"] > 3:
        offered["wide"] = _paths(cells["widest"])
    return offered


def _paths(cell: xr.Dataset) -> dict[str, Any]:
    k, depth = int(cell["k"]), int(cell["depth"])
    shown = cell.isel(network=int(cell["shown_network"]))
    paths, last = shown["augmented"].values, shown["cotangent"].values[-1]
    kinds = [KINDS["with" if side > 0 else "against"] for side in last]
    kinds[0] = KINDS["sample"]
    plane = "x, y" if k <= 3 else "along and across the sample's direction"
    return {
        "kind": "paths",
        "title": f"Paths through spacetime, k = {k}",
        "caption": f"Normalised vectors from layer 1 to {depth}: {plane}, and upwards the "
        "share of time. Every path ends where the training sample's does, or opposite.",
        "labels": ["x", "y", "time"] if k <= 3 else ["along", "across", "time"],
        "paths": [
            {"label": label, "color": color, "points": paths[1:, vector][:, [1, 2, 0]]}
            for vector, (label, color) in enumerate(kinds)
        ],
    }
