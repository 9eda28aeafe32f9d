"""Pictures of associative recall: what beta does, how it is learned, and what is attended to."""

import itertools
from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from entanglement.drawing import panels, style
from entanglement.experiments.associative_recall.roles import ROLES, usual
from entanglement.networks.product import PRODUCTS
from entanglement.statistics.roles import cast

COLORS = {name: style.PRODUCTS[name]["color"] for name in PRODUCTS}
MARKS = {name: style.PRODUCTS[name]["fmt"] for name in PRODUCTS}
UNIFORM = style.PALETTE[6]
LEAST = 1e-2  # below, the axis of beta is linear: 0 has a place on it
LACKING = "no cell with beta > 0 and learn_beta: false"
USUAL = "no such cell whose beta is 1/sqrt(head) at some step"
EPOCH = "epoch of 25 updates"
Parts = dict[str, xr.Dataset]


def plot_cell(evaluation: xr.Dataset) -> Figure:
    """Draw how the networks of one cell learn at each beta, and what they reach held out."""
    figure, axes = style.figure(1, 2, width=8.4, height=3.2)
    for color, step in zip(itertools.cycle(style.PALETTE), range(evaluation.sizes["step"])):
        at = evaluation.isel(step=step)
        curves = at["accuracy"].transpose("epoch", "network")
        lines = axes[0].plot(at["epoch"], curves, color=color, alpha=0.5, lw=0.8)
        lines[0].set_label(rf"$\beta$ = {float(at['start_beta']):.3g}")
        place = np.full(at.sizes["network"], step)
        style.dots(axes[1], place, at["test_accuracy"], color=color, alpha=0.5)
    betas = [f"{beta:.3g}" for beta in evaluation["start_beta"].values]
    axes[1].set_xticks(range(len(betas)), betas, fontsize=8)
    axes[0].set(xlabel=EPOCH, ylabel="accuracy on the epoch's samples", title="Learning")
    axes[1].set(xlabel=r"$\beta$ at the start", ylabel="accuracy", title="Held-out pictures")
    for at in axes:
        at.set_ylim(-0.02, 1.02)
    panels.legend(figure)
    return figure


def plot_panels(results: xr.Dataset) -> dict[str, Figure]:
    """Draw the panels of report.yaml, under their names there."""
    parts = cast(results, ROLES)
    given = {name: parts[name] for name in PRODUCTS if parts[name] is not None}
    learned = {
        name: parts[f"learned_{name}"] for name in PRODUCTS if parts[f"learned_{name}"] is not None
    }
    ordinary = {
        name: cell.isel(step=place[0]) for name, cell in given.items() if len(place := usual(cell))
    }
    uniform = None if parts["uniform"] is None else parts["uniform"].isel(step=0)
    return {
        "beta": _beta(given, learned, uniform) if given else panels.empty(LACKING),
        "learning": _learning(ordinary, uniform) if ordinary else panels.empty(USUAL),
        "samples": _samples(ordinary) if ordinary else panels.empty(USUAL),
    }


def _beta(given: Parts, learned: Parts, uniform: xr.Dataset | None) -> Figure:
    figure, axes = style.figure(1, 2, width=11, height=3.9)
    for at, name in zip(axes, ("mean_test_accuracy", "mean_match_attention")):
        kept: dict[str, Any] = {"ls": "-", "lw": 0.9}
        for cells, words, look in (
            (given, "", kept),
            (learned, ", learned", {**kept, "ls": ":", "mfc": "white"}),
        ):
            for product, cell in cells.items():
                label = f"{PRODUCTS[product].label}{words}"
                marks = {"color": COLORS[product], "fmt": MARKS[product], **look}
                panels.curve(at, cell, name, label, "start_beta", theory=False, **marks)
        if uniform is not None:
            guess = float(uniform[f"{name}_theory"])
            at.axhline(guess, color="#333333", lw=1.2, label="uniform attention, exact")
            _single(at, uniform, name, 0.0, "uniform attention, trained", color=UNIFORM, fmt="D")
        at.set_xscale("symlog", linthresh=LEAST, linscale=0.5)
        at.set(xlabel=r"scaling factor $\beta$ at the start", ylim=(-0.02, 1.02))
    axes[0].set(ylabel="accuracy on held-out pictures", title="Labels recalled")
    axes[1].set(ylabel="attention to the matching picture", title="Where attention goes")
    if style.empty(axes[1]):
        panels.lacking(axes[1], "no cell whose\ntraining did not diverge")
    panels.legend(figure)
    return figure


def _single(
    axes: Axes, cell: xr.Dataset, name: str, x: float, label: str | None = None, **look: Any
) -> None:
    y, low, high = ([float(cell[f"{name}{end}"])] for end in ("", "_low", "_high"))
    style.dots(axes, [x], y, low, high, label, **look)


def _learning(ordinary: Parts, uniform: xr.Dataset | None) -> Figure:
    figure, axes = style.figure(1, 2, width=10.6, height=3.6, width_ratios=(3, 1.3))
    cells = ordinary | ({"uniform": uniform} if uniform is not None else {})
    for place, (name, cell) in enumerate(cells.items()):
        known = PRODUCTS.get(name)
        label = known.label if known else "uniform attention"
        color, mark = COLORS.get(name, UNIFORM), MARKS.get(name, "D")
        curves = cell["accuracy"].transpose("epoch", "network")
        axes[0].plot(cell["epoch"], curves, color=color, alpha=0.2, lw=0.7)
        panels.curve(axes[0], cell, "mean_accuracy", label, color=color, fmt=mark)
        spread = np.full(cell.sizes["network"], place)
        style.dots(axes[1], spread, cell["test_accuracy"], color=color, alpha=0.35, mec="none")
        _single(axes[1], cell, "mean_test_accuracy", place, color=color, fmt="_", markersize=16)
    axes[1].set_xticks(range(len(cells)), cells)
    axes[1].set(xlim=(-0.5, len(cells) - 0.5), ylim=(-0.02, 1.02))
    axes[1].set(ylabel="accuracy on held-out pictures", title="Every network")
    axes[0].set(xlabel=EPOCH, ylabel="accuracy on the epoch's samples", title="Learning")
    axes[0].set_ylim(-0.02, 1.02)
    panels.legend(figure)
    return figure


def _samples(cells: Parts) -> Figure:
    columns = 1 + max(cell.sizes["choice"] for cell in cells.values())
    figure, axes = style.figure(
        len(cells), columns, width=1.5 * columns, height=1.9 * len(cells), squeeze=False
    )
    for row, (name, cell) in zip(axes, cells.items()):
        sample = cell.isel(example=0)
        for at in row:
            at.set_axis_off()
        row[0].imshow(sample["example_query"].values, cmap="Greys", vmin=0, vmax=1)
        row[0].set_title("asked", fontsize=8.5, loc="center")
        look = {"ha": "right", "va": "center", "fontsize": 12}
        row[0].text(-0.12, 0.5, name, transform=row[0].transAxes, **look)
        for at, choice in zip(row[1:], range(cell.sizes["choice"])):
            one = sample.isel(choice=choice)
            label, share, match = (
                float(one[f"example_{key}"]) for key in ("label", "attention", "match")
            )
            at.imshow(one["example_key"].values, cmap="Greys", vmin=0, vmax=1)
            weight = "bold" if match else "normal"
            paid = f"{share:.0%}" if np.isfinite(share) else "unknown"  # training diverged
            text = f"label {label + 1:g}\nattention {paid}"
            at.set_title(text, fontsize=8.5, loc="center", fontweight=weight)
    return figure
