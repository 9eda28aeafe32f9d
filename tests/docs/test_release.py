"""The version is one, what was changed is said, and what CONTRIBUTING names is there."""

import re
import tomllib

from ruamel.yaml import YAML
from scratch import PROJECT

VERSION = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]["version"]


def text(name):
    return (PROJECT / name).read_text(encoding="utf-8")


def test_every_place_has_the_same_version():
    assert YAML(typ="safe").load(text("CITATION.cff"))["version"] == VERSION
    assert re.findall(r"^## (\S+)", text("CHANGELOG.md"), flags=re.M)[0] == VERSION


def test_the_catalogue_entry_is_well_formed_and_names_no_flag_that_is_not_needed():
    usage = YAML(typ="safe").load(text(".snakemake-workflow-catalog.yml"))["usage"]
    assert usage["mandatory-flags"]["flags"] == ""
    assert set(usage["software-stack-deployment"]) == {"conda", "apptainer"}


def test_files_and_keys_that_contributing_names_exist():
    page = text("CONTRIBUTING.md")
    for path in re.findall(r"`((?:workflow|tests|docs)/[\w./]+)`", page):
        assert (PROJECT / path).exists(), path
    for path in re.findall(r"\]\(([\w./-]+)\)", page):
        assert (PROJECT / path).exists(), path
    entry = text("workflow/claims.yaml").split("\n# ----")[0]
    for key in ("quote", "statistic", "claimed", "tolerance", "control", "minimum", "history"):
        assert f"`{key}`" in page
        assert f"{key}:" in entry
