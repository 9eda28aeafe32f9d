"""Every command that README and docs name is run: here, by another test, or it is said why not."""

import argparse
import ast
import re

import pytest
from pages import blocks, shell
from scratch import PROJECT, SMALL, copy_project

from entanglement import cli

PAGES = [
    PROJECT / "README.md",
    PROJECT / "CONTRIBUTING.md",
    *sorted((PROJECT / "docs").glob("*.md")),
]
# Walked as a whole by test_tutorial.py.
WALKED = {PROJECT / "docs/tutorial.md"}
# What runs a command, where this file does not.
ELSEWHERE = {
    "entanglement new-experiment my_idea": "tests/docs/test_tutorial.py::test_the_tutorial_walks",
    "pytest tests/experiments/test_contract.py -x -k heavy_tails":
        "tests/docs/test_add_an_experiment.py::test_it_keeps_the_contract",
    "snakemake data/heavy_tails.nc":
        "tests/docs/test_add_an_experiment.py::test_it_runs_to_its_panels_its_claim_and_the_report",
    "entanglement verdicts --seeds 1 --figures heavy_tails":
        "tests/docs/test_tutorial.py::test_the_tutorial_walks",  # of another experiment
    "entanglement verdicts --seeds 20 --figures convergence":
        "tests/claims/test_stability.py::test_other_seeds_are_judged_under_the_kinds_of_the_ledger",
    "entanglement verify entanglement.crate.zip":
        "tests/archive/test_archive.py::test_it_holds_all_that_is_needed_and_is_whole",
    "entanglement verify entanglement.crate.zip --rerun convergence":
        "tests/archive/test_archive.py::test_a_figure_made_again_is_equal",
}  # fmt: skip
# What runs nowhere, and why.
NOT = {
    "podman build -t entanglement .": "needs a container engine",
    'podman run --rm -v "$PWD:/project" entanglement': "needs a container engine",
    "snakemake --executor slurm --cores 1 --profile workflow/profiles/slurm": "needs a cluster: `make test-slurm` brings one",
    'sbatch --cpus-per-task=32 --mem-per-cpu=1500 --time=60 --wrap ".venv/bin/snakemake --cores 32"': "needs a cluster",
    "snakemake --configfile other.yaml --directory elsewhere": "the names stand for the reader's",
    ".venv/bin/uv pip install --python .venv jupyterlab": "asks a package index",
    "jupyter lab docs/results.ipynb": "opens a browser; test_notebook.py runs the notebook",
    ".venv/bin/python bench/scaling.py 10 100 1000": "measures for an hour",
}


def commands(path):
    """Commands of a page's shell blocks, without what is said about them."""
    lines = [
        line for block in blocks(path) if block.language == "sh" for line in block.text.splitlines()
    ]
    return [found for line in lines if (found := re.sub(r"\s+# .*", "", line).strip())]


ALL = sorted({command for path in PAGES if path not in WALKED for command in commands(path)})
HERE = [command for command in ALL if command not in ELSEWHERE and command not in NOT]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A project with a small figure, all made."""
    project = copy_project(tmp_path_factory.mktemp("commands"))
    project.config(SMALL.replace("light_speed", "convergence"))
    project.run()
    return project.folder


@pytest.mark.parametrize("command", HERE)
def test_it_runs(folder, command):
    done = shell(folder, command)
    assert done.returncode == 0, done.stdout


def test_one_that_does_not_is_found_out(folder):
    assert shell(folder, "make nothing-of-that-name").returncode
    assert shell(folder, "entanglement plans").returncode
    assert shell(folder, "snakemake data/convergance.nc").returncode


def test_what_is_said_to_run_elsewhere_or_not_is_still_in_a_page():
    assert {*ELSEWHERE, *NOT} <= set(ALL)


@pytest.mark.parametrize("where", sorted(set(ELSEWHERE.values())))
def test_a_test_that_is_said_to_run_it_exists(where):
    path, name = where.split("::")
    tree = ast.parse((PROJECT / path).read_text(encoding="utf-8"))
    assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def known():
    """Commands of the program and targets of make."""
    (parsers,) = (a for a in cli._parser()._actions if isinstance(a, argparse._SubParsersAction))
    targets = re.findall(r"^([a-z-]+):", (PROJECT / "Makefile").read_text(), flags=re.M)
    return {"entanglement": set(parsers.choices), "make": set(targets)}


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_a_command_within_a_sentence_exists(path):
    prose = re.sub(r"^```.*?^```$", "", path.read_text(encoding="utf-8"), flags=re.M | re.S)
    for program, word in re.findall(r"`(entanglement|make) ([a-z-]+)[^`\n]*`", prose):
        assert word in known()[program], f"{program} {word}"
