"""What a panel must look like: nothing under a legend, series told apart, shares within [0, 1]."""

import itertools
from collections.abc import Iterator
from typing import Any

import vision
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.container import ErrorbarContainer
from matplotlib.figure import Figure
from matplotlib.text import Text

from entanglement.drawing import legends, numbers
from entanglement.report.render import wide

NEAR = 10.0  # colours nearer than this are one, for some eyes
DARK = 3.0  # WCAG's contrast of graphics
# Pixels of the smallest words, and what a picture in a row and in half of one gets of the page.
LEAST, ROW, HALF_ROW = 9.0, 1095, 531


def faults(picture: Figure) -> list[str]:
    """Everything that is wrong with a figure that has been saved."""
    checks = (_legend, _series, _shares)
    found = [text for axes in picture.axes for check in checks for text in check(axes)]
    return [*found, *_small(picture)]


def _small(picture: Figure) -> Iterator[str]:
    """Words below nine pixels where the page, 1280 pixels wide, shows the picture."""
    width = 96 * picture.get_figwidth()
    scale = min(1.0, (ROW if wide((round(width), 0)) else HALF_ROW) / width)
    for text in picture.findobj(Text):
        size = text.get_fontsize() * 96 / 72 * scale
        if text.get_visible() and text.get_text().strip() and size < LEAST - 1e-6:
            yield f"{text.get_text()!r} is {size:.1f} px on the page: draw it larger, or less wide"
            return


def _legend(axes: Axes) -> Iterator[str]:
    if legends.hides(axes):
        yield f"the legend of {_title(axes)} lies over data: give it room"


def _series(axes: Axes) -> Iterator[str]:
    shown = [(label, *_look(handle)) for handle, label in _labelled(axes)]
    for (one, color, mark), (other, second, sign) in itertools.combinations(shown, 2):
        if mark == sign and color and second and vision.distance(color, second) < NEAR:
            yield f"{_title(axes)}: {one!r} and {other!r} look alike: other colours, or other marks"
    on_map = any(hasattr(c, "get_coordinates") for c in axes.collections)
    for label, color, _ in shown:
        if color and not on_map and vision.contrast(color) < DARK:
            yield f"{_title(axes)}: {label!r} ({color}) is too pale on white"


def _shares(axes: Axes) -> Iterator[str]:
    label = numbers.label_of(axes, "y")
    if any(word in label for word in ("share", "fraction", "wrong")):
        for row in numbers.points(axes):
            ends = [float(row[end]) for end in ("low", "high") if row.get(end)]
            if ends and (min(ends) < 0 or max(ends) > 1):
                yield f"{_title(axes)}: {row['series']}: an interval of a share leaves [0, 1]"
                return


def _labelled(axes: Axes) -> list[tuple[Any, str]]:
    found = zip(*axes.get_legend_handles_labels(), strict=True)
    once = {label: handle for handle, label in found}
    return [(handle, label) for label, handle in once.items()]


def _look(handle: Any) -> tuple[str, Any]:
    """Colour and mark of a series; bands and bars have no colour that must stand out."""
    if isinstance(handle, ErrorbarContainer):
        handle = handle.lines[0]
    if not hasattr(handle, "get_marker"):
        return "", None
    return to_hex(handle.get_color()), (handle.get_marker(), handle.get_linestyle())


def _title(axes: Axes) -> str:
    label = numbers.label_of(axes, "y")
    return numbers.plain(axes.get_title(loc="left") or axes.get_title()) or label or "axes"
