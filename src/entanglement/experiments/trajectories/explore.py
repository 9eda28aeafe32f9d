"""The normalised paths through spacetime, to be turned."""

from typing import Any

import numpy as np
import xarray as xr


def explore(results: xr.Dataset) -> dict[str, dict[str, Any]]:
    """Offer the paths of the narrowest network and of the widest one.

    Parameters
    ----------
    results
        All cells with what `summarise` added.
    """
    order = np.argsort(results["k"].values, kind="stable")
    offered = {}
    for name, i in {"narrow": order[0], "wide": order[-1]}.items():
        cell = results.isel(cell=int(i))
        k, depth, probes = (int(cell[key]) for key in ("k", "depth", "probes"))
        if name == "wide" and k <= 3:
            continue
        paths = cell["augmented"].isel(network=int(cell["shown_network"])).values
        last = cell["cotangent"].isel(network=int(cell["shown_network"]), layer=depth).values
        labels = ["training sample"] + [
            f"probe {v}, ends {'with it' if last[v] > 0 else 'opposite'}"
            for v in range(1, probes + 1)
        ]
        plane = "x, y" if k <= 3 else "along and across the sample's direction"
        offered[name] = {
            "kind": "paths",
            "title": f"Paths through spacetime, k = {k}",
            "caption": f"Normalised vectors from layer 1 to {depth}: {plane}, and upwards the "
            "share of time. Every path ends where the training sample's does, or opposite.",
            "labels": ["x", "y", "time"] if k <= 3 else ["along", "across", "time"],
            "paths": [
                {"label": label, "points": paths[1 : depth + 1, v][:, [1, 2, 0]]}
                for v, label in enumerate(labels)
            ],
        }
    return offered
