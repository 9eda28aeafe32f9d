"""The small picture in each row of the claims table."""

import re
from typing import Any
from urllib.parse import unquote

import pytest

from entanglement.report import phrasing, whisker


def entry(**changes: Any) -> dict[str, Any]:
    control = {"name": "null", "measured": 0.5, "ci_low": 0.4, "ci_high": 0.6, "passed": True}
    base = {
        "rule": "equal", "claimed": {"value": 0.0}, "tolerance": 0.1, "measured": 0.05, "ci_low": 0.02,
        "ci_high": 0.08, "predicted": 0.04, "theory_z": 0.7, "control": control,
    }  # fmt: skip
    return base | changes


def draw(**changes: Any) -> str:
    """The picture as markup; it stands in the page as its own address."""
    return unquote(whisker.draw(entry(**changes)))


def band(drawn: str) -> tuple[float, float]:
    found = re.search(r'stroke="none" d="M([\d.]+) 3h([\d.]+)v', drawn)
    assert found
    left, width = map(float, found.groups())
    return left, left + width


def dot(drawn: str) -> float:
    found = re.search(r'stroke="#2f81f7" d="[^a]*M([-\d.]+) 15a4', drawn)
    assert found
    return float(found.group(1)) + 4


def test_the_dot_lies_in_the_band_where_the_value_does() -> None:
    left, right = band(draw())
    assert left < dot(draw()) < right
    drawn = draw(measured=0.3, ci_low=0.2, ci_high=0.4)
    assert dot(drawn) > band(drawn)[1]


def test_one_sided_bands_reach_the_edge() -> None:
    assert band(draw(rule="at_most"))[0] == 0
    assert band(draw(rule="at_least"))[1] == whisker.WIDTH


@pytest.mark.parametrize("value", [1e6, -1e6, 1e300])
def test_a_far_control_does_not_hide_the_band(value: float) -> None:
    control = {"name": "null", "measured": value, "ci_low": value, "ci_high": value}
    drawn = draw(control=control)
    left, right = band(drawn)
    assert right - left >= 1.5
    assert left <= dot(drawn) <= right
    assert 'dasharray="5 3"' in drawn
    assert 'dasharray="none"' in draw()


def test_without_numbers_nothing_is_drawn_that_is_not_there() -> None:
    assert draw(measured=None) == ""
    nothing = {"name": "null", "measured": None, "ci_low": None, "ci_high": None}
    drawn = draw(predicted=None, control=nothing, ci_low=None, ci_high=None)
    assert "V25" in draw()
    assert "V25" not in drawn  # the theory's bar
    assert whisker.CONTROL in draw()
    assert whisker.CONTROL not in drawn


def luminance(color: str) -> float:
    parts = (int(color[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("page", ["#ffffff", "#101418"])
@pytest.mark.parametrize("color", [whisker.INK, whisker.CONTROL, whisker.MEASURED])
def test_marks_are_seen_on_a_light_and_a_dark_page(color: str, page: str) -> None:
    low, high = sorted((luminance(color), luminance(page)))
    assert (high + 0.05) / (low + 0.05) >= 3


def test_words_stand_beside_the_picture() -> None:
    assert 'alt="Measured 0.050, claimed 0 ± 0.1, control 0.50"' in draw()


def test_theory_has_a_tone() -> None:
    assert phrasing.theory(entry()) == ("good", "0.04", "+0.7 s.e.")
    assert phrasing.theory(entry(theory_z=-5.0))[0] == "bad"
    assert phrasing.theory(entry(theory_z=0.0))[2] == "equal"
    assert phrasing.theory(entry(theory_z=None))[0] == "none"
    assert phrasing.theory(entry(predicted=None)) == ("none", "–", "")
