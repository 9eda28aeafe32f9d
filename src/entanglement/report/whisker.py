"""A claim at a glance: band, interval, control and theory on one axis."""

import math
from collections.abc import Callable, Mapping
from typing import Any

from markupsafe import Markup

from entanglement.report.markdown import quoted
from entanglement.report.phrasing import expected, measured

WIDTH, HEIGHT, MARGIN = 200, 30, 8


def draw(entry: Mapping[str, Any]) -> Markup:
    """Draw a claim as inline SVG: green band, dot with whisker, control as a cross, theory as a bar.

    Parameters
    ----------
    entry
        One entry of claims.json. Without a measurement nothing is drawn.
    """
    if entry["measured"] is None:
        return Markup("")
    control, claimed = entry["control"], entry["claimed"]["value"]
    tolerance = entry["tolerance"]
    low = None if entry["rule"] == "at_most" else claimed - tolerance
    high = None if entry["rule"] == "at_least" else claimed + tolerance
    marks = [low, high, claimed, entry["predicted"]]
    marks += [
        source[key] for source in (entry, control) for key in ("measured", "ci_low", "ci_high")
    ]
    shown = [mark for mark in marks if mark is not None]
    place = _scale(entry, shown)

    left = 0.0 if low is None else place(low)
    right = float(WIDTH) if high is None else place(high)
    width = max(right - left, 1.5)
    band = f"M{left:.1f} 3h{width:.1f}v24h-{width:.1f}z"
    stretched = " stretched" if _stretched(entry, shown) else ""
    parts = [f'<path class="band{stretched}" d="M0 15H{WIDTH}{band}"/>']
    if entry["predicted"] is not None:
        parts.append(f'<path class="theory" d="M{place(entry["predicted"]):.1f} 5V25"/>')
    if control["measured"] is not None:
        x = place(control["measured"])
        cross = f"M{x - 3.5:.1f} 11.5l7 7m0-7l-7 7"
        parts.append(f'<path class="control" d="{_whisker(control, place)}{cross}"/>')
    dot = f"M{place(entry['measured']) - 4:.1f} 15a4 4 0 1 1 8 0 4 4 0 1 1-8 0"
    parts.append(f'<path class="measured" d="{_whisker(entry, place)}{dot}"/>')
    label = f"Measured {_value(entry)}, claimed {expected(entry)}, control {_value(control)}"
    return Markup(
        f'<svg class="whisker" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="{quoted(label)}">{"".join(parts)}</svg>'
    )


def _value(source: Mapping[str, Any]) -> str:
    return measured(source["measured"], source["ci_low"], source["ci_high"])


def _whisker(source: Mapping[str, Any], place: Callable[[float], float]) -> str:
    if source["ci_low"] is None or source["ci_high"] is None:
        return ""
    return f"M{place(source['ci_low']):.1f} 15H{place(source['ci_high']):.1f}"


def _stretched(entry: Mapping[str, Any], values: list[float]) -> bool:
    """Whether a straight axis would hide the band: it is under a fortieth of what is shown."""
    return max(values) - min(values) > 40 * float(entry["tolerance"])


def _scale(entry: Mapping[str, Any], values: list[float]) -> Callable[[float], float]:
    """Map values to pixels; by asinh round the claimed value where a straight axis hides the band."""

    def convert(value: float) -> float:
        if not _stretched(entry, values):
            return value
        return math.asinh((value - entry["claimed"]["value"]) / entry["tolerance"])

    low, high = convert(min(values)), convert(max(values))
    span = high - low if high > low else 1.0
    return lambda value: MARGIN + (WIDTH - 2 * MARGIN) * (convert(value) - low) / span
