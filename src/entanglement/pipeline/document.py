"""YAML files as plain values, with the line that each value stands on."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from entanglement.pipeline.errors import MendableError

Place = tuple[str | int, ...]


@dataclass(frozen=True)
class Problem:
    """One thing wrong in a file: where, and what to do about it."""

    file: str
    line: int
    place: str
    message: str

    def __str__(self) -> str:
        """Give one line: file, line, path inside the file, message."""
        where = f"{self.file}:{self.line}" if self.line else self.file
        return (
            f"{where}: {self.place}: {self.message}" if self.place else f"{where}: {self.message}"
        )


class ConfigError(MendableError):
    """Everything that is wrong with the configuration, at once."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        count = f"{len(problems)} problem" + ("s" if len(problems) > 1 else "")
        lines = "\n".join(f"  {problem}" for problem in problems)
        super().__init__(f"{count} in the configuration; nothing was run or written.\n{lines}")


@dataclass(frozen=True)
class Document:
    """A YAML file in built-in types, and the line of everything in it."""

    file: str
    content: Any
    lines: dict[Place, int]

    def problem(self, place: Place, message: str) -> Problem:
        """Report a problem at a place inside this document."""
        line = next((self.lines[place[:i]] for i in range(len(place), -1, -1)
                     if place[:i] in self.lines), 0)  # fmt: skip
        return Problem(self.file, line, dotted(place), message)


def dotted(place: Place) -> str:
    """Write a place as people do: figures.convergence.grid.n[2]."""
    text = ""
    for step in place:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def read(path: Path | str, keys: Sequence[str]) -> Document:
    """Read a YAML 1.2 file whose top level is a mapping.

    Parameters
    ----------
    path
        The file.
    keys
        What it needs: named where there is no mapping at all.

    Raises
    ------
    ConfigError
        The file is missing, empty, no YAML, or no mapping.
    """
    document = parse(path)
    needed = " and ".join(f"`{key}:`" for key in keys)
    if document.content is None:
        raise ConfigError([Problem(document.file, 0, "", f"is empty; it needs {needed}")])
    if not isinstance(document.content, dict):
        raise ConfigError([Problem(document.file, 1, "", f"must be a mapping with {needed}")])
    return document


def parse(path: Path | str) -> Document:
    """Read any YAML 1.2 file.

    Raises
    ------
    ConfigError
        The file is missing or no YAML.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    file = str(path)
    try:
        text = Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not text in UTF-8"
        raise ConfigError([Problem(file, 0, "", f"cannot be read: {reason}")]) from None
    try:
        raw = YAML(typ="rt").load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 0
        first = (error.problem or "no valid YAML").splitlines()[0]
        if first.startswith("but ") and error.context:  # the end of a sentence
            first = f"{error.context}, {first}"
        raise ConfigError([Problem(file, line, "", f"YAML syntax: {first}")]) from None
    except YAMLError as error:
        raise ConfigError([Problem(file, 0, "", f"YAML: {error}")]) from None
    lines: dict[Place, int] = {(): 1}
    return Document(file, _plain(raw, (), lines), lines)


def _plain(value: Any, place: Place, lines: dict[Place, int]) -> Any:
    """Strip ruamel's types, noting lines on the way."""
    positions: Any = getattr(getattr(value, "lc", None), "data", None) or {}
    if isinstance(value, dict):
        made = {}
        for key, inner in value.items():
            position = positions.get(key)
            if position:
                lines[(*place, str(key))] = position[0] + 1
            made[str(key)] = _plain(inner, (*place, str(key)), lines)
        return made
    if isinstance(value, list):
        for index, position in positions.items():
            lines[(*place, index)] = position[0] + 1
        return [_plain(inner, (*place, index), lines) for index, inner in enumerate(value)]
    if isinstance(value, bool) or value is None:
        return value
    for kind in (int, float, str):
        if isinstance(value, kind):
            return kind(value)
    return str(value)
