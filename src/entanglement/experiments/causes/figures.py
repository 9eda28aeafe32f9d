"""Figures of the causes: norm or gap, all families, norms, and the spacetime reading."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from entanglement.drawing import panels, style
from entanglement.experiments.causes.roles import ROLES
from entanglement.statistics.roles import cast

# Smaller folded angles are drawn at this floor: collapsed is collapsed.
FLOOR = 1e-6
# About so many dots a curve; the lines have twice as many points.
SHOWN = 24
# Where time and space are compared: by then every family is in a corner of its own.
LAYER = 20
# Every family with its colour, by the name of its role.
FAMILIES = {
    "largest": "largest rows (Algorithm 1)",
    "largest_unit": "largest rows, constant norm",
    "random": "random rows",
    "no_selection": "no selection",
    "smallest": "smallest rows",
    "growing": "orthogonal x 100",
    "constant": "orthogonal",
}
# Of two families that coincide the one is large and hollow, below the other.
HOLLOW = ("largest_unit", "no_selection", "growing")
LOOKS: dict[str, dict[str, Any]] = {
    family: style.FAMILIES[name]
    | ({"mfc": "white", "markersize": 7, "zorder": 2.5} if family in HOLLOW else {})
    for family, name in {
        "largest": "largest",
        "largest_unit": "rescaled",
        "random": "random",
        "no_selection": "no selection",
        "smallest": "smallest",
        "growing": "growing",
        "constant": "orthogonal",
    }.items()
}


def plot_cell(evaluation: xr.Dataset) -> Figure:
    """Folded angles of one family against depth, and its norm, of ten networks."""
    figure, axes = style.figure(1, 2, width=9, height=3.6)
    some, layer = evaluation.isel(network=slice(10)), evaluation["layer"]
    for color, name, words in (
        (style.PALETTE[0], "fold", "to the training sample"),
        (style.PALETTE[1], "fold_between", "between probes"),
    ):
        for number, curve in enumerate(some[name].transpose("network", "layer").values):
            label = words if number == 0 else None
            axes[0].plot(layer, curve.clip(FLOOR), color=color, lw=0.8, label=label)
    axes[0].set(xlabel="layer $l$", ylabel="mean folded angle / $\\pi$", yscale="log")
    axes[0].legend()
    for curve in some["log_norm"].transpose("network", "layer").values:
        axes[1].plot(layer, curve, lw=0.8)
    axes[1].set(xlabel="layer $l$", ylabel="ln $|w_l|$, ten networks")
    return figure


def plot_panels(results: xr.Dataset) -> dict[str, Figure]:
    """Draw all panels."""
    cells = cast(results, ROLES)
    widths = np.unique(results["k"].values).tolist()
    return {
        "norm_or_gap": _norm_or_gap(cells),
        "families": _families(cells, widths),
        "norms": _norms(cells, widths),
        "spacetime": _spacetime(cells),
    }


def _norm_or_gap(cells: dict[str, Any]) -> Figure:
    figure, axes = style.figure(2, 2, width=7.0, height=5.6, sharex=True, sharey=True)
    axes[0, 0].set(yscale="log", ylim=(FLOOR, 1), xlim=(-1, 41))
    for (row, column), role, title in (
        ((0, 0), "largest_64", "norm grows, spectral gap:\nlargest rows"),
        ((0, 1), "growing_64", "norm grows 100-fold a layer,\nno gap: 100 x orthogonal"),
        ((1, 0), "largest_unit_64", "norm constant, spectral gap:\nlargest rows, rescaled"),
        ((1, 1), "constant_64", "norm constant, no gap:\northogonal"),
    ):
        at, cell = axes[row, column], cells[role]
        at.set_title(title)
        if cell is None:
            panels.lacking(at, f"no such weights at k = 64 ({ROLES[role].where['weights']})")
            continue
        cell = cell.sel(layer=slice(40))
        _curve(at, cell, "mean_fold", "to the training sample", color=style.PALETTE[0])
        _curve(
            at, cell, "mean_fold_between", "between probes", theory=False, color=style.PALETTE[1]
        )
    panels.legend(figure, below=True)
    for at in axes[1]:
        at.set_xlabel("layer $l$ ($k$ = 64)")
    figure.supylabel("mean folded angle / $\\pi$ (0: collapsed)")
    return figure


def _families(cells: dict[str, Any], widths: list[int]) -> Figure:
    figure, axes = style.figure(
        2, len(widths), width=style.WHOLE, height=6.4, sharex="col", squeeze=False
    )
    for family, words in FAMILIES.items():
        for cell in cells[family]:
            column = axes[:, widths.index(int(cell["k"]))]
            for at, name in zip(column, ("mean_log_cotangent", "mean_log_cotangent_between")):
                _curve(at, cell, name, words, dots=10, **LOOKS[family])
    for column, width in zip(axes.T, widths, strict=True):
        column[0].set_title(f"to the training sample, $k$ = {width:g}")
        column[1].set(title=f"between probes, $k$ = {width:g}", xlabel="layer $l$")
    _say_what_is_lacking(axes.flat)
    figure.supylabel("mean ln |cotangent| of the angle (higher: closer together)", fontsize=10)
    panels.legend(figure, below=True)
    return figure


def _say_what_is_lacking(axes: Iterable[Axes]) -> None:
    for at in axes:
        if style.empty(at):
            panels.lacking(at, "no cell of these families")


def _norms(cells: dict[str, Any], widths: list[int]) -> Figure:
    figure, columns = panels.columns(widths, width=style.WHOLE, height=3.8)
    axes = {width: at for at, width in columns}
    for family, words in FAMILIES.items():
        # Of two that coincide one is dashed, on top: random rows and none chosen, two constant norms.
        above = family in ("random", "largest_unit")
        look: dict[str, Any] = {"ls": "--", "zorder": 3} if above else {"ls": "-", "zorder": 2}
        for cell in cells[family]:
            if at := axes.get(int(cell["k"])):
                norm = cell["mean_log_norm"][::5]
                at.plot(norm["layer"], norm, color=LOOKS[family]["color"], label=words, **look)
    for at, width in columns:
        at.set(title=f"$k$ = {width:g}", xlabel="layer $l$")
    _say_what_is_lacking(axes.values())
    columns[0][0].set_ylabel("ln $|w_l|$, mean over networks")
    panels.legend(figure, below=True)
    return figure


def _spacetime(cells: dict[str, Any]) -> Figure:
    shown = {
        "largest_2": "largest",
        "growing_2": "growing",
        "largest_unit_2": "largest_unit",
        "constant_2": "constant",
    }
    if all(cells[role] is None for role in shown):
        return panels.empty("no cell of these weights at k = 2, the width of section IV")
    figure, axes = style.figure(1, 2, width=9.0, height=3.9)
    for role, family in shown.items():
        if cells[role] is None:
            continue
        look, cell = LOOKS[family], cells[role].sel(layer=slice(30))
        at = cell.sel(layer=slice(LAYER)).isel(layer=-1)
        place = [[float(at[name])] for name in ("mean_time_share", "mean_fold")]
        ends = [
            np.abs([[float(at[name + end] - at[name])] for end in ("_low", "_high")])
            for name in ("mean_time_share", "mean_fold")
        ]
        axes[0].errorbar(
            *place, xerr=ends[0], yerr=ends[1], label=FAMILIES[family], **{**look, "markersize": 9}
        )
        _curve(axes[1], cell, "mean_augmented", FAMILIES[family], theory=False, **look)
    axes[0].set(xlim=(-0.08, 1.08), ylim=(-0.03, 0.3))
    axes[0].set(title=f"Layer {LAYER}: neither implies the other")
    axes[0].set(xlabel="time share $c\\,l/|[c\\,l; w_l]|$", ylabel="folded angle in space / $\\pi$")
    axes[1].set(title="Augmented vectors (Eq. 31)", xlabel="layer $l$", ylabel="angle / $\\pi$")
    axes[1].set(ylim=(-0.02, 0.6))
    panels.legend(figure, below=True)
    return figure


def _curve(
    at: Axes, cell: xr.Dataset, name: str, label: str, dots: int = SHOWN, **look: Any
) -> None:
    """Draw a curve thinned out, without what lies below the floor of a logarithmic axis."""
    step = max(1, cell.sizes["layer"] // dots)
    floor = FLOOR if at.get_yscale() == "log" else None
    panels.curve(at, cell, name, label, every=step, floor=floor, **{"markersize": 4, **look})
