"""Figs. 4 and 5 a-e redrawn: paths through spacetime, with start, end and both signs."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import xarray as xr
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from entanglement.drawing import panels, style
from entanglement.experiments.trajectories.roles import ROLES
from entanglement.statistics.roles import cast, values

SAMPLE, WITH, AGAINST = "#000000", style.PALETTE[0], style.PALETTE[1]
SPACE_TIME, SPACE = (1, 2, 0), (1, 2, 3)  # axes of the data that are drawn as x, y and z


def plot_cell(evaluation: xr.Dataset) -> Figure:
    """Draw the augmented vectors of the first network."""
    figure = Figure(figsize=(4.6, 4.4))
    axes = _space(figure, 111, ("$x$", "$y$", "time share"))
    _sphere(axes)
    _paths(axes, evaluation.isel(network=0, layer=slice(1, None)), "augmented")
    return figure


def plot_panels(results: xr.Dataset) -> dict[str, Figure]:
    """Draw the panels of Figs. 4 and 5 a-e."""
    shown: dict[str, Any] = {
        name: cell if cell is None else cell.isel(network=int(cell["shown_network"]))
        for name, cell in cast(results, ROLES).items()
    }
    return {
        "raw": _raw(shown["narrow"]),
        "normalised": _normalised(shown["narrow"]),
        "top_views": _top_views(shown["narrow"]),
        "wider": _wider(shown["wider"], shown["widest"]),
    }


def _raw(cell: xr.Dataset) -> Figure:
    labels = ("$x$ (digits of $|w|$)", "$y$ (digits of $|w|$)", "time $c\\,l$")
    return _single(cell, "log_position", labels, sphere=False)


def _normalised(cell: xr.Dataset) -> Figure:
    labels = ("$x$ / length", "$y$ / length", "time $c\\,l$ / length")
    return _single(cell.isel(layer=slice(1, None)), "augmented", labels, sphere=True)


def _single(cell: xr.Dataset, name: str, labels: Sequence[str], sphere: bool) -> Figure:
    figure = Figure(figsize=(5.6, 5.0))
    axes = _space(figure, 111, labels)
    if sphere:
        _sphere(axes)
    _paths(axes, cell, name)
    k, n, c = values(cell, "k", "n", "c")
    axes.set_title(f"$k$ = {k}, $n$ = {n}, $c$ = {c:g}", y=1.0)
    figure.subplots_adjust(left=0.0, right=0.93, bottom=0.12, top=0.97)
    _legend(figure, "lower center")
    return figure


def _top_views(cell: xr.Dataset) -> Figure:
    depth = int(cell["depth"])
    layers = sorted({max(1, round(depth * part)) for part in (1 / 12, 1 / 4, 1 / 2, 2 / 3, 1)})
    figure, row = style.figure(
        1, len(layers), width=2.1 * len(layers), height=3.3, sharey=True, squeeze=False
    )
    turn = np.linspace(0, 2 * np.pi, 200)
    for axes, layer in zip(row[0], layers, strict=True):
        at = cell["augmented"].sel(layer=layer).values  # (vector, axis)
        axes.plot(np.cos(turn), np.sin(turn), color="#cccccc", lw=1)
        for vector, color, size in _vectors(cell):
            x, y = at[vector, 1:3]
            axes.plot([0, x], [0, y], color=color, lw=0.9)
            # The sample is a ring, so that probes show inside it.
            ring = {"mfc": "none", "ms": size + 3} if vector == 0 else {"ms": size - 1}
            axes.plot([x], [y], "*" if layer == depth else "o", color=color, **ring)
        axes.set(aspect="equal", xlim=(-1.1, 1.1), ylim=(-1.1, 1.1), xlabel="$x$ / length")
        axes.set_title(f"layer {layer}" + (" (end)" if layer == depth else ""))
    row[0, 0].set_ylabel("$y$ / length")
    _legend(figure, "outside lower center")
    return figure


def _wider(first: xr.Dataset | None, last: xr.Dataset | None) -> Figure:
    if first is None or last is None:
        return panels.empty("no cell with k > 2")
    figure = Figure(figsize=(9.6, 4.8))
    cells = [first] if first["cell_name"] == last["cell_name"] else [first, last]
    for position, cell in enumerate(cells, start=121):
        cell, k = cell.isel(layer=slice(1, None)), int(cell["k"])
        if k == 3:
            axes = _space(figure, position, ("$x$ / length", "$y$ / length", "$z$ / length"))
            title = "$k$ = 3: space only; the centre is pure time"
        else:
            labels = ("along $u_l$ / length", "across / length", "time $c\\,l$ / length")
            axes = _space(figure, position, labels)
            title = f"$k$ = {k}: plane of $u_l$ and a residual"
        _paths(axes, cell, "augmented", SPACE if k == 3 else SPACE_TIME)
        _sphere(axes, whole=k == 3)
        axes.set_title(title, fontsize=10)
    figure.subplots_adjust(left=0.0, right=0.95, bottom=0.14, top=0.95, wspace=0.12)
    _legend(figure, "lower center")
    return figure


def _vectors(cell: xr.Dataset) -> list[tuple[int, str, float]]:
    """Number, color and marker size of each vector; the sample last, on top."""
    last = cell["cotangent"].values[-1]
    probes = [(v, WITH if last[v] > 0 else AGAINST, 7.0) for v in range(1, len(last))]
    return [*probes, (0, SAMPLE, 9.0)]


def _paths(axes: Any, cell: xr.Dataset, name: str, order: Sequence[int] = SPACE_TIME) -> None:
    for vector, color, size in _vectors(cell):
        x, y, z = cell[name].values[:, vector, list(order)].T
        axes.plot(x, y, z, "-", color=color, lw=1.8 if vector == 0 else 1.1, alpha=0.85)
        axes.plot(x[1:-1], y[1:-1], z[1:-1], ".", color=color, ms=3)
        axes.plot(x[:1], y[:1], z[:1], "o", color=color, ms=5, mfc="white")
        axes.plot(x[-1:], y[-1:], z[-1:], "*", color=color, ms=size + 2)


def _space(figure: Figure, position: int, labels: Sequence[str]) -> Any:
    axes: Any = figure.add_subplot(position, projection="3d")
    axes.set(xlabel=labels[0], ylabel=labels[1], zlabel=labels[2])
    axes.view_init(elev=22, azim=-58)
    axes.tick_params(labelsize=8)
    axes.set_box_aspect((1, 1, 0.9), zoom=0.95)
    return axes


def _sphere(axes: Any, whole: bool = False) -> None:
    """Mark the unit sphere that normalised vectors live on: the equator and two meridians."""
    turn = np.linspace(0, 2 * np.pi if whole else np.pi, 80)
    around = np.linspace(0, 2 * np.pi, 120)
    flat = np.zeros_like(turn)
    look = {"color": "#bbbbbb", "lw": 0.8}
    axes.plot(np.cos(around), np.sin(around), np.zeros_like(around), **look)
    axes.plot(np.cos(turn), flat, np.sin(turn), **look)
    axes.plot(flat, np.cos(turn), np.sin(turn), **look)
    axes.set(xlim=(-1, 1), ylim=(-1, 1), zlim=(-1 if whole else 0, 1))
    axes.set(xticks=[-1, 0, 1], yticks=[-1, 0, 1], zticks=[-1, 0, 1] if whole else [0, 0.5, 1])


def _legend(figure: Figure, place: Any) -> None:
    entries = [
        Line2D([], [], color=SAMPLE, lw=1.8, label="training sample"),
        Line2D([], [], color=WITH, label="probe that ends with it"),
        Line2D([], [], color=AGAINST, label="probe that ends opposite"),
        Line2D([], [], color="#555555", marker="o", mfc="white", ls="", label="start"),
        Line2D([], [], color="#555555", marker="*", ms=9, ls="", label="end"),
    ]
    figure.legend(handles=entries, loc=place, ncols=3)
