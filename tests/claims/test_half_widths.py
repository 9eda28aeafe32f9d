"""A tolerance is at least three half-widths of its interval at the default sizes."""

import json
from pathlib import Path

import half_widths
import pytest

from entanglement import claims
from entanglement.experiments import REGISTRY
from entanglement.pipeline import config

PROJECT = Path(__file__).parents[2]
CLAIMS = claims.read(PROJECT / "workflow" / "claims.yaml")
STORED = json.loads(half_widths.STORED.read_text())
CELLS = config.load([PROJECT / "config.yaml"], REGISTRY).cells
# Their tolerance asks for more networks than a run of minutes trains, and so does their minimum:
# they get no verdict before that. No other may join them.
WAITING = {"B6.2", "B6.3", "B6.6"}


def judged(claim: claims.Claim) -> bool:
    """Whether the default configuration is as large as the claim's minimum."""
    sizes = [cell.parameters for cell in CELLS[claim.figure]]
    # A statistic may pool the networks of several cells.
    largest = {key: max(size.get(key, 0) for size in sizes) for key in claim.minimum}
    largest["networks"] = sum(size["networks"] for size in sizes)
    return all(largest[key] >= least for key, least in claim.minimum.items())


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.id)
def test_a_tolerance_is_at_least_three_half_widths_or_nothing_is_judged(claim):
    name = f"{claim.figure}/{claim.statistic}"
    assert name in STORED, "write its half-width at the default sizes: see half_widths.py"
    assert judged(claim) == (claim.id not in WAITING)
    assert claim.tolerance >= 3 * STORED[name] or not judged(claim), STORED[name]
