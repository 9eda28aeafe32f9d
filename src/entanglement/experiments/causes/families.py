"""The families of weights that are compared: does the norm grow, is there a spectral gap?"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr

from entanglement.experiments.cells import matching


@dataclass(frozen=True)
class Family:
    """One way to choose a layer's rows.

    Parameters
    ----------
    name
        In words.
    key
        In names of variables.
    selects
        Whether n > k.
    parameters
        Train parameters that it has.
    """

    name: str
    key: str
    selects: bool
    parameters: dict[str, Any]


GROWTH = 100.0
FAMILIES = (
    Family("largest rows (Algorithm 1)", "largest", True, {"weights": "top"}),
    Family("largest rows, constant norm", "largest_unit", True, {"weights": "top_unit"}),
    Family("random rows", "random", True, {"weights": "random"}),
    Family("no selection", "all", False, {"weights": "top"}),
    Family("smallest rows", "smallest", True, {"weights": "minimum"}),
    Family("orthogonal x 100", "growing", False, {"weights": "orthogonal", "gain": GROWTH}),
    Family("orthogonal", "constant", False, {"weights": "orthogonal", "gain": 1.0}),
)
BY_KEY = {family.key: family for family in FAMILIES}


def find(results: xr.Dataset, family: Family, k: int) -> xr.Dataset | None:
    """Find the cell of a family at one width, or None.

    Parameters
    ----------
    results
        Collected cells.
    family
        One of `FAMILIES`.
    k
        Width.
    """
    found = matching(results, k=k, sampler="exact", **family.parameters)
    chosen = np.flatnonzero((found.n.values > found.k.values) == family.selects)
    return found.isel(cell=int(chosen[0])) if len(chosen) else None
