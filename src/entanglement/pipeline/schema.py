"""The JSON schema of config.yaml: completion, checks and explanations in an editor."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from entanglement.pipeline.expansion import experiment


def schema(registry: Mapping[str, str]) -> dict[str, Any]:
    """Build the schema from the parameter models of all registered experiments.

    Every key is defined once, as `<module of the model that declares it>.<key>`: its value, or the list of values
    of a grid. `fixed`, `grid` and `cases` of a figure refer to these keys and say which of the
    two they take.
    """
    definitions: dict[str, Any] = {}
    figures: dict[str, Any] = {}
    for figure in sorted(registry):
        kinds = experiment(registry, figure)
        keys: dict[str, Any] = {}
        for kind in (kinds.train, kinds.evaluate):
            if kind is not None:
                keys |= _keys(kind, definitions)
        definitions[figure] = _closed(keys)
        mine = {"$ref": f"#/$defs/{figure}"}
        figures[figure] = _closed(
            {
                "fixed": {"description": FIXED, "allOf": [mine, SINGLE]},
                "grid": {"description": GRID, "allOf": [mine, LISTS]},
                "cases": {"description": CASES, "type": "array", "items": mine},
            }
        )
        figures[figure]["description"] = kinds.module.__doc__.splitlines()[0]
    seed = {"type": "integer", "minimum": 0, "description": "Root of all random streams."}
    blocks = {"description": "What to run: one block per figure.", **_closed(figures)}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "What to run: one block per figure",
        **_closed({"seed": seed, "figures": blocks}),
        "$defs": definitions,
    }


FIXED = "Values of all cells of the figure."
GRID = "Lists of values: a cell for each combination."
CASES = "Further small grids, each over `fixed`; single values are allowed."
SINGLE = {"additionalProperties": {"not": {"type": "array"}}}
LISTS = {"additionalProperties": {"type": "array"}}


def _keys(kind: type[BaseModel], definitions: dict[str, Any]) -> dict[str, Any]:
    """Define the keys of a model, and refer to them."""
    made = _standard(kind.model_json_schema(ref_template="#/$defs/{model}"))
    definitions.update(made.get("$defs", {}))
    keys = {}
    for key, value in made.get("properties", {}).items():
        owner = next(
            model for model in kind.__mro__ if key in vars(model).get("__annotations__", {})
        )
        name = f"{owner.__module__.rpartition('.')[2]}.{key}"
        words = {about: value.pop(about) for about in ("description", "default") if about in value}
        several = {"type": "array", "items": {"$ref": f"#/$defs/{name}/anyOf/0"}, "minItems": 1}
        definitions[name] = {**words, "anyOf": [value, several]}
        keys[key] = {"$ref": f"#/$defs/{name}"}
    return keys


# Bounds behind a validator function keep their short names in pydantic's schema.
BOUNDS = {"ge": "minimum", "le": "maximum", "gt": "exclusiveMinimum", "lt": "exclusiveMaximum"}


def _standard(value: Any) -> Any:
    """Write bounds under the names that JSON schema knows, without titles that repeat a key."""
    if isinstance(value, dict):
        return {
            BOUNDS.get(key, key): _standard(inner)
            for key, inner in value.items()
            if not (key == "title" and isinstance(inner, str))
        }
    return [_standard(inner) for inner in value] if isinstance(value, list) else value


def _closed(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "additionalProperties": False}
