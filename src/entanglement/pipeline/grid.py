"""Cells of a grid: what they are called, and in which form their parameters travel."""

import hashlib
import itertools
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

# Characters of a name, and of the digest that ends a longer one.
LONGEST, DIGEST = 100, 16


@dataclass(frozen=True)
class Cell:
    """One point of a figure's grid.

    Parameters
    ----------
    figure, name
        Whose cell it is, and its name: `key=value` of every key that its grid or case sets.
    model_figure, model
        Which trained model it evaluates; None if the experiment trains nothing.
    train, evaluate
        Parameters of the two stages: built-in types, keys sorted, complete.
    """

    figure: str
    name: str
    model_figure: str | None
    model: str | None
    train: dict[str, Any]
    evaluate: dict[str, Any]

    @property
    def parameters(self) -> dict[str, Any]:
        """Parameters of both stages."""
        return canonical({**self.train, **self.evaluate})


def canonical(value: Any) -> Any:
    """Sort keys at every level: Snakemake compares parameters by their printed form."""
    if isinstance(value, Mapping):
        return {key: canonical(value[key]) for key in sorted(value)}
    if isinstance(value, list | tuple):
        return [canonical(inner) for inner in value]
    return value


def name(values: Mapping[str, Any]) -> str:
    """Name a cell or a model after the values that its grid sets; `only` if it sets none.

    A longer name than every file system takes ends with a digest; the parameters stand in the file.

    Parameters
    ----------
    values
        Normalised values of the keys that the grid or case sets.
    """
    # No commas: Snakemake cuts a job's wildcards at them when it starts it on another machine.
    whole = "_".join(f"{key}={label(values[key])}" for key in sorted(values)) or "only"
    if len(whole) <= LONGEST:
        return whole
    digest = hashlib.sha256(whole.encode()).hexdigest()[:DIGEST]
    return f"{whole[: LONGEST - DIGEST - 1]}-{digest}"


def label(value: Any) -> str:
    """Write one value so that it is safe in a file name and stable from run to run."""
    if isinstance(value, bool | int | float):
        return repr(value)
    if isinstance(value, str) and re.fullmatch(r"[A-Za-z0-9_.-]{1,40}", value):
        return value
    text = json.dumps(canonical(value), separators=(",", ":"))
    stem = re.sub(r"\.[A-Za-z0-9]+$", "", _path(value).replace("\\", "/").rsplit("/", 1)[-1])
    slug = re.sub(r"[^a-z0-9]+", "-", stem.lower()).strip("-")[:24] or "value"
    if isinstance(value, Mapping) and "sha256" in value:
        # A picture is what it shows and how it is cut, wherever its file lies.
        text = json.dumps(canonical({k: v for k, v in value.items() if k != "path"}))
    return f"{slug}-{hashlib.sha256(text.encode()).hexdigest()[:6]}"


def _path(value: Any) -> str:
    if isinstance(value, Mapping):
        return str(value.get("path", "value"))
    return value if isinstance(value, str) else "value"


def product(axes: Mapping[str, Sequence[Any]]) -> list[dict[str, Any]]:
    """Give every combination of the axes' values; one empty combination if there is no axis."""
    keys = sorted(axes)
    return [dict(zip(keys, values)) for values in itertools.product(*(axes[key] for key in keys))]
