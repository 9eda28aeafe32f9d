"""The numbers that a figure draws, read from its artists: what the CSV beside a panel holds."""

import csv
import io
import itertools
import re
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import (
    FillBetweenPolyCollection,
    LineCollection,
    PathCollection,
    QuadMesh,
)
from matplotlib.colors import to_hex
from matplotlib.container import ErrorbarContainer
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import ArrayLike

Row = dict[str, str]

COLUMNS = ("panel", "series", "x", "x_low", "x_high", "y", "z", "low", "high", "value")

# What formulas of labels become where no formula can be set.
SIGNS = {
    r"\lambda": "λ", r"\alpha": "α", r"\eta": "η", r"\pi": "π", r"\phi": "φ", r"\Gamma": "Γ",
    r"\beta": "β", r"\epsilon": "ε", r"\theta": "θ", r"\log": "log", r"\ln": "ln", r"\,": " ",
    r"\cdot": "·", r"\times": "×", r"\sqrt": "√", r"\infty": "∞", r"\ell": "l", r"\mathrm": "",
    r"\sigma": "σ", r"\leq": "≤", r"\geq": "≥", r"\to": "→", r"\sum": "Σ", r"\circ": "°",
}  # fmt: skip


def plotted_numbers(made: Figure) -> str:
    """Give the numbers that a figure draws as CSV.

    Returns
    -------
    First a line for each axes that begins with `#` and says what x, y and value are, with their
    units. Then a table: panel, series, x, y, low, high (the ends of an interval of y or of a band),
    x_low, x_high (those of x, where bars lie), z in three dimensions, and value for pictures and
    maps; one row a point. An interval without two finite ends has none. A line across the axes
    has one coordinate only. A picture is one row for each of its rows: y counts them from the
    top, value holds the grey values from the left, with spaces between.
    """
    series = _known_series(made)
    about: dict[str, None] = {}
    rows: list[Row] = []
    for number, axes in enumerate(made.axes):
        panel = plain(axes.get_title(loc="left") or axes.get_title()) or f"axes {number + 1}"
        drawn = [{"panel": panel} | row for row in points(axes, series)]
        rows += drawn
        if drawn:
            about[f"# {panel} | {_meaning(axes, drawn)}"] = None
    held = {"panel", "series", "x", "y", "low", "high"}.union(*rows)
    names: list[str] = [name for name in COLUMNS if name in held]
    text = io.StringIO()
    text.writelines(f"{line}\n" for line in about)
    table = csv.DictWriter(text, names, restval="", lineterminator="\n")
    table.writeheader()
    table.writerows(rows)
    return text.getvalue()


def plain(text: str) -> str:
    """Write a label without TeX, on one line."""
    for tex, sign in SIGNS.items():
        text = text.replace(tex, sign)
    return " ".join(re.sub(r"[${}\\]|\^(?=\*)", "", text).split())


def points(axes: Axes, series: dict[Any, str] | None = None) -> Iterator[Row]:
    """Every point that is drawn: its series and its numbers, in words."""
    names = _Names(series or {})
    done = set()
    for container in axes.containers:
        if isinstance(container, ErrorbarContainer) and container.lines[0] is not None:
            line, caps, bars = container.lines
            done |= {line, *caps}
            lying = _ends(bars[0], 0, "x_low", "x_high") if container.has_xerr else ()
            standing = _ends(bars[-1], 1, "low", "high") if container.has_yerr else ()
            drawn = _rows(names(container, line), "xy", line.get_xydata())
            for row, *intervals in itertools.zip_longest(drawn, lying, standing):
                if row:
                    yield row | {k: v for ends in intervals if ends for k, v in ends.items()}
    for line in axes.lines:
        if hasattr(line, "get_data_3d"):
            data = np.transpose(line.get_data_3d())
            yield from filter(None, _rows(names(line, line), "xyz", data))
        elif line not in done:
            inside = line.get_transform().contains_branch_seperately(axes.transData)
            if not any(inside):  # an ornament, such as a swatch beside words
                continue
            # A line across the axes is one number; its ends on the other axis are none.
            data = np.asarray(line.get_xydata())[: None if all(inside) else 1, list(inside)]
            name = names(line, line)
            yield from filter(None, _rows(name, itertools.compress("xy", inside), data))
    for made in axes.collections:
        if isinstance(made, PathCollection):
            yield from filter(None, _rows(names(made), "xy", made.get_offsets()))
        elif isinstance(made, FillBetweenPolyCollection):
            for path in made.get_paths():
                yield from _band(names(made), path.vertices)
        elif isinstance(made, QuadMesh):
            yield from _map(names(made), made)
    for image in axes.images:
        yield from _picture(np.asarray(image.get_array()))


def _ends(bars: LineCollection, axis: int, *names: str) -> list[Row]:
    """Ends of each point's interval; nothing where there is none, or where an end is not finite."""
    whole = [np.transpose(s)[axis] if len(s) == 2 else () for s in bars.get_segments()]
    return [dict(zip(names, map(_digits, ends), strict=False)) for ends in whole]


class _Names:
    """Names of series: their label, or that of what has the same colour, or a number."""

    def __init__(self, known: dict[Any, str]) -> None:
        self.known, self.count = known, itertools.count(1)

    def __call__(self, labelled: Any, drawn: Artist | None = None) -> str:
        label = str(labelled.get_label())
        if label and not label.startswith("_"):
            return plain(label)
        kind, other, color = _look(drawn if drawn is not None else labelled)
        if (kind, color) in self.known:
            return self.known[kind, color]
        if (other, color) in self.known:
            return f"{self.known[other, color]}: {kind}"
        return f"{kind} {next(self.count)}"


def _known_series(made: Figure) -> dict[Any, str]:
    """Labels of a figure's artists by what they are and their colour."""
    found: dict[Any, str] = {}
    for axes in made.axes:
        for handle, label in zip(*axes.get_legend_handles_labels(), strict=True):
            drawn = handle.lines[0] if isinstance(handle, ErrorbarContainer) else handle
            kind, _, color = _look(drawn)
            found.setdefault((kind, color), plain(label))
    return found


def _look(drawn: Any) -> tuple[str, str, str]:
    """What an artist is, what its companion would be, and its colour."""
    if isinstance(drawn, Line2D):
        color = to_hex(drawn.get_color())
        joined = drawn.get_linestyle() not in ("None", "none", "", " ")
        marked = drawn.get_marker() not in ("None", "none", "", " ", None)
        return ("line", "dots", color) if joined and not marked else ("dots", "line", color)
    if isinstance(drawn, FillBetweenPolyCollection):
        return "band", "line", to_hex(np.asarray(drawn.get_facecolor())[0])
    return "values", "dots", ""


def _meaning(axes: Axes, drawn: list[Row]) -> str:
    if all("value" in row and " " in row["value"] for row in drawn):
        return "y = row of the picture from the top; value = grey, 0 to 1, from the left"
    words = [f"{name} = {label}" for name in "xy" if (label := label_of(axes, name))]
    if hasattr(axes, "get_zlabel"):
        words.append(f"z = {plain(axes.get_zlabel())}")
    bars = [m.colorbar for m in axes.collections if m.colorbar is not None]
    words += [f"value = {plain(bar.ax.get_ylabel())}" for bar in bars]
    return "; ".join(words)


def label_of(axes: Axes, name: str) -> str:
    """Label of the horizontal or vertical axis: its own, one that it shares, or the figure's."""
    shared = axes.get_shared_x_axes() if name == "x" else axes.get_shared_y_axes()
    for one in (axes, *shared.get_siblings(axes)):
        if label := getattr(one, f"get_{name}label")():
            return plain(label)
    return plain(getattr(axes.get_figure(), f"get_sup{name}label")())


def _band(series: str, vertices: Any) -> Iterator[Row]:
    """A filled band: along its lower side and back along its upper one."""
    half = len(vertices) // 2
    lower, upper = vertices[1:half], vertices[half + 1 : -1][::-1]
    for (x, low), (_, high) in zip(lower, upper, strict=False):
        if np.isfinite([x, low, high]).all():
            ends = sorted((low, high))
            yield {"series": series, "x": _digits(x)} | dict(
                zip(("low", "high"), map(_digits, ends), strict=True)
            )


def _map(series: str, mesh: QuadMesh) -> Iterator[Row]:
    """A map: the middle of every cell and its value."""
    corners = np.asarray(mesh.get_coordinates(), dtype=float)
    values = np.asarray(mesh.get_array(), dtype=float)
    middle = (corners[:-1, :-1] + corners[1:, 1:]) / 2
    shaped = values.reshape(middle.shape[:2])
    for (x, y), value in zip(middle.reshape(-1, 2), shaped.ravel(), strict=True):
        if np.isfinite(value):
            yield {"series": series, "x": _digits(x), "y": _digits(y), "value": f"{value:.4g}"}


def _picture(pixels: np.ndarray) -> Iterator[Row]:
    for number, row in enumerate(pixels if pixels.ndim == 2 else []):
        grey = " ".join(f"{value:.2f}".rstrip("0").rstrip(".") for value in row.astype(float))
        yield {"series": "picture", "x": "0", "y": str(number), "value": grey}


def _rows(series: str, names: Iterable[str], data: ArrayLike) -> list[Row | None]:
    """One row a point; None where a coordinate is not finite, since nothing is drawn there."""
    names = list(names)
    return [
        {"series": series} | dict(zip(names, map(_digits, point)))
        if np.isfinite(point).all()
        else None
        for point in np.asarray(data, dtype=float)
    ]


def _digits(value: float) -> str:
    return f"{value:.7g}"
