"""Figures of the causes: norm or gap, all families, norms, and the spacetime reading."""

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from entanglement import style
from entanglement.experiments.causes.families import BY_KEY, FAMILIES, find

# Smaller folded angles are drawn at this floor: collapsed is collapsed.
FLOOR = 1e-6
# About so many dots a curve; the lines have every layer.
SHOWN = 24
# What a panel needs of a grid, written where there is nothing to draw.
NEEDS: dict[str, str | tuple[str, ...]] = {
    "norm_or_gap": "no such cell with k = 64",
    "families": "no cell of these families",
    "norms": "no cell of these families",
    "spacetime": "no such cell with k = 2",
}


def plot_cell(evaluation: xr.Dataset) -> Figure:
    """Folded angles of one family against depth, and its norm.

    Parameters
    ----------
    evaluation
        What `evaluate` measured.
    """
    made, axes = style.figure(1, 2, width=9, height=3.6)
    for number, (name, words) in enumerate(
        (("fold", "to the training sample"), ("fold_between", "between probes"))
    ):
        mean = evaluation[name].mean("network").clip(FLOOR)
        axes[0].plot(
            evaluation.layer, mean, color=style.PALETTE[number % len(style.PALETTE)], label=words
        )
    axes[0].set(xlabel="layer $l$", ylabel="mean folded angle / $\\pi$", yscale="log")
    style.legend(axes[0])
    for network in range(min(10, evaluation.sizes["network"])):
        axes[1].plot(evaluation.layer, evaluation.log_norm.isel(network=network), lw=0.8)
    axes[1].set(xlabel="layer $l$", ylabel="ln $|w_l|$, ten networks")
    return made


def plot_panels(results: xr.Dataset) -> dict[str, Figure]:
    """Draw all panels.

    Parameters
    ----------
    results
        Collected cells with what `summarise` added.
    """
    panels = {
        "norm_or_gap": _norm_or_gap(results),
        "families": _families(results),
        "norms": _norms(results),
        "spacetime": _spacetime(results),
    }
    return style.explained(panels, NEEDS)


def _norm_or_gap(results: xr.Dataset) -> Figure:
    made, axes = style.figure(2, 2, width=10, height=6.6, sharex=True, sharey=True)
    for (row, column), key, title in (
        ((0, 0), "largest", "norm grows, spectral gap: largest rows"),
        ((0, 1), "growing", "norm grows 100-fold a layer, no gap: 100 x orthogonal"),
        ((1, 0), "largest_unit", "norm constant, spectral gap: largest rows, rescaled"),
        ((1, 1), "constant", "norm constant, no gap: orthogonal"),
    ):
        at = axes[row, column]
        at.set_title(title)
        cell = find(results, BY_KEY[key], 64)
        if cell is not None:
            _curve(at, cell, "fold", style.PALETTE[0], "to the training sample", True, 40)
            _curve(at, cell, "fold_between", style.PALETTE[1], "between probes", last=40)
    axes[0, 0].set(yscale="log", ylim=(FLOOR, 1), xlim=(-1, 41))
    style.legend(axes[0, 1], loc="lower right")
    made.supxlabel("layer $l$ ($k$ = 64)")
    made.supylabel("mean folded angle / $\\pi$ (0: collapsed)")
    return made


def _families(results: xr.Dataset) -> Figure:
    widths = np.unique(results.k.values)
    made, axes = style.figure(
        2, len(widths), width=12, height=7, sharex="col", sharey=True, squeeze=False
    )
    for column, width in enumerate(widths):
        for number, family in enumerate(FAMILIES):
            cell = find(results, family, int(width))
            if cell is not None:
                colour = style.PALETTE[number % len(style.PALETTE)]
                _curve(axes[0, column], cell, "fold", colour, family.name, theory=True)
                _curve(axes[1, column], cell, "fold_between", colour, family.name, theory=True)
        axes[0, column].set_title(f"to the training sample, $k$ = {width:g}")
        axes[1, column].set_title(f"between probes, $k$ = {width:g}")
        axes[1, column].set_xlabel("layer $l$")
    axes[0, 0].set(yscale="log", ylim=(FLOOR, 1))
    made.supylabel("mean folded angle / $\\pi$ (0: collapsed)")
    made.legend(*axes[0, -1].get_legend_handles_labels(), loc="outside lower center", ncols=4)
    return made


def _norms(results: xr.Dataset) -> Figure:
    widths = np.unique(results.k.values)
    made, axes = style.figure(1, len(widths), width=12, height=3.8, squeeze=False)
    for at, width in zip(axes[0], widths, strict=True):
        for number, family in enumerate(FAMILIES):
            cell = find(results, family, int(width))
            if cell is not None:
                norm = cell.log_norm_mean[: int(cell.depth) + 1 : 5]
                at.plot(
                    norm.layer, norm, color=style.PALETTE[number % len(style.PALETTE)],
                    label=family.name, ls="--" if family.key == "random" else "-",
                    zorder=3 if family.key == "random" else 2,
                )  # fmt: skip
        at.set(title=f"$k$ = {width:g}", xlabel="layer $l$")
    axes[0, 0].set_ylabel("ln $|w_l|$, mean over networks")
    made.legend(*axes[0, -1].get_legend_handles_labels(), loc="outside lower center", ncols=4)
    return made


def _spacetime(results: xr.Dataset) -> Figure:
    keys = ("largest", "growing", "largest_unit", "constant")
    made, axes = style.figure(1, 3, width=12, height=4.2, sharex=True)
    for number, key in enumerate(keys):
        cell = find(results, BY_KEY[key], 2)
        if cell is None:
            continue
        colour = style.PALETTE[number % len(style.PALETTE)]
        for at, name in zip(axes, ("time_share", "augmented", "fold"), strict=True):
            _curve(at, cell, name, colour, BY_KEY[key].name, last=30, mark="o-")
    axes[0].set(
        title="time share $c\\,l/|[c\\,l; w]|$", yscale="log", ylim=(1e-5, 2), xlim=(-0.5, 30)
    )
    axes[1].set(title="angle of augmented vectors (Eq. 31) / $\\pi$", ylim=(-0.02, 0.6))
    axes[2].set(title="folded spatial angle / $\\pi$", ylim=(-0.01, 0.3))
    for at in axes:
        at.set_xlabel("layer $l$")
    made.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=4)
    return made


def _curve(
    at: Axes,
    cell: xr.Dataset,
    name: str,
    colour: str,
    label: str,
    theory: bool = False,
    last: int = 10**6,
    mark: str = "o",
) -> None:
    cell = cell.sel(layer=slice(0, min(last, int(cell.depth))))
    step = max(1, cell.sizes["layer"] // SHOWN)
    floor = FLOOR if at.get_yscale() == "log" else None
    if theory and np.isfinite(cell[f"{name}_theory"]).any():
        # Half the layers are enough for a line, and what lies below the axis is left out.
        line = cell[f"{name}_theory"][:: max(1, step // 2)]
        line = line[np.flatnonzero(line > FLOOR)]
        style.theory(at, line.layer, line, color=colour, lw=1.2)
    dots = cell.isel(layer=slice(None, None, step))
    if floor is not None:
        dots = dots.isel(layer=np.flatnonzero(dots[f"{name}_high"] > FLOOR))
    style.dots(
        at, dots.layer, dots[f"{name}_mean"], dots[f"{name}_low"].clip(floor),
        dots[f"{name}_high"], label, color=colour, markersize=3, fmt=mark,
    )  # fmt: skip
