"""Fig. 3 redrawn: histograms and curves of the angle, the folded loss, and crossings of 1/2."""

from typing import Any

import numpy as np
import xarray as xr
from matplotlib.figure import Figure

from entanglement.drawing import panels, style
from entanglement.experiments.convergence.roles import ROLES
from entanglement.statistics.roles import cast, values

LACKING = "no cell of Algorithm 1 (weights: top, sampler: exact, n > k)"
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
    figure, axes = style.figure(width=6.4, height=3.8)
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
        xlabel="layer $l$ (0 = the input, which the paper does not draw)",
        ylabel="angle to the training sample / $\\pi$",
        xlim=(0, int(cell["depth"])),
    )
    axes.legend(loc="center right", facecolor="white", frameon=True, edgecolor="none")
    return figure


def _folded_loss(results: xr.Dataset) -> Figure:
    figure, axes = style.figure(width=7.6, height=4.0)
    for cell, look in _looks(results):
        panels.curve(axes, cell, "folded_loss", **look)
    axes.set(yscale="log", xlabel="layer $l$", ylabel="mean folded loss (0.5 = right angle)")
    panels.legend(figure, "dots: simulated\nlines: exact law")
    return figure


def _mean_loss(results: xr.Dataset) -> Figure:
    figure, axes = style.figure(width=7.6, height=4.0)
    for cell, look in _looks(results):
        panels.curve(axes, cell, "mean_loss", theory=False, **look)
    axes.axhline(0.5, color="#333333", label="symmetry: exactly 1/2")
    axes.axhline(0.0, color=style.PALETTE[1], ls="--", label="paper (Eq. 22): 0")
    axes.set(xlabel="layer $l$", ylabel="mean of Eq. 21")
    axes.set_ylim(-0.03, max(0.62, axes.get_ylim()[1]))
    panels.legend(figure)
    return figure


def _crossing(results: xr.Dataset) -> Figure:
    figure, axes = style.figure(width=7.6, height=4.0)
    for cell, look in _looks(results):
        panels.curve(axes, cell, "crossing", **look)
    axes.axhline(0.0, color=style.PALETTE[1], ls="--", label="to the nearest class: 0")
    axes.set(xlabel="start layer $l$", ylabel="share of probes that change sides")
    panels.legend(figure, "dots: simulated\nlines: exact law")
    return figure


def _deviation(results: xr.Dataset) -> Figure:
    figure, axes = style.figure(width=7.6, height=4.0)
    drawn = [(cell, look) for cell, look in _looks(results) if np.isfinite(cell["deviation"]).any()]
    if not drawn:
        return panels.empty("standard errors need a cell of two networks or more")
    for cell, look in drawn:
        panels.curve(axes, cell, "deviation", **{**look, "fmt": f"-{look['fmt']}", "lw": 0.8})
    paper = cast(results, ROLES)["paper"]
    if paper is not None and np.isfinite(paper["deviation_limit"]):
        bound = float(paper["deviation_limit"])
        label = f"99.9 % band of {int(paper['networks'])} networks"
        axes.axhspan(-bound, bound, color="#eeeeee", zorder=0, label=label)
    axes.axhline(0, color="#333333", lw=1)
    axes.set(xlabel="layer $l$", ylabel="folded loss less exact law\n(standard errors)")
    panels.legend(figure)
    return figure


def _looks(results: xr.Dataset) -> list[tuple[xr.Dataset, dict[str, Any]]]:
    """Every cell with its look: dots for Algorithm 1, squares for controls, crosses as printed."""
    cells = cast(results, ROLES)["all"]
    cells.sort(key=lambda cell: (str(cell["weights"].item()) != "top", int(cell["n"])))
    looks = []
    for number, cell in enumerate(cells):
        weights, sampler, k, n = values(cell, "weights", "sampler", "k", "n")
        label = f"$k$ = {k}, $n$ = {n}"
        if weights != "top":
            label += f",\n{weights.replace('_', ' ')} rows"
        elif n == k:
            label += ",\nno selection"
        if sampler == "literal":
            label += ",\nliteral sampler"
        mark = "x" if sampler == "literal" else "o" if weights == "top" else "s"
        color = style.PALETTE[number % len(style.PALETTE)]
        looks.append((cell, {"label": label, "color": color, "fmt": mark}))
    return looks
