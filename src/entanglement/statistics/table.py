"""The numbers that claims, captions and explorers read: what of which cell, beside its theory."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr

from entanglement.statistics import estimates
from entanglement.statistics.estimates import NOTHING, Estimate
from entanglement.statistics.roles import Role, cast


@dataclass(frozen=True)
class Statistic:
    """One scalar of a figure's dataset, declared.

    Parameters
    ----------
    role
        Name of the role whose cell it is measured on, or several names.
    samples
        `samples(cell)` gives one number for each network; with several roles `samples(first,
        second, ...)`, and for a sweep a list of cells. A tuple is passed to an estimator of
        several arguments as such.
    words
        What it is; the names of the roles are added.
    units
        Its unit; "1" for none.
    theory
        `theory(cell, ...)` gives the exact value, stored as `<name>_theory`: a number, or an
        `Estimate` where it has an error of its own.
    estimator
        From the samples to a number with its interval.
    """

    role: str | tuple[str, ...]
    samples: Callable[..., Any]
    words: str
    units: str = "1"
    theory: Callable[..., Any] | None = None
    estimator: Callable[..., Estimate] = estimates.mean


def table(
    results: xr.Dataset, roles: Mapping[str, Role], statistics: Mapping[str, Statistic]
) -> dict[str, xr.DataArray]:
    """Compute every declared statistic.

    Parameters
    ----------
    results
        Collected cells, with the curves.
    roles, statistics
        As an experiment declares them.

    Returns
    -------
    Scalars by name, and `<name>_theory` where a theory is declared. Each carries its interval,
    and the sizes of its own cells (of several cells the smallest): every numeric parameter under
    its name. Where a role is empty the value is NaN, from 0 networks.
    """
    parts = cast(results, roles)
    made: dict[str, xr.DataArray] = {}
    for name, statistic in statistics.items():
        names = (statistic.role,) if isinstance(statistic.role, str) else statistic.role
        played = [parts[role] for role in names]
        there = all(part is not None and len(part) > 0 for part in played)
        words = f"{statistic.words} ({', '.join(names)})"
        found, expected = NOTHING, None
        if there:
            samples = statistic.samples(*played)
            given = samples if isinstance(samples, tuple) else (samples,)
            found = statistic.estimator(*given)
        made[name] = estimates.scalar(found, words, statistic.units)
        if there:
            made[name].attrs = sizes(played) | made[name].attrs
        if statistic.theory is not None:
            expected = statistic.theory(*played) if there else np.nan
            made[f"{name}_theory"] = _expected(expected, f"theory: {words}", statistic.units)
    return made


def sizes(played: list[Any]) -> dict[str, float]:
    """Numeric parameters of the cells that a scalar comes from; of several the smallest."""
    cells = [cell for part in played for cell in (part if isinstance(part, list) else [part])]
    numeric = [
        str(key)
        for key in cells[0].coords
        if (value := cells[0].variables[key]).ndim == 0 and value.dtype.kind in "iuf"
    ]
    return {key: min(cell.variables[key].item() for cell in cells) for key in numeric}


def _expected(value: Any, words: str, units: str) -> xr.DataArray:
    if isinstance(value, Estimate):
        return estimates.scalar(value, words, units)
    return xr.DataArray(float(value), attrs={"long_name": words, "units": units})
