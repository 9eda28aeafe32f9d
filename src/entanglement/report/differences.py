"""What was run beside what the paper ran."""

import importlib
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from entanglement.experiments import REGISTRY
from entanglement.report.phrasing import number


@dataclass(frozen=True)
class Difference:
    """A parameter that is not the paper's, and why.

    `smaller` says that every value run is below the paper's: a run that cannot speak for it.
    """

    key: str
    paper: str
    source: str
    ours: str
    reason: str
    smaller: bool


def parameters(block: Mapping[str, Any]) -> dict[str, list[Any]]:
    """All values that a figure's configuration gives to each key, in the order of the file.

    Parameters
    ----------
    block
        The figure's `fixed`, `grid` and `cases`.
    """
    values: dict[str, list[Any]] = {}
    for part in (block.get("fixed") or {}, block.get("grid") or {}, *(block.get("cases") or [])):
        for key, given in part.items():
            for value in given if isinstance(given, list) else [given]:
                if value not in values.setdefault(key, []):
                    values[key].append(value)
    return {key: _sorted(found) for key, found in values.items()}


def paper_values(figure: str) -> Mapping[str, tuple[Any, str]]:
    """The papers' values of a figure's keys with their source, from the experiment's PAPER."""
    if figure not in REGISTRY:
        return {}
    return getattr(importlib.import_module(REGISTRY[figure]), "PAPER", {})


def differences(
    values: Mapping[str, list[Any]],
    paper: Mapping[str, tuple[Any, str]],
    reasons: Mapping[str, str],
) -> list[Difference]:
    """List the keys of which the paper's values were not all run, and those with a reason.

    Parameters
    ----------
    values
        As `parameters` gives them.
    paper
        As `paper_values` gives them; a value may be several, as a list or by name.
    reasons
        The figure's `deviations` in report.yaml.
    """
    found = []
    for key in dict.fromkeys([*paper, *reasons]):
        theirs, source = paper.get(key, (None, ""))
        wanted = _several(theirs)
        ours = values.get(key, [])
        lacking = [value for value in wanted if not _among(value, ours)]
        if lacking or key not in paper:
            found.append(
                Difference(
                    key,
                    shown([theirs] if isinstance(theirs, Mapping) else wanted)
                    if key in paper
                    else "not stated",
                    source,
                    shown(ours),
                    reasons.get(key, ""),
                    key in paper and _smaller(ours, wanted),
                )
            )
    return found


def shown(values: Iterable[Any]) -> str:
    """Write the values of one key for readers."""
    return ", ".join(_shown(value) for value in values) or "–"


def _shown(value: Any) -> str:
    if isinstance(value, bool) or value is None:
        return str(value).lower() if value is not None else "none"
    if isinstance(value, int | float):
        return number(value, 6)
    if isinstance(value, Mapping):
        if "path" in value:
            return str(value["path"])
        return ", ".join(f"{key}: {_shown(part)}" for key, part in value.items())
    return str(value)


def _several(value: Any) -> list[Any]:
    if isinstance(value, Mapping):
        return list(value.values())
    return list(value) if isinstance(value, list | tuple) else [value]


def extended(
    values: Mapping[str, list[Any]], made: Mapping[str, Iterable[Any]]
) -> dict[str, list[Any]]:
    """Add to the configured values those that cells have by default.

    Parameters
    ----------
    values
        As `parameters` gives them.
    made
        For each parameter, its values over the cells of the dataset.
    """
    joined = {key: list(found) for key, found in values.items()}
    for key, found in made.items():
        known = joined.setdefault(key, [])
        for value in found:
            # Padding of parameters that a cell does not have.
            if value == value and value != "" and not _among(value, known):
                known.append(value)
    return {key: _sorted(found) for key, found in sorted(joined.items())}


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _among(value: Any, values: Iterable[Any]) -> bool:
    if _number(value):
        return any(_number(v) and math.isclose(v, value, rel_tol=1e-9) for v in values)
    return any(_shown(v) == _shown(value) for v in values)


def _smaller(ours: list[Any], theirs: list[Any]) -> bool:
    numbers = [v for v in ours if _number(v)], [v for v in theirs if _number(v)]
    return bool(numbers[0] and numbers[1]) and max(numbers[0]) < max(numbers[1])


def _sorted(values: list[Any]) -> list[Any]:
    return sorted(values) if all(_number(v) for v in values) else values
