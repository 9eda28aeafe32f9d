"""What an edit reruns, and what it must not, counted in Snakemake's own job table."""

import shutil

import pytest
from scratch import SMALL, Project

SETTINGS = "fixed: {k: 8, depth: 3, probes: 4, networks: 3, sampler: exact}"
REST = {"collect": 1, "panels": 1, "claims": 1, "report": 1, "all": 1}


def test_a_second_run_has_nothing_to_do(project):
    assert project.planned() == {}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("n: [16, 64]", "n: [16, 64, 32]", {"train": 1, "evaluate": 1, "plot": 1, **REST}),
        ("n: [16, 64]", "n: [16]", REST),
        ("n: [16, 64]", "n: [64, 16]", {}),
        ("n: [16, 64]", "n: [16.0, 6.4e1]", {}),
        (SETTINGS, "fixed: {sampler: exact, networks: 3, probes: 4.0, depth: 3, k: 8}", {}),
        (
            SETTINGS,
            SETTINGS.replace("depth: 3", "depth: 4"),
            {"train": 3, "evaluate": 3, "plot": 1, **REST},
        ),
        (
            SETTINGS,
            SETTINGS.replace("probes: 4", "probes: 5"),
            {"evaluate": 3, "plot": 1, **REST},
        ),
        # Two values swapped: names are ignored by Snakemake where params are several values.
        (
            SETTINGS,
            SETTINGS.replace("depth: 3", "depth: 4").replace("probes: 4", "probes: 3"),
            {"train": 3, "evaluate": 3, "plot": 1, **REST},
        ),
        ("seed: 7", "seed: 8", {"train": 3, "evaluate": 3, "plot": 1, **REST}),
        ("seed: 7", "# a comment\nseed: 7", {}),
    ],
    ids=[
        "added", "removed", "list-reordered", "number-format", "keys-reordered",
        "train-value", "evaluate-value", "swapped", "seed", "comment",
    ],
)  # fmt: skip
def test_an_edit_of_the_grid_reruns_what_it_touches(project, old, new, expected):
    project.config(SMALL.replace(old, new))
    assert project.planned() == expected


@pytest.mark.parametrize(
    ("file", "old", "new", "expected"),
    [
        (
            "src/entanglement/experiments/light_speed/figures.py",
            "def plot_cell(",
            "CHANGED = 1\n\n\ndef plot_cell(",
            {"plot": 1, "panels": 1, "report": 1, "all": 1},
        ),
        (
            "src/entanglement/networks/maxlikelihood.py",
            "import numpy as np\n",
            "import numpy as np\n\nCHANGED = 1\n",
            {"train": 3, "evaluate": 3, "plot": 1, **REST},
        ),
        (
            "src/entanglement/networks/maxlikelihood.py",
            "import numpy as np\n",
            "import numpy as np\n\n# A comment changes nothing.\n",
            {},
        ),
        (
            "src/entanglement/experiments/light_speed/evaluate.py",
            "def evaluate(",
            "CHANGED = 1\n\n\ndef evaluate(",
            {"evaluate": 3, "plot": 1, **REST},
        ),
        (
            "src/entanglement/experiments/light_speed/summary.py",
            "STATISTICS = {",
            "CHANGED = 1\nSTATISTICS = {",
            REST,
        ),
        (
            "src/entanglement/experiments/light_speed/roles.py",
            "ROLES = {",
            "CHANGED = 1\nROLES = {",
            {"plot": 1, **REST},
        ),
        (
            "src/entanglement/statistics/estimates.py",
            "RESAMPLES = 2000",
            "RESAMPLES = 2001",
            REST,
        ),
        ("workflow/claims.yaml", "# The ledger", "# This ledger", {"claims": 1, "report": 1, "all": 1}),
        ("workflow/coverage.yaml", "A diagram.", "A sketch.", {"report": 1, "all": 1}),
        ("src/entanglement/drawing/style.py", '"#0072B2"', '"#0072B3"',
         {"plot": 1, "panels": 1, "report": 1, "all": 1}),
    ],
    ids=["figures", "train", "comment", "evaluate", "statistic", "role", "interval", "claims", "coverage", "style"],
)  # fmt: skip
def test_an_edit_of_the_code_reruns_what_imports_it(project, file, old, new, expected):
    project.edit(file, old, new)
    assert project.planned() == expected


def test_a_misspelt_statistic_stops_the_plan_in_one_line(project):
    name = "\n  statistic: folded_loss_last\n"
    project.edit("workflow/claims.yaml", name, name.replace("loss", "los"))
    done = project.run("-n", check=False)
    assert done.returncode == 1
    assert "A1.1: convergence declares no statistic 'folded_los_last'; did you mean" in done.stdout
    assert "claims.yaml:" in done.stdout
    assert "Traceback" not in done.stdout


def test_coverage_of_a_claim_that_is_not_there_stops_the_plan_in_one_line(project):
    project.edit(
        "workflow/coverage.yaml", "claims: [A15.1]\n    panels", "claims: [A99]\n    panels"
    )
    done = project.run("-n", check=False)
    assert done.returncode == 1
    assert "Eq. 9: there is none named 'A99'" in done.stdout
    assert "Traceback" not in done.stdout


def test_touched_sources_rerun_nothing(project):
    for path in (project.folder / "src").rglob("*.py"):
        path.touch()
    assert project.planned() == {}


def test_a_second_clone_reruns_nothing(project, tmp_path):
    clone = tmp_path / "elsewhere"
    shutil.copytree(project.folder, clone)
    shutil.rmtree(clone / "src")
    shutil.copytree(project.folder / "src", clone / "src", copy_function=shutil.copy)
    assert Project(clone).planned() == {}


def test_adding_a_value_keeps_the_other_results_bit_for_bit(project):
    before = {p: p.read_bytes() for p in (project.folder / "data/light_speed").rglob("*.nc")}
    project.config(SMALL.replace("n: [16, 64]", "n: [16, 64, 32]"))
    project.run("data/light_speed.nc")
    assert all(path.read_bytes() == content for path, content in before.items())
    assert project.planned("data/light_speed.nc") == {}
