"""Legends beside the data, never over them, and never longer than a picture."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PathCollection
from matplotlib.figure import Figure
from matplotlib.legend import Legend
from matplotlib.lines import Line2D
from matplotlib.path import Path
from matplotlib.transforms import Bbox

# No eye tells more looks apart, and a longer legend leaves no room for its axes.
MOST = 20


def few(handles: Sequence[Any], labels: Sequence[str]) -> tuple[list[Any], list[str]]:
    """Give each label once, and no more than `MOST`; the last one then says how many are left out."""
    entries: dict[str, Any] = {}
    for handle, label in zip(handles, labels, strict=True):
        entries.setdefault(label, handle)
    if len(entries) <= MOST:
        return [*entries.values()], [*entries]
    more = f"and {len(entries) - MOST + 1:,} more"
    shown = [*entries][: MOST - 1]
    return [*(entries[label] for label in shown), Line2D([], [], ls="")], [*shown, more]


def settle(made: Figure) -> None:
    """Move every legend that lies over data of its axes to the right of them.

    Parameters
    ----------
    made
        A figure whose layout has been computed; it is computed again if a legend moves.
    """
    engine = made.get_layout_engine()
    for (
        _
    ) in made.axes:  # a legend beside its axes narrows all of them, and others may then lie on data
        covering = [legend for axes in made.axes if (legend := axes.get_legend()) and hides(axes)]
        for legend in covering:
            legend.set_loc("upper left")
            legend.set_bbox_to_anchor((1.01, 1.0), transform=legend.axes.transAxes)
        if not covering or engine is None:
            return
        engine.execute(made)


def hides(axes: Axes) -> bool:
    """Whether the legend of axes lies over a dot, a line or an interval that is drawn in them."""
    legend = axes.get_legend()
    if legend is None or not axes.axison:
        return False
    axes.get_xlim()  # limits follow the data only when somebody asks for them
    # What lies outside the axes is not drawn, so a legend there hides nothing.
    box = Bbox.intersection(_inner(legend), axes.get_window_extent())
    if box is None:
        return False
    paths = [line.get_transform().transform_path(line.get_path()) for line in axes.lines]
    joined = [line.get_linestyle() not in ("None", "none", "", " ") for line in axes.lines]
    if any(_met(path, box, at) for path, at in zip(paths, joined, strict=True)):
        return True
    for drawn in axes.collections:
        if isinstance(drawn, PathCollection):
            at = drawn.get_offset_transform().transform(drawn.get_offsets())
            if _met(Path(at), box, joined=False):
                return True
        elif isinstance(drawn, LineCollection):
            bars = (axes.transData.transform_path(path) for path in drawn.get_paths())
            if any(_met(bar, box, joined=True) for bar in bars):
                return True
    return False


def _inner(legend: Legend) -> Bbox:
    """A legend's box, less its padding of a few pixels."""
    return legend.get_window_extent().padded(-3)


def _met(path: Path, box: Bbox, joined: bool) -> bool:
    corners = np.asarray(path.vertices, dtype=float)
    corners = corners[np.isfinite(corners).all(axis=1)]
    if not len(corners):
        return False
    inside = box.count_contains(corners) > 0
    return bool(inside or (joined and Path(corners).intersects_bbox(box, filled=False)))
