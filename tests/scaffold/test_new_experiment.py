"""`entanglement new-experiment NAME` writes an experiment that is green as it stands."""

import json
import os
import shutil
import subprocess
import sys

import pytest
from scratch import PROJECT, Project, copy_project

from entanglement import scaffold

NAME = "my_idea"
PACKAGE = f"src/entanglement/experiments/{NAME}"
TEXTS = ("config.yaml", "workflow/quick.yaml", "workflow/claims.yaml", "workflow/report.yaml")


def python(project, *arguments):
    """Run a tool on the copy's code."""
    environment = {**os.environ, "PYTHONPATH": str(project.folder / "src")}
    return subprocess.run(
        [sys.executable, "-m", *arguments], cwd=project.folder, env=environment, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=500, check=False,
    )  # fmt: skip


def files(folder):
    """Bytes of every file that a person wrote."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


@pytest.fixture(scope="module")
def untouched(tmp_path_factory):
    """A copy of the project with its tests of experiments; do not edit it."""
    project = copy_project(tmp_path_factory.mktemp("untouched"))
    for name in ("conftest.py", "experiments", "drawing/vision.py", "pipeline/test_schema.py"):
        source, target = PROJECT / "tests" / name, project.folder / "tests" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        skip = shutil.ignore_patterns("__pycache__")
        shutil.copytree(source, target, ignore=skip) if source.is_dir() else shutil.copy2(
            source, target
        )
    return project


@pytest.fixture(scope="module")
def begun(untouched, tmp_path_factory):
    """A copy to which the command was applied, and what it said."""
    folder = tmp_path_factory.mktemp("begun") / "project"
    shutil.copytree(untouched.folder, folder)
    project = Project(folder)
    done = project.command("new-experiment", NAME)
    assert done.returncode == 0, done.stderr
    return project, done.stdout


def test_it_says_in_six_lines_what_to_fill_in_and_names_files_that_exist(begun):
    project, said = begun
    lines = said.splitlines()
    assert len(lines) == 6
    for module in ("__init__", "train", "evaluate", "roles", "summary", "figures"):
        assert f"{module}.py" in said
        assert (project.folder / PACKAGE / f"{module}.py").exists()
    for file in (*TEXTS, f"tests/experiments/test_{NAME}.py"):
        assert file in said


def test_what_was_there_before_is_there_still(untouched, begun):
    before, after = files(untouched.folder), files(begun[0].folder)
    assert set(before) <= set(after)
    for file, content in before.items():
        if file in TEXTS:  # comments, order and spaces: byte for byte
            assert after[file].startswith(content), file
        elif file not in (scaffold.REGISTRY_FILE, scaffold.SCHEMA_FILE):
            assert after[file] == content, file


def test_its_code_has_the_houses_style(begun):
    project, _ = begun
    written = [PACKAGE, f"tests/experiments/test_{NAME}.py", scaffold.REGISTRY_FILE]
    for tool in (("ruff", "check", "--no-cache"), ("ruff", "format", "--check", "--no-cache")):
        done = python(project, *tool, *written)
        assert done.returncode == 0, done.stdout
    done = python(project, "mypy", "--cache-dir", os.devnull, PACKAGE)
    assert done.returncode == 0, done.stdout


def test_it_keeps_the_contract_runs_on_any_grid_and_passes_its_own_test(begun):
    parts = [f"tests/experiments/test_{part}.py" for part in ("contract", "any_grid", NAME)]
    options = ("-vv", "-p", "no:cacheprovider", "-k", f"{NAME} or test_schema")
    done = python(begun[0], "pytest", *parts, "tests/pipeline/test_schema.py", *options)
    assert done.returncode == 0, done.stdout
    for part in parts:
        assert f"{part}::" in done.stdout


def test_it_runs_to_its_verdict_and_the_report(begun, tmp_path):
    project = Project(tmp_path / "project")
    shutil.copytree(begun[0].folder, project.folder)
    block = scaffold.blocks(template())["config.yaml"].replace("NAME", NAME)
    project.config(f"seed: 1\nfigures:\n{block}")
    project.run()
    (claim,) = [
        claim
        for claim in json.loads((project.folder / "reports/claims.json").read_text())
        if claim["figure"] == NAME
    ]
    assert claim["verdict"] == "supported"
    # The tolerance of the template is as wide as the ledger asks for.
    assert claim["tolerance"] >= 3 * (claim["ci_high"] - claim["ci_low"]) / 2
    assert "My idea: what is asked?" in (project.folder / "reports/report.html").read_text()


def template():
    return (PROJECT / "src/entanglement/scaffold/template.md").read_text()


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("convergence", "src/entanglement/experiments/convergence exists"),
        ("contract", "tests/experiments/test_contract.py exists"),
        ("images", "data/images exists"),
        ("my-idea", "no name for an experiment"),
        ("2nd", "no name for an experiment"),
        ("My_idea", "no name for an experiment"),
        ("", "no name for an experiment"),
        ("../elsewhere", "no name for an experiment"),
        ("ideé", "no name for an experiment"),
        ("x" * 41, "at most 40"),
        ("class", "a word of Python's own"),
        ("match", "a word of Python's own"),
        ("theory", "shadows a module"),
        ("summary", "shadows a module"),
        ("json", "shadows a module"),
        ("numpy", "shadows a module"),
    ],
)
def test_a_name_that_cannot_be_used_is_one_line_and_nothing_is_written(untouched, name, why):
    before = files(untouched.folder)
    done = untouched.command("new-experiment", "--", name)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert why in done.stderr
    assert not done.stdout
    assert files(untouched.folder) == before


def test_the_same_name_twice_is_refused(begun):
    done = begun[0].command("new-experiment", NAME)
    assert done.returncode == 1
    assert "exists" in done.stderr


@pytest.mark.parametrize(
    ("file", "end"),
    [
        ("config.yaml", "\nother: 1\n"),
        ("workflow/report.yaml", "\nother: {}\n"),
        ("workflow/claims.yaml", "\n- {\n"),
    ],
)
def test_a_file_that_nothing_can_be_added_to_is_named_and_nothing_is_written(
    untouched, tmp_path, file, end
):
    project = Project(tmp_path / "project")
    shutil.copytree(untouched.folder, project.folder)
    path = project.folder / file
    path.write_text(path.read_text() + end)
    before = files(project.folder)
    done = project.command("new-experiment", NAME)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert f"{file}: nothing can be added at its end" in done.stderr
    assert files(project.folder) == before


def test_elsewhere_than_in_the_checkout_nothing_is_written(untouched, tmp_path):
    done = untouched.command("new-experiment", NAME, "--project", str(tmp_path))
    assert done.returncode == 1
    assert "is not the checkout" in done.stderr
    assert not list(tmp_path.iterdir())
