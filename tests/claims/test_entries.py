"""Mistakes in claims.yaml are all named at once, each with its line."""

from pathlib import Path

import pytest

from entanglement.claims import DocumentError, read

GOOD = """\
- id: A1
  paper: A
  sentence: "The angle collapses."
  where: "III-A"
  figure: convergence
  statistic: folded
  rule: at_most
  claimed: {value: 0, source: "Eq. 22"}
  tolerance: 1e-2
  predicted: null
  control: {name: random rows, statistic: folded_random, must: differ}
  minimum: {networks: 30}
"""


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
        ("rule: at_most", "rule: atmost", 7, "'atmost' given: Input should be 'equal', 'at_most'"),
        ("tolerance: 1e-2", "tolerance: 0", 9, "0 given: Input should be greater than 0"),
        ("tolerance: 1e-2", "tolerance: .nan", 9, "nan given"),
        ("tolerance: 1e-2", "tolerance: '1'", 9, "must be a number, without quotes"),
        ("tolerance: 1e-2", "tolerance: true", 9, "must be a number"),
        ("tolerance: 1e-2\n", "\n", 1, "tolerance: A1: this key is missing"),
        ("  statistic: folded\n", "  statistik: folded\n", 6, "did you mean `statistic`?"),
        ("id: A1", "id: Q1", 1, "such as A1"),
        ("must: differ", "must: match", 11, "'differ' or 'equal'"),
        ("networks: 30", "networks: many", 12, "'many' given"),
        ("value: 0, ", "", 8, "value: A1: this key is missing"),
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
    assert "A1: an id stands more than once" in errors(tmp_path, GOOD + GOOD)


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
