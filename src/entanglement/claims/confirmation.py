"""The ledger's digest and the root seed that it names: no seed can be chosen after looking."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

DIGITS = 6


def digest(claims: Iterable[Mapping[str, Any]]) -> str:
    """SHA-256 over everything that decides a verdict, and over no prose.

    Parameters
    ----------
    claims
        Entries of claims.json, or of claims.yaml as `Claim.model_dump` gives them. Their order
        and their ids do not count: a seed cannot be chosen by renaming.
    """
    entries = sorted(json.dumps(_decisive(claim), sort_keys=True) for claim in claims)
    return hashlib.sha256("\n".join(entries).encode()).hexdigest()


def seed(ledger: str) -> int:
    """Root seed of the confirmatory run: six digits that a digest names."""
    least: int = 10 ** (DIGITS - 1)
    return least + int(ledger, 16) % (9 * least)


def changes_after_data(claims: Iterable[Mapping[str, Any]]) -> int:
    """How many changes were made to claims after their data had been seen."""
    return sum(change["data_seen"] for claim in claims for change in claim["history"])


def _decisive(claim: Mapping[str, Any]) -> dict[str, Any]:
    control, partly = claim["control"], claim["partly"]
    return {
        **{key: claim[key] for key in ("kind", "figure", "statistic", "rule", "tolerance")},
        "claimed": claim["claimed"]["value"],
        "minimum": claim["minimum"],
        "control": [control["statistic"], control["must"]],
        "partly": partly and partly["statistic"],
    }
