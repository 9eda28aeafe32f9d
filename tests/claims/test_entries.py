"""Mistakes in claims.yaml are all named at once, each with its line."""

import re
from pathlib import Path

import pytest

from entanglement.claims import Claim, DocumentError, read

GOOD = """\
- id: A1
  question: "Does it?"
  kind: printed
  quote: "the angle collapses for large values"
  sentence: "The angle collapses."
  where: "III-A"
  figure: convergence
  panel: folded_loss
  statistic: folded
  rule: at_most
  claimed: {value: 0, source: "Eq. 22", whose: paper}
  tolerance: 1e-2
  predicted: null
  control: {name: random rows, statistic: folded_random, must: differ}
  minimum: {networks: 30}
  means: {reproduced: "it does", not reproduced: "it does not"}
"""
IMPLIED = (
    GOOD.replace("id: A1", "id: A1.2")
    .replace('  question: "Does it?"\n', "")
    .replace("printed", "implied")
    .replace("not reproduced", "does not hold")
    .replace("reproduced", "holds")
)
OURS = re.sub("  quote: .*\n", "", IMPLIED.replace("implied", "ours")).replace(
    'holds: "it does", does not hold', 'supported: "it does", not supported'
)


def errors(tmp_path: Path, text: str) -> str:
    path = tmp_path / "claims.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DocumentError) as caught:
        read(path)
    return str(caught.value)


def test_a_claim_is_read_with_yaml_1_2_numbers(tmp_path: Path) -> None:
    path = tmp_path / "claims.yaml"
    path.write_text(GOOD, encoding="utf-8")
    (claim,) = read(path)
    assert claim.tolerance == 0.01
    assert claim.band == (-float("inf"), 0.01)


@pytest.mark.parametrize(
    ("old", "new", "line", "expected"),
    [
        ("rule: at_most", "rule: atmost", 10, "'atmost' given: Input should be 'equal', 'at_most'"),
        ("tolerance: 1e-2", "tolerance: 0", 12, "0 given: Input should be greater than 0"),
        ("tolerance: 1e-2", "tolerance: .nan", 12, "nan given"),
        ("tolerance: 1e-2", "tolerance: '1'", 12, "must be a number, without quotes"),
        ("tolerance: 1e-2", "tolerance: true", 12, "must be a number"),
        ("tolerance: 1e-2\n", "\n", 1, "tolerance: A1: this key is missing"),
        ("  statistic: folded\n", "  statistik: folded\n", 9, "did you mean `statistic`?"),
        ("id: A1", "id: Q1", 1, "such as A1"),
        ("must: differ", "must: match", 14, "'differ' or 'equal'"),
        ("networks: 30", "networks: many", 15, "'many' given"),
        ("value: 0, ", "", 11, "value: A1: this key is missing"),
        ("whose: paper", "whose: mine", 11, "'paper' or 'test'"),
        ("kind: printed", "kind: said", 3, "'printed', 'implied', 'theorem' or 'ours'"),
        (
            '  quote: "the angle collapses for large values"\n',
            "",
            1,
            "quote: A1: None given: needed",
        ),
        ("the angle", "angle " * 40, 4, "44 words; at most 40"),
        ("not reproduced:", "refuted:", 16, "one entry each for: reproduced, not reproduced"),
        ("kind: printed", "kind: printed\n  explains: A2", 4, "only an implied claim"),
    ],
)
def test_a_mistake_is_named_with_its_line(
    tmp_path: Path, old: str, new: str, line: int, expected: str
) -> None:
    text = errors(tmp_path, GOOD.replace(old, new, 1))
    assert expected in text
    assert any(f"claims.yaml:{line}: " in row for row in text.splitlines()), text


def test_all_mistakes_come_at_once_under_the_claim_id(tmp_path: Path) -> None:
    text = errors(tmp_path, GOOD.replace("at_most", "never").replace("1e-2", "-1"))
    assert len(text.splitlines()) == 2
    assert ": [0].rule: A1: " in text
    assert ": [0].tolerance: A1: " in text


def test_a_repeated_id_is_an_error(tmp_path: Path) -> None:
    text = errors(tmp_path, GOOD + GOOD)
    assert "claims.yaml:17: [1].id: A1: an id stands more than once" in text


def entries(tmp_path: Path, text: str) -> list[Claim]:
    path = tmp_path / "claims.yaml"
    path.write_text(text, encoding="utf-8")
    return read(path)


def test_each_kind_has_its_own_keys(tmp_path: Path) -> None:
    ours = OURS.replace("A1.2", "A1.3")
    kinds = [claim.kind for claim in entries(tmp_path, GOOD.replace("A1", "A1.1") + IMPLIED + ours)]
    assert kinds == ["printed", "implied", "ours"]
    quoted = ours.replace("  sentence", '  quote: "words"\n  sentence')
    assert "stands in no paper" in errors(tmp_path, quoted)
    part = "  partly: {range: shallow, statistic: folded_shallow}\n"
    assert "only a printed claim can hold in part" in errors(tmp_path, IMPLIED + part)
    assert "reproduced, not reproduced, partly" in errors(
        tmp_path, GOOD.replace("  means", part + "  means")
    )


def test_what_explains_a_claim_explains_a_printed_one(tmp_path: Path) -> None:
    explaining = IMPLIED.replace("  sentence", "  explains: A1.1\n  sentence")
    assert entries(tmp_path, GOOD.replace("A1", "A1.1") + explaining)[1].explains == "A1.1"
    text = errors(tmp_path, GOOD.replace("A1", "A1.3") + explaining)
    assert "'A1.1' is no printed claim" in text


def test_the_first_claim_of_a_group_and_no_other_says_what_it_asks(tmp_path: Path) -> None:
    assert "the first claim of A1" in errors(tmp_path, IMPLIED)
    again = IMPLIED.replace("  kind", '  question: "Again?"\n  kind')
    assert "the first claim of A1" in errors(tmp_path, GOOD.replace("A1", "A1.1") + again)


def test_two_claims_are_not_each_others_control(tmp_path: Path) -> None:
    first = GOOD.replace("A1", "A1.1")
    swapped = IMPLIED.replace("statistic: folded\n", "statistic: folded_random\n").replace(
        "statistic: folded_random, must", "statistic: folded, must"
    )
    text = errors(tmp_path, first + swapped)
    assert "A1.1: A1.2 is this claim's control and has it as its own" in text
    assert "A1.2: A1.1 is this claim's control and has it as its own" in text
    assert len(entries(tmp_path, first + swapped.replace("convergence", "causes"))) == 2


@pytest.mark.parametrize("text", ["- {", "a: [1\n", "- id: A1\n  id: A2\n"])
def test_broken_yaml_is_named_with_its_line(tmp_path: Path, text: str) -> None:
    assert "YAML syntax: " in errors(tmp_path, text)


def test_a_file_of_another_shape_or_none_is_named(tmp_path: Path) -> None:
    assert "list" in errors(tmp_path, "figures: {}\n")
    with pytest.raises(DocumentError, match="cannot be read"):
        read(tmp_path / "none.yaml")
    (tmp_path / "latin.yaml").write_bytes(b"\xff\xfe- \xe9")
    with pytest.raises(DocumentError, match="not text in UTF-8"):
        read(tmp_path / "latin.yaml")


def test_no_claims_is_no_error(tmp_path: Path) -> None:
    (tmp_path / "claims.yaml").write_text("# nothing yet\n")
    assert read(tmp_path / "claims.yaml") == []


def test_the_projects_own_claims_are_well_formed() -> None:
    read(Path(__file__).parents[2] / "workflow" / "claims.yaml")
