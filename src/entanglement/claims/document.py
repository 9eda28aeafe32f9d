"""Files of words and claims, checked against a model: every problem at once, with its line."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError

from entanglement.pipeline.checks import nearest
from entanglement.pipeline.document import ConfigError, Document, Place, parse
from entanglement.pipeline.errors import MendableError

T = TypeVar("T")


class DocumentError(MendableError):
    """A file written by a person cannot be used as it is; the text lists every problem."""


def load(
    path: Path, kind: type[T], together: Callable[[T], Iterable[tuple[Place, str]]] | None = None
) -> T:
    """Read a YAML file as `kind`, naming everything that is wrong with it.

    Parameters
    ----------
    path
        The file.
    kind
        What the file as a whole must be: a pydantic model, or `list[Model]`.
    together
        Finds what is wrong between entries that are each well formed: places and texts.

    Raises
    ------
    DocumentError
        One line a problem: file, line, place, what was given, what is allowed.
    """
    try:
        document = parse(path)
    except ConfigError as error:
        raise DocumentError("\n".join(map(str, error.problems))) from None
    content = document.content if document.content is not None else []
    try:
        read = TypeAdapter(kind).validate_python(content)
    except ValidationError as error:
        known = _field_names(kind)
        problems = [_problem(document, one, known) for one in error.errors()]
        raise DocumentError("\n".join(problems)) from None
    if found := [_line(document, *one) for one in (together(read) if together else ())]:
        raise DocumentError("\n".join(found))
    return read


def _problem(document: Document, error: Any, known: Sequence[str]) -> str:
    place = tuple(error["loc"])
    text = error["msg"].removeprefix("Value error, ")
    if error["type"] == "extra_forbidden":
        text = f"unknown key{nearest(place[-1], known)}; allowed: {', '.join(known)}"
    elif error["type"] == "missing":
        text = "this key is missing"
    elif not isinstance(error["input"], dict | list):
        text = f"{error['input']!r} given: {text}"
    return _line(document, place, text)


def _line(document: Document, place: Place, text: str) -> str:
    name = _name(document.content, place)
    return str(document.problem(place, f"{name}: {text}" if name else text))


def _name(content: Any, place: Sequence[Any]) -> str:
    """Name an entry of a list by its `id` or `item`, which a reader finds faster than a number."""
    for step in place:
        if isinstance(content, dict | list):
            known = step in content if isinstance(content, dict) else isinstance(step, int)
            content = content[step] if known else None
        if isinstance(content, dict) and (content.keys() & {"id", "item"}):
            return str(content.get("id", content.get("item")))
    return ""


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
