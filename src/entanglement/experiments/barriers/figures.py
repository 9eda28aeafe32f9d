"""Pictures of the ways between trained networks, and of training on from equivalents."""

import numpy as np
import xarray as xr
from matplotlib.figure import Figure

from entanglement.drawing import style
from entanglement.networks.product import PRODUCTS

NAMES = {name: product.label for name, product in PRODUCTS.items()}
ALIGNED = {
    "naive": "as trained",
    "group": "product's group",
    "ordinary": "ordinary symmetries",
    "both": "both",
    "random": "ordinary, random g",
}
COLOUR = dict(zip(ALIGNED, (style.PALETTE[6], style.PALETTE[4], style.PALETTE[5],
                            style.PALETTE[1], style.PALETTE[3])))  # fmt: skip
FLOOR = 1e-17  # differences of zero are drawn here
# What a panel needs of a grid, written where there is nothing to draw.
NEEDS: dict[str, str | tuple[str, ...]] = {
    "gains": "no barrier",
    "further_training": "no step",
    "tables": "no cell with product: H",
}


def plot_cell(evaluation: xr.Dataset) -> Figure:
    """Training loss on every path of one cell, by alignment."""
    made, axes = style.figure(1, len(ALIGNED), width=12, height=2.8, sharey=True)
    for at, (name, words) in zip(axes, ALIGNED.items()):
        losses = evaluation["loss_training"].sel(alignment=name)
        for line in losses.values:
            at.plot(evaluation["position"], line, color=COLOUR[name], alpha=0.35, lw=0.9)
        at.set(title=words, xlabel="position on the path")
    axes[0].set_ylabel("training loss (nat)")
    return made


def plot_panels(results: xr.Dataset) -> dict[str, Figure]:
    """All panels of the report."""
    panels = {
        "paths": _paths(results),
        "gains": _gains(results),
        "inside_the_orbit": _inside(results),
        "shift": _shift(results),
        "further_training": _further(results),
        "tables": _tables(results),
    }
    return style.explained(panels, NEEDS)


def _cells(results: xr.Dataset) -> list[tuple[str, xr.Dataset]]:
    products = list(results["product"].values)
    return [(name, results.isel(cell=products.index(name))) for name in NAMES if name in products]


def _paths(results: xr.Dataset) -> Figure:
    cells = _cells(results)
    made, axes = style.figure(1, len(cells), width=11, height=3.8, squeeze=False, sharey=True)
    for at, (name, cell) in zip(axes[0], cells):
        for kind, words in ALIGNED.items():
            part = cell.sel(alignment=kind)
            at.plot(cell["position"], part["loss_training_mean"], "-o", color=COLOUR[kind],
                    markersize=3, label=words)  # fmt: skip
            at.plot(cell["position"], part["loss_held_out_mean"], ":", color=COLOUR[kind])
        at.set(title=NAMES[name], xlabel="position from one network to the other")
    axes[0, 0].set_ylabel("loss (nat), mean over pairs")
    axes[0, 0].plot([], [], ":", color="#777777", label="the same, held out")
    style.legend(axes[0, 0], fontsize=7.5, loc="upper left", ncols=1)
    axes[0, 0].set_ylim(-0.1, 1.6 * axes[0, 0].get_ylim()[1])
    return made


def _gains(results: xr.Dataset) -> Figure:
    kinds = {
        "group_gain": ("group", "naive", "product's group\nover as trained"),
        "both_gain": ("both", "ordinary", "both over\nordinary"),
        "random_gain": ("random", "ordinary", "random elements\nover ordinary"),
    }
    cells = _cells(results)
    made, axes = style.figure(1, len(cells), width=10, height=3.6, squeeze=False, sharey=True)
    for at, (name, _) in zip(axes[0], cells):
        at.axhline(0, color="#333333", lw=1)
        for place, kind in enumerate(kinds):
            value = results[f"{kind}_{name}"]
            style.dots(at, [place], [float(value)], [value.attrs["ci_low"]],
                       [value.attrs["ci_high"]], color=COLOUR[kinds[kind][0]])  # fmt: skip
        at.set_xticks(range(len(kinds)), [words for *_, words in kinds.values()], fontsize=8)
        at.set(title=NAMES[name], xlim=(-0.5, len(kinds) - 0.5))
    axes[0, 0].set_ylabel("ln of the ratio of barriers\n(below zero: lower barrier)")
    return made


def _inside(results: xr.Dataset) -> Figure:
    cells = _cells(results)
    made, axes = style.figure(1, len(cells), width=11, height=3.6, squeeze=False, sharey=True)
    for at, (name, cell) in zip(axes[0], cells):
        kinds = [k for k in cell["kind"].values
                 if cell["orbit_loss"].sel(kind=k).notnull().any()]  # fmt: skip
        for number, kind in enumerate(kinds):
            for order, line in enumerate(cell["orbit_loss"].sel(kind=kind).values):
                at.plot(cell["position"], line, color=style.PALETTE[number % len(style.PALETTE)], alpha=0.6, lw=0.9,
                        label=str(kind) if order == 0 else None)  # fmt: skip
        at.set(title=NAMES[name], xlabel="position from a model to its equivalent", yscale="log",
               ylim=(5e-4, 1e3))  # fmt: skip
        style.legend(at, loc="upper left", ncols=2)
    axes[0, 0].set_ylabel("training loss (nat)")
    return made


def _shift(results: xr.Dataset) -> Figure:
    cells = _cells(results)
    made, axes = style.figure(1, len(cells), width=10, height=3.4, squeeze=False, sharey=True)
    for at, (name, cell) in zip(axes[0], cells):
        for variable, label, colour in (
            ("loss_shift_largest", "Q and K moved", style.PALETTE[0]),
            ("loss_shift_alone_largest", "Q alone moved", style.PALETTE[1]),
        ):
            values = np.maximum(cell[variable].values, FLOOR)
            style.dots(at, cell["shift_size"].values, values, label=label, color=colour)
        at.set(title=NAMES[name], xlabel=PRODUCTS[name].size_label, xscale="log", yscale="log",
               ylim=(FLOOR / 3, 1e4))  # fmt: skip
    axes[0, 0].set_ylabel("largest change of the training loss (nat)")
    style.legend(axes[0, 0], loc="center left")
    return made


def _further(results: xr.Dataset) -> Figure:
    cells = _cells(results)
    made, axes = style.figure(
        2, len(cells), width=11, height=6, squeeze=False, sharex=True, sharey=True
    )
    for column, (name, cell) in enumerate(cells):
        for row, optimiser in enumerate(("SGD", "Adam")):
            at, part = axes[row, column], cell.sel(optimiser=optimiser)
            _differences(at, part)
            at.set(title=f"{NAMES[name]}, {optimiser}", yscale="log", ylim=(FLOOR / 3, 3e3))
            style.legend(at, loc="upper left", ncols=2, fontsize=7.5)
        axes[1, column].set_xlabel("step on new data")
    made.supylabel("difference of loss from the model's own training (nat)", fontsize=10)
    return made


def _tables(results: xr.Dataset) -> Figure:
    made, axes = style.figure(1, 2, width=8, height=3.4, sharey=True)
    cell = dict(_cells(results)).get("H")
    for at, optimiser in zip(axes, ("Euclidean step", "Riemannian step")):
        if cell is not None:
            _differences(at, cell.sel(optimiser=optimiser))
        at.set(title=f"Tables of points, {optimiser}", xlabel="step on new data", yscale="log",
               ylim=(FLOOR / 3, 3e3))  # fmt: skip
        style.legend(at, loc="upper left")
    axes[0].set_ylabel("difference of loss (nat)")
    return made


def _differences(axes: object, part: xr.Dataset) -> None:
    place = 0
    for start in part["start"].values:
        line = part["further_difference"].sel(start=start)
        if start == "model" or not bool(line.notnull().any()):
            continue
        jitter = start == "jitter"
        colour = "black" if jitter else style.PALETTE[place % len(style.PALETTE)]
        place += not jitter
        axes.plot(part["step"], np.maximum(line.values, FLOOR), color=colour,  # type: ignore[attr-defined]
                  lw=2.2 if jitter else 1.4, ls="--" if jitter else "-",
                  label="jitter of 1e-15" if jitter else str(start))  # fmt: skip
