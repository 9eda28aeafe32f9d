"""Pictures of trained attention and its equivalent models."""

from typing import Any

import numpy as np
import xarray as xr
from matplotlib.figure import Figure

from entanglement.drawing import style
from entanglement.networks.product import PRODUCTS

NAMES = {name: product.label for name, product in PRODUCTS.items()}
FAMILY = {
    "linear": "M in GL(d), absorbed",
    "translation": r"one $\alpha$ for all, absorbed",
    "isometry": r"$\alpha_i$, reflections, permutation, absorbed",
    "moebius": "one M for all, layer",
    "moebius_each": r"$M_i$, mirrors, permutation, layer",
    "affine": r"$z \to s_i z + b_i$, mirrors, absorbed",
}
COLOUR = dict(zip(NAMES, style.PALETTE))
# What a panel needs of a grid, written where there is nothing to draw.
NEEDS: dict[str, str | tuple[str, ...]] = {
    "training": ("no cell with elements > 0", "no cell with elements > 0\nwhose networks converge"),
    "orbit": "no cell with elements > 0",
    "errors": (
        "no cell with elements > 0,\nor no errors",
        "no cell with elements > 0,\nor no errors",
    ),
    "pictures": "no cell with elements > 0",
    "flatness": "no cell with elements > 0",
    "spectra": "no cell with elements > 0",
}


def plot_cell(evaluation: xr.Dataset) -> Figure:
    """Training loss of every network of one cell, and their held-out accuracy."""
    made, axes = style.figure(1, 2, width=7.2, height=3.0)
    for loss, accuracy in zip(evaluation["loss"].values, evaluation["accuracy"].values):
        axes[0].plot(evaluation["epoch"], loss, color=style.PALETTE[0], alpha=0.5)
        axes[1].plot(evaluation["epoch"], accuracy, color=style.PALETTE[0], alpha=0.5)
    last = np.full(evaluation.sizes["network"], float(evaluation["epoch"][-1]))
    style.dots(axes[1], last, evaluation["test_accuracy"].values, label="held out",
               color=style.PALETTE[1])  # fmt: skip
    axes[0].set(xlabel="epoch", ylabel="training loss (nat)", yscale="log", title="Loss")
    axes[1].set(xlabel="epoch", ylabel="accuracy", ylim=(0.5, 1.01), title="Accuracy")
    style.legend(axes[1], loc="lower right")
    return made


def plot_panels(results: xr.Dataset) -> dict[str, Figure]:
    """All panels of the report."""
    panels = {
        "accuracy": _accuracy(results),
        "training": _training(results),
        "orbit": _orbit(results),
        "errors": _errors(results),
        "pictures": _pictures(results),
        "flatness": _flatness(results),
        "spectra": _spectra(results),
    }
    return style.explained(panels, NEEDS)


def _cells(results: xr.Dataset, orbit: bool = False) -> list[tuple[str, xr.Dataset]]:
    """Cells by product in reading order; with `orbit`, the first one that holds elements."""
    found = []
    for name in NAMES:
        chosen = results["product"] == name
        if orbit:
            chosen &= results["elements"] > 0
        places = sorted(np.flatnonzero(chosen.values), key=lambda at: (
            bool(results["learn_beta"][at]), float(results["beta"][at])))  # fmt: skip
        found += [(name, results.isel(cell=place)) for place in (places[:1] if orbit else places)]
    return found


def _accuracy(results: xr.Dataset) -> Figure:
    import seaborn

    made, axes = style.figure(1, 2, width=8.2, height=3.6, width_ratios=(3, 1))
    ticks = []
    for place, (name, cell) in enumerate(_cells(results)):
        for at, variable in ((axes[0], "test_accuracy"), (axes[1], "uniform_accuracy")):
            values = cell[variable].values
            seaborn.swarmplot(
                x=np.full(len(values), place), y=values, native_scale=True, ax=at,
                color=COLOUR[name], size=3, alpha=0.5, warn_thresh=1,
            )  # fmt: skip
            mean, low, high = (
                [float(cell[f"{variable}_{end}"])] for end in ("value", "low", "high")
            )
            style.dots(at, [place], mean, low, high, color="black", fmt="_", markersize=12)
        learned = bool(cell["learn_beta"])
        value = r"$\beta$ learned" if learned else rf"$\beta$ = {float(cell['beta']):.3g}"
        ticks.append(f"{name}\n{value}")
    axes[0].set_xticks(range(len(ticks)), ticks, fontsize=8)
    axes[1].set_xticks([])
    for at in axes:
        at.set_xlim(-0.5, len(ticks) - 0.5)
    axes[0].set(ylabel="accuracy on held-out digits", title="Trained networks")
    axes[1].set(ylim=(0, 1), xlabel="same order of cells", title=r"Attention off ($\beta = 0$)")
    return made


def _training(results: xr.Dataset) -> Figure:
    made, axes = style.figure(1, 2, width=8.2, height=3.2)
    for name, cell in _cells(results, orbit=True):
        for number, loss in enumerate(cell["loss"].values):
            label = NAMES[name] if number == 0 else None
            axes[0].plot(cell["epoch"], loss, color=COLOUR[name], alpha=0.5, lw=0.9, label=label)
        needed = np.sort(cell["epochs_needed"].values)
        share = np.arange(1, len(needed) + 1) / len(needed)
        style.dots(axes[1], needed, share, label=NAMES[name], color=COLOUR[name])
    axes[0].set(xlabel="epoch", ylabel="training loss (nat)", yscale="log", title="Loss")
    axes[1].set(xlabel="epochs until 99 % training accuracy", ylabel="share of networks",
                ylim=(0, 1.05), title="Convergence")  # fmt: skip
    style.legend(axes[0])
    style.legend(axes[1], loc="lower right")
    return made


def _orbit(results: xr.Dataset) -> Figure:
    cells = _cells(results, orbit=True)
    made, axes = style.figure(
        2, max(len(cells), 1), width=11, height=6.2, squeeze=False, sharex="col"
    )
    for column, (name, cell) in enumerate(cells):
        top, bottom = axes[:, column]
        size, inside = cell["size"].values, cell["within_range"].values == 1
        families = [f for f in cell["family"].values
                    if cell["largest_changed"].sel(family=f).notnull().any()]  # fmt: skip
        for number, family in enumerate(families):
            part, colour = cell.sel(family=family), style.PALETTE[number % len(style.PALETTE)]
            style.dots(top, size, part["largest_product_error"].values, label=FAMILY[family],
                       color=colour)  # fmt: skip
            style.dots(bottom, size, part["largest_changed"].values, color=colour)
            style.dots(bottom, size, part["null_mean_changed"].values, color=colour, fmt="x",
                       alpha=0.6)  # fmt: skip
        style.theory(top, size, cell["predicted_error"].values, "predicted from rounding")
        edge = size[inside][-1]
        for at in (top, bottom):
            at.axvspan(edge, size[-1] * 1.05, color="#f3e6d8", zorder=0, lw=0)
            if not PRODUCTS[name].points:
                at.set_xscale("log")
        top.set(yscale="log", title=NAMES[name], ylim=(1e-17, 1e2))
        style.legend(top, fontsize=7.5, loc="lower right")
        bottom.set(yscale="symlog", ylim=(-0.4, 800), xlabel=PRODUCTS[name].size_label)
    axes[0, 0].set_ylabel("largest relative error of Q (.) K$^T$")
    axes[1, 0].set_ylabel("predictions changed")
    axes[1, 0].plot([], [], "o", color="#777777", label="group elements, worst")
    axes[1, 0].plot([], [], "x", color="#777777", label="equal-norm random changes, mean")
    style.legend(axes[1, 0], fontsize=7.5, loc="center left", bbox_to_anchor=(0.0, 0.55))
    return made


def _errors(results: xr.Dataset) -> Figure:
    made, axes = style.figure(1, 2, width=8.6, height=3.6)
    cells = _cells(results, orbit=True)
    for number, (name, cell) in enumerate(cells):
        size = np.arange(cell.sizes["size_step"])
        families = [f for f in cell["family"].values
                    if cell["largest_fixed"].sel(family=f).notnull().any()]  # fmt: skip
        for order, family in enumerate(families):
            values = cell["largest_fixed"].sel(family=family).values
            style.dots(axes[0], size + 0.12 * (number - 1), values, color=COLOUR[name],
                       label=NAMES[name] if order == 0 else None)  # fmt: skip
        edge = int(np.sum(cell["within_range"].values == 1)) - 0.5
    if cells:
        axes[0].axvspan(edge, size[-1] + 0.5, color="#f3e6d8", zorder=0, lw=0)
    axes[0].set(xlabel="size of the group element (step of its ladder)",
                ylabel="errors put right, best element",
                title="Isometric: only where rounding rules")  # fmt: skip
    style.legend(axes[0], loc="upper left")
    kinds = (("fixed_isometric", "isometric\n(in range)"), ("fixed_null", "equal-norm\nrandom"),
             ("seed_fixed_share", "another seed:\nput right"),
             ("seed_broken_share", "another seed:\nlost"))  # fmt: skip
    for place, (name, _) in enumerate(kinds):
        value = results[name]
        style.dots(axes[1], [place], [float(value)], [value.attrs["ci_low"]],
                   [value.attrs["ci_high"]], color=style.PALETTE[place % len(style.PALETTE)])  # fmt: skip
    axes[1].set_xticks(range(len(kinds)), [words for _, words in kinds], fontsize=8)
    axes[1].set(ylabel="over the errors of a network", title="Against Definition 1",
                ylim=(-0.03, 1.0))  # fmt: skip
    return made


def _pictures(results: xr.Dataset) -> Figure:
    cells = _cells(results, orbit=True)
    count = min(results.sizes.get("wrong", 1), 10)
    made, axes = style.figure(
        max(len(cells), 1), count, width=11, height=1.75 * max(len(cells), 1), squeeze=False
    )
    for row, (name, cell) in enumerate(cells):
        for column in range(count):
            at, wrong = axes[row, column], cell.isel(wrong=column)
            at.set_axis_off()
            if bool(wrong["wrong_digit"].isnull()):
                continue
            at.imshow(wrong["wrong_picture"].values, cmap="Greys", vmin=0, vmax=1)
            same, seeds = (float(wrong[f"wrong_{n}"]) for n in ("equivalent_same", "seeds_right"))
            others = "none" if np.isnan(seeds) else f"{seeds:.0%}"
            at.set_title(
                f"{int(wrong['wrong_digit'])} read as {int(wrong['wrong_said'])}\n"
                f"orbit same {same:.0%}\nseeds right {others}",
                fontsize=7.5,
                loc="center",
            )
        axes[row, 0].text(-0.12, 0.5, name, transform=axes[row, 0].transAxes, ha="right",
                          va="center", fontsize=12)  # fmt: skip
    return made


def _flatness(results: xr.Dataset) -> Figure:
    cells = _cells(results, orbit=True)
    made, axes = style.figure(1, max(len(cells), 1), width=11, height=3.6, squeeze=False)
    for at, (name, cell) in zip(axes[0], cells):
        values = cell["jacobian_value"].values
        for number, line in enumerate(values[np.isfinite(values).any(1)]):
            line = line[np.isfinite(line)]
            at.plot(np.arange(1, len(line) + 1), np.maximum(line, 1e-18), lw=0.9, alpha=0.6,
                    color=COLOUR[name], label="networks" if number == 0 else None)  # fmt: skip
        directions = int(np.isfinite(values[0]).sum())
        group = int(cell["group_dimension"].values[0])
        at.axvline(directions - group + 0.5, color="#333333",
                   label=f"less the group's {group} dimensions")  # fmt: skip
        at.set(yscale="log", title=NAMES[name], xlabel="direction of (W$_Q$, b$_Q$, W$_K$, b$_K$)",
               ylim=(1e-19, 3))  # fmt: skip
        style.legend(at, loc="lower left")
    axes[0, 0].set_ylabel("singular value of d(logits), relative")
    return made


def _spectra(results: xr.Dataset) -> Figure:
    cells = _cells(results, orbit=True)
    made, axes = style.figure(
        1, max(len(cells), 1) + 1, width=12, height=3.7, squeeze=False,
        width_ratios=[*([1.0] * max(len(cells), 1)), 0.8],
    )  # fmt: skip
    looks = {"initial": ("o", style.PALETTE[5]), "trained": ("o", style.PALETTE[1]),
             "shuffled": ("x", style.PALETTE[2])}  # fmt: skip
    changes: list[tuple[str, float]] = []
    for at, (name, cell) in zip(axes[0], cells):
        rank = np.arange(1, cell.sizes["rank"] + 1)
        at.fill_between(rank, cell["null_low"], cell["null_high"], color="#cccccc", lw=0,
                        label="99 % of noise")  # fmt: skip
        for stage, (mark, colour) in looks.items():
            line = cell["spectrum_typical"].sel(matrix="query", stage=stage).values
            style.dots(at, rank, line, label=stage, fmt=mark, color=colour, markersize=3.5)
        at.set(title=NAMES[name], xlabel="rank of the singular value of W$_Q$")
        for family in cell["family"].values:
            change = cell["spectrum_change"].sel(family=family)
            if bool(change.notnull().any()):
                changes.append((str(family), float(change.mean())))
    axes[0, 0].set_ylabel("singular value / (sd of entries x sqrt(rows))")
    style.legend(axes[0, 0], loc="upper right")
    last: Any = axes[0, -1]
    names, values = [c[0] for c in changes], [max(c[1], 1e-17) for c in changes]
    last.plot(values, range(len(values)), "o", color=style.PALETTE[0])
    last.set_yticks(range(len(names)), [n.replace("_", "\n") for n in names], fontsize=8)
    last.set(xscale="log", xlim=(1e-18, 1e2), xlabel="largest relative change",
             title="Over the orbit")  # fmt: skip
    last.invert_yaxis()
    return made
