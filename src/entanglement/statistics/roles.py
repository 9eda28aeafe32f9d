"""Which cell of a grid plays which part, and cells as they were before they were joined.

The one home for joining cells of any size and for taking them apart again: joining pads every
dimension along which cells differ and notes in `own_<dimension>` what each of them really has;
whoever takes a cell out of a dataset gets it without the padding.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import xarray as xr

OWN = "own_"


@dataclass(frozen=True)
class Role:
    """A part that a cell plays: which parameters it has, and which of several cells it is.

    Parameters
    ----------
    where
        Parameters and their values; a tuple of values means any of them.
    when
        Further condition on the cell, such as `selects`.
    most, least
        The key that decides between several cells, or several keys, the weightiest first (of
        equals the last, or the first); cells of a sweep are sorted by it, ascending. Without
        either the first cell plays.
    like, same
        Name of the role that this one is compared with, and the keys in which they must be
        equal; where the other role is empty, any value does.
    sweep
        All cells that match play, as a list: empty where there are none.
    """

    where: Mapping[str, Any] = field(default_factory=dict)
    when: Callable[[xr.Dataset], bool] = lambda cell: True
    most: str | tuple[str, ...] | None = None
    least: str | tuple[str, ...] | None = None
    like: str | None = None
    same: tuple[str, ...] = ()
    sweep: bool = False


def selects(cell: xr.Dataset) -> bool:
    """Whether fewer rows are kept than drawn, n > k."""
    return int(cell["n"]) > int(cell["k"])


def keeps_all(cell: xr.Dataset) -> bool:
    """Whether all rows are kept, n = k."""
    return int(cell["n"]) == int(cell["k"])


def cast(results: xr.Dataset, roles: Mapping[str, Role]) -> dict[str, Any]:
    """Give every role its cell, without padding.

    Parameters
    ----------
    results
        Collected cells, every parameter a coordinate on `cell`.
    roles
        By name; a role that another is `like` stands before it.

    Returns
    -------
    Under each name a dataset, or None where the grid has no such cell; a list of datasets for
    a sweep.
    """
    rows = cells(results)
    made: dict[str, Any] = {}
    for name, role in roles.items():
        key = role.most or role.least
        wanted = dict(role.where)
        if role.like and made[role.like] is not None:
            wanted |= {same: made[role.like][same].item() for same in role.same}
        found = [row for row in rows if has(row, wanted) and role.when(row)]
        if key is not None:
            keys = (key,) if isinstance(key, str) else key
            found.sort(key=lambda row: [float(row[one]) for one in keys])  # equals stay in order
        if role.sweep:
            made[name] = found
        else:
            made[name] = found[-1 if role.most else 0] if found else None
    return made


def spread(results: xr.Dataset, roles: Mapping[str, Role], most: int) -> xr.Dataset:
    """Keep what a picture can show of many cells: evenly spaced ones, and those with a part alone.

    Parameters
    ----------
    results, roles
        As `cast` takes them.
    most
        How many cells are kept beside those that play a part alone; all, if there are no more.
    """
    count = results.sizes["cell"]
    if count <= most:
        return results
    alone = [cell for cell in cast(results, roles).values() if isinstance(cell, xr.Dataset)]
    named = np.isin(results["cell_name"].values, [cell["cell_name"].item() for cell in alone])
    spaced = np.isin(np.arange(count), np.linspace(0, count - 1, most).round())
    return results.isel(cell=named | spaced)


def has(cell: xr.Dataset, values: Mapping[str, Any]) -> bool:
    """Whether a cell's parameters have given values; of a tuple of values, any."""
    return all(
        any(_equal(cell[key].item(), one) for one in (value if isinstance(value, tuple) else (value,)))
        for key, value in values.items()
    )  # fmt: skip


def values(cell: xr.Dataset, *keys: str) -> tuple[Any, ...]:
    """Give parameters of a cell as plain numbers and words, in the order of the keys."""
    return tuple(cell[key].item() for key in keys)


def cells(results: xr.Dataset) -> list[xr.Dataset]:
    """Take collected results apart: every cell without its padding."""
    return [own(results.isel(cell=i)) for i in range(results.sizes["cell"])]


def beside(row: Sequence[xr.Dataset]) -> xr.Dataset:
    """Put what is one number in every cell side by side along `cell`, with the parameters.

    Parameters
    ----------
    row
        Cells of a sweep, at least one, perhaps each at one label of its other dimensions.
    """
    numbers = [cell[[n for n in cell.data_vars if cell.variables[n].ndim == 0]] for cell in row]
    return xr.concat(numbers, "cell", coords="all", data_vars="all", combine_attrs="override")


def own(cell: xr.Dataset) -> xr.Dataset:
    """Take the padding off every dimension of a selected cell.

    Parameters
    ----------
    cell
        One cell of collected results, `results.isel(cell=i)`.
    """
    notes = {str(name): str(name).removeprefix(OWN) for name in cell.coords if _noted(name)}
    kept = {
        dimension: _positions(cell[name].values == 1)
        for name, dimension in notes.items()
        if dimension in cell.dims
    }
    return cell.drop_vars(list(notes)).isel(kept)


def join(parts: Sequence[xr.Dataset]) -> xr.Dataset:
    """Join cells of any size along `cell`, and note in `own_<dimension>` what each one has.

    Parameters
    ----------
    parts
        The cells. Dimensions without labels are numbered; shorter ones are padded with NaN (other
        types with their fill value).
    """
    indexed = [
        part.assign_coords({d: np.arange(n) for d, n in part.sizes.items() if d not in part.coords})
        for part in parts
    ]
    joined = xr.concat(
        indexed, dim="cell", join="outer", combine_attrs="drop", data_vars="all",
        coords="minimal", compat="override",
    )  # fmt: skip
    for name in joined.variables:
        joined[name].attrs = next((p[name].attrs for p in parts if name in p.variables), {})
    for dimension in sorted(str(d) for d in joined.dims if d != "cell"):
        labels = joined[dimension].values
        held = [np.isin(labels, p[dimension].values) if dimension in p.dims else labels == labels
                for p in indexed]  # fmt: skip
        if not np.all(held):
            about = {"long_name": f"1 where the cell has this {dimension}", "units": "1"}
            note = ("cell", dimension), np.array(held, dtype=np.int8), about
            joined = joined.assign_coords({OWN + dimension: note})
    return joined


def _positions(held: np.ndarray) -> Any:
    """Positions of what is held; as a slice where it comes first, which copies nothing."""
    where = np.flatnonzero(held)
    return slice(len(where)) if np.array_equal(where, np.arange(len(where))) else where


def _noted(name: Any) -> bool:
    return str(name).startswith(OWN)


def _equal(found: Any, value: Any) -> bool:
    if isinstance(value, int | float) and not isinstance(found, str):
        return bool(np.isclose(found, value, rtol=1e-9, atol=0.0))
    return bool(found == value)
