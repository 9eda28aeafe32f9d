"""Pictures of distance robustness: attacks, differences, slopes, and what noisy training does."""

from typing import Any

import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from entanglement.drawing import panels, style
from entanglement.experiments.distance_robustness.roles import ROLES
from entanglement.networks.product import PRODUCTS
from entanglement.statistics.roles import cast

COLORS = dict(zip(PRODUCTS, style.PALETTE))
MARKS = dict(zip(PRODUCTS, "os^"))
CHANGES: dict[str, dict[str, Any]] = {
    "noise": {"fmt": "x:"},
    "FGSM": {"fmt": "o--", "mfc": "white"},
    "PGD": {"fmt": "o-"},
}
TARGETS = {
    "query": "The query's picture",
    "keys": "The key pictures",
    "both": "All pictures of a sample",
}
NORM, ACCURACY = "Euclidean norm of the change", "accuracy on held-out pictures"
UNHARMED = "no cell with label_noise: 0, picture_noise: 0 and norms above 0"
LACKING = "no cell with label_noise: 0, picture_noise: 0"


def plot_cell(evaluation: xr.Dataset) -> Figure:
    """Draw how the networks of one cell learn, and what PGD does to each."""
    figure, axes = style.figure(1, 2, width=8.8, height=3.3)
    for name, color in COLORS.items():
        at = evaluation.sel(product=name)
        rows = at["accuracy"].transpose("epoch", "network")
        lines = axes[0].plot(at["epoch"], rows, color=color, alpha=0.4, lw=0.8, marker=".")
        lines[0].set_label(PRODUCTS[name].label)
        rows = at["accuracy_under"].sel(change="PGD", target="both").transpose("norm", "network")
        axes[1].plot(at["size"], rows, color=color, alpha=0.4, lw=0.8, marker=".")
    axes[0].set(xlabel="epoch of 25 updates", ylabel="training accuracy", title="Learning")
    axes[1].set(xlabel=NORM, ylabel="accuracy", title="PGD, all pictures changed")
    for at in axes:
        at.set_ylim(-0.02, 1.02)
    panels.legend(figure)
    return figure


def plot_panels(results: xr.Dataset) -> dict[str, Figure]:
    """Draw the panels of report.yaml, under their names there."""
    parts = cast(results, ROLES)
    clean = parts["clean"]
    there = clean is not None
    attacked = clean is not None and clean.sizes["norm"] > 0
    return {
        "attacks": _attacks(clean) if attacked else panels.empty(UNHARMED),
        "gaps": _gaps(clean) if attacked else panels.empty(UNHARMED),
        "slopes": _slopes(clean) if there else panels.empty(LACKING),
        "noisy_training": _noisy(parts["label_sweep"], parts["picture_sweep"]),
    }


def _attacks(cell: xr.Dataset) -> Figure:
    figure, axes = style.figure(1, 3, width=13, height=4.2, sharey=True)
    for at, (target, title) in zip(axes, TARGETS.items()):
        for name, product in PRODUCTS.items():
            own = cell.sel(product=name)
            for change, look in CHANGES.items():
                under = own.sel(target=target, change=change)
                label = f"{product.label}, {change}"
                mark: dict[str, Any] = {**look, "color": COLORS[name], "lw": 1}
                panels.curve(at, under, "mean_accuracy_under", label, "size", **mark)
            _single(at, own, "mean_clean_accuracy", 0.0, color=COLORS[name], fmt="D")
        at.axhline(1 / float(cell["choices"]), color="#333333", lw=1, label="a guess")
        at.set(xlabel=NORM, title=title)
    axes[0].set(ylabel=ACCURACY, ylim=(-0.02, 1.02))
    panels.legend(figure, "diamonds: no change")
    return figure


def _single(axes: Axes, cell: xr.Dataset, name: str, x: float, **look: Any) -> None:
    y, low, high = ([float(cell[f"{name}{end}"])] for end in ("", "_low", "_high"))
    style.dots(axes, [x], y, low, high, **look)


def _gaps(cell: xr.Dataset) -> Figure:
    figure, axes = style.figure(1, 2, width=11.4, height=4.0)
    targets = dict(zip(TARGETS, ({"ls": ":"}, {"ls": "--"}, {"ls": "-"})))
    for name in ("E", "H"):
        for target, line in targets.items():
            own = cell.sel(product=name, target=target)
            look: dict[str, Any] = {"color": COLORS[name], "fmt": MARKS[name], "lw": 1, **line}
            panels.curve(
                axes[0], own, "mean_gap", f"dot less {name}: {target} changed", "size", **look
            )
        for other, mark in MARKS.items():
            if other != name:
                own = cell.sel(product=name, other=other)
                open_: dict[str, Any] = {
                    "color": COLORS[name],
                    "fmt": f"{mark}-",
                    "mfc": "white",
                    "lw": 1,
                }
                label = f"made against {name}, read by {other}"
                panels.curve(axes[1], own, "mean_rejected", label, "size", **open_)
    axes[0].axhline(0, color="#333333", lw=1)
    axes[0].set(xlabel=NORM, ylabel="difference of accuracy", title="Under PGD, network by network")
    if cell["mean_rejected"].sel(product=["E", "H"]).notnull().any():
        axes[1].axhline(0, color="#333333", lw=1, label="isometric equivalents, exact")
        axes[1].set(xlabel=NORM, ylabel="share of fakes rejected", title="Who rejects the fakes")
        axes[1].set_ylim(-0.02, 1.02)
    else:
        panels.lacking(axes[1], "no change of these norms fools a distance network")
    panels.legend(figure)
    return figure


def _slopes(cell: xr.Dataset) -> Figure:
    if not cell["mean_slope"].notnull().any():
        return panels.empty("the weights of all networks overflowed")
    figure, axes = style.figure(width=8.4, height=4.2)
    for name, product in PRODUCTS.items():
        own = cell.sel(product=name)
        look: dict[str, Any] = {"color": COLORS[name], "fmt": f"{MARKS[name]}:", "lw": 1}
        panels.curve(axes, own, "mean_slope", f"{product.label}, measured", "stretch", **look)
        style.theory(
            axes,
            own["stretch"],
            own["mean_slope_bound"],
            f"{product.label}, bound",
            color=COLORS[name],
        )
    axes.set(xscale="log", yscale="log", xlabel="stretch of all keys (1: as trained)")
    axes.set_ylabel(r"largest slope of attention / $\beta\sqrt{d/2}$")
    panels.legend(figure)
    return figure


def _noisy(labels: list[xr.Dataset], pictures: list[xr.Dataset]) -> Figure:
    figure, axes = style.figure(1, 2, width=10.4, height=3.8, sharey=True)
    sweeps = (("label_noise", labels), ("picture_noise", pictures))
    for at, (key, cells) in zip(axes, sweeps):
        if not cells:
            panels.lacking(at, f"no cell with {key} alone")
            continue
        for place, (name, product) in enumerate(PRODUCTS.items()):
            for number, cell in enumerate(cells):
                label = None if number else product.label
                # Side by side, so that intervals are told apart.
                x = float(cell[key]) + 0.008 * (place - 1)
                look = {"color": COLORS[name], "fmt": MARKS[name], "label": label}
                _single(at, cell.sel(product=name), "mean_clean_accuracy", x, **look)
    axes[0].set(xlabel="share of wrong labels in training", title="Wrong labels", ylabel=ACCURACY)
    axes[1].set(xlabel="standard deviation of pixels' noise", title="Noisy training pictures")
    axes[0].set_ylim(-0.02, 1.02)
    panels.legend(figure)
    return figure
