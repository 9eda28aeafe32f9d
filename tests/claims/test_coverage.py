"""coverage.yaml lists all that the papers state; the contents of both are written down here too."""

import re
from pathlib import Path

import pytest

from entanglement.claims import DocumentError
from entanglement.claims.coverage import Coverage, Item, read

OWN = Path(__file__).parents[2] / "workflow" / "coverage.yaml"

# Statements in prose, by section, in the papers' order; "" is the section as a whole.
STATEMENTS = {
    "A": {
        "Abstract": ("zero loss", "length contraction", "recognisable", "robust", "insight"),
        "I": ("",),
        "I-A": ("",),
        "I-B": (
            "question", "no gradient", "contribution 1", "contribution 2", "contribution 3",
            "unseen noise",
        ),
        "II": ("", "other optimisers"),
        "II-A": ("", "adding zero", "inferred density", "sufficient"),
        "II-B": ("",),
        "II-B1": ("collisions", "a solution exists"),
        "II-C": ("",),
        "II-D": ("", "norm"),
        "III": ("length 2",),
        "III-A": (
            "two groups", "symmetry", "nearest class", "overparameterised", "likelihood",
            "one sample", "entanglement",
        ),
        "IV": ("", "distances", "light clock", "shorter d'", "both converge", "delay"),
        "V": (
            "universality", "three factors", "large distance", "large output", "scale",
            "learning rate", "by the norm",
        ),
        "VI": ("reconciliation", "own inputs", "threshold", "outcome"),
        "VI-A": (
            "tampering", "who has the model", "only the two", "without the model", "noise factor",
            "NP-hard", "noise", "deep enough", "classifier", "inverted",
        ),
        "VII": (
            "noise", "worst case", "Gibbon", "hidden", "more noise", "low noise",
            "unrelated input", "explanation", "adding or subtracting", "no label", "well posed",
            "misclassification", "structure",
        ),
        "VIII": (
            "others", "zero loss", "spacetime", "gradient descent", "recovered", "robust",
            "non-robust features",
        ),
        "VIII-A": ("",),
    },
    "B": {
        "Title": ("",),
        "Abstract": ("",),
        "1": (
            "converged", "question", "random matrices", "quantum computing", "other point",
            "lower barrier", "negative barrier", "better model", "sufficient", "retraining",
            "random process", "fake data", "corner case", "replaced instantly",
        ),
        "2": (
            "redefined product", "two matrices", "ordinary product", "display 1",
            "any two matrices", "infinitely many", "display 2", "unchanged", "translation",
            "embedding", "complex entries", "display 3", "automorphisms", "conformal",
            "isometry group", "any element", "display 4",
        ),
        "3": ("Example 1", "scaling factor"),
        "4": ("",),
        "5": ("",),
    },
}  # fmt: skip
NUMBERED = {
    "A": (
        *(f"Eq. {number}" for number in range(1, 35)),
        *("Fig. 1", "Fig. 2", "Fig. 3 a-d", "Fig. 3 e", "Fig. 4 a", "Fig. 4 b"),
        *("Fig. 5 a-d", "Fig. 5 e", "Fig. 5 f", "Fig. 6", "Fig. 7 a-d"),
        *("Fig. 8, setup", "Fig. 8, results", "Fig. 9, setup", "Fig. 9, results"),
        *("Algorithm 1", "Algorithm 1, dropout", "Algorithm 2"),
        *(f"Remark {number}" for number in range(1, 5)),
    ),
    "B": ("Definition 1",),
}
EVERY = [
    *((paper, item) for paper, items in NUMBERED.items() for item in items),
    *(
        (paper, ", ".join(filter(None, (section, word))))
        for paper, sections in STATEMENTS.items()
        for section, words in sections.items()
        for word in words
    ),
]


@pytest.fixture(scope="module")
def own() -> Coverage:
    return read(OWN)


def missing(coverage: Coverage) -> list[tuple[str, str]]:
    """What the papers hold and a coverage does not list."""
    listed = {(paper, item.item) for paper in ("A", "B") for item in getattr(coverage, paper)}
    return [entry for entry in EVERY if entry not in listed]


def test_everything_in_the_papers_is_listed_and_nothing_else(own: Coverage) -> None:
    assert missing(own) == []
    assert len(own.A) + len(own.B) == len(EVERY)


@pytest.mark.parametrize(("paper", "name"), EVERY)
def test_an_item_that_is_left_out_is_missed(own: Coverage, paper: str, name: str) -> None:
    items = [item for item in getattr(own, paper) if item.item != name]
    assert missing(own.model_copy(update={paper: items})) == [(paper, name)]


def out_of_order(items: list[Item], paper: str) -> list[str]:
    """Items that stand before an earlier section, or an earlier one of the same numbering."""
    sections, last, wrong = list(STATEMENTS[paper]), {}, []
    for item in items:
        numbered = re.match(r"(Eq\.|Fig\.|Algorithm|Remark) (\d+)", item.item)
        section = item.item.split(",")[0]
        if numbered:
            kind, place = numbered[1], int(numbered[2])
        elif section in sections:
            kind, place = "section", sections.index(section)
        else:
            continue
        if place < last.get(kind, 0):
            wrong.append(item.item)
        last[kind] = place
    return wrong


@pytest.mark.parametrize("paper", ["A", "B"])
def test_items_stand_in_the_papers_order(own: Coverage, paper: str) -> None:
    items = getattr(own, paper)
    assert out_of_order(items, paper) == []
    assert out_of_order([*items[5:], *items[:5]], paper)


GOOD = """\
A:
  - item: Eq. 6
    says: A ratio.
    claims: [A1]
  - item: Fig. 2
    says: An overview.
    why: A diagram.
B: []
"""


def errors(tmp_path: Path, text: str) -> list[str]:
    path = tmp_path / "coverage.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(DocumentError) as caught:
        read(path)
    return str(caught.value).splitlines()


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("    claims: [A1]\n", "", "coverage.yaml:2: A[0]: Eq. 6: give `claims`, `panels` or both"),
        ("claims: [A1]", "claims: []", "coverage.yaml:2: A[0]: Eq. 6: give `claims`"),
        ("why: A", "panels: [a/b]\n    why: A", "coverage.yaml:5: A[1]: Fig. 2: give `claims`"),
        ("    says: A ratio.\n", "", "coverage.yaml:2: A[0].says: Eq. 6: this key is missing"),
        ("says: A ratio", "say: A ratio", "did you mean `says`?"),
        ("claims: [A1]", "claims: A1", "coverage.yaml:4: A[0].claims: Eq. 6: 'A1' given"),
        ("B: []\n", "", "B: this key is missing"),
        ("Fig. 2", "Eq. 6", "coverage.yaml:1: A: an item stands more than once: Eq. 6"),
    ],
)
def test_a_mistake_is_named_with_its_line(
    tmp_path: Path, old: str, new: str, expected: str
) -> None:
    assert any(expected in line for line in errors(tmp_path, GOOD.replace(old, new, 1)))


def test_all_mistakes_come_at_once(tmp_path: Path) -> None:
    text = GOOD.replace("    says: A ratio.\n", "").replace("    why: A diagram.\n", "")
    assert len(errors(tmp_path, text)) == 2
