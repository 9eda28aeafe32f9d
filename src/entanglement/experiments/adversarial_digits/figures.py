"""Pictures of what misleads classifiers of digits, and of what recovery gives back."""

from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from entanglement.drawing import panels, style
from entanglement.experiments.adversarial_digits.roles import ROLES
from entanglement.statistics.roles import cast

LOOKS: dict[str, dict[str, Any]] = {
    "none": {"label": "unchanged", "color": style.PALETTE[7], "fmt": "_"},
    "cipher": {"label": "entangled noise, $y$", "color": style.PALETTE[1], "fmt": "o"},
    "noise": {"label": "isotropic noise", "color": style.PALETTE[0], "fmt": "x"},
    "fgsm": {"label": "fast gradient sign", "color": style.PALETTE[2], "fmt": "^"},
    "pgd": {"label": "projected gradient", "color": style.PALETTE[3], "fmt": "s"},
    "deepfool": {"label": "DeepFool", "color": style.PALETTE[5], "fmt": "D"},
}
WAYS: dict[str, dict[str, Any]] = {
    "better sign": {"label": "better sign", "color": style.PALETTE[2], "fmt": "o"},
    "subtraction": {"label": "subtraction", "color": style.PALETTE[0], "fmt": "v"},
    "addition": {"label": "addition", "color": style.PALETTE[1], "fmt": "^"},
    "wrong sign": {"label": "wrong sign", "color": style.PALETTE[3], "fmt": "x"},
    "other input": {
        "label": "input changed by its own length",
        "color": style.PALETTE[6],
        "fmt": "+",
    },
}
TITLES = {"mnist": "28 x 28", "digits": "8 x 8"}
KINDS = {"linear": "linear", "mlp": "one hidden layer", "convolutional": "convolutional"}
LENGTH, RIGHT, CHANCE = r"length of the change $\alpha$", "share of right labels", 0.1
LACKING = "no cell with row_order: index"
SHOWN = 6  # lengths whose pictures are drawn, and depths whose curves are


def plot_cell(evaluation: xr.Dataset) -> Figure:
    """Draw every network's accuracy of one cell under the entangled noise, by classifier."""
    kinds = evaluation["classifier"].values.tolist()
    figure, axes = style.figure(1, len(kinds), width=10, height=3.2, sharey=True)
    for at, kind in zip(axes, kinds):
        for attack, look in LOOKS.items():
            seen = evaluation["accuracy"].sel(classifier=kind, attack=attack)
            lines = at.plot(
                seen["norm"], seen.transpose("norm", "network"), color=look["color"], lw=0.7
            )
            lines[0].set_label(look["label"])
        at.set(xlabel=LENGTH, title=KINDS[kind], ylim=(-0.02, 1.02))
        _lengths(at, [evaluation])
    axes[0].set_ylabel(RIGHT)
    panels.legend(figure)
    return figure


def plot_panels(results: xr.Dataset) -> dict[str, Figure]:
    """Draw the panels of report.yaml, under their names there."""
    parts = cast(results, ROLES)
    cells = [parts[name] for name in ("large", "small") if parts[name] is not None]
    if not cells:
        return {
            name: panels.empty(LACKING)
            for name in ("pictures", "misled", "hidden", "recovered", "robust")
        }
    return {
        "pictures": _pictures(cells[0]),
        "misled": _misled(cells),
        "hidden": _hidden(cells),
        "recovered": _recovered(cells, parts["unselected"]),
        "robust": _robust(cells),
    }


def _size(cell: xr.Dataset) -> str:
    return TITLES[cell["pictures"].item()]


def _length(norm: Any) -> str:
    return f"{float(norm):.3g}" if norm < 1000 else f"{float(norm):.5g}"


def _pictures(cell: xr.Dataset) -> Figure:
    places = np.unique(np.linspace(0, cell.sizes["norm"] - 1, SHOWN).round().astype(int))
    norms = cell["norm"].values[places]
    rows = {
        "cipher": r"noisy, $m + \alpha u_L$",
        "pgd": "projected gradient",
        "recovered": "recovered",
    }
    side = round(cell.sizes["pixel"] ** 0.5)
    figure, axes = style.figure(
        len(rows), len(places), width=1.45 * len(places) + 0.6, height=5.2, squeeze=False
    )
    first = cell.isel(network=0)
    for line, (row, words) in zip(axes, rows.items()):
        seen = cell["shown_picture"].sel(row=row).transpose("norm", "pixel")
        said = first["example_label"].sel(row=row)
        for at, place, norm in zip(line, places, norms):
            # The scale of the clean picture grows with the noise, as an eye adapts.
            picture = seen.isel(norm=place).values.reshape(side, side)
            at.imshow(picture, cmap="Greys")
            at.set_axis_off()
            label = int(said.isel(norm=place))
            weight = "bold" if label == int(first["example_digit"]) else "normal"
            at.set_title(f"α = {_length(norm)}\nsays {label}", fontsize=8.5, fontweight=weight)
        look = {"ha": "right", "va": "center", "fontsize": 9, "rotation": 90}
        line[0].text(-0.08, 0.5, words, transform=line[0].transAxes, **look)
    return figure


def _misled(cells: list[xr.Dataset]) -> Figure:
    kinds = cells[0]["classifier"].values.tolist()
    figure, axes = style.figure(
        len(cells),
        len(kinds),
        width=11.5,
        height=3.0 * len(cells) + 0.5,
        squeeze=False,
        sharex=True,
        sharey=True,
    )
    for line, cell in zip(axes, cells):
        for at, kind in zip(line, kinds):
            _chance(at)
            for attack, look in LOOKS.items():
                one = cell.sel(classifier=kind, attack=attack)
                panels.curve(at, one, "mean_accuracy", **look)
            at.set(ylim=(-0.02, 1.02), title=f"{KINDS[kind]}, {_size(cell)}")
            _lengths(at, cells)
        line[0].set_ylabel(RIGHT)
    for at in axes[-1]:
        at.set_xlabel(LENGTH)
    panels.legend(figure)
    return figure


def _lengths(axes: Axes, cells: list[xr.Dataset]) -> None:
    """Logarithmic, with room at both ends: a single length has no range of its own."""
    ends = sorted(float(length) for cell in cells for length in cell["norm"])
    axes.set(xscale="log", xlim=(ends[0] / 1.5, ends[-1] * 1.5))


def _chance(axes: Axes) -> None:
    axes.axhline(CHANCE, color="#333333", lw=1.0, ls=":", label="chance")


def _hidden(cells: list[xr.Dataset]) -> Figure:
    figure, axes = style.figure(1, 3, width=11.5, height=3.6)
    _chance(axes[2])
    for cell, color, mark in zip(cells, style.PALETTE, "os"):
        look: dict[str, Any] = {"color": color, "fmt": mark}
        panels.curve(axes[0], cell, "mean_visible", _size(cell), **look)
        panels.curve(axes[1], cell, "mean_detected", _size(cell), **look)
        for at in axes[1:]:
            at.axvline(float(cell["invisible"]), color=color, lw=0.8, ls="--")
        linear = cell.sel(classifier="linear", attack="cipher")
        panels.curve(axes[2], linear, "mean_accuracy", _size(cell), theory=False, **look)
        law = cell.sel(classifier="linear", attack="noise")["mean_accuracy_theory"]
        style.theory(axes[2], cell["norm"], law, color=color, lw=1.2)
    axes[0].set(ylabel="correlation of $y$ with $m$", title="What is left of the picture")
    axes[1].set(ylabel="share of right choices", title="A filter that knows the picture")
    axes[2].set(ylabel=RIGHT, title="The linear classifier")
    for at in axes:
        at.set(xlabel=r"strength of the noise $\alpha$", ylim=(-0.05, 1.05))
        _lengths(at, cells)
    panels.legend(figure)
    return figure


def _recovered(cells: list[xr.Dataset], unselected: xr.Dataset | None) -> Figure:
    shown = [*cells, *([unselected] if unselected is not None else [])]
    figure, axes = style.figure(
        2, len(shown), width=4.0 * len(shown) + 2.2, height=6.4, squeeze=False, sharey=True
    )
    for column, cell in zip(axes.T, shown):
        size = f"{_size(cell)}, $n$ = {float(cell['n_over_k']):.3g} $k$"
        _chance(column[0])
        for way, look in WAYS.items():
            one = cell.sel(classifier="convolutional", way=way)
            panels.curve(column[0], one, "mean_recovered", **look)
        column[0].set_xlabel(r"strength of the noise $\alpha$")
        _lengths(column[0], [cell])
        column[0].set_title(f"convolutional, {size}")
        places = np.unique(np.linspace(0, cell.sizes["norm"] - 1, SHOWN).round().astype(int))
        _chance(column[1])
        for place, color in zip(places, style.PALETTE):
            one = cell.sel(classifier="linear").isel(norm=place)
            label = rf"$\alpha$ = {_length(one['norm'])}"
            marks: dict[str, Any] = {"color": color, "fmt": "os^Dv+"[places.tolist().index(place)]}
            panels.curve(column[1], one, "mean_recovered_layer", label, **marks)
        column[1].set(xlabel="layer $l$", title=f"linear, {size}")
    for line in axes:
        line[0].set(ylabel=RIGHT, ylim=(-0.02, 1.02))
    panels.legend(figure)
    return figure


def _robust(cells: list[xr.Dataset]) -> Figure:
    figure, axes = style.figure(
        2, len(cells), width=4.4 * len(cells) + 2.4, height=6.4, squeeze=False, sharey=True
    )
    for column, cell in zip(axes.T, cells):
        convolutional = cell.sel(classifier="convolutional")
        for attack in ("noise", "pgd"):
            look: dict[str, Any] = {**LOOKS[attack], "mfc": "white", "markersize": 7}
            panels.curve(column[0], convolutional.sel(attack=attack), "mean_accuracy", **look)
        again: dict[str, Any] = {
            "label": "projected gradient after recovery",
            "color": style.PALETTE[6],
            "fmt": ".",
        }
        panels.curve(column[0], convolutional, "mean_recovered_pgd", **again)
        for attack, look in LOOKS.items():
            if attack != "none":
                panels.curve(column[1], cell.sel(attack=attack), "mean_same_error", **look)
        column[0].set_title(f"convolutional, {_size(cell)}")
        column[1].set_title(f"two classifiers, {_size(cell)}")
        for at in column:
            at.set(xlabel=LENGTH, ylim=(-0.02, 1.02))
            _lengths(at, [cell])
    axes[0, 0].set_ylabel(RIGHT)
    axes[1, 0].set_ylabel("share with the same wrong label")
    panels.legend(figure)
    return figure
