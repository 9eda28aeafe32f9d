"""Figures: the collapse by product and addition, its order, and where the Euclidean product settles."""

from itertools import cycle
from typing import Any

import numpy as np
import xarray as xr
from matplotlib.figure import Figure

from entanglement.drawing import panels, style
from entanglement.experiments.rank_collapse.roles import ROLES
from entanglement.statistics.roles import cast

PRODUCTS = {"dot": "dot product", "E": "Euclidean", "H": "hyperbolic"}
KINDS = {
    "": "attention alone",
    "_mlp": "with hidden layers",
    "_skip": "with skips",
    "_both": "with skips and hidden layers",
}
# Below, only the dot product's numbers are more than rounding; and stacks of a scatter.
LOWEST, SHOWN = -60.0, 15


def plot_cell(evaluation: xr.Dataset) -> Figure:
    """What tokens of ten stacks differ by."""
    figure, axes = style.figure(width=5.6, height=3.6)
    curves = evaluation["log_residual"].isel(network=slice(10)).transpose("layer", "network")
    axes.plot(evaluation["layer"], curves, color=style.PALETTE[0], lw=0.8)
    axes.set(xlabel="layer $l$", ylabel="ln of the relative difference")
    axes.set_title("What tokens differ by, ten networks")
    return figure


def plot_panels(results: xr.Dataset) -> dict[str, Figure]:
    """Draw all panels."""
    cells = cast(results, ROLES)
    return {
        "residual": _residual(cells),
        "order": _order(cells),
        "between": _between(cells["euclidean"]),
    }


def _residual(cells: dict[str, Any]) -> Figure:
    figure, axes = style.figure(2, 2, width=9.5, height=6.4, sharex="row", sharey="row")
    axes[0, 0].set(ylim=(LOWEST, 3), xlim=(-0.3, 8))  # what follows lies below
    for at, (ending, title) in zip(axes.flat, KINDS.items(), strict=True):
        at.set_title(title)
        for product, name in PRODUCTS.items():
            cell = cells[product + ending]
            if cell is not None:
                look: dict[str, Any] = {**style.PRODUCTS[product], "lw": 0.8}
                look["fmt"] += "-"
                panels.curve(at, cell, "mean_log_residual", name, **look)
        if style.empty(at):
            panels.lacking(at, f"no stack {title}")
        at.set_xlabel("layer $l$")
    figure.supylabel("ln of what tokens differ by, over their length")
    panels.legend(figure, "lines join dots")
    return figure


def _order(cells: dict[str, Any]) -> Figure:
    shown = [(p, name) for p, name in PRODUCTS.items() if cells[p] is not None]
    if not shown:
        return panels.empty("no stack with skip: false and mlp: false")
    figure, axes = style.figure(width=7.6, height=4.8)
    ends = np.array([-18.0, 0.0])
    style.theory(axes, ends, 3 * ends, "cubic")
    style.theory(axes, ends, ends, "no fall at all", ls=":")
    for product, name in shown:
        found = cells[product]["log_residual"].isel(network=slice(SHOWN))
        found = found.transpose("network", "layer").values
        look = style.PRODUCTS[product]
        style.dots(axes, found[:, :-1].ravel(), found[:, 1:].ravel(), label=name, **look)
    axes.set(xlim=(ends[0], 0.5), ylim=(LOWEST, 3))
    axes.set(xlabel="ln of the difference in a layer", ylabel="and in the next")
    panels.legend(figure)
    return figure


def _between(cells: list[xr.Dataset]) -> Figure:
    if not cells:
        return panels.empty("no stack with product: E")
    figure, axes = style.figure(width=8.2, height=4.2)
    for color, mark, cell in zip(cycle(style.PALETTE), cycle("os^vD"), cells):
        label = f"$k$ = {int(cell['k'])}"
        label += ", skips" if cell["skip"] else ""
        label += ", hidden layers" if cell["mlp"] else ""
        later = cell.isel(layer=slice(1, None))
        panels.curve(axes, later, "mean_between", label, color=color, fmt=f"{mark}-", lw=0.8)
    axes.set(xlabel="layer $l$", ylim=(-0.03, 1.05))
    axes.xaxis.get_major_locator().set_params(integer=True)
    axes.set_ylabel("share of indices with queries between keys")
    panels.legend(figure, "lines join dots")
    return figure
