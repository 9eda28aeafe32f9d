"""The JSON schema for editors says what the loader accepts, and explains every key."""

import copy
import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from entanglement.experiments import REGISTRY
from entanglement.pipeline.expansion import experiment
from entanglement.pipeline.schema import schema

PROJECT = Path(__file__).parents[2]
FILE = PROJECT / "workflow/schemas/config.schema.json"
MADE = schema(REGISTRY)


def resolved(node):
    while "$ref" in node:
        target = MADE
        for step in node["$ref"].removeprefix("#/").split("/"):
            target = target[int(step) if isinstance(target, list) else step]
        node = {**target, **{key: value for key, value in node.items() if key != "$ref"}}
    return node


def accepts(figure, **block):
    found = Draft202012Validator(MADE).iter_errors({"seed": 1, "figures": {figure: block}})
    return not list(found)


def test_the_stored_schema_is_the_generated_one():
    assert json.loads(FILE.read_text()) == MADE, "run `make schema`"


def test_it_is_a_json_schema_and_its_references_exist():
    Draft202012Validator.check_schema(MADE)

    def walk(node):
        if isinstance(node, dict):
            resolved(node)
        for inner in node.values() if isinstance(node, dict) else node:
            if isinstance(inner, dict | list):
                walk(inner)

    walk(MADE)


def test_it_knows_every_figure_and_its_keys():
    figures = MADE["properties"]["figures"]["properties"]
    assert set(figures) == set(REGISTRY)
    for figure in figures:
        assert set(MADE["$defs"][figure]["properties"]) == set(
            experiment(REGISTRY, figure).fields()
        )


def test_every_property_is_explained():
    """An editor shows the description of what stands under a key."""

    def unexplained(node, place):
        for index, inner in enumerate(node) if isinstance(node, list) else node.items():
            if index == "properties":
                for key, value in inner.items():
                    if len(resolved(value).get("description", "")) < 6:
                        yield f"{place}.{key}"
            if isinstance(inner, dict | list):
                yield from unexplained(inner, f"{place}.{index}")

    assert not list(unexplained(MADE, ""))


def test_keys_that_experiments_share_are_defined_once():
    def depth(figure):
        return MADE["$defs"][figure]["properties"]["depth"]

    assert depth("convergence") == depth("secrecy") == {"$ref": "#/$defs/architecture.depth"}
    product = [
        MADE["$defs"][f]["properties"]["product"] for f in ("barriers", "equivalent_attention")
    ]
    assert product[0] == product[1]
    assert len(FILE.read_text().splitlines()) < 210 * len(REGISTRY)


@pytest.mark.parametrize("name", ["config.yaml", "workflow/quick.yaml"])
def test_it_accepts_the_projects_configurations(name):
    content = YAML(typ="safe", pure=True).load(PROJECT / name)
    assert not [error.message for error in Draft202012Validator(MADE).iter_errors(content)]
    wrong = copy.deepcopy(content)
    wrong["figures"]["convergence"]["fixd"] = {}
    assert list(Draft202012Validator(MADE).iter_errors(wrong))


def test_it_refuses_what_the_loader_refuses():
    good = {"fixed": {"k": 8, "depth": 3, "networks": 2}, "grid": {"n": [16, 32]}}
    assert accepts("convergence", **good)
    assert accepts("convergence", **good, cases=[{"n": 64, "sampler": ["exact", "literal"]}])
    for fixed in ({"depth": 0}, {"depth": [3]}, {"sampler": "exat"}, {"dept": 3}, {"k": "8"}):
        assert not accepts("convergence", fixed=fixed), fixed
    for grid in ({"n": 16}, {"n": []}, {"n": [16, 10**13 + 1]}, {"n": [[16]]}):
        assert not accepts("convergence", grid=grid), grid
    for case in ({"n": 1}, {"n": [1]}, {"m": 2}, 3):
        assert not accepts("convergence", cases=[case]), case
    assert accepts("noise_recovery", fixed={"image": "data/images/dog.png"})
    assert accepts("noise_recovery", fixed={"image": {"path": "a.png", "crop": [0, 0, 9, 9]}})
    assert not accepts("noise_recovery", fixed={"image": {"size": 9}})
