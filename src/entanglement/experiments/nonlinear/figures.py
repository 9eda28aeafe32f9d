"""Figures: angles by activation, what is added to a layer, directions, stability, widths."""

from itertools import cycle
from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from entanglement.drawing import panels, style
from entanglement.experiments.nonlinear.roles import ROLES, WIDE
from entanglement.statistics.roles import cast

ACTIVATIONS = {"identity": "identity", "tanh": "tanh", "relu": "ReLU", "gelu": "GELU"}
COLORS = dict(zip(ACTIVATIONS, style.PALETTE, strict=False))
PROBES = {
    "mean_near": ("starts at 60°, to the training sample", "o"),
    "mean_far": ("starts at 120°, to the training sample", "s"),
    "mean_between": ("between two unseen probes", "^"),
}
ADDED = {
    "skip": ("skip connection", ("identity", "tanh", "relu")),
    "layer": ("layer normalisation", ("identity", "tanh", "relu")),
    "batch": ("batch normalisation", ("identity", "relu")),
}
CHOICE = {"": "rows chosen, $n/k$ > 1", "_unselected": "no selection, $n = k$"}
FLOOR = 1e-6
# Half-width of the magnified part of the stability panel.
NEUTRAL = 0.75


def plot_cell(evaluation: xr.Dataset) -> Figure:
    """Cosines of the prepared probes in ten networks."""
    figure, axes = style.figure(width=5.6, height=3.6)
    some = evaluation.isel(network=slice(10))
    for color, name in zip(style.PALETTE, ("near", "far"), strict=False):
        curves = some[name].transpose("layer", "network")
        axes.plot(evaluation["layer"], curves, color=color, lw=0.8)
    axes.set(xlabel="layer $l$", ylabel="cosine to the training sample", ylim=(-1.05, 1.05))
    axes.set_title("Probes that start at 60° and 120°, ten networks")
    return figure


def plot_panels(results: xr.Dataset) -> dict[str, Figure]:
    """Draw all panels."""
    cells = cast(results, ROLES)
    return {
        "angles": _angles(cells),
        "additions": _additions(cells),
        "poles": _poles(cells["wide"]),
        "stability": _stability(cells["plain"]),
        "widths": _widths(cells["widths"]),
    }


def _angles(cells: dict[str, Any]) -> Figure:
    figure, axes = style.figure(2, 4, width=style.WHOLE, height=5.6, sharey=True)
    for row, (ending, words) in zip(axes, CHOICE.items(), strict=True):
        row[0].set_ylabel(f"{words}\ncosine")
        for at, (activation, name) in zip(row, ACTIVATIONS.items(), strict=True):
            at.set(title=name, ylim=(-1.08, 1.08))
            cell = cells[activation + ending]
            if cell is None:
                panels.lacking(at, f"no cell of {activation}, {words}")
                continue
            for color, (curve, (label, mark)) in zip(style.PALETTE, PROBES.items(), strict=False):
                panels.curve(at, cell, curve, label, every=2, color=color, fmt=mark, markersize=3)
            _say_if_nothing(at)
    for at in axes[1]:
        at.set_xlabel("layer $l$")
    panels.legend(figure, below=True)
    return figure


def _additions(cells: dict[str, Any]) -> Figure:
    figure, axes = style.figure(2, 3, width=style.WHOLE, height=5.8, sharey=True)
    for row, (ending, words) in zip(axes, CHOICE.items(), strict=True):
        row[0].set_ylabel(f"{words}\ncosine to the training sample")
        for at, (added, (title, activations)) in zip(row, ADDED.items(), strict=True):
            at.set(title=title, ylim=(-1.08, 1.08))
            for activation in activations:
                cell = cells[f"{added}_{activation}{ending}"]
                if cell is None:
                    continue
                look: dict[str, Any] = {"color": COLORS[activation], "every": 2, "markersize": 3.5}
                name = ACTIVATIONS[activation]
                panels.curve(at, cell, "mean_near", f"{name}, from 60°", fmt="o", **look)
                look["markerfacecolor"] = "none"
                panels.curve(at, cell, "mean_far", f"{name}, from 120°", fmt="s", **look)
            _say_if_nothing(at)
    for at in axes[1]:
        at.set_xlabel("layer $l$")
    panels.legend(figure, below=True)
    return figure


def _poles(cells: list[xr.Dataset]) -> Figure:
    if not cells:
        return panels.empty(f"no cell with k: {WIDE} or more")
    names = list(dict.fromkeys(_name(cell) for cell in cells))
    figure, axes = style.figure(width=8.5, height=1.6 + 0.26 * len(names))
    for cell in cells:
        chosen = float(cell["n_over_k"]) > 1
        look: dict[str, Any] = {"fmt": "o", "color": style.PALETTE[0]}
        if not chosen:
            look = {"fmt": "s", "color": style.PALETTE[1], "markerfacecolor": "none"}
        label = CHOICE["" if chosen else "_unselected"]
        row = names.index(_name(cell)) + (0.12 if chosen else -0.12)
        axes.errorbar(
            [float(cell["mean_poles"])],
            [row],
            xerr=_reach(cell, "mean_poles"),
            markersize=6,
            label=label,
            **look,
        )
    axes.set_yticks(range(len(names)), names)
    axes.set(xlabel="directions that all inputs end in, mean over networks", xlim=(0, None))
    axes.invert_yaxis()
    panels.legend(figure)
    return figure


def _stability(cells: list[xr.Dataset]) -> Figure:
    known = [cell for cell in cells if np.isfinite(cell["mean_step_theory"])]
    if not known:
        return panels.empty(f"no cell with k: {WIDE}, without skip and normalisation")
    figure, axes = style.figure(1, 2, width=style.WHOLE, height=4.4)
    for at in axes:
        at.axline((0, 0), slope=1, color="#333333", zorder=2, label="infinite width (N1)")
        at.axhline(0, color="#999999", lw=0.8)
        at.set_xlabel("ln($\\chi_1$) / 2, infinite width")
    for cell, mark in zip(known, cycle("os^vDP")):
        chosen = float(cell["n_over_k"]) > 1
        color = COLORS[cell["activation"].item()]
        look = {"color": color, "fmt": mark, "markerfacecolor": color if chosen else "none"}
        label = f"{_name(cell)}, $n/k$ = {float(cell['n_over_k']):g}"
        value, x = float(cell["mean_step"]), float(cell["mean_step_theory"])
        ends = [float(cell["mean_step_low"])], [float(cell["mean_step_high"])]
        for at in axes if abs(x) < NEUTRAL else axes[:1]:
            style.dots(at, [x], [value], *ends, label=label, markersize=7, **look)
    axes[0].set_ylabel("growth of ln tangent per layer")
    axes[0].set_title("A probe next to the training sample")
    axes[1].set(
        title="The same, near neutral stability", xlim=(-NEUTRAL, NEUTRAL), ylim=(-NEUTRAL, NEUTRAL)
    )
    _say_if_nothing(axes[1])
    panels.legend(figure)
    return figure


def _widths(cells: list[xr.Dataset]) -> Figure:
    if not cells:
        return panels.empty("no cell with rows chosen, without bias, skip and normalisation")
    figure, axes = style.figure(1, 4, width=style.WHOLE, height=3.9, sharey=True)
    axes[0].set(yscale="log", ylim=(FLOOR, 1), ylabel="mean folded angle of unseen probes / $\\pi$")
    widths = np.unique([int(cell["k"]) for cell in cells]).tolist()
    for at, (activation, name) in zip(axes, ACTIVATIONS.items(), strict=True):
        at.set(title=name, xlabel="layer $l$")
        for cell in cells:
            if cell["activation"] != activation:
                continue
            color = style.PALETTE[widths.index(int(cell["k"])) % len(style.PALETTE)]
            label = f"$k$ = {int(cell['k'])}"
            look: dict[str, Any] = {"color": color, "floor": FLOOR, "markersize": 3}
            panels.curve(at, cell, "mean_fold", label, every=2, **look)
        _say_if_nothing(at)
    panels.legend(figure, below=True)
    return figure


def _say_if_nothing(at: Axes) -> None:
    if at.axison and style.empty(at):
        panels.lacking(at, "no such cell, or no output but zero")


def _reach(cell: xr.Dataset, name: str) -> Any:
    """Error bars to both ends of an interval, where there is one."""
    value = float(cell[name])
    ends = [[value - float(cell[f"{name}_low"])], [float(cell[f"{name}_high"]) - value]]
    return np.maximum(ends, 0.0) if np.isfinite(ends).all() else None


def _name(cell: xr.Dataset) -> str:
    """What a network is made of, in words."""
    parts = [ACTIVATIONS[cell["activation"].item()], f"$\\sigma_w$ = {float(cell['weight']):g}"]
    if cell["bias"] > 0:
        parts.append(f"bias {float(cell['bias']):g}")
    if cell["skip"]:
        parts.append("skip")
    if cell["norm"] != "none":
        parts.append(f"{cell['norm'].item()} norm")
    return ", ".join(parts)
