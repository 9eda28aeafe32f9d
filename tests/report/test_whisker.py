"""The small picture in each row of the claims table."""

import re
from typing import Any

import pytest

from entanglement.report import phrasing, whisker


def entry(**changes: Any) -> dict[str, Any]:
    control = {"name": "null", "measured": 0.5, "ci_low": 0.4, "ci_high": 0.6, "passed": True}
    base = {
        "rule": "equal", "claimed": {"value": 0.0}, "tolerance": 0.1, "measured": 0.05, "ci_low": 0.02,
        "ci_high": 0.08, "predicted": 0.04, "theory_z": 0.7, "control": control,
    }  # fmt: skip
    return base | changes


def band(drawn: str) -> tuple[float, float]:
    found = re.search(r'class="band[^"]*" d="M0 15H200M([\d.]+) 3h([\d.]+)v', drawn)
    assert found
    left, width = map(float, found.groups())
    return left, left + width


def dot(drawn: str) -> float:
    found = re.search(r'class="measured" d="[^a]*M([-\d.]+) 15a4', drawn)
    assert found
    return float(found.group(1)) + 4


def test_the_dot_lies_in_the_band_where_the_value_does() -> None:
    left, right = band(whisker.draw(entry()))
    assert left < dot(whisker.draw(entry())) < right
    drawn = whisker.draw(entry(measured=0.3, ci_low=0.2, ci_high=0.4))
    assert dot(drawn) > band(drawn)[1]


def test_one_sided_bands_reach_the_edge() -> None:
    assert band(whisker.draw(entry(rule="at_most")))[0] == 0
    assert band(whisker.draw(entry(rule="at_least")))[1] == whisker.WIDTH


@pytest.mark.parametrize("value", [1e6, -1e6, 1e300])
def test_a_far_control_does_not_hide_the_band(value: float) -> None:
    control = {"name": "null", "measured": value, "ci_low": value, "ci_high": value}
    drawn = whisker.draw(entry(control=control))
    left, right = band(drawn)
    assert right - left >= 1.5
    assert left <= dot(drawn) <= right
    assert "stretched" in drawn
    assert "stretched" not in whisker.draw(entry())


def test_without_numbers_nothing_is_drawn_that_is_not_there() -> None:
    assert whisker.draw(entry(measured=None)) == ""
    nothing = {"name": "null", "measured": None, "ci_low": None, "ci_high": None}
    drawn = whisker.draw(entry(predicted=None, control=nothing, ci_low=None, ci_high=None))
    assert 'class="theory"' not in drawn
    assert 'class="control"' not in drawn


def test_words_stand_beside_the_picture() -> None:
    assert 'aria-label="Measured 0.050, claimed 0 ± 0.1, control 0.50"' in whisker.draw(entry())


def test_theory_has_a_tone() -> None:
    assert phrasing.theory(entry()) == ("good", "0.04", "+0.7 s.e.")
    assert phrasing.theory(entry(theory_z=-5.0))[0] == "bad"
    assert phrasing.theory(entry(theory_z=0.0))[2] == "equal"
    assert phrasing.theory(entry(theory_z=None))[0] == "none"
    assert phrasing.theory(entry(predicted=None)) == ("none", "–", "")
