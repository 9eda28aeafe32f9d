"""From a measurement, a band and a control to a verdict: the rule that no one types."""

import math
from dataclasses import dataclass
from typing import Literal

Kind = Literal["printed", "implied", "theorem", "ours"]
# Each kind has words of its own: only what a paper says is reproduced or not.
POSITIVE: dict[Kind, str] = {
    "printed": "reproduced", "implied": "holds", "theorem": "proved", "ours": "supported",
}  # fmt: skip
NEGATIVE: dict[Kind, str] = {
    "printed": "not reproduced", "implied": "does not hold", "theorem": "refuted",
    "ours": "not supported",
}  # fmt: skip
PARTLY = "partly"
MORE_NETWORKS = "inconclusive (more networks needed)"
CONTROL_FAILED = "inconclusive (control failed)"
NOT_RUN = "not run"
TOO_SMALL = "not testable at this size"
# In the order in which they are listed.
VERDICTS = (
    *POSITIVE.values(), PARTLY, *NEGATIVE.values(), MORE_NETWORKS, CONTROL_FAILED, TOO_SMALL,
    NOT_RUN,
)  # fmt: skip

Band = tuple[float, float]


@dataclass(frozen=True)
class Measurement:
    """A statistic with its 95 % interval; NaN where nothing could be measured.

    `count` says that it has no spread by its nature (a rank, a number of bytes).
    """

    value: float
    low: float
    high: float
    standard_error: float = math.nan
    networks: int = 0
    count: bool = False

    @property
    def known(self) -> bool:
        """Whether value and interval are numbers (an infinite bound is one)."""
        return not any(math.isnan(x) for x in (self.value, self.low, self.high))


def inside(measured: Measurement, band: Band) -> bool:
    """Whether the whole interval lies in the closed band."""
    return measured.known and band[0] <= measured.low and measured.high <= band[1]


def outside(measured: Measurement, band: Band) -> bool:
    """Whether interval and closed band have no point in common."""
    return measured.known and (measured.high < band[0] or band[1] < measured.low)


def control_passes(
    measured: Measurement,
    control: Measurement,
    must: Literal["differ", "equal"],
    band: Band,
    tolerance: float,
) -> bool:
    """Whether the null control behaves as a null control must.

    Parameters
    ----------
    measured, control
        The claim's statistic and the control's.
    must
        `differ`: the two intervals are disjoint, and the control lies outside the band where
        the measurement lies inside it (a control that would pass too proves nothing).
        `equal`: the control's interval lies within measured +- tolerance.
    band, tolerance
        Of the claim.
    """
    if not (measured.known and control.known):
        return False
    if must == "equal":
        return inside(control, (measured.value - tolerance, measured.value + tolerance))
    differs = outside(control, (measured.low, measured.high))
    return differs and (outside(control, band) or not inside(measured, band))


def verdict(
    kind: Kind,
    measured: Measurement,
    band: Band,
    control_passed: bool,
    part: Measurement | None = None,
) -> str:
    """Judge a measurement at sufficient size.

    Parameters
    ----------
    kind
        Of the claim: whose words the verdict has.
    measured
        The claim's statistic.
    band
        Lowest and highest value that agree with the claim.
    control_passed
        What `control_passes` said.
    part
        Statistic of the named part of the range, if the claim names one.
    """
    if not measured.known or not evidence(kind, measured):
        return MORE_NETWORKS
    if not control_passed:
        return CONTROL_FAILED
    if inside(measured, band):
        return POSITIVE[kind]
    if part is not None and inside(part, band):
        return PARTLY
    return NEGATIVE[kind] if outside(measured, band) else MORE_NETWORKS


def evidence(kind: Kind, measured: Measurement) -> bool:
    """Whether an interval's width can be believed.

    Networks that all agree leave a t-interval without width, which says nothing of the next
    network. Only algebra (a theorem) and counts have no spread by their nature.
    """
    return kind == "theorem" or measured.count or not without_width(measured.low, measured.high)


def without_width(low: float, high: float) -> bool:
    """Whether an interval is no wider than rounding."""
    return high - low <= 1e-12 * max(abs(low), abs(high))


def theory_z(measured: Measurement, predicted: float, predicted_error: float = 0.0) -> float:
    """Distance from theory in standard errors; NaN where there is nothing to compare.

    Parameters
    ----------
    measured
        The claim's statistic with its standard error.
    predicted
        Theory's value.
    predicted_error
        Theory's own standard error where it is a Monte-Carlo value.
    """
    error = math.hypot(measured.standard_error, predicted_error)
    if math.isclose(measured.value, predicted, rel_tol=1e-12, abs_tol=1e-300):
        return 0.0
    return (measured.value - predicted) / error if error > 0 else math.nan
