"""The JSON schema of config.yaml, for completion and checks in an editor."""

from collections.abc import Mapping
from typing import Any

from entanglement.pipeline.expansion import experiment


def schema(registry: Mapping[str, str]) -> dict[str, Any]:
    """Build the schema from the parameter models of all registered experiments."""
    definitions: dict[str, Any] = {}
    figures: dict[str, Any] = {}
    for figure in sorted(registry):
        keys: dict[str, Any] = {}
        kinds = experiment(registry, figure)
        for kind in (kinds.train, kinds.evaluate):
            if kind is None:
                continue
            made = _standard(kind.model_json_schema(ref_template="#/$defs/{model}"))
            definitions.update(made.get("$defs", {}))
            keys.update(made.get("properties", {}))
        axes = {
            key: {"type": "array", "items": value, "minItems": 1} for key, value in keys.items()
        }
        case = {key: {"anyOf": [value, axes[key]]} for key, value in keys.items()}
        figures[figure] = _closed(
            {
                "fixed": _closed(keys),
                "grid": _closed(axes),
                "cases": {"type": "array", "items": _closed(case)},
            }
        )
    seed = {"type": "integer", "minimum": 0, "description": "root of all random streams"}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "What to run: one block per figure",
        **_closed({"seed": seed, "figures": _closed(figures)}),
        "$defs": definitions,
    }


# Bounds behind a validator function keep their short names in pydantic's schema.
BOUNDS = {"ge": "minimum", "le": "maximum", "gt": "exclusiveMinimum", "lt": "exclusiveMaximum"}


def _standard(value: Any) -> Any:
    """Write bounds under the names that JSON schema knows."""
    if isinstance(value, dict):
        return {BOUNDS.get(key, key): _standard(inner) for key, inner in value.items()}
    return [_standard(inner) for inner in value] if isinstance(value, list) else value


def _closed(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "additionalProperties": False}
