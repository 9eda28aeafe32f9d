"""Every quotation stands in its paper: each five words of it follow each other there."""

from pathlib import Path

import pytest
import quotes

from entanglement import claims

CLAIMS = claims.read(Path(__file__).parents[2] / "workflow" / "claims.yaml")
QUOTED = [claim for claim in CLAIMS if claim.quote]
PAPERS = quotes.stored()


def missing(paper: str, quote: str) -> list[str]:
    """Windows of a quotation that its paper does not have."""
    found, known = quotes.words(quote), PAPERS[paper]
    return [
        " ".join(found[i : i + quotes.SIZE])
        for i, window in enumerate(quotes.windows(quote))
        if window not in known
    ]


@pytest.mark.parametrize("claim", QUOTED, ids=lambda claim: claim.id)
def test_a_quote_is_verbatim(claim: claims.Claim) -> None:
    assert claim.quote
    assert quotes.windows(claim.quote), f"{claim.id}: fewer than {quotes.SIZE} words to check"
    assert missing(claim.paper, claim.quote) == []


@pytest.mark.parametrize("claim", QUOTED, ids=lambda claim: claim.id)
def test_a_word_changed_or_the_other_paper_is_noticed(claim: claims.Claim) -> None:
    assert claim.quote
    found = quotes.words(claim.quote)
    for i in range(len(found)):
        assert missing(claim.paper, " ".join([*found[:i], "entirely", *found[i + 1 :]]))
    assert missing("AB"[claim.paper == "A"], claim.quote)


def test_formulas_numbers_and_references_do_not_count() -> None:
    assert quotes.words("As $L$ grows, the norm ‖w_L‖ [4] – (Eq. 5) – grows too.") == [
        "as", "grows", "the", "norm", "eq", "grows", "too",
    ]  # fmt: skip
