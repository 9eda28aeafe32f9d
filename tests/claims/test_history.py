"""What the ledger says of its own past can be looked up: every commit that it names is there."""

import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from entanglement import claims

PROJECT = Path(__file__).parents[2]
CLAIMS = claims.read(PROJECT / "workflow" / "claims.yaml")
CHANGES = [
    pytest.param(claim.figure, change.commit, id=f"{claim.id}-{change.commit}")
    for claim in CLAIMS
    for change in claim.history
]
# Changes of a grid that no claim has to name, and why.
READ_BY_NO_CLAIM = {("4a19e4a", "reconciliation"): "of its cell without selection"}


def git(*words: str) -> str:
    """What git answers; nothing where it knows no such commit."""
    run = subprocess.run(["git", "-C", str(PROJECT), *words], capture_output=True, text=True)
    return run.stdout


@pytest.fixture(scope="module", autouse=True)
def _whole_history() -> None:
    if shutil.which("git") is None or git("rev-parse", "--show-toplevel").strip() != str(PROJECT):
        pytest.skip("not a checkout of git: there is no history to look into")
    if git("rev-parse", "--is-shallow-repository").strip() == "true":
        pytest.skip("a shallow clone: fetch the whole history (git fetch --unshallow)")


@cache
def changed(commit: str) -> frozenset[str]:
    """The files that an ancestor of what is checked out changed; none if it is no ancestor."""
    found = git("rev-list", "--no-walk", commit, "--").strip()
    if not found or git("merge-base", found, "HEAD").strip() != found:
        return frozenset()
    return frozenset(git("show", "--name-only", "--format=", found).split())


def decides(figure: str, commit: str) -> bool:
    """Whether a commit touched what can change a verdict of this figure."""
    summary = f"src/entanglement/experiments/{figure}/summary.py"
    return bool(changed(commit) & {"workflow/claims.yaml", "config.yaml", summary})


@pytest.mark.parametrize(("figure", "commit"), CHANGES)
def test_a_change_is_in_the_history_and_touched_what_decides(figure: str, commit: str) -> None:
    assert changed(commit), f"{commit} is no ancestor of what is checked out"
    assert decides(figure, commit), f"{commit} changed only {sorted(changed(commit))}"


def grids(commit: str) -> dict[str, dict]:
    """What config.yaml asked of each figure at a commit."""
    text = git("show", f"{commit}:config.yaml")
    return (YAML(typ="safe").load(text) or {}).get("figures") or {} if text else {}


def resized(before: dict, after: dict) -> bool:
    """Whether a figure's grid changed by more than further cells."""
    kept = all(case in after.get("cases", []) for case in before.get("cases", []))
    return not kept or any(before.get(key) != after.get(key) for key in ("fixed", "grid"))


def silent(named: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """Commits that changed the cells of a figure whose claims do not name them."""
    found = set()
    for commit in git(
        "log", "--no-merges", "--format=%h", "--abbrev=7", "--", "config.yaml"
    ).split():
        before, after = grids(f"{commit}^"), grids(commit)
        both = set(before) & set(after)
        found |= {(commit, f) for f in both if resized(before[f], after[f])} - named
    return found


def test_no_grid_changed_in_silence() -> None:
    named = {(change.commit, claim.figure) for claim in CLAIMS for change in claim.history}
    left = silent(named) ^ set(READ_BY_NO_CLAIM)
    assert not left, f"name them in the `history` of their figures' claims: {sorted(left)}"
    assert ("3f70367", "distance_robustness") in silent(set())


def test_a_commit_that_is_not_there_or_changed_other_things_is_found_out() -> None:
    assert not changed("0000000")
    # Headings of docs/theory.md decide no verdict.
    assert changed("eeba882") == {"docs/theory.md"}
    assert not decides("convergence", "eeba882")
