"""Figs. 4 and 5 a-e redrawn: paths through spacetime, with start, end and both signs."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import xarray as xr
from matplotlib.figure import Figure

from entanglement.drawing import style

SAMPLE, WITH, AGAINST = "#000000", style.PALETTE[0], style.PALETTE[1]


def plot_cell(evaluation: xr.Dataset) -> Figure:
    """Draw the augmented vectors of the first network.

    Parameters
    ----------
    evaluation
        One cell.
    """
    figure = Figure(figsize=(4.6, 4.4))
    axes = _space(figure, 111, ("$x$", "$y$", "time share"))
    _sphere(axes)
    _paths(axes, evaluation.isel(network=0, layer=slice(1, None)), "augmented", (1, 2, 0))
    return figure


def plot_panels(results: xr.Dataset) -> dict[str, Figure]:
    """Draw the panels of Figs. 4 and 5 a-e.

    Parameters
    ----------
    results
        All cells with what `summarise` added.
    """
    results = results.isel(cell=np.lexsort((results["n"].values, results["k"].values)))
    return {
        "raw": _raw(results),
        "normalised": _normalised(results),
        "top_views": _top_views(results),
        "wider": _wider(results),
    }


def _raw(results: xr.Dataset) -> Figure:
    labels = ("$x$ (digits of $|w|$)", "$y$ (digits of $|w|$)", "time $c\\,l$")
    return _single(_shown(results, 0), "log_position", labels, sphere=False)


def _normalised(results: xr.Dataset) -> Figure:
    labels = ("$x$ / length", "$y$ / length", "time $c\\,l$ / length")
    return _single(_shown(results, 0).isel(layer=slice(1, None)), "augmented", labels, sphere=True)


def _single(cell: xr.Dataset, name: str, labels: Sequence[str], sphere: bool) -> Figure:
    figure = Figure(figsize=(5.6, 5.0))
    axes = _space(figure, 111, labels)
    if sphere:
        _sphere(axes)
    _paths(axes, cell, name, (1, 2, 0))
    axes.set_title(
        f"$k$ = {int(cell['k'])}, $n$ = {int(cell['n'])}, $c$ = {float(cell['c']):g}", y=1.0
    )
    figure.subplots_adjust(left=0.0, right=0.93, bottom=0.12, top=0.97)
    _legend(figure)
    return figure


def _top_views(results: xr.Dataset) -> Figure:
    cell = _shown(results, 0)
    depth = int(cell["depth"])
    layers = sorted({max(1, round(depth * part)) for part in (1 / 12, 1 / 4, 1 / 2, 2 / 3, 1)})
    figure, panels = style.figure(
        1, len(layers), width=2.1 * len(layers), height=3.3, sharey=True, squeeze=False
    )
    turn = np.linspace(0, 2 * np.pi, 200)
    for axes, layer in zip(panels[0], layers, strict=True):
        at = cell.sel(layer=layer)
        axes.plot(np.cos(turn), np.sin(turn), color="#cccccc", lw=1)
        for vector, colour, size, _ in _vectors(cell):
            x, y = (float(at["augmented"].isel(vector=vector, axis=axis)) for axis in (1, 2))
            axes.plot([0, x], [0, y], color=colour, lw=0.9)
            # The sample is a ring, so that probes show inside it.
            ring = {"mfc": "none", "ms": size + 3} if vector == 0 else {"ms": size - 1}
            axes.plot([x], [y], "*" if layer == depth else "o", color=colour, **ring)
        axes.set_aspect("equal")
        axes.set_xlim(-1.1, 1.1)
        axes.set_ylim(-1.1, 1.1)
        axes.set_title(f"layer {layer}" + (" (end)" if layer == depth else ""))
        axes.set_xlabel("$x$ / length")
    panels[0, 0].set_ylabel("$y$ / length")
    _legend(figure)
    return figure


def _wider(results: xr.Dataset) -> Figure:
    figure = Figure(figsize=(9.6, 4.8))
    wider = [i for i in range(results.sizes["cell"]) if int(results["k"][i]) > 2]
    chosen = sorted({*wider[:1], *wider[-1:]})
    if not chosen:
        figure.text(0.5, 0.5, "no cell with k > 2 was run", ha="center")
    for number, i in enumerate(chosen):
        cell = _shown(results, i).isel(layer=slice(1, None))
        k, position = int(cell["k"]), 121 + number
        if k == 3:
            axes = _space(figure, position, ("$x$ / length", "$y$ / length", "$z$ / length"))
            title = "$k$ = 3: space only; the centre is pure time"
            _paths(axes, cell, "augmented", (1, 2, 3))
            _sphere(axes, whole=True)
        else:
            labels = ("along $u_l$ / length", "across / length", "time $c\\,l$ / length")
            axes = _space(figure, position, labels)
            title = f"$k$ = {k}: plane of $u_l$ and a residual"
            _paths(axes, cell, "augmented", (1, 2, 0))
            _sphere(axes)
        axes.set_title(title, fontsize=10)
    if chosen:
        figure.subplots_adjust(left=0.0, right=0.95, bottom=0.14, top=0.95, wspace=0.12)
        _legend(figure)
    return figure


def _shown(results: xr.Dataset, i: int) -> xr.Dataset:
    """The drawn network of a cell, without the padding of deeper or larger ones."""
    cell = results.isel(cell=i)
    cell = cell.isel(network=int(cell["shown_network"]))
    depth, probes = int(cell["depth"]), int(cell["probes"])
    return cell.isel(layer=slice(0, depth + 1), vector=slice(0, probes + 1))


def _vectors(cell: xr.Dataset) -> list[tuple[int, str, float, str]]:
    """Number, colour, marker size and meaning of each vector; the sample last, on top."""
    last = cell["cotangent"].isel(layer=-1).values
    vectors = []
    for vector in range(1, len(last)):
        same = last[vector] > 0
        colour = WITH if same else AGAINST
        vectors.append((vector, colour, 7.0, "ends with it" if same else "ends opposite"))
    return [*vectors, (0, SAMPLE, 9.0, "training sample")]


def _paths(axes: Any, cell: xr.Dataset, name: str, order: Sequence[int]) -> None:
    for vector, colour, size, _ in _vectors(cell):
        x, y, z = (cell[name].isel(vector=vector, axis=axis).values for axis in order)
        wide = 1.8 if vector == 0 else 1.1
        axes.plot(x, y, z, "-", color=colour, lw=wide, alpha=0.85)
        axes.plot(x[1:-1], y[1:-1], z[1:-1], ".", color=colour, ms=3)
        axes.plot(x[:1], y[:1], z[:1], "o", color=colour, ms=5, mfc="white")
        axes.plot(x[-1:], y[-1:], z[-1:], "*", color=colour, ms=size + 2)


def _space(figure: Figure, position: int, labels: Sequence[str]) -> Any:
    axes: Any = figure.add_subplot(position, projection="3d")
    axes.set_xlabel(labels[0])
    axes.set_ylabel(labels[1])
    axes.set_zlabel(labels[2])
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
    axes.set_xlim(-1, 1)
    axes.set_ylim(-1, 1)
    axes.set_zlim(-1 if whole else 0, 1)
    axes.set_xticks([-1, 0, 1])
    axes.set_yticks([-1, 0, 1])
    axes.set_zticks([-1, 0, 1] if whole else [0, 0.5, 1])


def _legend(figure: Figure) -> None:
    from matplotlib.lines import Line2D

    entries = [
        Line2D([], [], color=SAMPLE, lw=1.8, label="training sample"),
        Line2D([], [], color=WITH, label="probe that ends with it"),
        Line2D([], [], color=AGAINST, label="probe that ends opposite"),
        Line2D([], [], color="#555555", marker="o", mfc="white", ls="", label="start"),
        Line2D([], [], color="#555555", marker="*", ms=9, ls="", label="end"),
    ]
    if figure.get_layout_engine():
        figure.legend(handles=entries, loc="outside lower center", ncols=3)
    else:
        figure.legend(handles=entries, loc="lower center", ncols=3)
