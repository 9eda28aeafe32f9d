"""The first screen: what is true of each paper, in sentences that the verdicts choose."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from entanglement.claims import verdicts
from entanglement.pipeline import places
from entanglement.report import filling, words

Claim = Mapping[str, Any]


def answers(paper: words.PaperWords, judged: Sequence[Claim]) -> list[dict[str, Any]]:
    """Plain sentences about a paper.

    Parameters
    ----------
    paper
        Its `summary`: sentences made of the meanings of claims.
    judged
        All entries of claims.json.

    Returns
    -------
    For each sentence that names a judged claim: `text` (empty where no claim of it has a verdict
    in words), the claims, and `question`, which is what stays open without any.
    """
    known, entries = filling.meanings(judged), {claim["id"]: claim for claim in judged}
    rows = []
    for text in paper.summary:
        claims = [entries[name] for name in dict.fromkeys(places.names(text)) if name in entries]
        if claims:
            # Where one claim of a sentence is open, the others still say what they say.
            said = [known[claim["id"]] for claim in claims if claim["id"] in known]
            made = filling.filled(text, known) or (
                f"{filling.begun('; '.join(said))}." if said else ""
            )
            rows.append({"text": made, "question": claims[0]["question"], "claims": claims})
    return rows


def tallies(judged: Sequence[Claim], paper: str) -> dict[str, dict[str, int]]:
    """Count a paper's verdicts by kind: never both papers, or two kinds, in one sum."""
    found: dict[str, Counter[str]] = {}
    for entry in judged:
        if entry["paper"] == paper:
            found.setdefault(entry["kind"], Counter())[entry["verdict"]] += 1
    return {kind: in_order(found[kind]) for kind in verdicts.POSITIVE if kind in found}


def in_order(counts: Mapping[str, int]) -> dict[str, int]:
    """Counts of verdicts in the order in which verdicts are listed, without zeros."""
    return {verdict: counts[verdict] for verdict in verdicts.VERDICTS if counts.get(verdict)}
