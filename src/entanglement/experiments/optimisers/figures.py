"""Figures of the optimisers: along the training, on one curve, and as histograms."""

from typing import Any

import xarray as xr
from matplotlib.figure import Figure

from entanglement.drawing import panels, style
from entanglement.experiments.optimisers.roles import CLAIMED, NAMED, OTHERS, ROLES
from entanglement.statistics.roles import cast

LABELS = {
    "descent": "gradient descent",
    "momentum": "momentum",
    "adam": "Adam",
    "evolution": "evolution strategy",
    "metropolis": "Markov chain (Metropolis)",
    "random_search": "random search",
    "identity": "stretched identity, untrained",
}
LOOKS = {
    name: {"color": color, "fmt": mark}
    for name, color, mark in zip(LABELS, style.PALETTE, "osD^v*x")
}
FLOOR = 1e-6
FOLDED = "folded loss (0: collapsed)"
LACKING = ", ".join(f"{key}: {value:g}" for key, value in CLAIMED.items())


def plot_cell(evaluation: xr.Dataset) -> Figure:
    """Draw the loss and the training error of some networks of one cell."""
    figure, axes = style.figure(1, 2, width=8.5, height=3.4)
    for at, name, label in zip(axes, ("folded_loss", "training_error"), (FOLDED, "training error")):
        rows = evaluation[name].transpose("step", "network").values[:, :20]
        at.plot(evaluation["step"], rows, color=style.PALETTE[0], alpha=0.5, lw=0.8)
        at.set(xlabel="step", ylabel=label)
        at.set_xscale("symlog", linthresh=1)
        at.set_xlim(left=-0.2)
    return figure


def plot_panels(results: xr.Dataset) -> dict[str, Figure]:
    """Draw all panels."""
    cells = cast(results, ROLES)
    return {
        "training": _training(cells),
        "one_curve": _one_curve(results, cells["all"]),
        "histograms": _histograms(cells),
    }


def _training(cells: dict[str, Any]) -> Figure:
    shown = {name: cells[name] for name in LABELS if cells[name] is not None}
    if not shown:
        return panels.empty(f"no cell with {LACKING}")
    if cells["chain"] is not None:  # the same chain, run on
        shown["metropolis"] = cells["chain"]
    figure, axes = style.figure(1, 2, width=11, height=4.2, sharex=True)
    for name, cell in shown.items():
        look: dict[str, Any] = {**LOOKS[name], "markersize": 4}
        panels.curve(axes[0], cell, "mean_training_error", LABELS[name], floor=FLOOR, **look)
        panels.curve(axes[1], cell, "mean_folded_loss", LABELS[name], floor=0, **look)
    axes[0].set(yscale="log", ylim=(FLOOR, 3), ylabel="training error (0: fits)")
    axes[1].set(ylim=(-0.015, 0.42), ylabel=FOLDED)
    for at, title in zip(axes, ("The trained point", "Unseen inputs")):
        at.set(title=title, xlabel="step")
        at.set_xscale("symlog", linthresh=1)
        at.set_xlim(left=-0.2)
    panels.legend(figure)
    return figure


def _one_curve(results: xr.Dataset, cells: list[xr.Dataset]) -> Figure:
    figure, axes = style.figure(width=8.6, height=4.2)
    style.theory(axes, results["any_spread"], results["loss_of_spread"], "exact law")
    for name in LABELS:
        row = [cell for cell in cells if cell["optimiser"] == name and cell["last_spread"] > 0]
        for number, cell in enumerate(row):
            value, *ends = (cell[f"last_folded_loss{end}"].item() for end in ("", "_low", "_high"))
            label = None if number else LABELS[name]
            low, high = ([end] for end in ends)
            style.dots(axes, [cell["last_spread"]], [value], low, high, label, **LOOKS[name])
    axes.set(
        xscale="log", xlim=(3e-6, 50), xlabel="size of $G$ across $w_0$ / size of $G$ along $w_0$"
    )
    axes.set(ylim=(-0.015, 0.42), ylabel=FOLDED)
    panels.legend(figure)
    return figure


def _histograms(cells: dict[str, Any]) -> Figure:
    figure, axes = style.figure(2, 4, width=12, height=5, sharex=True, sharey=True)
    axes[0, 0].set(yscale="log", ylim=(1e-2, 60), xlim=(-0.03, 1.03))
    for at, name in zip(axes.flat, (*NAMED, *OTHERS)):
        at.set_title(LABELS[name])
        if cells[name] is None:
            panels.lacking(at, f"no cell with\noptimiser: {name},\n{LACKING}")
            continue
        style.theory(at, cells[name]["bin"], cells[name]["density_theory"].clip(1e-2), "exact law")
        panels.curve(at, cells[name], "density", "simulated", theory=False, floor=0, markersize=3)
    axes[1, 3].set_axis_off()
    panels.legend(figure)
    figure.supxlabel("loss of Eq. 32 on unseen probes")
    figure.supylabel("density")
    return figure
