"""A figure's cells as one dataset: collected by the workflow, opened in a notebook."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import xarray as xr

from entanglement.pipeline import grid, store
from entanglement.statistics.roles import join


def concatenate(evaluations: Mapping[str, xr.Dataset]) -> xr.Dataset:
    """Join the evaluations of a figure's cells along `cell`.

    Rows are sorted by the values of their parameters, ragged dimensions padded with NaN (other
    types with their fill value), and every parameter becomes a coordinate on `cell`. What a cell
    really has of a padded dimension is noted in `own_<dimension>` (see `statistics.roles`).

    Parameters
    ----------
    evaluations
        Cell names and their datasets; each carries its parameters as JSON in `parameters`.
    """
    parameters = {name: json.loads(ds.attrs["parameters"]) for name, ds in evaluations.items()}
    names = sorted(evaluations, key=lambda name: _order(parameters[name]))
    keys = sorted({key for values in parameters.values() for key in values})
    joined = join([evaluations[name] for name in names])
    joined = joined.assign_coords(cell_name=("cell", names))
    joined["cell_name"].attrs = {"long_name": "name of the cell", "units": "1"}
    for key in keys:
        values = _coordinates([parameters[name].get(key) for name in names])
        joined = joined.assign_coords({key: ("cell", values)})
        joined[key].attrs = {"long_name": f"parameter {key}", "units": "1"}
    return joined


def _coordinates(values: list[Any]) -> list[Any]:
    """Give one parameter over cells in one type: a picture by its path, nothing as NaN or ''."""
    values = [v["path"] if isinstance(v, Mapping) and "path" in v else v for v in values]
    if all(v is None or isinstance(v, int | float) for v in values):
        return [float("nan") if v is None else v for v in values]
    return ["" if v is None else v if isinstance(v, str) else json.dumps(v) for v in values]


def _order(parameters: Mapping[str, Any]) -> list[tuple[int, float, str]]:
    return [
        (0, float(value), "") if isinstance(value, int | float) else (1, 0.0, grid.label(value))
        for _, value in sorted(parameters.items())
    ]


def varying(results: xr.Dataset) -> list[str]:
    """List the parameters that differ between cells."""
    return [
        str(name)
        for name, coordinate in results.coords.items()
        if coordinate.dims == ("cell",)
        and name not in ("cell", "cell_name")
        and len(set(coordinate.values.tolist())) > 1
    ]


def open_results(figure: str, directory: Path | str = ".") -> xr.Dataset:
    """Open the results of a figure, lazily.

    Parameters
    ----------
    figure
        Name of the figure, as in config.yaml.
    directory
        Where the workflow ran.

    Returns
    -------
    The dataset with an index of the varying parameters on `cell`, so that
    `ds.sel(n=16384, sampler="literal")` works, and `ds.unstack("cell")` where the grid is
    complete.

    Raises
    ------
    DataError
        There is no such file, or it is damaged.
    """
    path = Path(directory) / "data" / f"{figure}.nc"
    if not path.exists():
        made = _known(Path(directory) / "data")
        elsewhere = "" if Path(directory) == Path() else f" --directory {directory}"
        raise store.DataError(
            f"{path} does not exist; run `snakemake data/{figure}.nc{elsewhere}` first. "
            f"Figures made so far: {', '.join(made) or 'none'}."
        )
    results = store.read(path)
    keys = varying(results)
    if not keys:
        return results
    index = pd.MultiIndex.from_arrays([results[key].values for key in keys], names=keys)
    return results.drop_vars(keys).assign_coords(
        xr.Coordinates.from_pandas_multiindex(index, "cell")
    )


def _known(data: Path) -> Iterable[str]:
    return sorted(path.stem for path in data.glob("*.nc"))
