"""Figures of the causes: norm or gap, all families, norms, and the spacetime reading."""

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
COLORS = dict(zip(FAMILIES, style.PALETTE, strict=False))


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
    figure, axes = style.figure(2, 2, width=7.6, height=6.0, sharex=True, sharey=True)
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
        2, len(widths), width=12, height=7, sharex="col", sharey=True, squeeze=False
    )
    axes[0, 0].set(yscale="log", ylim=(FLOOR, 1))
    for family, words in FAMILIES.items():
        for cell in cells[family]:
            column = widths.index(int(cell["k"]))
            _curve(axes[0, column], cell, "mean_fold", words, color=COLORS[family])
            _curve(axes[1, column], cell, "mean_fold_between", words, color=COLORS[family])
    for column, width in enumerate(widths):
        axes[0, column].set_title(f"to the training sample, $k$ = {width:g}")
        axes[1, column].set_title(f"between probes, $k$ = {width:g}")
        axes[1, column].set_xlabel("layer $l$")
    _say_what_is_lacking(axes)
    figure.supylabel("mean folded angle / $\\pi$ (0: collapsed)")
    panels.legend(figure, below=True)
    return figure


def _say_what_is_lacking(axes: Any) -> None:
    for at in axes.flat:
        if style.empty(at):
            panels.lacking(at, "no cell of these families")


def _norms(cells: dict[str, Any], widths: list[int]) -> Figure:
    figure, axes = style.figure(1, len(widths), width=12, height=3.8, squeeze=False)
    for family, words in FAMILIES.items():
        # Random rows and no selection are the same: the one is dashed, on top of the other.
        look = {"ls": "--", "zorder": 3} if family == "random" else {"ls": "-", "zorder": 2}
        for cell in cells[family]:
            norm = cell["mean_log_norm"][::5]
            at = axes[0, widths.index(int(cell["k"]))]
            at.plot(norm["layer"], norm, color=COLORS[family], label=words, **look)
    for at, width in zip(axes[0], widths, strict=True):
        at.set(title=f"$k$ = {width:g}", xlabel="layer $l$")
    _say_what_is_lacking(axes)
    axes[0, 0].set_ylabel("ln $|w_l|$, mean over networks")
    panels.legend(figure, below=True)
    return figure


def _spacetime(cells: dict[str, Any]) -> Figure:
    shown = {"largest_2": "largest", "growing_2": "growing", "largest_unit_2": "largest_unit",
             "constant_2": "constant"}  # fmt: skip
    if all(cells[role] is None for role in shown):
        return panels.empty("no cell of these weights at k = 2, the width of section IV")
    figure, axes = style.figure(1, 3, width=12, height=4.2, sharex=True)
    titles = {
        "mean_time_share": "time share $c\\,l/|[c\\,l; w]|$",
        "mean_augmented": "angle of augmented vectors (Eq. 31) / $\\pi$",
        "mean_fold": "folded spatial angle / $\\pi$",
    }
    for at, (name, title) in zip(axes, titles.items(), strict=True):
        at.set(title=title, xlabel="layer $l$")
        for role, family in shown.items():
            if cells[role] is not None:
                cell = cells[role].sel(layer=slice(30))
                look = {"color": COLORS[family], "fmt": "o-"}
                _curve(at, cell, name, FAMILIES[family], theory=False, **look)
    axes[0].set(yscale="log", ylim=(1e-5, 2), xlim=(-0.5, 30))
    axes[1].set(ylim=(-0.02, 0.6))
    axes[2].set(ylim=(-0.01, 0.3))
    panels.legend(figure, below=True)
    return figure


def _curve(at: Axes, cell: xr.Dataset, name: str, label: str, **look: Any) -> None:
    """Draw a curve thinned out, without what lies below the floor of a logarithmic axis."""
    step = max(1, cell.sizes["layer"] // SHOWN)
    floor = FLOOR if at.get_yscale() == "log" else None
    panels.curve(at, cell, name, label, every=step, floor=floor, markersize=3, **look)
