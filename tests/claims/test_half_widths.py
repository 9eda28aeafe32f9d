"""A tolerance is at least three half-widths of its interval at the default sizes."""

import json
from pathlib import Path

import half_widths
import pytest

from entanglement import claims

CLAIMS = claims.read(Path(__file__).parents[2] / "workflow" / "claims.yaml")
STORED = json.loads(half_widths.STORED.read_text())
# Tolerances that their intervals are too wide for; no other may join them.
OPEN = {
    "barriers/both_gain", "barriers/further_H_dilation_adam", "barriers/negative_E",
    "barriers/negative_H", "barriers/signs_gain_dot",
}  # fmt: skip


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.id)
def test_a_tolerance_is_at_least_three_half_widths(claim: claims.Claim) -> None:
    name = f"{claim.figure}/{claim.statistic}"
    assert name in STORED, "write its half-width at the default sizes: see half_widths.py"
    assert (claim.tolerance < 3 * STORED[name]) == (name in OPEN), (claim.tolerance, STORED[name])
