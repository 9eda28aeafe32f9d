"""The two sweeps of Fig. 7, the cells of claims A8, and those whose losses are drawn."""

from typing import Any

import xarray as xr

from entanglement.statistics.roles import Role

START = {"start_x": 0.1, "start_y": 0.1}
ONE: dict[str, Any] = {"factors": 1, **START}
# The authors' five steps, for the claims; panels show any number.
CLAIMED = {"init": "uniform", "steps": 5, **ONE}
SMALL_ETA = {"init": "uniform", "eta": 0.01, **START}

# What the panel of histograms shows, by its columns.
SCALES = (1, 10, 100, 1000, 10000)
ETAS = (0.01, 1, 25, 100, 1000)


def _small(cell: xr.Dataset) -> bool:
    return float(cell["scale"]) <= 1000


ROLES = {
    "large_scale": Role({**CLAIMED, "eta": 0.01, "scale": 1e4}),
    "large_eta": Role({**CLAIMED, "eta": 1000, "scale": 1}),
    "lambdas": Role({**CLAIMED, "eta": 0.01}, least="scale", sweep=True),
    "one_step": Role({**CLAIMED, "eta": 25, "scale": 1}),
    "scales": Role({**ONE, "eta": 0.01}, least="scale", sweep=True),
    "etas": Role({**ONE, "scale": 1}, least="eta", sweep=True),
    "one_factor": Role({**SMALL_ETA, "factors": 1}, _small, least="scale", sweep=True),
    "three_factors": Role({**SMALL_ETA, "factors": 3}, _small, least="scale", sweep=True),
    **{f"scale_{x:g}": Role({**ONE, "init": "uniform", "eta": 0.01, "scale": x}) for x in SCALES},
    **{f"eta_{x:g}": Role({**ONE, "init": "uniform", "scale": 1, "eta": x}) for x in ETAS},
    "all": Role(sweep=True),
}
