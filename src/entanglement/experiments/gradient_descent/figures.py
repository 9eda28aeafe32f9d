"""Figures of gradient descent: histograms, sweeps, and what no optimiser does."""

from typing import Any

import numpy as np
import xarray as xr
from matplotlib.figure import Figure

from entanglement.drawing import style
from entanglement.experiments.cells import matching

FLOOR = 1e-3
INITS = ("uniform", "normal", "zeros")
PAPER_START: dict[str, Any] = {"start_x": 0.1, "start_y": 0.1}
SCALES = (1, 10, 100, 1000, 10000)
ETAS = (0.01, 1, 25, 100, 1000)
# What a panel needs of a grid, written where there is nothing to draw.
NEEDS: dict[str, str | tuple[str, ...]] = {
    "histograms": "no such cell with\ninit: uniform, factors: 1\nand the paper's start",
    "sweeps": "no cell with factors: 1, the paper's start,\nand eta = 0.01 (left) or scale = 1 (right)",
    "no_optimiser": "no such cell with init: normal, eta = 0.01,\nfactors: 1 and the paper's start",
    "three_factors": "no finite network with init: uniform,\neta = 0.01, factors 1 or 3,\nscale up to 1000",
}


def plot_cell(evaluation: xr.Dataset) -> Figure:
    """Histogram of one cell's loss for both targets, beside its training error.

    Parameters
    ----------
    evaluation
        What `evaluate` measured.
    """
    made, axes = style.figure(1, 2, width=8.5, height=3.4)
    for number, (target, words) in enumerate(
        (("aim", "the aim [1, 1]"), ("probe", "another probe"))
    ):
        here = evaluation.sel(matrix="descent", target=target)
        counts = here.histogram.mean("network")
        colour = style.PALETTE[number % len(style.PALETTE)]
        axes[0].stairs(counts, np.linspace(0, 1, counts.size + 1), color=colour, label=words)
    axes[0].set(
        title="Loss on unseen probes", xlabel="loss of Eq. 32", ylabel="probes per network and bin"
    )
    style.legend(axes[0], title="compared with")
    error = evaluation.relative_error.median("network")
    style.theory(axes[1], evaluation.step, evaluation.relative_error_theory, "exact, |q|$^t$")
    style.dots(axes[1], evaluation.step, error, label="simulated, median")
    axes[1].set(title="Training error", xlabel="step $t$", ylabel="distance to the aim / at start")
    if not error.max() <= 1:  # diverging: many decades, and perhaps an exact zero
        axes[1].set_yscale("symlog", linthresh=1e-3)
    style.legend(axes[1])
    return made


def plot_panels(results: xr.Dataset) -> dict[str, Figure]:
    """Draw all panels.

    Parameters
    ----------
    results
        Collected cells with what `summarise` added.
    """
    panels = {
        "histograms": _histograms(results),
        "sweeps": _sweeps(results),
        "no_optimiser": _no_optimiser(results),
        "three_factors": _three_factors(results),
    }
    return style.explained(panels, NEEDS)


def _histograms(results: xr.Dataset) -> Figure:
    made, axes = style.figure(2, 5, width=12, height=5, sharex=True, sharey=True)
    base = matching(results, init="uniform", factors=1, **PAPER_START)
    sweeps: Any = (
        ({"eta": 0.01}, "scale", "scale $\\lambda$", SCALES),
        ({"scale": 1}, "eta", "rate $\\eta$", ETAS),
    )
    for row, (fixed, name, symbol, values) in enumerate(sweeps):
        for at, value in zip(axes[row], values, strict=True):
            at.set_title(f"{symbol} = {value:g}")
            for cell in _cells(matching(base, **fixed, **{name: value})):
                here = cell.sel(matrix="descent", target="aim")
                style.theory(at, here.bin, here.density_theory.clip(FLOOR), "closed form")
                style.dots(
                    at,
                    here.bin,
                    here.density.where(here.density > 0),
                    label="simulated",
                    markersize=2,
                )
    axes[0, 0].set(yscale="log", ylim=(FLOOR, 100), xlim=(-0.03, 1.03))
    style.legend(axes[0, 0], loc="lower center")
    made.supxlabel("loss of Eq. 32 on unseen probes")
    made.supylabel("density")
    return made


def _sweeps(results: xr.Dataset) -> Figure:
    made, axes = style.figure(2, 2, width=10, height=7, sharex="col", sharey="row")
    base = matching(results, factors=1, **PAPER_START)
    sweeps: Any = (({"eta": 0.01}, "scale"), ({"scale": 1}, "eta"))
    for column, (fixed, name) in enumerate(sweeps):
        for number, init in enumerate(INITS):
            cells = matching(base, init=init, **fixed).sortby(name)
            if cells.sizes["cell"]:
                _sweep(
                    axes[:, column], cells, name, init, style.PALETTE[number % len(style.PALETTE)]
                )
    for at in axes[:, 1]:
        at.axvspan(50, 1500, color="#d55e00", alpha=0.10, lw=0)
        at.axvline(25, color="#777777", lw=1, ls="--")
    axes[0, 0].set(xscale="log", ylim=(-0.015, 0.42), ylabel="folded loss (0: collapsed)")
    axes[0, 0].set_title("Larger scale at $\\eta$ = 0.01")
    axes[0, 1].set(xscale="log", xlim=(0.007, 1500))
    axes[0, 1].set_title("Larger rate at scale 1; shaded: training diverges")
    axes[1, 0].set(ylabel="training error, after / before", xlabel="scale $\\lambda$")
    axes[1, 0].set_yscale("symlog", linthresh=1e-2, linscale=0.5)
    axes[1, 0].set_ylim(-2e-3, 1e9)
    axes[0, 0].plot([], [], ":", color="#555555", label="the same, untrained")
    axes[1, 1].set(xlabel="learning rate $\\eta$ (dashed: solves in one step)")
    style.legend(axes[0, 0], ncols=1, loc="lower left")
    return made


def _sweep(axes: np.ndarray, cells: xr.Dataset, name: str, init: str, colour: str) -> None:
    here = cells.sel(matrix="descent", target="aim")
    untrained = cells.sel(matrix="untrained", target="aim")
    style.theory(axes[0], here[name], here.folded_loss_expected, color=colour)
    style.dots(
        axes[0], here[name], here.folded_loss_mean, here.folded_loss_low, here.folded_loss_high,
        f"$G_0$ {init}", color=colour,
    )  # fmt: skip
    if np.isfinite(untrained.folded_loss_mean).any():
        axes[0].plot(here[name], untrained.folded_loss_mean, ":", color=colour)
    style.theory(axes[1], here[name], here.training_error_theory, color=colour)
    style.dots(axes[1], here[name], here.training_error_mean, color=colour)


def _no_optimiser(results: xr.Dataset) -> Figure:
    made, axes = style.figure(1, 2, width=10, height=3.8, sharey=True)
    base = matching(results, init="normal", factors=1, eta=0.01, **PAPER_START)
    for at, scale in zip(axes, (100, 1000), strict=True):
        at.set_title(f"scale $\\lambda$ = {scale}")
        for cell in _cells(matching(base, scale=scale)):
            here = cell.sel(target="aim")
            for matrix, colour, mark, size in (
                ("untrained", "#999999", "x", 3),
                ("descent", style.PALETTE[0], "o", 5),
                ("no optimiser", style.PALETTE[1], "o", 2),
            ):
                one = here.sel(matrix=matrix)
                label = {"descent": "gradient descent", "untrained": "$G_0$, untrained"}
                if matrix != "no optimiser":
                    style.theory(at, one.bin, one.density_theory, color=colour, alpha=0.5)
                style.dots(
                    at, one.bin, one.density, label=label.get(matrix, "rank one + $G_0$, no optimiser"),
                    fmt=mark, markersize=size, color=colour,
                )  # fmt: skip
        at.set(yscale="log", xlabel="loss of Eq. 32 on unseen probes")
    axes[0].set_ylabel("density")
    style.legend(axes[0])
    return made


def _three_factors(results: xr.Dataset) -> Figure:
    made, axes = style.figure(1, 3, width=12, height=3.6, sharex=True)
    base = matching(results, init="uniform", eta=0.01, **PAPER_START)
    for number, factors in enumerate((1, 3)):
        cells = matching(base, factors=factors).sortby("scale")
        cells = cells.isel(cell=cells.scale.values <= 1000)
        if not cells.sizes["cell"]:
            continue
        here = cells.sel(matrix="descent", target="aim")
        style.dots(
            axes[0], here.scale, here.folded_loss_mean, here.folded_loss_low,
            here.folded_loss_high, f"{factors} factor{'s' if factors > 1 else ''}",
            color=style.PALETTE[number % len(style.PALETTE)], fmt="o-",
        )  # fmt: skip
        style.dots(
            axes[1],
            here.scale,
            here.training_error_mean,
            color=style.PALETTE[number % len(style.PALETTE)],
            fmt="o-",
        )
        style.dots(
            axes[2],
            here.scale,
            here.sound_fraction,
            color=style.PALETTE[number % len(style.PALETTE)],
            fmt="o-",
        )
    axes[0].set(title="Loss on unseen probes", ylabel="folded loss (0: collapsed)", xscale="log")
    axes[1].set(title="Training error", ylabel="after / before", yscale="log")
    axes[2].set(title="Networks that stay finite", ylabel="fraction", ylim=(-0.03, 1.05))
    style.legend(axes[0])
    for at in axes:
        at.set_xlabel("scale $\\lambda$")
    return made


def _cells(found: xr.Dataset) -> list[xr.Dataset]:
    return [found.isel(cell=index) for index in range(min(found.sizes["cell"], 1))]
