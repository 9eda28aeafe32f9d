"""Find cells in collected results, whatever grid was run."""

from typing import Any

import numpy as np
import xarray as xr


def matching(results: xr.Dataset, **values: Any) -> xr.Dataset:
    """Select the cells whose parameters have given values; there may be none.

    Parameters
    ----------
    results
        Collected cells, every parameter a coordinate on `cell`.
    values
        Parameter names and values.
    """
    keep = np.ones(results.sizes["cell"], dtype=bool)
    for name, value in values.items():
        found = results[name].values
        keep &= np.isclose(found, value, rtol=1e-9) if found.dtype.kind in "iuf" else found == value
    return results.isel(cell=np.flatnonzero(keep))


def samples(results: xr.Dataset, variable: str, **values: Any) -> np.ndarray:
    """Give a variable of the first cell with given parameters, without the padding of networks.

    Parameters
    ----------
    results
        Collected cells.
    variable
        Name of a variable with a `network` dimension, which becomes the first axis.
    values
        Parameter names and values; also a label of any other dimension of the variable.

    Returns
    -------
    Shape (networks, ...); no networks if there is no such cell or no such label.
    """
    labels = {k: v for k, v in values.items() if k in results[variable].dims}
    found = matching(results, **{k: v for k, v in values.items() if k not in labels})
    absent = any(label not in results[k].values for k, label in labels.items())
    rest = [d for d in results[variable].dims if d not in ("cell", "network", *labels)]
    if found.sizes["cell"] == 0 or absent:
        return np.empty((0, *(results.sizes[d] for d in rest)))
    array = found[variable].isel(cell=0).sel(labels).transpose("network", ...).values
    array = np.asarray(array, dtype=float)
    return array[np.isfinite(array).reshape(len(array), -1).any(axis=1)]
