"""Numbers and verdicts in words: computed from claims.json, never typed."""

import math
from collections.abc import Mapping
from typing import Any

from entanglement.claims import verdicts

DASH = "–"
TIMES = "\u00a0×\u00a0"  # a number is not broken at the end of a line
SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
# Two-sided normal tail 6e-5: about 50 claims with 30 networks or more give a false alarm in
# 1 run of 50.
FAR_FROM_THEORY = 4.0
MOST_DIGITS = 7  # significant ones, however narrow an interval is


def number(value: float | None, digits: int = 4) -> str:
    """Write a number for readers to some significant digits; a dash where there is none."""
    if value is None or math.isnan(value):
        return DASH
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    if value == int(value) and abs(value) < 1e6:
        return str(int(value)).replace("-", "−")
    text = _written(value, digits - 1 - _leading(value))
    mantissa, cross, power = text.partition(TIMES)
    return (mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa) + cross + power


def measured(value: float | None, low: float | None, high: float | None) -> str:
    """Write a value down to the second digit of its interval's half-width."""
    decimals = _decimals(low, high)
    if value is None or not math.isfinite(value) or decimals is None:
        return number(value)
    return _written(value, decimals)


def interval(low: float | None, high: float | None) -> str:
    """Write "low to high", or "exact" for an interval without width."""
    if low is None or high is None:
        return DASH
    if verdicts.without_width(low, high):
        return "exact"
    decimals = _decimals(low, high)
    ends = [number(x) if decimals is None else _written(x, decimals) for x in (low, high)]
    return " to ".join(ends)


def _written(value: float, decimals: int) -> str:
    """Write a finite number to so many decimals, as m × 10^e where that is shorter."""
    if value == 0 and decimals > MOST_DIGITS:
        return "0"
    decimals = min(decimals, MOST_DIGITS - 1 - _leading(value))
    if value == 0 or (1e-3 <= abs(value) < 1e6 and decimals < 8):
        return f"{round(value, decimals):.{max(decimals, 0)}f}".replace("-", "−")
    mantissa, exponent = f"{value:.{max(decimals + _leading(value), 0)}e}".split("e")
    power = f"10{str(int(exponent)).translate(SUPERSCRIPT)}"
    return f"{mantissa}{TIMES}{power}".replace("-", "−")


def _leading(value: float) -> int:
    return math.floor(math.log10(abs(value))) if value else 0


def _decimals(low: float | None, high: float | None) -> int | None:
    """Place of the second digit of an interval's half-width; None without a width."""
    if low is None or high is None or high - low == math.inf:
        return None
    if verdicts.without_width(low, high):
        return None
    return 1 - _leading((high - low) / 2)


def expected(entry: Mapping[str, Any]) -> str:
    """Write what is claimed, with the tolerance."""
    claimed, tolerance = number(entry["claimed"]["value"]), number(entry["tolerance"], 2)
    if entry["rule"] == "at_most":
        return f"at\u00a0most\u00a0{claimed} (+\u00a0{tolerance})"
    if entry["rule"] == "at_least":
        return f"at\u00a0least\u00a0{claimed} (−\u00a0{tolerance})"
    return f"{claimed} ± {tolerance}"


def theory(entry: Mapping[str, Any]) -> tuple[str, str, str]:
    """Agreement with theory: its tone (good, bad, none), the prediction, the distance from it."""
    value, z, predicted = entry["measured"], entry["theory_z"], entry["predicted"]
    if value is None or predicted is None:
        return "none", number(predicted), ""
    if z is None:
        return "none", number(predicted), "no standard error"
    tone = "good" if abs(z) < FAR_FROM_THEORY else "bad"
    if z == 0:
        return tone, number(predicted), "equal"
    distance = f"{z:+.1f}" if abs(z) < 100 else f"{'+' if z > 0 else ''}{number(z, 2)}"
    return tone, number(predicted), f"{distance} s.e.".replace("-", "−")


def reason(entry: Mapping[str, Any], configured: bool) -> str:
    """Say in one sentence why a claim got its verdict.

    Parameters
    ----------
    entry
        The claim in claims.json.
    configured
        Whether the claim's figure is in the configuration.
    """
    verdict = entry["verdict"]
    if verdict == verdicts.NOT_RUN:
        if configured:
            return f"data/{entry['figure']}.nc is missing or not what is asked for now."
        return f"The figure {entry['figure']} is not in this configuration."
    if verdict == verdicts.TOO_SMALL:
        sizes = [f"{key} ≥ {number(least)}" for key, least in entry["minimum"].items()]
        return f"Needs {', '.join(sizes)}." if sizes else "The cells that it needs are missing."
    if entry["measured"] is None or entry["ci_low"] is None or entry["ci_high"] is None:
        return "No interval could be computed."
    if verdict == verdicts.MORE_NETWORKS and verdicts.without_width(
        entry["ci_low"], entry["ci_high"]
    ):
        return "All networks agree, so that the interval has no width to judge by."
    if verdict == verdicts.CONTROL_FAILED:
        return _control(entry, passed=False)
    text = f"The interval {_place(entry)} the band"
    if verdict == verdicts.PARTLY:
        return f"{text}; for {entry['partly']['range']} it lies inside."
    wide = 3 * (entry["ci_high"] - entry["ci_low"]) / 2 > entry["tolerance"]
    also = " The tolerance is under three half-widths of the interval." if wide else ""
    return f"{text}. {_control(entry, passed=True)}{also}"


def _place(entry: Mapping[str, Any]) -> str:
    claimed, tolerance = entry["claimed"]["value"], entry["tolerance"]
    below = entry["rule"] != "at_most" and entry["ci_high"] < claimed - tolerance
    above = entry["rule"] != "at_least" and entry["ci_low"] > claimed + tolerance
    if below or above:
        return "lies below" if below else "lies above"
    return "lies inside" if entry["verdict"] in verdicts.POSITIVE.values() else "crosses an edge of"


def _control(entry: Mapping[str, Any], passed: bool) -> str:
    control = entry["control"]
    value = measured(control["measured"], control["ci_low"], control["ci_high"])
    name = f"The control ({control['name']}: {value})"
    must_equal = control["must"] == "equal"
    if control["measured"] is None:
        return f"The control ({control['name']}) has no value."
    if passed:
        return f"{name} agrees, as it must." if must_equal else f"{name} differs, as it must."
    if must_equal:
        return f"{name} should agree with the measurement and does not."
    return f"{name} should differ from the measurement and fall outside the band; it does not."


def sortable(value: float | None) -> str:
    """Write a number for a script that sorts; nothing where there is none."""
    return "" if value is None or not math.isfinite(value) else f"{value:.4g}"


def duration(seconds: float) -> str:
    """Write seconds as 0.4 s, 12 s, 3 min 05 s or 2 h 10 min."""
    if seconds < 59.5:
        return f"{seconds:.1f} s" if seconds < 9.95 else f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest:02d} s"
    return f"{minutes // 60} h {minutes % 60:02d} min"


def size(count: int) -> str:
    """Write a number of bytes as 3.1 kB or 24 MB."""
    for unit, scale in (("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if count >= scale:
            return f"{count / scale:.3g} {unit}"
    return f"{count} bytes"
