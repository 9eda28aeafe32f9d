"""What figures draw again and again: a cell's curve by its name, legends, and an empty panel."""

from collections.abc import Sequence
from typing import Any, TypeVar

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from entanglement.drawing import legends, numbers, style

# Side by side no more axes can be read.
COLUMNS = 5

Thing = TypeVar("Thing")


def columns(
    things: Sequence[Thing], width: float, height: float, **subplots: Any
) -> tuple[Figure, list[tuple[Axes, Thing]]]:
    """Make a row of axes, one for each thing; of more than `COLUMNS` some, which the figure says.

    Parameters
    ----------
    things
        What is drawn, at least one.
    width, height, subplots
        As `style.figure` takes them.

    Returns
    -------
    The figure, and every axes with its thing; of many things evenly spaced ones.
    """
    places = np.linspace(0, len(things) - 1, min(len(things), COLUMNS)).round().astype(int)
    made, axes = style.figure(1, len(places), width=width, height=height, squeeze=False, **subplots)
    if len(places) < len(things):
        partly(made, f"{len(places)} of {len(things):,} are drawn")
    return made, [(at, things[place]) for at, place in zip(axes[0], places, strict=True)]


def partly(figure: Figure, text: str) -> None:
    """Say above a figure what part of all it shows; the first word of it stays."""
    if not figure.get_suptitle():
        figure.suptitle(text, x=0.01, ha="left", fontsize=9)


def curve(
    axes: Axes,
    data: xr.Dataset,
    name: str,
    label: str | None = None,
    along: str | None = None,
    theory: bool = True,
    every: int = 1,
    floor: float | None = None,
    **marks: Any,
) -> None:
    """Draw `name` as dots with the interval `name_low`, `name_high`, and `name_theory` as a line.

    Parameters
    ----------
    axes
        Where to draw.
    data
        A cell, or some cells; `name` has one dimension.
    name, label
        The variable, and its entry in the legend.
    along
        Coordinate of the horizontal axis, if not the dimension itself.
    theory
        Whether the theory is drawn, where there is one.
    every
        Draw every so many dots; the line has twice as many points.
    floor
        For logarithmic axes: dots whose interval, and parts of the line, that lie below are left
        out.
    marks
        Passed to `style.dots`; `color` is the line's, too.
    """
    (dimension,) = data[name].dims
    x = along or str(dimension)
    if theory and f"{name}_theory" in data:
        line = data[f"{name}_theory"][:: max(1, every // 2)]
        line = line[_shown(line, floor)]
        if line.size:
            look = {"color": marks["color"]} if "color" in marks else {}
            style.theory(axes, line[x], line, lw=1.2, **look)
    dots = data.isel({dimension: slice(None, None, every)})
    if f"{name}_low" not in data:
        dots = dots.isel({dimension: _shown(dots[name], floor)})
        style.dots(axes, dots[x], dots[name], label=label, **marks)
        return
    # A single network has no interval: its value says whether there is something to see.
    high, value = dots[f"{name}_high"].values, dots[name].values
    dots = dots.isel({dimension: _shown(np.where(np.isnan(high), value, high), floor)})
    style.dots(axes, dots[x], dots[name], dots[f"{name}_low"], dots[f"{name}_high"], label, **marks)


def scalar(axes: Axes, x: float, value: xr.DataArray, **marks: Any) -> None:
    """Draw a statistic as a dot with the interval that it carries; nothing where it has no value.

    Parameters
    ----------
    axes
        Where to draw.
    x
        Its place.
    value
        As `statistics.table` gives it.
    marks
        Passed to `style.dots`.
    """
    if np.isfinite(value):
        ends = [value.attrs["ci_low"]], [value.attrs["ci_high"]]
        style.dots(axes, [x], [float(value)], *ends, **marks)


def _shown(values: ArrayLike, floor: float | None) -> np.ndarray:
    """Positions of the points that are finite and above the floor."""
    # As plain numbers: xarray takes an array with a coordinate called `keys` for a dictionary.
    x = np.asarray(values)
    return np.flatnonzero(np.isfinite(x) if floor is None else x > floor)


def legend(figure: Figure, title: str | None = None, below: bool = False) -> None:
    """Put one legend of all axes beside them, or below, where it hides no point.

    Parameters
    ----------
    figure
        The figure; without labels in it there is no legend.
    title
        Heading of the legend.
    below
        Whether it stands below the axes.
    """
    every = [axes.get_legend_handles_labels() for axes in figure.axes]
    handles, labels = legends.few(
        [handle for handles, _ in every for handle in handles],
        [label for _, labels in every for label in labels],
    )
    if not labels:
        return
    place: dict[str, Any] = {"loc": "outside right upper", "alignment": "left"}
    if below:
        # As many columns as the longest label leaves room for: about 0.07 inches a letter.
        column = 0.55 + 0.07 * max(len(numbers.plain(label)) for label in labels)
        beside = min(4, max(1, int(figure.get_figwidth() / column)))
        # A long legend takes its room from below the figure, not from the axes.
        longer = max(0, -(-len(labels) // beside) - 8)
        figure.set_figheight(figure.get_figheight() + 0.19 * longer)
        place = {"loc": "outside lower center", "ncols": beside}
    figure.legend(handles, labels, title=title, title_fontsize=9, **place)


def lacking(axes: Axes, text: str) -> None:
    """Say in empty axes what the grid lacks for them.

    Parameters
    ----------
    axes
        Axes with nothing in them.
    text
        Which cells would fill them, in the words of config.yaml.
    """
    axes.set_axis_off()
    axes.text(
        0.5,
        0.5,
        f"nothing to show: {text}",
        transform=axes.transAxes,
        ha="center",
        va="center",
        color="#555555",
        wrap=True,
        in_layout=False,  # small axes are not squeezed by long words
    )


def empty(text: str) -> Figure:
    """Make a panel that has nothing to show and says what it lacks.

    Parameters
    ----------
    text
        As `lacking` takes it.
    """
    figure, axes = style.figure(width=6.4, height=1.6)
    lacking(axes, text)
    return figure
