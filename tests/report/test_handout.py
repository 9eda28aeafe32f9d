"""reports/summary.md and summary.tex: two pages a paper, and every number as claims.json has it."""

import json
import re
from pathlib import Path

import pytest
from scratch import PROJECT
from toyrun import Run

from entanglement.pipeline import seal
from entanglement.report import handout, phrasing

WORDS = 1900  # two pages of 9 points in two columns
MACRO = re.compile(r"^\\expandafter\\def\\csname ent@([^@]+)@(\w+)\\endcsname\{(.*)\}$", flags=re.M)


@pytest.fixture
def made(tmp_path):
    run = Run(tmp_path)
    run.build()
    return run, json.loads((tmp_path / "reports/claims.json").read_text())


def text(run, name):
    return run.output.with_name(name).read_text(encoding="utf-8")


def macros(run):
    return {(claim, name): value for claim, name, value in MACRO.findall(text(run, "summary.tex"))}


def test_every_number_of_every_claim_has_a_macro(made):
    run, claims = made
    found = macros(run)
    assert claims
    for claim in claims:
        low, high = claim["ci_low"], claim["ci_high"]
        value = phrasing.measured(claim["measured"], low, high)
        assert found[claim["id"], "measured"] == handout.tex(value)
        assert found[claim["id"], "verdict"] == claim["verdict"]
        assert found[claim["id"], "tolerance"] == handout.tex(
            phrasing.number(claim["tolerance"], 2)
        )
        for name in ("low", "high", "claimed", "control", "theory", "networks"):
            assert (claim["id"], name) in found


def test_a_number_that_changes_changes_its_macro_and_its_line(made):
    run, claims = made
    before, page = macros(run), text(run, "summary.md")
    first = claims[0]
    run.claims[0] = run.claims[0].replace("tolerance: ", "tolerance: 1")
    run.build()
    after = macros(run)
    changed = {key for key in before if before[key] != after[key]}
    assert {claim for claim, _ in changed} <= {first["id"], "run"}
    assert (first["id"], "tolerance") in changed
    assert text(run, "summary.md") != page


def test_the_page_names_every_printed_claim_with_its_verdict_and_how_to_cite(made):
    run, claims = made
    page = text(run, "summary.md")
    for claim in claims:
        if claim["kind"] == "printed":
            assert f"**{claim['id']}, {claim['verdict']}**" in page
    assert "@misc{entanglement," in page
    assert "seed 2309" in page


def test_braces_and_marks_are_balanced_whatever_a_claim_says(made):
    run, _ = made
    tex = re.sub(r"\\[{}%#&_$]", "", text(run, "summary.tex"))
    code = [re.sub("%.*", "", line) for line in tex.splitlines()]
    assert sum(line.count("{") - line.count("}") for line in code) == 0
    assert handout.tex("50 % of $x_1 & {y}#\\^~") == (
        r"50 \% of \$x\_1 \& \{y\}\#\textbackslash{}\textasciicircum{}\textasciitilde{}"
    )
    assert handout.tex("1.2\u00a0×\u00a010⁻⁵ ≥ −∞") == (r"1.2~$\times$~10$^{-5}$ $\ge$ $-$$\infty$")


def test_the_ledgers_own_words_leave_nothing_that_latex_cannot_print():
    from entanglement import claims

    for claim in claims.read(PROJECT / "workflow/claims.yaml"):
        for said in (claim.sentence, claim.where):
            assert handout.tex(said).isascii(), (claim.id, said)


def test_two_pages_hold_what_is_said_of_a_paper():
    """At the length of the ledger's own words, with numbers as long as they get."""
    from entanglement import claims
    from entanglement.report import words

    said = words.read(PROJECT / "workflow/report.yaml")
    numbers = {"measured": 1.234e-5, "ci_low": 1.0e-5, "ci_high": 1.5e-5, "theory_z": 0.5}
    for paper in said.papers:
        entries = [
            {
                **entry.model_dump(), **numbers, "networks": 30, "paper": paper,
                "predicted": 1e-5, "verdict": next(iter(entry.means)),
                "control": {**entry.control.model_dump(), **numbers},
            }
            for entry in claims.read(PROJECT / "workflow/claims.yaml")
            if entry.paper == paper
        ]  # fmt: skip
        lines = [handout._judged(entry) for entry in entries if entry["kind"] == "printed"]
        lines += [handout._short(entry) for entry in entries if entry["kind"] in handout.OTHERS]
        assert len(" ".join(lines).split()) <= WORDS


def test_it_is_sealed_and_a_changed_byte_is_seen(made):
    run, _ = made
    path = Path(run.output.with_name("summary.md"))
    assert seal.verified(path).beside.keys() == {"summary.tex"}
    beside = path.with_name("summary.tex")
    beside.write_text(beside.read_text().replace("seed", "sead", 1))
    with pytest.raises(seal.DataError, match="damaged"):
        seal.verified(path)
