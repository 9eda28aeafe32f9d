"""How far rounding lets the invariance be seen, and which isometries PSL(2,R) lacks."""

from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from entanglement.drawing import panels, style
from entanglement.experiments.distance_products.roles import ROLES
from entanglement.statistics.roles import cast, values

# What a change of exactly zero is drawn at: a logarithmic axis has no zero.
FLOOR = 1e-19
LABELS = {
    "translation": r"one $\alpha$ for all entries",
    "isom_r": "an own isometry for every index",
    "psl2r": "one Möbius map for all entries",
    "pgl2r": "an own isometry for every index",
    "mirror": r"$z \mapsto -\bar z$, then one Möbius map",
}
LAYERS = {
    "change": r"both factors moved",
    "change_alone": "data X:\n$W$ alone can move",
    "change_absorbed": "hidden layer:\nits bias and the next $W$ moved",
}
NAMES = {
    "psl2r": "PSL(2,R):\none Möbius map",
    "pgl2r": "PGL(2,R): mirrored\nor not, at random",
    "mirror": "$z \\mapsto -\\bar z$,\nthen a Möbius map",
}
COLORS = {
    ("translation", "float64"): 0,
    ("translation", "float32"): 1,
    ("translation", "integer"): 2,
    ("isom_r", "float64"): 5,
    ("psl2r", "float64"): 0,
    ("psl2r", "float32"): 1,
    ("pgl2r", "float64"): 5,
    ("mirror", "float64"): 3,
}
# The paper's own maps are full dots; what agrees with them lies round them as an outline.
MARKERS: dict[str, dict[str, Any]] = {
    "translation": {"fmt": "o", "markersize": 3},
    "psl2r": {"fmt": "o", "markersize": 3},
    "isom_r": {"fmt": "^", "markersize": 7, "markerfacecolor": "none"},
    "pgl2r": {"fmt": "^", "markersize": 7, "markerfacecolor": "none"},
    "mirror": {"fmt": "s", "markersize": 6, "markerfacecolor": "none"},
}


def plot_cell(evaluation: xr.Dataset) -> Figure:
    """Draw every draw of one cell."""
    figure, axes = style.figure(width=5.2, height=3.4)
    change = evaluation["relative_change"].transpose("step", "network").clip(FLOOR)
    axes.plot(evaluation["size"], change, color=style.PALETTE[0], alpha=0.3, lw=0.7)
    size = evaluation["size"].attrs["long_name"]
    axes.set(xlabel=size, ylabel="relative change of the product", yscale="log")
    axes.set(xscale="log" if "alpha" in size else "linear")
    axes.set_title(f"{evaluation.sizes['network']} draws")
    return figure


def plot_panels(results: xr.Dataset) -> dict[str, Figure]:
    """Draw the panels of claims B1, B2 and B3."""
    cells = cast(results, ROLES)
    half_plane = sorted(cells["half_plane"], key=_order)
    return {
        "translation": _translation(sorted(cells["line"], key=_order)),
        "data": _data(cells["translation"]),
        "moebius": _moebius(half_plane),
        "mirror": _mirror([cell for cell in half_plane if cell["arithmetic"] == "float64"]),
    }


def _translation(cells: list[xr.Dataset]) -> Figure:
    if not cells:
        return panels.empty("no cell with group: translation or isom_r")
    figure, axes = style.figure(width=8.2, height=4.6)
    for cell in cells:
        _dots(axes, cell)
        _line(axes, cell, "change_theory", None)
        group, arithmetic = values(cell, "group", "arithmetic")
        if group == "translation" and arithmetic != "integer":
            label = rf"scale of rounding, $\epsilon\,|\alpha|$ ({arithmetic})"
            _line(axes, cell, "change_scale", label, ls="--")
    axes.plot([], [], color="#333333", label="exact law of rounding, no free parameter")
    _control(axes, cells, "translation", r"no isometry ($x \mapsto x^3$)")
    axes.axvspan(1e-5, 1e12, color="#f3f3f3", zorder=0, label="range of the claims (float64)")
    axes.set(xscale="log", xlim=(3e-5, 3e16), xlabel=r"size of the translation $|\alpha|$")
    _finish(figure, axes, FLOOR)
    return figure


def _data(cell: xr.Dataset | None) -> Figure:
    if cell is None:
        return panels.empty("no cell with group: translation in arithmetic: float64")
    figure, axes = style.figure(width=8.2, height=4.0)
    for number, (name, label) in enumerate(LAYERS.items()):
        middle, low, high = (cell[f"{name}{end}"].clip(FLOOR) for end in ("", "_low", "_high"))
        look = {"color": style.PALETTE[number], "markersize": 3}
        style.dots(axes, cell["size"], middle, low, high, label, **look)
    axes.axvspan(1e-5, 1e12, color="#f3f3f3", zorder=0, label="range of the claims (float64)")
    axes.set(xscale="log", xlim=(3e-5, 3e16), xlabel=r"size of the translation $|\alpha|$")
    axes.set(yscale="log", ylim=(FLOOR / 4, 1e18), ylabel="relative change of the layer (rms)")
    panels.legend(figure)
    return figure


def _moebius(cells: list[xr.Dataset]) -> Figure:
    if not cells:
        return panels.empty("no cell with group: psl2r, pgl2r or mirror")
    figure, axes = style.figure(width=8.2, height=4.6)
    for cell in cells:
        _dots(axes, cell)
        if cell["group"] == "psl2r":
            label = rf"scale of rounding, $\epsilon\, e^{{r}}$ ({cell['arithmetic'].item()})"
            _line(axes, cell, "change_scale", label, ls="--")
    _control(axes, cells, "psl2r", r"no isometry ($x + iy \mapsto 2x + iy$)")
    axes.axvspan(-1, 25, color="#f3f3f3", zorder=0, label="range of the claims (float64)")
    axes.set(xlim=(-0.7, 41), xlabel=r"size of the element, $r = d_{\mathbb{H}}(i, M i)$")
    _finish(figure, axes, 1e-17)
    return figure


def _mirror(cells: list[xr.Dataset]) -> Figure:
    if not cells:
        return panels.empty("no cell with group: psl2r, pgl2r or mirror in arithmetic: float64")
    figure, axes = style.figure(width=style.HALF, height=4.2)
    for place, cell in enumerate(cells):
        apart, first = cell["psl2r_distance"], place == 0
        # Side by side in the order of the draws, so that equal values stay visible.
        across = place + np.linspace(-0.25, 0.25, apart.size)
        look: dict[str, Any] = {"color": _color(cell), "ms": 3.5, "alpha": 0.6, "lw": 0}
        axes.plot(across, apart, "o", label="one draw" if first else None, **look)
        mean, low, high = ([cell[f"apart{end}"]] for end in ("", "_low", "_high"))
        label = "mean, 95 % interval" if first else None
        style.dots(axes, [place + 0.36], mean, low, high, label, color="#333333")
    axes.set_xticks(range(len(cells)), [NAMES[cell["group"].item()] for cell in cells])
    axes.set_xlim(-0.5, len(cells) - 0.4)
    axes.grid(False, axis="x")
    axes.axhline(0, color=style.PALETTE[1], ls="--", lw=1, label="if PSL(2,R) held all")
    axes.set_ylabel("hyperbolic distance of the map\nto the nearest of PSL(2,R)")
    panels.legend(figure, below=True)
    return figure


def _order(cell: xr.Dataset) -> tuple[int, str]:
    group, arithmetic = values(cell, "group", "arithmetic")
    return list(LABELS).index(group), arithmetic


def _color(cell: xr.Dataset) -> str:
    return style.PALETTE[COLORS.get(values(cell, "group", "arithmetic"), 7)]


def _dots(axes: Axes, cell: xr.Dataset) -> None:
    group, arithmetic = values(cell, "group", "arithmetic")
    exact = (cell["change"] == 0).all()
    label = f"{arithmetic}s: exactly 0" if exact else f"{arithmetic}, {LABELS[group]}"
    middle, low, high = (cell[f"change{end}"].clip(FLOOR) for end in ("", "_low", "_high"))
    look = {"color": _color(cell), **MARKERS[group]}
    style.dots(axes, cell["size"], middle, low, high, label, **look)


def _line(axes: Axes, cell: xr.Dataset, name: str, label: str | None, **look: Any) -> None:
    value = cell[name].where((cell[name] > 0) & (cell[name] < 3))
    options = {"color": _color(cell), "lw": 1.2, "zorder": 2.5, **look}
    style.theory(axes, cell["size"], value, label, **options)


def _control(axes: Axes, cells: list[xr.Dataset], group: str, label: str) -> None:
    for cell in cells:
        if values(cell, "group", "arithmetic") == (group, "float64"):
            axes.axhline(float(cell["control"]), color="#000000", ls=":", label=label)


def _finish(figure: Figure, axes: Axes, lowest: float) -> None:
    axes.set(yscale="log", ylim=(lowest / 4, 30))
    if lowest == FLOOR:  # zero has a place of its own below the numbers
        ticks = [FLOOR, *(10.0**power for power in range(-16, 1, 4))]
        axes.set_yticks(ticks, ["0", *(f"$10^{{{power}}}$" for power in range(-16, 1, 4))])
        axes.minorticks_off()
    axes.set_ylabel(r"relative change of $A \odot B$ (root mean square)")
    panels.legend(figure)
