"""Checks of single values, and messages that say what is allowed."""

import difflib
import functools
from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from annotated_types import Ge, Gt, Le, Lt
from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from entanglement.pipeline.document import LENGTH, cut, shown


def checked(fields: Mapping[str, FieldInfo], key: str, value: Any) -> tuple[Any, list[str]]:
    """Check one value against its field alone, so that a message can name its line.

    Parameters
    ----------
    fields
        The fields of an experiment's parameters.
    key, value
        As written in the configuration.

    Returns
    -------
    The normalised value, and what is wrong with it.
    """
    if key not in fields:
        known = ", ".join(sorted(fields))
        return value, [f"unknown key{nearest(key, fields)}; this figure knows: {known}"]
    field = fields[key]
    kind: Any = Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation
    try:
        return _adapter(kind).validate_python(value), []
    except ValidationError as error:
        return value, sorted({_explain(detail, field) for detail in error.errors()})


def plain(value: Any) -> Any:
    """Give a checked value in built-in types."""
    kind: Any = type(value)
    return _adapter(kind).dump_python(value, mode="json")


@functools.cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    # Building one takes longer than a thousand checks with it.
    return TypeAdapter(kind)


def whole(error: ValidationError) -> list[str]:
    """Say what is wrong with a set of parameters as a whole."""
    texts = []
    for detail in error.errors():
        key = detail["loc"][0] if detail["loc"] else ""
        if detail["type"] == "missing":
            texts.append(f"`{key}` is missing; set it in `fixed` or in `grid`")
        else:
            text = detail["msg"].removeprefix("Value error, ").replace("Input should", "must")
            texts.append(f"{key}: {shown(detail['input'])} given; {text}" if key else text)
    return texts


def nearest(given: Any, known: Iterable[str]) -> str:
    """Suggest the known name that a given one most resembles, if any does."""
    if len(str(given)) > 2 * LENGTH:  # no name; comparing takes the square of its length
        return ""
    close = difflib.get_close_matches(str(given), list(known), n=1, cutoff=0.6)
    return f"; did you mean `{close[0]}`?" if close else ""


def _explain(detail: Any, field: FieldInfo) -> str:
    steps = [step for step in detail["loc"] if isinstance(step, str)]
    if isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
        known = field.annotation.model_fields
        if not steps:
            return f"{shown(detail['input'])} given; must be a path, or a mapping of {', '.join(known)}"
        if steps[-1] not in known:
            names = ", ".join(known)
            return f"unknown key `{cut(steps[-1])}`{nearest(steps[-1], known)}; known: {names}"
        if detail["type"] == "missing" and len(detail["loc"]) == 1:
            return f"`{steps[-1]}` is missing"
        field = known[steps[-1]]
    message = detail["msg"].removeprefix("Value error, ").replace("Input should be", "must be")
    if steps[-1:] == ["sha256"] and not detail["input"]:
        return str(message)  # about the picture; nobody wrote a checksum
    given = f"{'.'.join(steps) + ': ' if steps else ''}{shown(detail['input'])} given"
    near = ""
    if detail["type"] == "literal_error" and isinstance(detail["input"], str):
        near = nearest(detail["input"], [str(name) for name in _choices(field.annotation)])
    if detail["type"] == "missing":
        message = "an entry is missing"
    return f"{given}; {message}{_range(field)}{near}"


def _choices(annotation: Any) -> tuple[Any, ...]:
    return getattr(annotation, "__args__", ())


def _range(field: FieldInfo) -> str:
    words = {
        Ge: "at least {0.ge}",
        Gt: "more than {0.gt}",
        Le: "at most {0.le}",
        Lt: "less than {0.lt}",
    }
    parts = [words[type(m)].format(m) for m in field.metadata if type(m) in words]
    return f" (allowed: {' and '.join(parts)})" if parts else ""
