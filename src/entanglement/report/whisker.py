"""A claim at a glance: band, interval, control and theory on one axis."""

import math
from collections.abc import Callable, Mapping
from typing import Any

from markupsafe import Markup

from entanglement.report.markdown import quoted
from entanglement.report.phrasing import expected, measured

WIDTH, HEIGHT, MARGIN = 200, 30, 8
# A picture does not know the page's colours: each of these is 3:1 or more on a light and on a
# dark page. style.css has them again for the legend.
BAND, INK, CONTROL, MEASURED = "#2da44e66", "#7d8590", "#c4690f", "#2f81f7"


def draw(entry: Mapping[str, Any]) -> Markup:
    """Draw a claim as one picture: green band, dot with whisker, control as cross, theory as bar.

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
    dashed = "5 3" if _stretched(entry, shown) else "none"
    parts = [
        f'<path fill="{BAND}" stroke="none" d="{band}"/>',
        f'<path stroke="{INK}" stroke-width=".8" stroke-dasharray="{dashed}" d="M0 15H{WIDTH}"/>',
    ]
    if entry["predicted"] is not None:
        parts.append(f'<path stroke="{INK}" d="M{place(entry["predicted"]):.1f} 5V25"/>')
    if control["measured"] is not None:
        x = place(control["measured"])
        cross = f"M{x - 3.5:.1f} 11.5l7 7m0-7l-7 7"
        parts.append(f'<path stroke="{CONTROL}" d="{_whisker(control, place)}{cross}"/>')
    dot = f"M{place(entry['measured']) - 4:.1f} 15a4 4 0 1 1 8 0 4 4 0 1 1-8 0"
    color = f'fill="{MEASURED}" stroke="{MEASURED}"'
    parts.append(f'<path {color} d="{_whisker(entry, place)}{dot}"/>')
    label = f"Measured {_value(entry)}, claimed {expected(entry)}, control {_value(control)}"
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'fill="none" stroke-width="2">{"".join(parts)}</svg>'
    )
    return Markup(
        f'<img class="whisker" width="{WIDTH}" height="{HEIGHT}" alt="{quoted(label)}" '
        f'src="{address(svg.encode())}">'
    )


def address(svg: bytes) -> Markup:
    """Give a picture as the address of itself: a fifth shorter than in base64."""
    escaped = {ord(sign): f"%{ord(sign):02X}" for sign in '%"#&\n\r\t'}
    return Markup("data:image/svg+xml," + svg.decode().translate(escaped))


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
