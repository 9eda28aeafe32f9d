"""The JSON schema for editors says what the loader accepts."""

import json
from pathlib import Path

from entanglement.experiments import REGISTRY
from entanglement.pipeline.schema import schema

FILE = Path(__file__).parents[2] / "workflow/schemas/config.schema.json"


def test_the_stored_schema_is_the_generated_one():
    assert json.loads(FILE.read_text()) == schema(REGISTRY), "run `make schema`"


def test_it_knows_every_figure_its_keys_and_their_ranges():
    figures = schema(REGISTRY)["properties"]["figures"]["properties"]
    assert set(figures) == set(REGISTRY)
    fixed = figures["convergence"]["properties"]["fixed"]
    assert fixed["additionalProperties"] is False
    assert fixed["properties"]["depth"]["minimum"] == 1
    assert fixed["properties"]["sampler"]["enum"] == ["exact", "literal"]
    grid = figures["convergence"]["properties"]["grid"]["properties"]
    assert grid["n"]["type"] == "array"
    assert grid["n"]["items"]["maximum"] == 10**13
