"""Pictures of the ways between trained networks, and of training on from equivalents."""

from collections.abc import Callable
from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from entanglement.drawing import panels, style
from entanglement.experiments.barriers.roles import ROLES
from entanglement.networks.product import PRODUCTS
from entanglement.statistics.roles import cast

ALIGNED = {
    "naive": "as trained",
    "group": "product's group",
    "ordinary": "ordinary symmetries",
    "both": "both",
    "random": "ordinary, random g",
}
COLORS = dict(zip(ALIGNED, [style.PALETTE[number] for number in (6, 4, 5, 1, 3)]))
# What is compared, by the alignment above; of several elements the mean counts.
COMPARED = {
    "group": "product's group\nover as trained",
    "both": "both over\nordinary,\nany g (mean)",
    "random": "random elements\nover ordinary",
}
GAINS = {
    "dot": ("group_gain_dot", "both_gain_dot", "random_gain_dot"),
    "E": ("group_gain_E", "both_gain_E", "random_gain_E"),
    "H": ("group_gain_H", "both_gain_H", "random_gain_H"),
}
# Parts of the product's group behind the ordinary symmetries; dot has no element for all entries.
PARTS = {
    "whole group": ("whole_gain_dot", "whole_gain_E", "whole_gain_H"),
    "signs and\norder": ("signs_gain_dot", "signs_gain_E", "signs_gain_H"),
    "own shifts,\ndilations": ("shifts_gain_dot", "shifts_gain_E", "shifts_gain_H"),
    "one element\nfor all": (None, "one_gain_E", "one_gain_H"),
}
DESCENTS = {"E": "descent_E", "H": "descent_H"}
# What training on ends with: an equivalent over the model itself; the model over its start.
ENDS = {
    "better_E": "E: any equivalent\nover the model\n(largest)",
    "trained_on_E": "E: the model,\nafter over before",
    "better_H": "H: dilated\nover the model",
    "trained_on_H": "H: the model,\nafter over before",
}
# Elements of the groups, each with one look in every product.
ELEMENTS: dict[str, dict[str, Any]] = {
    "linear": {"color": style.PALETTE[0], "fmt": "o"},
    "rotation": {"color": style.PALETTE[1], "fmt": "s"},
    "permutation": {"color": style.PALETTE[2], "fmt": "^"},
    "reflection": {"color": style.PALETTE[3], "fmt": "D"},
    "translation": {"color": style.PALETTE[4], "fmt": "v"},
    "dilation": {"color": style.PALETTE[5], "fmt": "P"},
    "mirror": {"color": style.PALETTE[7], "fmt": "X"},
    "layer": {"color": style.PALETTE[6], "fmt": "*"},
}
FLOOR = 1e-18  # exactly nothing is drawn here, and said to be 0
DIVERGED = "no network whose training did not diverge"
APART = "no two networks that have pictures in common and did not diverge"
Cells = dict[str, xr.Dataset]


def plot_cell(evaluation: xr.Dataset) -> Figure:
    """Training loss on every path of one cell, by alignment."""
    if not np.isfinite(evaluation["loss_training"]).any():
        return panels.empty(APART)
    figure, axes = style.figure(1, len(ALIGNED), width=12, height=2.8, sharey=True)
    for at, (name, words) in zip(axes, ALIGNED.items()):
        losses = evaluation["loss_training"].sel(alignment=name)
        at.plot(evaluation["position"], losses.T, color=COLORS[name], alpha=0.35, lw=0.9)
        at.set(title=words, xlabel="position on the path")
    axes[0].set_ylabel("training loss (nat)")
    return figure


def plot_panels(results: xr.Dataset) -> dict[str, Figure]:
    """All panels of the report."""
    played = {name: cell for name, cell in cast(results, ROLES).items() if cell is not None}
    cells = {name: cell for name, cell in played.items() if cell["orbit_loss"].notnull().any()}
    draw: dict[str, Callable[[], Figure]] = {
        "paths": lambda: _paths(cells),
        "gains": lambda: _gains(results, cells),
        "parts_of_the_group": lambda: _parts(results),
        "ways_down": lambda: _ways_down(results, cells),
        "inside_the_orbit": lambda: _inside(cells),
        "shift": lambda: _shift(cells),
        "further_training": lambda: _further(cells),
        "better": lambda: _better(results),
        "tables": lambda: _tables(cells),
    }
    return {name: made() if cells else panels.empty(DIVERGED) for name, made in draw.items()}


def _paths(cells: Cells) -> Figure:
    drawn = {n: c for n, c in cells.items() if np.isfinite(c["mean_loss_training"]).any()}
    if not drawn:
        return panels.empty(APART)
    figure, axes = style.figure(
        1, len(drawn), width=style.WHOLE, height=4.0, squeeze=False, sharey=True
    )
    for at, (name, cell) in zip(axes[0], drawn.items()):
        position = cell["position"]
        for kind, words in ALIGNED.items():
            part, color = cell.sel(alignment=kind), COLORS[kind]
            at.plot(position, part["mean_loss_training"], "-o", color=color, ms=3, label=words)
            at.plot(position, part["mean_loss_held_out"], ":", color=color)
        at.set(title=PRODUCTS[name].label, xlabel="position from one network to the other")
    first = axes[0, 0]
    first.set_ylabel("loss (nat), mean over pairs")
    first.plot([], [], ":", color="#777777", label="the same, held out")
    first.set_ylim(-0.1, None)
    panels.legend(figure, "dots: training loss", below=True)
    return figure


def _gains(results: xr.Dataset, cells: Cells) -> Figure:
    figure, axes = style.figure(1, len(cells), width=10, height=3.6, squeeze=False, sharey=True)
    for at, product in zip(axes[0], cells):
        gains = [results[name] for name in GAINS[product]]
        if not any(np.isfinite(gain) for gain in gains):
            panels.lacking(at, "fewer than three\nnetworks that converge")
            continue
        at.axhline(0, color="#333333", lw=1)
        for place, (aligned, gain) in enumerate(zip(COMPARED, gains)):
            panels.scalar(at, place, gain, color=COLORS[aligned])
        at.set_xticks(range(len(COMPARED)), COMPARED.values(), fontsize=8)
        at.set(title=PRODUCTS[product].label, xlim=(-0.5, len(COMPARED) - 0.5))
    axes[0, 0].set_ylabel("ln of the ratio of barriers\n(below zero: lower barrier)")
    return figure


def _parts(results: xr.Dataset) -> Figure:
    figure, axes = style.figure(width=style.HALF, height=3.8)
    for number, (product, row) in enumerate(PRODUCTS.items()):
        look, shift = style.PRODUCTS[product], 0.18 * (number - 1)
        for place, names in enumerate(PARTS.values()):
            name = names[list(PRODUCTS).index(product)]
            if name and np.isfinite(results[name]):
                panels.scalar(axes, place + shift, results[name], **look)
        axes.plot([], [], look["fmt"], color=look["color"], label=row.label)
    if style.empty(axes):
        return panels.empty("fewer than three networks that converge")
    axes.axhline(0, color="#333333", lw=1)
    axes.set_xticks(range(len(PARTS)), PARTS)
    axes.set(xlim=(-0.5, len(PARTS) - 0.5))
    axes.set_ylabel("ln of the ratio of barriers to those\nby the ordinary symmetries alone")
    panels.legend(figure, below=True)
    return figure


def _ways_down(results: xr.Dataset, cells: Cells) -> Figure:
    figure, axes = style.figure(width=style.HALF, height=3.8)
    for number, (name, cell) in enumerate(cells.items()):
        look, row = style.PRODUCTS[name], cell["lowest_descent"]
        across = number + np.linspace(-0.25, 0.0, row.size)
        axes.plot(across, row, look["fmt"], color=look["color"], ms=4, alpha=0.6, lw=0)
        axes.plot(across, cell["descent_planted"], "x", color="#777777", ms=4, lw=0)
        if name in DESCENTS:
            panels.scalar(axes, number + 0.15, results[DESCENTS[name]], color="#000000")
    axes.plot([], [], "o", color="#777777", label="a network's lowest way down")
    axes.plot([], [], "x", color="#777777", label="a way that was laid down")
    axes.plot([], [], "o", color="#000000", label="mean, 95 % interval")
    axes.axhline(0, color="#333333", lw=1)
    axes.set_xticks(range(len(cells)), [PRODUCTS[name].label for name in cells])
    axes.set(xlim=(-0.5, len(cells) - 0.5))
    axes.set_ylabel("ln of the highest loss on the way\nover the loss it starts from")
    panels.legend(figure, below=True)
    return figure


def _better(results: xr.Dataset) -> Figure:
    figure, axes = style.figure(width=style.HALF, height=3.6)
    for place, name in enumerate(ENDS):
        panels.scalar(axes, place, results[name], color=style.PALETTE[place % 2])
    if style.empty(axes):
        return panels.empty("no networks of product: E or H that converge")
    axes.axhline(0, color="#333333", lw=1)
    axes.set_xticks(range(len(ENDS)), ENDS.values(), fontsize=8)
    axes.set(xlim=(-0.5, len(ENDS) - 0.5))
    axes.set_ylabel("ln of the ratio of losses\non pictures kept back")
    return figure


def _inside(cells: Cells) -> Figure:
    figure, axes = style.figure(
        1, len(cells), width=style.WHOLE, height=4.0, squeeze=False, sharey=True
    )
    for at, (name, cell) in zip(axes[0], cells.items()):
        for kind in cell["kind"].values:
            losses = cell["orbit_loss"].sel(kind=kind).values
            color = ELEMENTS[str(kind)]["color"]
            lines = at.plot(cell["position"], losses.T, color=color, alpha=0.6, lw=0.9)
            lines[0].set_label(str(kind))
        at.set(title=PRODUCTS[name].label, xlabel="position from a model to its equivalent")
        at.set(yscale="log")
    axes[0, 0].set_ylabel("training loss (nat)")
    panels.legend(figure, "one line a network", below=True)
    return figure


def _shift(cells: Cells) -> Figure:
    figure, axes = style.figure(1, len(cells), width=10, height=3.4, squeeze=False, sharey=True)
    for at, (name, cell) in zip(axes[0], cells.items()):
        for variable, label, color, mark in (
            ("largest_loss_shift", "Q and K moved", style.PALETTE[0], "o"),
            ("largest_loss_shift_alone", "Q alone moved", style.PALETTE[1], "s"),
        ):
            shown = np.maximum(cell[variable], FLOOR)
            style.dots(at, cell["shift_size"], shown, label=label, color=color, fmt=mark)
        at.set(title=PRODUCTS[name].label, xlabel=PRODUCTS[name].size_label)
        at.set(xscale="log", yscale="log", ylim=(FLOOR / 5, 1e4))
        at.set_yticks(
            [FLOOR, 1e-15, 1e-10, 1e-5, 1], ["0", "$10^{-15}$", "$10^{-10}$", "$10^{-5}$", "1"]
        )
        at.minorticks_off()
    axes[0, 0].set_ylabel("largest change of the training loss (nat)")
    panels.legend(figure, below=True)
    return figure


def _further(cells: Cells) -> Figure:
    figure, axes = style.figure(
        1, len(cells), width=style.WHOLE, height=4.0, squeeze=False, sharex=True
    )
    for at, (name, cell) in zip(axes[0], cells.items()):
        _differences(at, cell, ("SGD", "Adam", "AdamW"))
        at.set_title(PRODUCTS[name].label)
    words = "largest difference of loss from the model's own training, last step (nat)"
    axes[0, len(cells) // 2].set_xlabel(words)
    panels.legend(figure, below=True)
    return figure


def _tables(cells: Cells) -> Figure:
    if "H" not in cells:
        return panels.empty("no cell of product: H")
    figure, axes = style.figure(width=style.HALF, height=2.6)
    _differences(axes, cells["H"], ("Euclidean step", "Riemannian step"))
    axes.set_xlabel("largest difference of loss, last step (nat)")
    panels.legend(figure, below=True)
    return figure


def _differences(axes: Axes, cell: xr.Dataset, optimisers: tuple[str, ...]) -> None:
    """A row for each element and the jitter, a mark for each optimiser."""
    last = cell["largest_difference"].isel(step=-1).sel(optimiser=list(optimisers))
    starts = ["jitter", *(s for s in last["start"].values if s not in ("model", "jitter"))]
    drawn = [start for start in starts if last.sel(start=start).notnull().any()]
    for number, optimiser in enumerate(optimisers):
        size = last.sel(optimiser=optimiser, start=drawn)
        rows = np.arange(len(drawn)) + 0.22 * (number - (len(optimisers) - 1) / 2)
        look: dict[str, Any] = {"color": style.PALETTE[number], "label": optimiser}
        axes.plot(np.maximum(size, FLOOR), rows, "os^"[number], ms=6, **look)
    axes.axhspan(-0.5, 0.5, color="#777777", alpha=0.12, lw=0, zorder=0)
    names = {"jitter": "jitter\nof 1e-15"}
    axes.set_yticks(range(len(drawn)), [names.get(start, start) for start in drawn])
    axes.set(xscale="log", ylim=(len(drawn) - 0.4, -0.6), xlim=(FLOOR / 5, 1e2))
    axes.set_xticks(
        [FLOOR, 1e-15, 1e-10, 1e-5, 1], ["0", "$10^{-15}$", "$10^{-10}$", "$10^{-5}$", "1"]
    )
    axes.minorticks_off()
