"""Every branch of the rule that turns a measurement into a verdict."""

import math

import pytest

from entanglement.claims import verdicts
from entanglement.claims.verdicts import Measurement

BAND = (-0.25, 0.25)
NAN = math.nan


def measured(value: float, half: float = 0.125, **more: float) -> Measurement:
    return Measurement(value, value - half, value + half, **more)


@pytest.mark.parametrize(
    ("value", "half", "expected"),
    [
        (0.0, 0.125, verdicts.POSITIVE["printed"]),
        (0.125, 0.125, verdicts.POSITIVE["printed"]),  # the interval touches the edge from inside
        (0.1251, 0.125, verdicts.MORE_NETWORKS),
        (0.375, 0.125, verdicts.MORE_NETWORKS),  # touches the edge from outside
        (0.3751, 0.125, verdicts.NEGATIVE["printed"]),
        (-0.3751, 0.125, verdicts.NEGATIVE["printed"]),
        (0.0, 0.5, verdicts.MORE_NETWORKS),  # wider than the band
        (0.25, 0.0, verdicts.MORE_NETWORKS),  # networks that agree are no evidence of a size
        (0.2501, 0.0, verdicts.MORE_NETWORKS),
        (NAN, 0.125, verdicts.MORE_NETWORKS),
    ],
)
def test_the_interval_and_the_band_give_the_verdict(
    value: float, half: float, expected: str
) -> None:
    assert verdicts.verdict("printed", measured(value, half), BAND, control_passed=True) == expected


@pytest.mark.parametrize("kind", verdicts.POSITIVE)
def test_each_kind_has_words_of_its_own_and_shares_the_inconclusive_ones(kind: str) -> None:
    def of(value: float, passed: bool = True) -> str:
        return verdicts.verdict(kind, measured(value), BAND, passed)

    assert (of(0.0), of(9.0)) == (verdicts.POSITIVE[kind], verdicts.NEGATIVE[kind])
    assert (of(0.3), of(0.0, False)) == (verdicts.MORE_NETWORKS, verdicts.CONTROL_FAILED)
    words = [*verdicts.POSITIVE.values(), *verdicts.NEGATIVE.values()]
    assert words.count(of(0.0)) == words.count(of(9.0)) == 1


@pytest.mark.parametrize(("value", "word"), [(0.25, "POSITIVE"), (0.2501, "NEGATIVE")])
def test_theorems_and_counts_need_no_width(value: float, word: str) -> None:
    theorem = verdicts.verdict("theorem", measured(value, 0.0), BAND, True)
    count = verdicts.verdict("printed", measured(value, 0.0, count=True), BAND, True)
    assert (theorem, count) == (
        getattr(verdicts, word)["theorem"],
        getattr(verdicts, word)["printed"],
    )


def test_an_unknown_interval_is_never_a_verdict() -> None:
    for low, high in ((NAN, 0.1), (-0.1, NAN)):
        unknown = Measurement(0.0, low, high)
        assert (
            verdicts.verdict("printed", unknown, BAND, control_passed=True)
            == verdicts.MORE_NETWORKS
        )


@pytest.mark.parametrize("value", [0.0, 0.3, 9.0])
def test_a_failed_control_bars_every_verdict(value: float) -> None:
    result = verdicts.verdict(
        "printed", measured(value), BAND, control_passed=False, part=measured(0.0)
    )
    assert result == verdicts.CONTROL_FAILED


@pytest.mark.parametrize("value", [0.3, 9.0])
def test_partly_when_the_named_range_holds_and_the_whole_does_not(value: float) -> None:
    whole = measured(value)
    assert verdicts.verdict("printed", whole, BAND, True, part=measured(0.0)) == verdicts.PARTLY
    for part in (measured(0.3), measured(NAN)):
        assert verdicts.verdict("printed", whole, BAND, True, part) == verdicts.verdict(
            "printed", whole, BAND, True
        )


def test_the_whole_claim_outranks_its_part() -> None:
    assert (
        verdicts.verdict("printed", measured(0.0), BAND, True, measured(0.0))
        == verdicts.POSITIVE["printed"]
    )


@pytest.mark.parametrize(
    ("value", "control", "passes"),
    [
        (0.0, 1.0, True),
        (0.0, 0.26, False),  # its interval overlaps the band: it would not be ruled out
        (0.0, 0.2, False),  # overlaps the measurement
        (1.0, 0.0, True),  # measured is outside the band, so the control may lie inside
        (1.0, 1.2, False),
        (NAN, 1.0, False),
        (0.0, NAN, False),
    ],
)
def test_a_control_that_must_differ(value: float, control: float, passes: bool) -> None:
    args = (measured(value), measured(control), "differ", BAND, 0.25)
    assert verdicts.control_passes(*args) is passes


@pytest.mark.parametrize(
    ("control", "half", "passes"),
    [(1.0, 0.25, True), (1.125, 0.125, True), (1.126, 0.125, False), (NAN, 0.1, False)],
)
def test_a_control_that_must_be_equal(control: float, half: float, passes: bool) -> None:
    args = (measured(1.0), measured(control, half), "equal", BAND, 0.25)
    assert verdicts.control_passes(*args) is passes


def test_two_unknowns_are_not_equal() -> None:
    unknown = measured(NAN)
    assert verdicts.control_passes(unknown, unknown, "equal", BAND, 0.25) is False


def test_one_sided_bands_reach_to_infinity() -> None:
    low = (-math.inf, 0.25)
    assert verdicts.verdict("printed", measured(-100.0), low, True) == verdicts.POSITIVE["printed"]
    assert verdicts.verdict("printed", measured(100.0), low, True) == verdicts.NEGATIVE["printed"]


def test_distance_from_theory_is_in_standard_errors() -> None:
    value = measured(1.0, standard_error=0.5)
    assert verdicts.theory_z(value, 0.0) == 2.0
    assert verdicts.theory_z(measured(1.0, standard_error=3.0), -4.0, 4.0) == 1.0
    assert verdicts.theory_z(measured(1.0, standard_error=0.0), 1.0) == 0.0
    assert math.isnan(verdicts.theory_z(measured(1.0, standard_error=0.0), 2.0))
    assert math.isnan(verdicts.theory_z(value, NAN))
    assert math.isnan(verdicts.theory_z(measured(NAN, standard_error=0.5), 1.0))
