"""docs/add-an-experiment.md works: its blocks, put into a copy of the project, give a figure."""

import json
import os
import re
import shutil
import subprocess
import sys

import pytest
from scratch import PROJECT, Project, copy_project

from entanglement import scaffold

FIGURE = "heavy_tails"
REGISTRY = scaffold.REGISTRY_FILE
PACKAGE = f"src/entanglement/experiments/{FIGURE}"
CONTRACT, SCHEMA = "experiments/test_contract.py", "pipeline/test_schema.py"


def blocks():
    """Text by the file that the page puts it into."""
    return scaffold.blocks((PROJECT / "docs/add-an-experiment.md").read_text())


def write(folder, file, text):
    """Do what the page says: create a file, add at its end, or inside the registry's braces."""
    path = folder / file
    path.parent.mkdir(parents=True, exist_ok=True)
    before = path.read_text() if path.exists() else ""
    path.write_text(scaffold.put(before, file, text))


def begun(folder):
    """A copy of the project with its contract test, as somebody finds it who adds an experiment."""
    project = copy_project(folder)
    for name in (
        "conftest.py",
        "experiments/conftest.py",
        "experiments/looks.py",
        "drawing/vision.py",
        CONTRACT,
        SCHEMA,
    ):
        (folder / "tests" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(PROJECT / "tests" / name, folder / "tests" / name)
    return project


def python(project, *arguments):
    """Run a tool on the copy's code."""
    environment = {**os.environ, "PYTHONPATH": str(project.folder / "src")}
    return subprocess.run(
        [sys.executable, "-m", *arguments], cwd=project.folder, env=environment, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=300, check=False,
    )  # fmt: skip


def contract(project, which):
    options = ("-p", "no:cacheprovider", "-k", which)
    return python(project, "pytest", f"tests/{CONTRACT}", f"tests/{SCHEMA}", *options)


@pytest.fixture(scope="module")
def added(tmp_path_factory):
    """A copy of the project to which the page has been applied; do not edit it."""
    project = begun(tmp_path_factory.mktemp("added"))
    for file, text in blocks().items():
        write(project.folder, file, text)
    made = project.command("schema")
    assert made.returncode == 0, made.stderr
    (project.folder / "workflow/schemas/config.schema.json").write_text(made.stdout)
    return project


@pytest.fixture
def project(added, tmp_path):
    shutil.copytree(added.folder, tmp_path / "project", symlinks=True)
    return Project(tmp_path / "project")


def test_it_costs_at_most_200_lines_of_python_and_no_look_into_another_experiment():
    modules = [text for file, text in blocks().items() if file.endswith(".py")]
    assert sum(len(text.splitlines()) for text in modules) <= 200
    assert not re.search(r"entanglement\.experiments\.(?!heavy_tails)\w+ ", "".join(modules))


def test_its_code_has_the_houses_style(added):
    files = [file for file in blocks() if file.endswith(".py")]
    for tool in (("check", "--no-cache"), ("format", "--check", "--no-cache")):
        done = python(added, "ruff", *tool, *files)
        assert done.returncode == 0, done.stdout


def test_it_keeps_the_contract(added):
    done = contract(added, f"{FIGURE} or test_schema")
    assert done.returncode == 0, done.stdout


def test_the_contract_names_every_file_that_is_missing(tmp_path):
    project = begun(tmp_path)
    package, *later = f"{PACKAGE}/__init__.py", REGISTRY, f"{PACKAGE}/summary.py"
    write(tmp_path, package, blocks()[package])
    done = contract(project, "registered")
    assert f'{REGISTRY}: add the line "{FIGURE}": "entanglement' in done.stdout
    for file in later:
        write(tmp_path, file, blocks()[file])
    done = contract(project, f"missing and {FIGURE}")
    assert done.returncode == 1
    for file in (*(set(blocks()) - {package, *later}), "workflow/schemas/config.schema.json"):
        assert f"\n{file}: " in done.stdout, file


def test_it_runs_to_its_panels_its_claim_and_the_report(project):
    project.config("seed: 1\nfigures:\n" + blocks()["workflow/quick.yaml"])
    project.run()
    folder = project.folder / "reports"
    assert (folder / f"figures/{FIGURE}/curves.svg").exists()
    assert len((folder / f"figures/{FIGURE}/curves.csv").read_text().splitlines()) > 20
    (claim,) = [c for c in json.loads((folder / "claims.json").read_text()) if c["id"] == "A99"]
    assert claim["verdict"] == "not testable at this size"
    assert claim["measured"] < claim["control"]["measured"]
    assert "Do the candidates have to be Gaussian?" in (folder / "report.html").read_text()
