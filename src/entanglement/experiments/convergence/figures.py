"""Fig. 3 redrawn: histograms and curves of the angle, the folded loss, and crossings of 1/2."""

from itertools import cycle
from typing import Any

import numpy as np
import xarray as xr
from matplotlib.figure import Figure

from entanglement.drawing import panels, style
from entanglement.experiments.convergence.roles import ROLES
from entanglement.statistics.roles import cast, values

LACKING = "no cell of Algorithm 1 (weights: top, sampler: exact, n > k)"
FLOOR = 1e-7  # collapsed is collapsed
Look = tuple[xr.Dataset, dict[str, Any]]
PRINTED = (2, 4, 6, 8, 10)  # layers of the paper's histograms


def plot_cell(evaluation: xr.Dataset) -> Figure:
    """Draw the cotangents of one network's probes."""
    figure, axes = style.figure(width=5.2, height=3.4)
    cotangent = evaluation["cotangent"].isel(network=0).values[:, :100]
    axes.plot(evaluation["layer"].values, cotangent, color=style.PALETTE[0], alpha=0.4, lw=0.8)
    axes.set_yscale("symlog", linthresh=0.1)
    axes.axhline(0, color="#333333", lw=1)
    axes.set(xlabel="layer $l$", ylabel="cotangent of the angle")
    axes.set_title(f"network 0, {cotangent.shape[1]} probes")
    return figure


def plot_panels(results: xr.Dataset) -> dict[str, Figure]:
    """Draw the panels of Fig. 3 and its tests."""
    return {
        "histograms": _histograms(results),
        "angle_curves": _angle_curves(results),
        "folded_loss": _folded_loss(results),
        "mean_loss": _mean_loss(results),
        "crossing": _crossing(results),
        "deviation": _deviation(results),
    }


def _histograms(results: xr.Dataset) -> Figure:
    cell = cast(results, ROLES)["paper"]
    if cell is None:
        return panels.empty(LACKING)
    depth = int(cell["depth"])
    layers = [layer for layer in PRINTED if layer <= depth] or [depth]
    figure, axes = style.figure(
        1, len(layers), width=2.0 * len(layers) + 0.6, height=2.9, sharey=True, squeeze=False
    )
    for panel, layer in zip(axes[0], layers, strict=True):
        at = cell.sel(layer=layer)
        bins = at["bin"].values
        panel.bar(bins, at["share"], width=bins[1] - bins[0], color="#cfe3f1")
        panels.curve(
            panel, at, "share", "simulated", theory=False, color=style.PALETTE[0], markersize=2.5
        )
        style.theory(panel, bins, at["share_theory"], "exact law", color=style.PALETTE[1])
        style.theory(panel, bins, at["large_k_share"], "large-$k$ law", ls=":", lw=1.2)
        title = f"$L$ = {layer}: folded {float(at['folded_loss']):.2g}"
        panel.set(title=title, xticks=[0, 0.5, 1], yscale="log", ylim=(3e-5, 1))
    axes[0, 0].set_ylabel("share of probes in a bin")
    axes[0, len(layers) // 2].set_xlabel(
        "angle to the training sample / $\\pi$  (summand of Eq. 23)"
    )
    figure.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside upper right", ncols=3)
    return figure


def _angle_curves(results: xr.Dataset) -> Figure:
    cell = cast(results, ROLES)["paper"]
    if cell is None:
        return panels.empty(LACKING)
    figure, axes = style.figure(width=style.HALF, height=3.9)
    sides = (
        ("starts below 1/2 and stays", style.PALETTE[0], 1),
        ("starts above 1/2 and stays", style.PALETTE[5], 1),
        ("changes its side", style.PALETTE[1], 3),
    )
    for side, (words, color, order) in enumerate(sides):
        drawn = cell["angle_shown"].values[:, cell["side_shown"].values == side].T
        for number, curve in enumerate(drawn):
            label = f"{words} ({len(drawn)})" if number == 0 else None
            axes.plot(
                cell["layer"], curve, color=color, lw=1.0, alpha=0.9, zorder=order, label=label
            )
    axes.axhline(0.5, color="#333333", lw=1, ls="--")
    axes.set(
        xlabel="layer $l$ (0: the input, not drawn in the paper)",
        ylabel="angle to the training sample / $\\pi$",
        xlim=(0, int(cell["depth"])),
    )
    panels.legend(figure, below=True)
    return figure


def _folded_loss(results: xr.Dataset) -> Figure:
    figure, sides = _two(results)
    for axes, cells in sides:
        for cell, look in cells:
            panels.curve(axes, cell, "folded_loss", floor=FLOOR, **look)
        axes.set(yscale="log", ylim=(FLOOR, 1), xlabel="layer $l$")
        _beneath(axes)
    sides[0][0].set_ylabel("mean folded loss (0.5 = right angle)")
    return figure


def _mean_loss(results: xr.Dataset) -> Figure:
    cells = [cell for side in _looks(results) for cell in side]
    figure, axes = style.figure(width=style.HALF, height=1.1 + 0.3 * len(cells))
    for row, (cell, look) in enumerate(cells):
        last = cell.isel(layer=-1)
        ends = [
            [abs(float(last["mean_loss" + end] - last["mean_loss"]))] for end in ("_low", "_high")
        ]
        marks = {key: look[key] for key in ("color", "fmt")}
        axes.errorbar([float(last["mean_loss"])], [row], xerr=ends, markersize=5, **marks)
    axes.axvline(0.5, color="#333333", lw=1, label="symmetry: exactly 1/2")
    axes.axvline(0.0, color=style.PALETTE[1], ls="--", label="paper (Eq. 22): 0")
    axes.set_yticks(range(len(cells)), [look["label"] for _, look in cells], fontsize=9)
    axes.set(xlim=(-0.03, 0.62), ylim=(len(cells) - 0.4, -0.6), xlabel="mean of Eq. 21, last layer")
    panels.legend(figure, below=True)
    return figure


def _crossing(results: xr.Dataset) -> Figure:
    figure, sides = _two(results)
    for axes, cells in sides:
        for cell, look in cells:
            panels.curve(axes, cell, "crossing", **look)
        axes.axhline(0.0, color="#333333", ls="--", lw=1, label="to the nearest class: 0")
        axes.set_xlabel("start layer $l$")
        _beneath(axes)
    sides[0][0].set_ylabel("share of probes that change sides")
    return figure


def _two(results: xr.Dataset) -> tuple[Figure, Any]:
    """Algorithm 1 on the left, its controls on the right, on one vertical axis."""
    figure, axes = style.figure(1, 2, width=style.WHOLE, height=4.6, sharey=True)
    axes[0].set_title("Algorithm 1: the largest rows")
    axes[1].set_title("Controls")
    sides = list(zip(axes, _looks(results), strict=True))
    for at, cells in sides:
        if not cells:
            panels.lacking(at, "no such cell")
    return figure, sides


def _beneath(axes: Any) -> None:
    style.legend(axes, loc="upper left", bbox_to_anchor=(0, -0.16), ncols=2)


def _deviation(results: xr.Dataset) -> Figure:
    figure, sides = _two(results)
    paper = cast(results, ROLES)["paper"]
    if not np.isfinite(results["deviation"]).any():
        return panels.empty("standard errors need a cell of two networks or more")
    for axes, cells in sides:
        for cell, look in cells:
            panels.curve(axes, cell, "deviation", **look)
        if paper is not None and np.isfinite(paper["deviation_limit"]):
            bound = float(paper["deviation_limit"])
            label = f"99.9 % band of {int(paper['networks'])} networks"
            axes.axhspan(-bound, bound, color="#eeeeee", zorder=0, label=label)
            axes.set_yscale("symlog", linthresh=bound)
        axes.axhline(0, color="#333333", lw=1)
        axes.set_xlabel("layer $l$")
        _beneath(axes)
    sides[0][0].set_ylabel("folded loss less exact law\n(standard errors)")
    return figure


def _looks(results: xr.Dataset) -> tuple[list[Look], list[Look]]:
    """Every cell with its look: Algorithm 1, dots and crosses as printed; and the controls."""
    cells = cast(results, ROLES)["all"]
    cells.sort(key=lambda cell: (int(cell["k"]), int(cell["n"]), str(cell["sampler"].item())))
    deepest = cast(results, ROLES)["paper"]
    paper = None if deepest is None else deepest["cell_name"].item()
    looks = zip([1, 4, 5, 6, 7, 2], "sv^Px*", strict=True)
    others = cycle({"color": style.PALETTE[number], "fmt": mark} for number, mark in looks)
    chosen: list[Look] = []
    controls: list[Look] = []
    for cell in cells:
        weights, sampler, k, n = values(cell, "weights", "sampler", "k", "n")
        label = f"$k$ = {k}, $n$ = {n}"
        if weights != "top":
            name = {"minimum": "smallest"}.get(weights, weights)
            look = style.FAMILIES.get(name, {"color": style.PALETTE[7], "fmt": "*"})
            # The same family at several widths: hollow, from the second on.
            again = any(one["color"] == look["color"] for _, one in controls)
            hollow = {"mfc": "white"} if again else {}
            controls.append((cell, {"label": f"{name} rows, {label}", **look, **hollow}))
            continue
        label += ", no selection" if n == k else ", literal" if sampler == "literal" else ""
        if n == k:
            look = style.FAMILIES["no selection"]
        else:
            look = style.FAMILIES["largest"] if cell["cell_name"].item() == paper else next(others)
        chosen.append((cell, {"label": label, **look}))
    return chosen, controls
