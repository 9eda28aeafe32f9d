"""The look of all figures: theory is a line, simulation is dots with intervals."""

import io
import json
from types import SimpleNamespace
from typing import Any

import matplotlib as mpl
import numpy as np
from cycler import cycler
from matplotlib.axes import Axes
from matplotlib.collections import QuadMesh
from matplotlib.container import BarContainer
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from entanglement.drawing import legends, numbers

# The first four and black are Okabe and Ito's; their lighter ones have too little contrast on
# white. Any two are told apart under the common forms of colour blindness, which a test simulates.
PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#8A2BE2", "#663300", "#000000", "#3A4159")

# One look for one thing over the whole report. Colour is never the only cue: the marker differs too.
FAMILIES: dict[str, dict[str, Any]] = {
    "largest": {"color": PALETTE[0], "fmt": "o"},  # Algorithm 1
    "rescaled": {"color": PALETTE[1], "fmt": "^"},  # the same, its norm kept constant
    "random": {"color": PALETTE[2], "fmt": "s"},
    "no selection": {"color": PALETTE[3], "fmt": "D"},
    "smallest": {"color": PALETTE[4], "fmt": "v"},
    "growing": {"color": PALETTE[5], "fmt": "P"},  # a multiple of an orthogonal matrix
    "orthogonal": {"color": PALETTE[6], "fmt": "x"},
}
PRODUCTS: dict[str, dict[str, Any]] = {
    "dot": {"color": PALETTE[0], "fmt": "o"},
    "E": {"color": PALETTE[1], "fmt": "s"},
    "H": {"color": PALETTE[2], "fmt": "^"},
}
# Widths of figures in inches that the page shows as large as they are drawn: half a row, a row.
HALF, WHOLE = 5.5, 11.2

RC: Any = {
    "font.family": "DejaVu Sans",
    "font.size": 10,
    "axes.titlesize": 10.5,
    "axes.titlelocation": "left",
    "axes.labelsize": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#e4e4e4",
    "grid.linewidth": 0.7,
    "legend.frameon": False,
    "legend.fontsize": 9,
    "lines.linewidth": 1.6,
    "figure.facecolor": "white",
    "axes.prop_cycle": cycler(color=PALETTE),
    # Equal datasets give equal bytes, on any machine: text as paths, ids from a fixed salt.
    "svg.fonttype": "path",
    "svg.hashsalt": "entanglement",
}

mpl.rcParams.update(RC)


def figure(
    rows: int = 1, columns: int = 1, width: float = 6.4, height: float = 4.0, **subplots: Any
) -> tuple[Figure, Any]:
    """Make a figure and its axes without pyplot (no global state, quick to import).

    Parameters
    ----------
    rows, columns
        Grid of axes.
    width, height
        Size in inches.
    subplots
        Passed to `Figure.subplots` (`sharex`, `squeeze`, ...).

    Returns
    -------
    The figure, and one axes or an array of them.
    """
    made = Figure(figsize=(width, height), layout="constrained")
    return made, made.subplots(rows, columns, **subplots)


def legend(axes: Axes, **options: Any) -> None:
    """Draw the legend of what has a label, if anything has."""
    handles, labels = legends.few(*axes.get_legend_handles_labels())
    if handles:
        axes.legend(handles, labels, **options)


def theory(axes: Axes, x: ArrayLike, y: ArrayLike, label: str | None = None, **line: Any) -> None:
    """Draw a theory curve: a line, above the grid and below the dots."""
    options: dict[str, Any] = {"color": "#333333", "zorder": 2, "label": label, **line}
    axes.plot(np.asarray(x), np.asarray(y), **options)


def dots(
    axes: Axes,
    x: ArrayLike,
    y: ArrayLike,
    low: ArrayLike | None = None,
    high: ArrayLike | None = None,
    label: str | None = None,
    **marks: Any,
) -> None:
    """Draw simulated values as dots with their interval.

    Parameters
    ----------
    axes
        Where to draw.
    x, y
        Positions and values, shape (points,).
    low, high
        Ends of the interval, shape (points,); without them only dots are drawn.
    label
        Entry in the legend.
    marks
        Passed to `Axes.errorbar`.
    """
    y = np.asarray(y, dtype=float)
    error = None
    if low is not None and high is not None:
        below, above = y - np.asarray(low, dtype=float), np.asarray(high, dtype=float) - y
        # An interval may miss its own estimate by rounding; matplotlib refuses negative bars.
        error = np.maximum(np.stack([below, above]), 0.0)
    options: dict[str, Any] = {
        "fmt": "o",
        "markersize": 4,
        "elinewidth": 1.1,
        "zorder": 3,
        "label": label,
        **marks,
    }
    axes.errorbar(np.asarray(x), y, yerr=error, **options)


def empty(axes: Axes) -> bool:
    """Whether axes show no data: no point, no bar, no picture. A line across them is none."""
    points = any("x" in point and "y" in point for point in numbers.points(axes))
    bars = any(isinstance(box, BarContainer) and len(box) for box in axes.containers)
    meshes = any(isinstance(mesh, QuadMesh) for mesh in axes.collections)
    return not (points or bars or meshes or axes.images)


def save_svg(made: Figure, path: str, embedded: bool = False) -> None:
    """Write a figure as SVG whose bytes depend on nothing but what is drawn.

    Parameters
    ----------
    made
        The figure.
    path
        Where to.
    embedded
        Whether the report holds it: then it is made half as large, which takes its time.
    """
    # Laid out once: the layout of a figure with pictures in it moves a little at every drawing.
    engine = made.get_layout_engine()
    if engine is not None:
        engine.execute(made)
        legends.settle(made)
        made.set_layout_engine("none")
    drawn = io.StringIO()
    made.savefig(drawn, format="svg", metadata={"Date": None})
    text = drawn.getvalue()
    if embedded:
        from scour import scour

        text = scour.scourString(text, _COMPACT)
        # Where the plotted numbers lie in the picture: the report shows them under the pointer.
        text += f"<!--axes {json.dumps([_place(axes) for axes in made.axes])}-->\n"
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def _place(axes: Axes) -> dict[str, Any]:
    """Place of axes in their figure, their scales, and how many rows of `plotted_numbers` they give.

    `box` is left, top, right and bottom as shares of the figure; `x` and `y` are scale and limits.
    """
    box = axes.get_position()
    corners = (box.x0, 1 - box.y1, box.x1, 1 - box.y0)
    place: dict[str, Any] = {"box": [round(float(v), 5) for v in corners]}
    for name, axis in (("x", axes.xaxis), ("y", axes.yaxis)):
        ends = [float(f"{v:.9g}") for v in axis.get_view_interval()]
        place[name] = [axis.get_scale(), *(ends[::-1] if axis.get_inverted() else ends)]
    rows = sum(1 for _ in numbers.points(axes))
    return place | {"rows": rows, "flat": axes.name == "rectilinear"}


# Five digits: a hundredth of a point is finer than any screen or printer.
_COMPACT = SimpleNamespace(
    digits=5,
    strip_comments=True,
    remove_metadata=True,
    shorten_ids=True,
    indent_type="none",
    newlines=False,
    strip_xml_prolog=True,
)
