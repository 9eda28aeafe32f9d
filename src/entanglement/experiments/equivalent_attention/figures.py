"""Pictures of trained attention and its equivalent models."""

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from entanglement.drawing import panels, style
from entanglement.experiments.equivalent_attention import weights
from entanglement.experiments.equivalent_attention.labels import (
    ATTACKS,
    COLORS,
    FAMILIES,
    LACKING,
    LOOKS,
    Cells,
)
from entanglement.experiments.equivalent_attention.roles import ROLES
from entanglement.networks.product import PRODUCTS
from entanglement.statistics.roles import cast, values


def plot_cell(evaluation: xr.Dataset) -> Figure:
    """Training loss of every network of one cell, and their held-out accuracy."""
    figure, axes = style.figure(1, 2, width=7.2, height=3.0)
    epoch, accuracy = evaluation["epoch"].values, evaluation["test_accuracy"].values
    for at, name in zip(axes, ("loss", "accuracy")):
        for curve in evaluation[name].values:
            at.plot(epoch, curve, color=style.PALETTE[0], alpha=0.5)
    last = np.full(len(accuracy), float(epoch[-1]))
    style.dots(axes[1], last, accuracy, label="held out", color=style.PALETTE[1])
    axes[0].set(xlabel="epoch", ylabel="training loss (nat)", yscale="log", title="Loss")
    axes[1].set(xlabel="epoch", ylabel="accuracy", ylim=(0.5, 1.01), title="Accuracy")
    axes[1].legend(loc="lower right")
    return figure


def plot_panels(results: xr.Dataset) -> dict[str, Figure]:
    """All panels of the report."""
    parts = cast(results, ROLES)
    cells = {name: parts[name] for name in PRODUCTS if parts[name] is not None}
    # Of networks that all diverged there is none.
    orbits = {n: cell for n, cell in cells.items() if cell["flat_directions"].notnull().any()}
    made = {
        "accuracy": _accuracy(parts["all"]),
        "errors": _errors(results, orbits),
        "fakes": _fakes(results, orbits) if orbits else panels.empty(LACKING),
    }
    for name, draw in (
        ("training", _training),
        ("orbit", _orbit),
        ("pictures", _pictures),
        ("flatness", weights.flatness),
        ("flat_directions", weights.flat_directions),
        ("operations", _operations),
        ("spectra", weights.spectra),
    ):
        made[name] = draw(orbits) if orbits else panels.empty(LACKING)
    return made


def _accuracy(cells: list[xr.Dataset]) -> Figure:
    import seaborn

    figure, axes = style.figure(1, 2, width=style.WHOLE, height=3.8, width_ratios=(1.4, 1))
    order, ticks = list(PRODUCTS), []
    cells.sort(
        key=lambda cell: (order.index(cell["product"].item()), *values(cell, "learn_beta", "beta"))
    )
    for place, cell in enumerate(cells):
        product, learned, beta = values(cell, "product", "learn_beta", "beta")
        for at, name in zip(axes, ("test_accuracy", "uniform_accuracy")):
            seaborn.swarmplot(
                x=np.full(cell.sizes["network"], place), y=cell[name].values, native_scale=True,
                ax=at, color=COLORS[product], size=3, alpha=0.5, warn_thresh=1,
            )  # fmt: skip
            y, low, high = ([float(cell[f"mean_{name}{end}"])] for end in ("", "_low", "_high"))
            style.dots(at, [place], y, low, high, color="black", fmt="_", markersize=12)
        value = r"$\beta$ learned" if learned else rf"$\beta$ = {beta:.2g}"
        ticks.append(f"{product}\n{value}")
    axes[0].set_xticks(range(len(ticks)), ticks, fontsize=8)
    axes[1].set_xticks(range(len(ticks)), ticks, fontsize=8)
    for at in axes:
        at.set_xlim(-0.5, len(ticks) - 0.5)
    axes[0].set(ylabel="accuracy on held-out digits", title="Trained networks")
    axes[1].set(ylim=(0, 1), title=r"Attention off ($\beta = 0$)")
    return figure


def _training(cells: Cells) -> Figure:
    figure, axes = style.figure(1, 2, width=10, height=3.8)
    for name, cell in cells.items():
        label, color = PRODUCTS[name].label, COLORS[name]
        lines = axes[0].plot(cell["epoch"], cell["loss"].values.T, alpha=0.5, lw=0.9, color=color)
        lines[0].set_label(label)
        panels.curve(axes[1], cell, "reached_share", label, "reached_epoch", **style.PRODUCTS[name])
    axes[0].set(xlabel="epoch", ylabel="training loss (nat)", yscale="log", title="Loss")
    axes[1].set(xlabel="epochs until 99 % training accuracy", ylabel="share of networks")
    axes[1].set(ylim=(0, 1.05), title="Convergence")
    axes[0].legend()
    if any(np.isfinite(cell["reached_epoch"]).any() for cell in cells.values()):
        axes[1].legend(loc="lower right")
    else:
        panels.lacking(axes[1], "no network converges")
    return figure


def _orbit(cells: Cells) -> Figure:
    figure, axes = style.figure(
        2, len(cells), width=style.WHOLE, height=7.0, squeeze=False, sharex="col"
    )
    for (top, bottom), (name, cell) in zip(axes.T, cells.items()):
        for family in cell["family"].values:
            part, look = cell.sel(family=family), LOOKS[family]
            color = look["color"]
            panels.curve(top, part, "largest_product_error", FAMILIES[family], "size", **look)
            panels.curve(bottom, part, "largest_changed", None, "size", **look)
            panels.curve(
                bottom, part, "mean_null_changed", None, "size", fmt="x", alpha=0.6, color=color
            )
        size = cell["size"].values
        style.theory(top, size, cell["predicted_error"], "predicted from rounding")
        edge = size[cell["within_range"].values == 1][-1]
        for at in (top, bottom):
            at.axvspan(
                edge,
                size[-1] * 1.05,
                color="#f3e6d8",
                zorder=0,
                lw=0,
                label="double precision cannot resolve it",
            )
            if not PRODUCTS[name].points:
                at.set_xscale("log")
        top.set(yscale="log", title=PRODUCTS[name].label, ylim=(1e-17, 1e2))
        bottom.set(yscale="symlog", ylim=(-0.4, 800), xlabel=PRODUCTS[name].size_label)
    axes[0, 0].set_ylabel("largest relative error of Q (.) K$^T$")
    axes[1, 0].set_ylabel("predictions changed")
    axes[1, 0].plot([], [], "o", color="#777777", label="group elements, worst")
    axes[1, 0].plot([], [], "x", color="#777777", label="equal-norm random changes, mean")
    panels.legend(figure, below=True)
    return figure


def _errors(results: xr.Dataset, cells: Cells) -> Figure:
    figure, axes = style.figure(1, 2, width=8.6, height=3.6)
    if cells:
        _errors_along(axes[0], cells)
    else:
        panels.lacking(axes[0], LACKING)
    kinds = {
        "fixed_isometric": "isometric\n(in range)",
        "fixed_null": "equal-norm\nrandom",
        "seed_fixed_share": "another seed:\nput right",
        "seed_broken_share": "another seed:\nlost",
    }
    _shares(axes[1], results, kinds)
    axes[1].set(ylabel="share of a network's errors", title="Against Definition 1")
    return figure


def _shares(axes: Axes, results: xr.Dataset, kinds: dict[str, str]) -> None:
    if all(np.isnan(results[name]) for name in kinds):
        panels.lacking(axes, "E and H with elements > 0,\nand networks that converge")
        return
    for place, (color, name) in enumerate(zip(style.PALETTE, kinds)):
        panels.scalar(axes, place, results[name], color=color)
    axes.set_xticks(range(len(kinds)), kinds.values(), fontsize=8)
    axes.set(ylim=(-0.03, 1.0), xlim=(-0.5, len(kinds) - 0.5))


def _errors_along(axes: Axes, cells: Cells) -> None:
    for number, (name, cell) in enumerate(cells.items()):
        step = cell["size_step"].values
        for order, line in enumerate(cell["largest_fixed"].transpose("family", "size_step")):
            label = PRODUCTS[name].label if order == 0 else None
            style.dots(axes, step + 0.2 * (number - 1), line, label=label, **style.PRODUCTS[name])
    edge = step[cell["within_range"].values == 1][-1] + 0.5
    axes.axvspan(edge, step[-1] + 0.5, color="#f3e6d8", zorder=0, lw=0)
    axes.set(xlabel="size of the group element (its number, from the smallest)")
    axes.set(ylabel="errors put right, best element", title="Isometric: only where rounding rules")
    axes.legend(loc="upper left")


def _fakes(results: xr.Dataset, cells: Cells) -> Figure:
    figure, axes = style.figure(1, 2, width=9.4, height=3.8, width_ratios=(1.4, 1))
    for number, (name, cell) in enumerate(cells.items()):
        for variable in ("fake_accuracy", "noise_accuracy"):
            places = np.arange(cell.sizes["attack"]) + 0.18 * (number - 1)
            y, low, high = (cell[f"mean_{variable}{end}"] for end in ("", "_low", "_high"))
            attacked = variable == "fake_accuracy"
            label = PRODUCTS[name].label if attacked else None
            look = style.PRODUCTS[name] | ({} if attacked else {"mfc": "white"})
            style.dots(axes[0], places, y, low, high, label, **look)
    axes[0].plot([], [], "o", color="#777777", mfc="white", label="random changes of that size")
    axes[0].set_xticks(range(cell.sizes["attack"]), [ATTACKS[a] for a in cell["attack"].values])
    axes[0].set(
        ylim=(0, 1.03), ylabel="accuracy on held-out digits", title="Attacks", xlim=(-0.5, 2.5)
    )
    axes[0].legend(loc="center right", fontsize=8, bbox_to_anchor=(1.0, 0.62))
    kinds = {
        "fake_fixed_isometric": "equivalent\n(best of all)",
        "fake_fixed_null": "equal-norm\nrandom (best)",
        "fake_seed_share": "another\nseed",
    }
    _shares(axes[1], results, kinds)
    axes[1].set(ylabel="share put right", title="Fakes that fool a network")
    return figure


def _pictures(cells: Cells) -> Figure:
    count = max(min(cell.sizes["wrong"], 10) for cell in cells.values())
    figure, axes = style.figure(
        len(cells), count, width=11, height=1.75 * len(cells), squeeze=False
    )
    for row, (name, cell) in zip(axes, cells.items()):
        for at, column in zip(row, range(count)):
            at.set_axis_off()
            if column >= cell.sizes["wrong"]:
                continue
            wrong = cell.isel(wrong=column)
            digit, said, same, seeds = (
                float(wrong[f"wrong_{key}"])
                for key in ("digit", "said", "equivalent_same", "seeds_right")
            )
            if np.isnan(digit):
                continue
            others = "none" if np.isnan(seeds) else f"{seeds:.0%}"
            at.imshow(wrong["wrong_picture"].values, cmap="Greys", vmin=0, vmax=1)
            text = f"{digit:g} read as {said:g}\norbit same {same:.0%}\nseeds right {others}"
            at.set_title(text, fontsize=8, loc="center")
        look = {"ha": "right", "va": "center", "fontsize": 12}
        row[0].text(-0.12, 0.5, name, transform=row[0].transAxes, **look)
    return figure


def _operations(cells: Cells) -> Figure:
    figure, axes = style.figure(width=style.HALF, height=3.4)
    parts = {
        "operations_derive": "derive",
        "operations_verify": "run once on\nthe held-out digits",
        "operations_train": "train",
    }
    for number, (name, cell) in enumerate(cells.items()):
        place = np.arange(len(parts)) + 0.15 * (number - 1)
        spent = [float(cell[part]) for part in parts]
        style.dots(axes, place, spent, label=PRODUCTS[name].label, **style.PRODUCTS[name])
    axes.set_xticks(range(len(parts)), parts.values())
    axes.set(yscale="log", ylabel="multiply-adds of one network", xlim=(-0.5, len(parts) - 0.5))
    axes.legend(loc="upper left")
    return figure
