"""YAML files as plain values, with the line that each value stands on."""

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from entanglement.pipeline.errors import MendableError

if TYPE_CHECKING:
    from ruamel.yaml.constructor import SafeConstructor
    from ruamel.yaml.nodes import Node

Place = tuple[str | int, ...]

# What a file may hold: far more than anyone writes, and read in seconds.
LARGEST = 1_000_000  # bytes
DEEPEST = 20  # levels
VALUES = 200_000  # aliases count as often as they are used
NUMBER = re.compile(r"\b[0-9][0-9a-fA-F_xo.]{100,}")  # longer than any number that counts
# A line that begins a level so deep: every level of a block is set in further than the one around
# it, or begun in the same line. Thousands of levels would end the process, for the parser is C.
BLOCKS = re.compile(rf"^[ \t\-?:]{{{10 * DEEPEST},}}", re.M)
MERGE = "tag:yaml.org,2002:merge"  # of the key <<
# Of what is wrong, as lines; of a value or a key, as characters.
LINES, LENGTH = 50, 80


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
        lines = [f"  {problem}" for problem in problems[:LINES]]
        if len(problems) > LINES:
            lines.append(f"  and {len(problems) - LINES} more like these")
        text = "\n".join(lines)
        super().__init__(f"{count} in the configuration; nothing was run or written.\n{text}")


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
        name = cut(str(step))
        text += f"[{name}]" if isinstance(step, int) else f".{name}" if text else name
    return text


def cut(text: str) -> str:
    """Leave of a long text what tells which it is."""
    return text if len(text) <= LENGTH else text[:LENGTH] + "..."


def shown(value: Any) -> str:
    """Write a value that was given, for a message."""
    return cut(repr(value))


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

    def wrong(line: int, message: str) -> ConfigError:
        return ConfigError([Problem(file, line, "", message)])

    try:
        with open(path, "rb") as stream:
            content = stream.read(LARGEST + 1)
        text = content[:LARGEST].decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not text in UTF-8"
        raise wrong(0, f"cannot be read: {reason}") from None
    if len(content) > LARGEST:
        raise wrong(0, f"is larger than {LARGEST / 1e6:g} MB: no file of settings is; split it")
    if number := NUMBER.search(text):
        line = text.count("\n", 0, number.start()) + 1
        raise wrong(line, f"a number of {len(number[0])} digits: {cut(number[0])}; at most 100")
    opened = itertools.accumulate((c in "[{") - (c in "]}") for c in text)
    if max(opened, default=0) > 10 * DEEPEST or BLOCKS.search(text):  # some may stand in words
        raise wrong(0, f"is nested too deeply; at most {DEEPEST} levels")
    reader = YAML(typ="safe")  # reads in C, ten times as fast as what keeps comments
    lines: dict[Place, int] = {(): 1}
    try:
        root = reader.compose(text)
        values = _plain(reader.constructor, root, (), lines, [VALUES]) if root else None
    except _TooMuch as error:
        raise wrong(lines.get(error.place, 0), str(error)) from None
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 0
        first = (error.problem or "no valid YAML").splitlines()[0]
        if first.startswith("but ") and error.context:  # the end of a sentence
            first = f"{error.context}, {first}"
        raise wrong(line, f"YAML syntax: {cut(first)}") from None
    except RecursionError:
        raise wrong(0, f"is nested too deeply; at most {DEEPEST} levels") from None
    except (YAMLError, ValueError) as error:
        raise wrong(0, f"YAML: {cut(str(error))}") from None
    return Document(file, values, lines)


class _TooMuch(Exception):
    """A document is nested too deeply, or its aliases unfold to too many values."""

    def __init__(self, place: Place, text: str) -> None:
        super().__init__(text)
        self.place = place


def _plain(
    constructor: "SafeConstructor", node: "Node", place: Place, lines: dict[Place, int],
    left: list[int],
) -> Any:  # fmt: skip
    """Give what a node holds, noting lines on the way; `left` counts down the values."""
    from ruamel.yaml.constructor import ConstructorError
    from ruamel.yaml.nodes import MappingNode, SequenceNode

    left[0] -= 1
    if len(place) > DEEPEST:
        raise _TooMuch(place, f"is nested too deeply; at most {DEEPEST} levels")
    if left[0] < 0:
        raise _TooMuch(place, f"holds more than {VALUES} values")
    if isinstance(node, MappingNode):
        made: dict[str, Any] = {}
        inherited: list[Node] = []
        for key_node, value_node in node.value:
            if key_node.tag == MERGE:
                many = isinstance(value_node, SequenceNode)
                inherited += value_node.value if many else [value_node]
                continue
            key = str(constructor.construct_object(key_node, deep=True))
            lines[(*place, key)] = key_node.start_mark.line + 1
            value = _plain(constructor, value_node, (*place, key), lines, left)
            constructor.check_mapping_key(node, key_node, made, key, value)
            made[key] = value
        for other in inherited:  # the first that has a key counts
            if not isinstance(other, MappingNode):
                raise ConstructorError(None, None, "no mapping to merge", other.start_mark)
            for key, value in _plain(constructor, other, (*place, "<<"), lines, left).items():
                made.setdefault(key, value)
        return made
    if isinstance(node, SequenceNode):
        items = []
        for index, inner in enumerate(node.value):
            lines[(*place, index)] = inner.start_mark.line + 1
            items.append(_plain(constructor, inner, (*place, index), lines, left))
        return items
    value = constructor.construct_object(node)
    return value if isinstance(value, bool | int | float | str | None) else cut(str(value))
