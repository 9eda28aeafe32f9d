"""Figures of gradient descent: histograms, sweeps, and three factors."""

from typing import Any

import numpy as np
import xarray as xr
from matplotlib.figure import Figure

from entanglement.drawing import panels, style
from entanglement.experiments.gradient_descent.roles import ETAS, ROLES, SCALES
from entanglement.statistics.roles import beside, cast

FLOOR = 1e-3
LOSS = "loss of Eq. 32 on unseen probes"
# Their training errors coincide: each is drawn round the one before.
INITS: dict[str, dict[str, Any]] = {
    "zeros": {"color": style.PALETTE[2], "fmt": "^", "mfc": "none", "markersize": 11},
    "normal": {"color": style.PALETTE[1], "fmt": "s", "mfc": "none", "markersize": 7},
    "uniform": {"color": style.PALETTE[0], "fmt": "o", "markersize": 4},
}
START = "factors: 1 and the paper's start"


def plot_cell(evaluation: xr.Dataset) -> Figure:
    """Draw one network's losses for both targets, and the training error of some networks."""
    figure, axes = style.figure(1, 2, width=8.5, height=3.4)
    after = evaluation["histogram"].sel(matrix="descent").isel(network=0)
    edges = np.linspace(0, 1, after.sizes["bin"] + 1)
    for color, target in zip(style.PALETTE, ("aim", "probe"), strict=False):
        label = {"aim": "the aim [1, 1]", "probe": "another probe"}[target]
        axes[0].stairs(after.sel(target=target), edges, color=color, label=label)
    axes[0].set(title="Network 0", xlabel=LOSS, ylabel="probes in a bin")
    axes[0].legend(title="compared with")
    error = evaluation["relative_error"].transpose("step", "network").values[:, :10]
    axes[1].plot(evaluation["step"], error, color=style.PALETTE[0], alpha=0.5, lw=1)
    axes[1].set(title="Training error", xlabel="step $t$", ylabel="distance to the aim / at start")
    if not (error <= 1).all():  # diverging: many decades, and perhaps an exact zero
        axes[1].set_yscale("symlog", linthresh=1e-3)
    return figure


def plot_panels(results: xr.Dataset) -> dict[str, Figure]:
    """Draw all panels."""
    cells = cast(results, ROLES)
    return {
        "histograms": _histograms(cells),
        "sweeps": _sweeps(cells),
        "three_factors": _three_factors(cells),
    }


def _histograms(cells: dict[str, Any]) -> Figure:
    figure, axes = style.figure(2, 5, width=12, height=5, sharex=True, sharey=True)
    axes[0, 0].set(yscale="log", ylim=(FLOOR, 100), xlim=(-0.03, 1.03))
    shown: list[Any] = [("scale", value, "scale $\\lambda$", "eta: 0.01") for value in SCALES]
    shown += [("eta", value, "rate $\\eta$", "scale: 1") for value in ETAS]
    for at, (key, value, symbol, other) in zip(axes.flat, shown, strict=True):
        cell = cells[f"{key}_{value:g}"]
        at.set_title(f"{symbol} = {value:g}")
        if cell is None:
            panels.lacking(at, f"no cell with\n{key}: {value:g}, {other},\ninit: uniform, {START}")
            continue
        here = cell.sel(matrix="descent", target="aim")
        style.theory(at, here["bin"], here["density_theory"].clip(FLOOR), "closed form")
        panels.curve(at, here, "density", "simulated", theory=False, floor=0, markersize=2)
    panels.legend(figure)
    figure.supxlabel(LOSS)
    figure.supylabel("density")
    return figure


def _sweeps(cells: dict[str, Any]) -> Figure:
    figure, axes = style.figure(2, 2, width=10, height=7, sharex="col", sharey="row")
    for column, (sweep, key, other) in zip(
        axes.T, (("scales", "scale", "eta: 0.01"), ("etas", "eta", "scale: 1")), strict=True
    ):
        for init, look in INITS.items():
            row = [cell for cell in cells[sweep] if cell["init"] == init]
            if row:
                _sweep(column, row, key, f"$G_0$ {init}", look)
        if not cells[sweep]:
            for at in column:
                panels.lacking(at, f"no cell with {other}, {START}")
        elif key == "eta":
            for at in column:
                at.axvspan(50, 1500, color="#d55e00", alpha=0.10, lw=0)
                at.axvline(25, color="#777777", lw=1, ls="--")
    axes[0, 0].set(xscale="log", ylim=(-0.015, 0.42), ylabel="folded loss (0: collapsed)")
    axes[0, 0].set_title("Larger scale at $\\eta$ = 0.01")
    axes[0, 1].set(xscale="log", xlim=(0.007, 1500))
    axes[0, 1].set_title("Larger rate at scale 1; shaded: training diverges")
    axes[1, 0].set(ylabel="training error, after / before", xlabel="scale $\\lambda$")
    axes[1, 0].set_yscale("symlog", linthresh=1e-2, linscale=0.5)
    axes[1, 0].set_ylim(-2e-3, 1e9)
    axes[1, 1].set(xlabel="learning rate $\\eta$ (dashed: solves in one step)")
    axes[0, 0].plot([], [], ":", color="#555555", label="the same, untrained")
    panels.legend(figure, below=True)
    return figure


def _sweep(axes: np.ndarray, row: list[xr.Dataset], key: str, label: str, look: Any) -> None:
    after, before = (
        beside([cell.sel(matrix=matrix, target="aim") for cell in row])
        for matrix in ("descent", "untrained")
    )
    panels.curve(axes[0], after, "mean_folded_loss", label, along=key, **look)
    axes[0].plot(before[key], before["mean_folded_loss"], ":", color=look["color"])
    style.theory(axes[1], after[key], after["mean_training_error_theory"], lw=1)
    style.dots(axes[1], after[key], after["mean_training_error"], **look)


def _three_factors(cells: dict[str, Any]) -> Figure:
    sweeps = {"1 factor": cells["one_factor"], "3 factors": cells["three_factors"]}
    if not any(sweeps.values()):
        return panels.empty("no cell with init: uniform, eta: 0.01, factors: 1 or 3, scale <= 1000")
    figure, axes = style.figure(width=style.HALF, height=3.9)
    for (label, row), color, mark in zip(sweeps.items(), style.PALETTE, "os", strict=False):
        if not row:
            continue
        here = beside([cell.sel(matrix="descent", target="aim") for cell in row])
        look: dict[str, Any] = {"color": color, "fmt": mark}
        panels.curve(axes, here, "mean_folded_loss", label, "scale", theory=False, **look)
        for x, y, share in zip(here["scale"], here["mean_folded_loss"], here["sound_fraction"]):
            if np.isfinite(y) and share < 1:
                axes.annotate(
                    f"{float(share):.0%} of networks\nstay finite",
                    (float(x), float(y)),
                    xytext=(-9, 0),
                    textcoords="offset points",
                    ha="right",
                    va="center",
                    fontsize=9,
                    color=color,
                )
    axes.set(xlabel="scale $\\lambda$", ylabel="folded loss (0: collapsed)", xscale="log")
    axes.set_ylim(0, None)
    style.legend(axes)
    return figure
