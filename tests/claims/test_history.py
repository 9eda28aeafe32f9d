"""What the ledger says of its own past can be looked up: every commit that it names is there."""

import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest

from entanglement import claims

PROJECT = Path(__file__).parents[2]
CHANGES = [
    pytest.param(claim.figure, change.commit, id=f"{claim.id}-{change.commit}")
    for claim in claims.read(PROJECT / "workflow" / "claims.yaml")
    for change in claim.history
]


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


def test_a_commit_that_is_not_there_or_changed_other_things_is_found_out() -> None:
    assert not changed("0000000")
    # Headings of docs/theory.md decide no verdict.
    assert changed("eeba882") == {"docs/theory.md"}
    assert not decides("convergence", "eeba882")
