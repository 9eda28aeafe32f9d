"""YAML written by people: every problem at once, with the line where it stands."""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError

T = TypeVar("T")


class DocumentError(ValueError):
    """A file written by a person cannot be used as it is; the text lists every problem."""


def load(path: Path, kind: type[T]) -> T:
    """Read a YAML file as `kind`, naming everything that is wrong with it.

    Parameters
    ----------
    path
        The file.
    kind
        What the file as a whole must be: a pydantic model, or `list[Model]`.

    Raises
    ------
    DocumentError
        One line a problem: file, line, place, what was given, what is allowed.
    """
    try:
        tree = YAML(typ="rt").load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise DocumentError(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise DocumentError(f"{path}: not UTF-8 text (byte {error.start})") from None
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise DocumentError(f"{path}:{line}: not YAML: {error.problem}") from None
    try:
        return TypeAdapter(kind).validate_python(_plain(tree if tree is not None else []))
    except ValidationError as error:
        known = _field_names(kind)
        problems = [_problem(path, tree, e["loc"], e, known) for e in error.errors()]
        raise DocumentError("\n".join(problems)) from None


def nearest(given: str, allowed: Iterable[str]) -> str:
    """Give " (did you mean ...?)" where `given` resembles an allowed name, else nothing."""
    match = get_close_matches(given, list(allowed), n=1)
    return f" (did you mean {match[0]!r}?)" if match else ""


def _plain(node: Any) -> Any:
    """Built-in types only: ruamel's own would leak their comments into models."""
    if isinstance(node, dict):
        return {_plain(key): _plain(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_plain(value) for value in node]
    for kind in (bool, int, float, str):
        if isinstance(node, kind):
            return kind(node)
    return node


def _problem(
    path: Path, tree: Any, location: Sequence[Any], error: Any, known: Sequence[str]
) -> str:
    where = ".".join(_name(tree, location, depth) for depth in range(len(location)))
    text = error["msg"].removeprefix("Value error, ")
    if error["type"] == "extra_forbidden":
        text = f"unknown key{nearest(str(location[-1]), known)}; allowed: {', '.join(known)}"
    elif error["type"] == "missing":
        text = "this key is missing"
    elif not isinstance(error["input"], dict | list):
        text = f"{error['input']!r} given: {text}"
    return f"{path}:{_line(tree, location)}: {where}: {text}" if where else f"{path}: {text}"


def _name(tree: Any, location: Sequence[Any], depth: int) -> str:
    """Name an entry of a list by its `id`, which a reader finds faster than a number."""
    node = tree
    for key in location[: depth + 1]:
        try:
            node = node[key]
        except (KeyError, IndexError, TypeError):
            return str(key)
    if isinstance(location[depth], int) and isinstance(node, dict) and "id" in node:
        return str(node["id"])
    return str(location[depth])


def _line(tree: Any, location: Sequence[Any]) -> int:
    line, node = 1, tree
    for key in location:
        try:
            marks = node.lc
            line = (marks.item(key) if isinstance(key, int) else marks.key(key))[0] + 1
            node = node[key]
        except (AttributeError, KeyError, IndexError, TypeError):
            break
    return line


def _field_names(kind: Any) -> list[str]:
    """Field names of a model and of every model inside it, for "did you mean"."""
    names: dict[str, None] = {}
    todo = [kind]
    while todo:
        current = todo.pop(0)
        if isinstance(current, type) and issubclass(current, BaseModel):
            for name, field in current.model_fields.items():
                names[name] = None
                todo.append(field.annotation)
        todo.extend(getattr(current, "__args__", ()))
    return list(names)
