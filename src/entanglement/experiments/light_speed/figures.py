"""Fig. 5 f redrawn: augmented losses, the time share, and when the rise begins."""

from typing import Any

import numpy as np
import xarray as xr
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from entanglement.drawing import panels, style
from entanglement.experiments.light_speed.roles import ROLES
from entanglement.statistics.roles import cast, values

LACKING = "no cell of Algorithm 1 (weights: top)"
FAMILIES = {
    "top": "Algorithm 1",
    "top_unit": "Algorithm 1, norm kept constant",
    "random": "rows kept at random",
    "minimum": "smallest rows kept",
}


def plot_cell(evaluation: xr.Dataset) -> Figure:
    """Draw the augmented loss of some networks."""
    figure, axes = style.figure(width=5.2, height=3.4)
    some = evaluation.isel(network=slice(0, 40))
    axes.plot(some["layer"], some["augmented_plus"].T, color=style.PALETTE[0], alpha=0.35, lw=0.8)
    axes.set(xlabel="layer $l$", ylabel="augmented Eq. 31")
    axes.set_title(f"one line a network ({some.sizes['network']})")
    return figure


def plot_panels(results: xr.Dataset) -> dict[str, Figure]:
    """Draw the panels of Fig. 5 f and its tests."""
    cells = cast(results, ROLES)
    return {
        "augmented_loss": _augmented_loss(cells["top"]),
        "space_and_time": _space_and_time(cells["top"]),
        "distances": _distances(cells["paper"]),
        "onset": _onset(cells, results),
        "controls": _controls(cells["controls"]),
    }


def _curves(axes: Axes, cells: list[xr.Dataset], name: str, band: bool = True) -> None:
    """From light to dark with c."""
    colors = colormaps["viridis_r"](np.linspace(0.42, 1.0, len(cells)))
    for cell, color in zip(cells, colors, strict=True):
        cell = cell.isel(layer=slice(1, None))
        if band:
            low, high = cell[f"{name}_low"], cell[f"{name}_high"]
            axes.fill_between(cell["layer"], low, high, color=color, alpha=0.25, lw=0)
        label = f"$c$ = {float(cell['c']):g}"
        axes.plot(cell["layer"], cell[name], "o-", color=color, ms=2.5, lw=0.9, label=label)
    axes.set_xlabel("layer $l$")


def _augmented_loss(cells: list[xr.Dataset]) -> Figure:
    if not cells:
        return panels.empty(LACKING)
    figure, (plus, minus) = style.figure(1, 2, width=9.2, height=3.8, sharey=True)
    _curves(plus, cells, "mean_augmented_plus")
    _curves(minus, cells, "mean_augmented_minus")
    plus.set(title="Eq. 31 (0: correlated)", ylabel="mean loss of the augmented vectors")
    minus.set(title="Eq. 30 (0: anti-correlated)")
    for axes in (plus, minus):
        axes.axhline(0.5, color="#333333", lw=1)
    color, across = style.PALETTE[1], plus.get_yaxis_transform()
    plus.axhline(0.25, color=color, ls="--", lw=1.2)
    plus.text(1, 0.25, "onset", transform=across, ha="right", va="bottom", color=color)
    panels.legend(figure, below=True)
    return figure


def _space_and_time(cells: list[xr.Dataset]) -> Figure:
    if not cells:
        return panels.empty(LACKING)
    figure, (time, space) = style.figure(1, 2, width=9.2, height=3.8)
    _curves(time, cells, "mean_time_share")
    _curves(space, cells, "mean_folded_angle", band=False)
    time.set(title="depends on $c$", ylabel="time share $c\\,l\\,/\\,|[c\\,l;\\,w_l]|$")
    space.set(title="does not: all curves coincide", ylabel="folded angle in space / $\\pi$")
    space.set_yscale("log")
    panels.legend(figure, below=True)
    return figure


def _distances(cell: xr.Dataset | None) -> Figure:
    if cell is None:
        return panels.empty(f"{LACKING} and c = 1000")
    figure, axes = style.figure(width=style.HALF, height=4.0)
    at, from_one = style.PALETTE, cell.isel(layer=slice(1, None))
    panels.curve(axes, cell, "mean_log_norm", "$\\ln |w_l|$, mean of networks", color=at[0])
    axes.plot(
        from_one["layer"],
        from_one["log_proportional"],
        ":",
        color=at[0],
        label="a norm proportional to $l$ (II-D)",
    )
    axes.plot(
        from_one["layer"],
        from_one["log_distance"],
        "s",
        color=at[1],
        ms=4,
        label="$\\ln d' = \\ln c\\,l$, every network's",
    )
    axes.set(xlabel="layer $l$", ylabel="natural logarithm of a length")
    axes.set_title("Line: exact, E ln $|w_0|$ + $l$ E ln $A$")
    style.legend(axes, loc="upper left")
    return figure


def _onset(cells: dict[str, Any], results: xr.Dataset) -> Figure:
    figure, axes = style.figure(width=style.HALF, height=4.0)
    looks = {
        "onset": ("augmented loss passes 1/4", style.PALETTE[0], "o"),
        "spatial_onset": ("folded angle in space passes 1/100", style.PALETTE[1], "s"),
    }
    known = {name: [c for c in cells["top"] if np.isfinite(c[name])] for name in looks}
    if not any(known.values()):
        lacking = "whose loss passes 1/4,\nor whose angle falls below 1/100"
        return panels.empty(f"{LACKING} {lacking}")
    for name, (label, color, mark) in looks.items():
        ends = (f"{name}{end}" for end in ("_time", "", "_low", "_high"))
        x, y, low, high = ([cell[end].item() for cell in known[name]] for end in ends)
        style.dots(axes, x, y, low, high, label, color=color, fmt=mark)
    line = [cell for cell in cells["sweep"] if np.isfinite(cell["onset_theory"])]
    if line:
        x, y = ([cell[name].item() for cell in line] for name in ("onset_time", "onset_theory"))
        style.theory(axes, x, y, f"slope 1/E ln $A$ = {float(results['onset_slope_theory']):.3f}")
    slope = results["onset_slope"]
    low, high = slope.attrs["ci_low"], slope.attrs["ci_high"]
    within = f" [{low:.3f}, {high:.3f}]" if np.isfinite(low) else ""
    if np.isfinite(slope):
        axes.set_title(f"measured slope {float(slope):.3f}{within}")
    axes.set(xscale="log", xlabel="time at the onset, $c\\,l^*$", ylabel="layer $l^*$")
    axes.legend()
    return figure


def _controls(cells: list[xr.Dataset]) -> Figure:
    if not cells:
        return panels.empty("no cell with c = 1000")
    figure, (time, space) = style.figure(1, 2, width=10.4, height=3.8)
    for cell in cells:
        weights, gain = values(cell, "weights", "gain")
        growth = "kept constant" if gain == 1 else f"grows {gain:g}-fold a layer"
        label = FAMILIES.get(weights, f"orthogonal, norm {growth}")
        look = _look(weights, gain)
        for axes, name in ((time, "mean_time_share"), (space, "mean_folded_angle")):
            panels.curve(axes, cell.isel(layer=slice(1, None)), name, label, **look)
    time.set(xlabel="layer $l$", ylabel="time share, $c$ = 1000")
    space.set(xlabel="layer $l$", ylabel="folded angle in space / $\\pi$")
    panels.legend(figure, below=True)
    return figure


def _look(weights: str, gain: float) -> dict[str, Any]:
    """A family's look; of two that coincide the one whose norm grows is hollow, round the other."""
    if weights == "orthogonal":
        grows = style.FAMILIES["growing"] | {"mfc": "none", "markersize": 8}
        return style.FAMILIES["orthogonal"] if gain == 1 else grows
    if weights == "top":
        return style.FAMILIES["largest"] | {"mfc": "none", "markersize": 8}
    names = {"top_unit": "rescaled", "random": "random", "minimum": "smallest"}
    return style.FAMILIES[names[weights]]
