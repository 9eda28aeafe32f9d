"""How far rounding lets the invariance be seen, and which isometries PSL(2,R) lacks."""

from typing import Any

import numpy as np
import xarray as xr
from matplotlib.figure import Figure

from entanglement.drawing import style

# What a change of exactly zero is drawn at: a logarithmic axis has no zero.
FLOOR = 1e-19
LABELS = {
    "translation": r"one $\alpha$ for all entries",
    "isom_r": "an own isometry for every index",
    "psl2r": "one Möbius map for all entries",
    "pgl2r": "an own isometry for every index",
    "mirror": r"$z \mapsto -\bar z$, then one Möbius map",
}
NAMES = {
    "psl2r": "PSL(2,R):\none Möbius map",
    "pgl2r": "PGL(2,R):\nmirrored or not, at random",
    "mirror": "$z \\mapsto -\\bar z$,\nthen one Möbius map",
}
EUCLIDEAN, HYPERBOLIC = ("translation", "isom_r"), ("psl2r", "pgl2r", "mirror")
COLOURS = {
    ("translation", "float64"): 0, ("translation", "float32"): 1, ("translation", "integer"): 2,
    ("isom_r", "float64"): 5, ("psl2r", "float64"): 0, ("psl2r", "float32"): 1,
    ("pgl2r", "float64"): 5, ("mirror", "float64"): 3,
}  # fmt: skip
# The paper's own maps are full dots; what agrees with them lies round them as an outline.
MARKERS: dict[str, dict[str, Any]] = {
    "translation": {"fmt": "o", "markersize": 3},
    "psl2r": {"fmt": "o", "markersize": 3},
    "isom_r": {"fmt": "^", "markersize": 7, "markerfacecolor": "none"},
    "pgl2r": {"fmt": "^", "markersize": 7, "markerfacecolor": "none"},
    "mirror": {"fmt": "s", "markersize": 6, "markerfacecolor": "none"},
}
# What a panel needs of a grid, written where there is nothing to draw.
NEEDS: dict[str, str | tuple[str, ...]] = {
    "translation": "no cell with group: translation or isom_r",
    "moebius": "no cell with group: psl2r, pgl2r or mirror",
    "mirror": "no cell with group: psl2r, pgl2r or mirror\nin arithmetic: float64",
}


def plot_cell(evaluation: xr.Dataset) -> Figure:
    """Draw every draw of one cell.

    Parameters
    ----------
    evaluation
        One cell.
    """
    figure, axes = style.figure(width=5.2, height=3.4)
    change = np.maximum(evaluation["relative_change"].values, FLOOR)
    axes.plot(evaluation["size"], change.T, color=style.PALETTE[0], alpha=0.3, lw=0.7)
    axes.set_yscale("log")
    if "alpha" in evaluation["size"].attrs["long_name"]:
        axes.set_xscale("log")
    axes.set_xlabel(evaluation["size"].attrs["long_name"])
    axes.set_ylabel("relative change of the product")
    axes.set_title(f"{evaluation.sizes['network']} draws")
    return figure


def plot_panels(results: xr.Dataset) -> dict[str, Figure]:
    """Draw the panels of claims B1, B2 and B3.

    Parameters
    ----------
    results
        All cells with what `summarise` added.
    """
    panels = {
        "translation": _translation(results),
        "moebius": _moebius(results),
        "mirror": _mirror(results),
    }
    return style.explained(panels, NEEDS)


def _translation(results: xr.Dataset) -> Figure:
    figure, axes = style.figure(width=8.2, height=4.6)
    for cell, colour in _cells(results, EUCLIDEAN):
        _dots(axes, cell, colour)
        _line(axes, cell, "change_theory", colour, None)
        if str(cell["group"].values) == "translation" and (cell["change_scale"] > 0).any():
            label = rf"scale of rounding, $\epsilon\,|\alpha|$ ({cell['arithmetic'].values})"
            _line(axes, cell, "change_scale", colour, label, ls="--")
    axes.plot([], [], color="#333333", label="exact law of rounding, no free parameter")
    _control(axes, results, "translation", r"no isometry ($x \mapsto x^3$)")
    axes.axvspan(1e-5, 1e12, color="#f3f3f3", zorder=0, label="range of the claims (float64)")
    axes.set_xscale("log")
    axes.set_xlim(3e-5, 3e16)
    axes.set_xlabel(r"size of the translation $|\alpha|$")
    _finish(figure, axes, FLOOR)
    return figure


def _moebius(results: xr.Dataset) -> Figure:
    figure, axes = style.figure(width=8.2, height=4.6)
    for cell, colour in _cells(results, HYPERBOLIC):
        _dots(axes, cell, colour)
        if str(cell["group"].values) == "psl2r":
            label = rf"scale of rounding, $\epsilon\, e^{{r}}$ ({cell['arithmetic'].values})"
            _line(axes, cell, "change_scale", colour, label, ls="--")
    _control(axes, results, "psl2r", r"no isometry ($x + iy \mapsto 2x + iy$)")
    axes.axvspan(-1, 25, color="#f3f3f3", zorder=0, label="range of the claims (float64)")
    axes.set_xlim(-0.7, 41)
    axes.set_xlabel(r"size of the element, $r = d_{\mathbb{H}}(i, M i)$")
    _finish(figure, axes, 1e-17)
    return figure


def _mirror(results: xr.Dataset) -> Figure:
    figure, axes = style.figure(width=7.6, height=3.6)
    names = [(cell, colour) for cell, colour in _cells(results, HYPERBOLIC)
             if str(cell["arithmetic"].values) == "float64"]  # fmt: skip
    for place, (cell, colour) in enumerate(names):
        apart = cell["psl2r_distance"].values
        # Side by side in the order of the draws, so that equal values stay visible.
        across = place + np.linspace(-0.25, 0.25, apart.size)
        axes.plot(
            across, apart, "o", color=style.PALETTE[colour], ms=3.5, alpha=0.6, lw=0,
            label="one draw" if place == 0 else None,
        )  # fmt: skip
        style.dots(
            axes, [place + 0.36], [cell["apart"]], [cell["apart_low"]], [cell["apart_high"]],
            "mean over draws, 95 % interval" if place == 0 else None, color="#333333",
        )  # fmt: skip
    axes.set_xticks(range(len(names)), [NAMES[str(cell["group"].values)] for cell, _ in names])
    axes.set_xlim(-0.5, len(names) - 0.4)
    axes.grid(False, axis="x")
    axes.axhline(0, color=style.PALETTE[1], ls="--", lw=1, label="if PSL(2,R) held every isometry")
    axes.set_ylabel("hyperbolic distance of the map\nto the nearest of PSL(2,R)")
    style.legend(axes, loc="upper left")
    return figure


def _cells(results: xr.Dataset, groups: tuple[str, ...]) -> list[tuple[xr.Dataset, int]]:
    """Cells of these groups in the order of the legend, each with its colour."""
    cells = [results.isel(cell=i) for i in range(results.sizes["cell"])]
    keys = [(str(cell["group"].values), str(cell["arithmetic"].values)) for cell in cells]
    order = sorted(range(len(cells)), key=lambda i: (list(LABELS).index(keys[i][0]), keys[i][1]))
    return [(cells[i], COLOURS.get(keys[i], 7)) for i in order if keys[i][0] in groups]


def _dots(axes: Any, cell: xr.Dataset, colour: int) -> None:
    middle, low, high = (np.maximum(cell[f"change{end}"], FLOOR) for end in ("", "_low", "_high"))
    group, arithmetic = str(cell["group"].values), str(cell["arithmetic"].values)
    exact = (cell["change"].values[np.isfinite(cell["size"])] == 0).all()
    label = f"{arithmetic}s: exactly 0 (lowest row)" if exact else f"{arithmetic}, {LABELS[group]}"
    style.dots(
        axes, cell["size"], middle, low, high, label, color=style.PALETTE[colour], **MARKERS[group],
    )  # fmt: skip


def _line(
    axes: Any, cell: xr.Dataset, name: str, colour: int, label: str | None, **look: Any
) -> None:
    value = cell[name].where((cell[name] > 0) & (cell[name] < 3))
    options = {"color": style.PALETTE[colour], "lw": 1.2, "zorder": 2.5, **look}
    style.theory(axes, cell["size"], value, label, **options)


def _control(axes: Any, results: xr.Dataset, group: str, label: str) -> None:
    for cell, _ in _cells(results, (group,)):
        if str(cell["arithmetic"].values) == "float64":
            axes.axhline(float(cell["control"]), color="#000000", ls=":", label=label)


def _finish(figure: Figure, axes: Any, lowest: float) -> None:
    axes.set_yscale("log")
    axes.set_ylim(lowest / 4, 30)
    axes.set_ylabel(r"relative change of $A \odot B$ (root mean square)")
    figure.legend(loc="outside right center", fontsize=8.5)
