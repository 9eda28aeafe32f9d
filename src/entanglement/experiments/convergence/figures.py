"""Fig. 3 redrawn: histograms and curves of the angle, the folded loss, and crossings of 1/2."""

from typing import Any

import numpy as np
import xarray as xr
from matplotlib.figure import Figure

from entanglement import style

PRINTED = (2, 4, 6, 8, 10)  # layers of the paper's histograms
# What a panel needs of a grid, written where there is nothing to draw.
NEEDS: dict[str, str | tuple[str, ...]] = {
    "angle_curves": "no cell",
    "deviation": "needs 2 networks, and weights\nthat have an exact law",
    "folded_loss": "no cell",
}


def plot_cell(evaluation: xr.Dataset) -> Figure:
    """Draw the cotangents of one network's probes.

    Parameters
    ----------
    evaluation
        One cell.
    """
    figure, axes = style.figure(width=5.2, height=3.4)
    cotangent = evaluation["cotangent"].isel(network=0).values[:, :100]
    axes.plot(evaluation["layer"].values, cotangent, color=style.PALETTE[0], alpha=0.4, lw=0.8)
    axes.set_yscale("symlog", linthresh=0.1)
    axes.axhline(0, color="#333333", lw=1)
    axes.set_xlabel("layer $l$")
    axes.set_ylabel("cotangent of the angle")
    axes.set_title(f"network 0, {cotangent.shape[1]} probes")
    return figure


def plot_panels(results: xr.Dataset) -> dict[str, Figure]:
    """Draw the panels of Fig. 3 and its tests.

    Parameters
    ----------
    results
        All cells with what `summarise` added.
    """
    panels = {
        "histograms": _histograms(results),
        "angle_curves": _angle_curves(results),
        "folded_loss": _folded_loss(results),
        "mean_loss": _mean_loss(results),
        "crossing": _crossing(results),
        "deviation": _deviation(results),
    }
    return style.explained(panels, NEEDS)


def _histograms(results: xr.Dataset) -> Figure:
    cell = results.isel(cell=_paper(results))
    layers = [layer for layer in PRINTED if layer <= int(cell["depth"])] or [int(cell["depth"])]
    figure, axes = style.figure(
        1, len(layers), width=2.0 * len(layers) + 0.6, height=2.9, sharey=True, squeeze=False
    )
    for panel, layer in zip(axes[0], layers, strict=True):
        at = cell.sel(layer=layer)
        bins, share = at["bin"].values, at["share"].values
        panel.bar(bins, share, width=bins[1] - bins[0], color="#cfe3f1")
        style.dots(
            panel, bins, share, at["share_low"], at["share_high"], "simulated",
            color=style.PALETTE[0], markersize=2.5,
        )  # fmt: skip
        style.theory(panel, bins, at["share_theory"], "exact law", color=style.PALETTE[1])
        style.theory(panel, bins, at["large_k_share"], "large-$k$ law", ls=":", lw=1.2)
        panel.set_title(f"$L$ = {layer}")
        panel.set_xticks([0, 0.5, 1])
        panel.set_yscale("log")
        panel.set_ylim(3e-5, 1)
    axes[0, 0].set_ylabel("share of probes in a bin")
    axes[0, len(layers) // 2].set_xlabel(
        "angle to the training sample / $\\pi$  (summand of Eq. 23)"
    )
    figure.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside upper right", ncols=3)
    return figure


def _angle_curves(results: xr.Dataset) -> Figure:
    cell = results.isel(cell=_paper(results), layer=slice(0, None))
    figure, axes = style.figure(width=6.4, height=3.8)
    layer, angle = cell["layer"].values, cell["angle_shown"].values
    side = angle > 0.5
    last = int(cell["depth"])
    kinds = (
        (~side[0] & ~side[last], style.PALETTE[0], "starts below 1/2 and stays", 1),
        (side[0] & side[last], style.PALETTE[5], "starts above 1/2 and stays", 1),
        (side[0] != side[last], style.PALETTE[1], "changes its side", 3),
    )
    for chosen, colour, label, order in kinds:
        for number, curve in enumerate(angle[:, chosen].T):
            axes.plot(
                layer, curve, color=colour, lw=1.0, alpha=0.9, zorder=order,
                label=f"{label} ({chosen.sum()})" if number == 0 else None,
            )  # fmt: skip
    axes.axhline(0.5, color="#333333", lw=1, ls="--")
    axes.set_xlabel("layer $l$ (0 = the input, which the paper does not draw)")
    axes.set_ylabel("angle to the training sample / $\\pi$")
    axes.set_xlim(0, last)
    style.legend(axes, loc="center right", facecolor="white", frameon=True, edgecolor="none")
    return figure


def _folded_loss(results: xr.Dataset) -> Figure:
    figure, axes = style.figure(width=7.6, height=4.0)
    for cell, look in _looks(results):
        _curve(axes, cell, "folded_loss", look)
    axes.set_yscale("log")
    axes.set_xlabel("layer $l$")
    axes.set_ylabel("mean folded loss (0.5 = right angle)")
    _legend(figure, "dots: simulated\nlines: exact law")
    return figure


def _mean_loss(results: xr.Dataset) -> Figure:
    figure, axes = style.figure(width=7.6, height=3.4)
    for cell, look in _looks(results):
        _curve(axes, cell, "mean_loss", {**look, "theory": False})
    axes.axhline(0.5, color="#333333", label="symmetry: exactly 1/2")
    axes.axhline(0.0, color=style.PALETTE[1], ls="--", label="paper (Eq. 22): 0")
    axes.set_ylim(-0.03, 0.62)
    axes.set_xlabel("layer $l$")
    axes.set_ylabel("mean of Eq. 21")
    _legend(figure)
    return figure


def _crossing(results: xr.Dataset) -> Figure:
    figure, axes = style.figure(width=7.6, height=3.8)
    for cell, look in _looks(results):
        _curve(axes, cell, "crossing", look)
    axes.axhline(0.0, color=style.PALETTE[1], ls="--", label="paper (III-A): 0")
    axes.set_xlabel("start layer $l$")
    axes.set_ylabel("share of probes that change sides")
    _legend(figure, "dots: simulated\nlines: large-$k$ law")
    return figure


def _deviation(results: xr.Dataset) -> Figure:
    figure, axes = style.figure(width=7.6, height=3.6)
    for cell, look in _looks(results):
        if np.isfinite(cell["deviation"]).any():
            axes.plot(
                cell["layer"], cell["deviation"], marker=look["marker"], ms=4, lw=0.8,
                color=look["color"], label=look["label"],
            )  # fmt: skip
    paper = results.isel(cell=_paper(results))
    bound = float(paper["largest_t_bound"])
    if np.isfinite(bound):
        label = f"99.9 % band of {int(paper['networks'])} networks"
        axes.axhspan(-bound, bound, color="#eeeeee", zorder=0, label=label)
    axes.axhline(0, color="#333333", lw=1)
    axes.set_xlabel("layer $l$")
    axes.set_ylabel("folded loss less exact law\n(standard errors)")
    _legend(figure)
    return figure


def _legend(figure: Figure, title: str | None = None) -> None:
    """Put the legend beside the axes, where it hides no point."""
    if figure.axes[0].get_legend_handles_labels()[0]:
        figure.legend(loc="outside right upper", title=title, title_fontsize=9, alignment="left")


def _curve(axes: Any, cell: xr.Dataset, name: str, look: dict[str, Any]) -> None:
    layer = cell["layer"].values
    style.dots(
        axes, layer, cell[name], cell[f"{name}_low"], cell[f"{name}_high"], look["label"],
        color=look["color"], fmt=look["marker"],
    )  # fmt: skip
    if look.get("theory", True):
        style.theory(axes, layer, cell[f"{name}_theory"], color=look["color"], lw=1.2)


def _looks(results: xr.Dataset) -> list[tuple[xr.Dataset, dict[str, Any]]]:
    """Every cell with its colour, marker and label: dots for Algorithm 1, other marks for controls."""
    order = np.lexsort((results["n"].values, results["weights"].values.astype(str) != "top"))
    looks = []
    for number, i in enumerate(order):
        cell = results.isel(cell=int(i))
        weights, sampler = str(cell["weights"].values), str(cell["sampler"].values)
        k, n = int(cell["k"]), int(cell["n"])
        label = f"$k$ = {k}, $n$ = {n}"
        if weights != "top":
            label += f",\n{weights.replace('_', ' ')} rows"
        elif n == k:
            label += ",\nno selection"
        if sampler == "literal":
            label += ",\nliteral sampler"
        marker = "o" if weights == "top" else "s"
        looks.append(
            (
                cell,
                {
                    "label": label,
                    "color": style.PALETTE[number % len(style.PALETTE)],
                    "marker": "x" if sampler == "literal" else marker,
                },
            )
        )
    return looks


def _paper(results: xr.Dataset) -> int:
    """The cell nearest to the paper's: Algorithm 1 with the most candidate rows."""
    weight = results["n"].values.astype(float)
    weight = weight + np.where(results["weights"].values.astype(str) == "top", 1e15, 0)
    weight = weight + np.where(results["sampler"].values.astype(str) == "exact", 1e14, 0)
    return int(np.argmax(weight))
