"""Names that claims.yaml and coverage.yaml read are held against the tables before anything runs."""

import subprocess
import sys
from pathlib import Path

from entanglement.experiments import REGISTRY
from entanglement.pipeline import names

CLAIM = """\
- id: A1.1
  figure: convergence
  panel: {panel}
  statistic: {statistic}
  predicted: {predicted}
  control: {{statistic: folded_loss_last_random}}
  partly: {{statistic: upper_group}}
"""


NAMES = {
    "panel": "curves",
    "statistic": "folded_loss_last",
    "predicted": "folded_loss_last_theory",
}


REPORT = "figures:\n  convergence:\n    panels: {crossing: {}, curves: {}}\n"


def checked(folder, claims, coverage="", report=REPORT):
    for name, text in (("claims", claims), ("coverage", coverage), ("report", report)):
        (folder / f"{name}.yaml").write_text(text)
    return [str(problem) for problem in names.check(folder, REGISTRY)]


def problems(tmp_path, **given):
    return checked(tmp_path, CLAIM.format(**(NAMES | given)))


def test_declared_names_pass(tmp_path):
    assert problems(tmp_path) == []
    assert problems(tmp_path, predicted="null") == []


def test_a_misspelt_name_is_told_with_line_claim_and_the_nearest(tmp_path):
    (found,) = problems(tmp_path, statistic="folded_los_last")
    assert "claims.yaml:4: [0].statistic: A1.1: convergence declares no statistic" in found
    assert "did you mean `folded_loss_last`?" in found


def test_a_panel_that_report_yaml_does_not_describe_is_told(tmp_path):
    (found,) = problems(tmp_path, panel="curvs")
    assert "claims.yaml:3: [0].panel: A1.1: report.yaml describes no panel 'curvs'" in found
    assert "did you mean `curves`?" in found


def test_a_theory_that_is_not_declared_is_no_name(tmp_path):
    (found,) = problems(tmp_path, predicted="folded_loss_last_random_theory")
    assert "claims.yaml:5" in found


def test_planning_loads_no_numpy():
    code = (
        "import sys; from entanglement.experiments import REGISTRY; "
        "from entanglement.pipeline import names; "
        "assert names.declared(REGISTRY['convergence']); assert 'numpy' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_projects_own_files_name_only_what_is_there():
    assert names.check(Path(__file__).parents[2] / "workflow", REGISTRY) == []


def test_a_claim_or_panel_that_is_not_there_is_told_with_line_item_and_the_nearest(tmp_path):
    claim, panel = checked(
        tmp_path,
        "- id: A1.1\n- id: B6b.1\n",
        "A:\n  - item: Eq. 6\n    claims: [A1.1, A1.2]\n    panels: [toy/curves]\n"
        "B:\n  - item: Title\n    panels:\n      - toy/curve\n  - why: a diagram\n",
        "figures:\n  toy:\n    panels:\n      curves: {}\n",
    )
    assert "coverage.yaml:3: A[0].claims[1]: Eq. 6: there is none named 'A1.2'" in claim
    assert "did you mean `A1.1`?" in claim
    assert "coverage.yaml:8: B[0].panels[0]: Title: there is none named 'toy/curve'" in panel
    assert "did you mean `toy/curves`?" in panel


PLACES = """\
papers:
  A: {picture: convergence/crossing, summary: ["{A1.1}; {A7.7}."]}
figures:
  convergence:
    title: "{folded_loss_lst}"
    intro: "$x_{kl}$, {n}, {folded_loss_last.k}, {folded_loss_last.networks}, {A1.1}"
    panels: {crossing: {caption: "{folded_loss_last.kk}"}, curves: {}}
"""


def test_a_place_that_nothing_fills_is_told(tmp_path):
    found = checked(tmp_path, CLAIM.format(**NAMES), report=PLACES)
    assert len(found) == 3
    assert "report.yaml:2" in found[0]
    assert "nothing fills the place {A7.7}" in found[0]
    assert "report.yaml:5" in found[1]
    assert "did you mean `folded_loss_last`?" in found[1]
    assert "nothing fills the place {folded_loss_last.kk}" in found[2]


def test_a_reading_names_a_claim_that_there_is(tmp_path):
    asked = (
        "readings: [{question: Q, readings: [{reads: R, claim: A1.1}, {reads: S, claim: A1.2}]}]"
    )
    (found,) = checked(tmp_path, CLAIM.format(**NAMES), report=f"{asked}\n{REPORT}")
    assert "report.yaml:1: readings[0].readings[1].claim: there is no claim 'A1.2'" in found
    assert "did you mean `A1.1`?" in found


def test_a_picture_of_the_first_screen_is_a_panel(tmp_path):
    (found,) = checked(
        tmp_path, CLAIM.format(**NAMES), report=PLACES.split("figures:")[0].replace("; {A7.7}", "")
        .replace("crossing", "crosing") + REPORT,
    )  # fmt: skip
    assert "there is no panel 'convergence/crosing'" in found
    assert "did you mean `convergence/crossing`?" in found
