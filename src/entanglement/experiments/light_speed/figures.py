"""Fig. 5 f redrawn: augmented losses, the time share, and when the rise begins."""

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from entanglement.drawing import style

# What a panel needs of a grid, written where there is nothing to draw.
NEEDS: dict[str, str | tuple[str, ...]] = {
    "augmented_loss": "no cell with weights: top",
    "space_and_time": "no cell with weights: top",
    "onset": "no cell with weights: top whose loss passes 1/4,\nor whose angle falls below 1/100",
    "controls": "no cell with c = 1000",
}


def plot_cell(evaluation: xr.Dataset) -> Figure:
    """Draw the augmented loss of some networks.

    Parameters
    ----------
    evaluation
        One cell.
    """
    figure, axes = style.figure(width=5.2, height=3.4)
    some = evaluation.isel(network=slice(0, 40))
    axes.plot(some["layer"], some["augmented_plus"].T, color=style.PALETTE[0], alpha=0.35, lw=0.8)
    axes.set_xlabel("layer $l$")
    axes.set_ylabel("augmented Eq. 31")
    axes.set_title(f"one line a network ({some.sizes['network']})")
    return figure


def plot_panels(results: xr.Dataset) -> dict[str, Figure]:
    """Draw the panels of Fig. 5 f and its tests.

    Parameters
    ----------
    results
        All cells with what `summarise` added.
    """
    results = results.isel(cell=np.argsort(results["c"].values, kind="stable"))
    panels = {
        "augmented_loss": _augmented_loss(results),
        "space_and_time": _space_and_time(results),
        "onset": _onset(results),
        "controls": _controls(results),
    }
    return style.explained(panels, NEEDS)


def _top(results: xr.Dataset) -> xr.Dataset:
    return results.isel(cell=results["weights"].values.astype(str) == "top")


def _colours(count: int) -> np.ndarray:
    """Colours for an ordered parameter: from light to dark."""
    from matplotlib import colormaps

    return colormaps["viridis_r"](np.linspace(0.1, 1.0, count))


def _curves(axes: Axes, results: xr.Dataset, name: str, band: bool = True) -> None:
    for i, colour in enumerate(_colours(results.sizes["cell"])):
        cell = results.isel(cell=i, layer=slice(1, None))
        if band:
            low, high = cell[f"{name}_low"], cell[f"{name}_high"]
            axes.fill_between(cell["layer"], low, high, color=colour, alpha=0.25, lw=0)
        label = f"$c$ = {float(cell['c']):g}"
        axes.plot(cell["layer"], cell[name], "o-", color=colour, ms=2.5, lw=0.9, label=label)
    axes.set_xlabel("layer $l$")


def _augmented_loss(results: xr.Dataset) -> Figure:
    figure, (plus, minus) = style.figure(1, 2, width=9.2, height=3.8, sharey=True)
    for axes, name, title in (
        (plus, "mean_augmented_plus", "Eq. 31 (0: correlated)"),
        (minus, "mean_augmented_minus", "Eq. 30 (0: anti-correlated)"),
    ):
        _curves(axes, _top(results), name)
        axes.set_title(title)
        axes.axhline(0.5, color="#333333", lw=1)
    plus.axhline(0.25, color=style.PALETTE[1], ls="--", lw=1.2)
    plus.annotate(
        "onset", (1, 0.25), xycoords=("axes fraction", "data"), ha="right", va="bottom",
        color=style.PALETTE[1],
    )  # fmt: skip
    plus.set_ylabel("mean loss of the augmented vectors")
    _legend(figure, plus)
    return figure


def _space_and_time(results: xr.Dataset) -> Figure:
    figure, (time, space) = style.figure(1, 2, width=9.2, height=3.8)
    _curves(time, _top(results), "mean_time_share")
    time.set_ylabel("time share $c\\,l\\,/\\,|[c\\,l;\\,w_l]|$")
    _curves(space, _top(results), "mean_folded_angle", band=False)
    space.set_yscale("log")
    space.set_ylabel("folded angle in space / $\\pi$")
    time.set_title("depends on $c$")
    space.set_title("does not: all curves coincide")
    _legend(figure, time)
    return figure


def _onset(results: xr.Dataset) -> Figure:
    top = _top(results)
    figure, axes = style.figure(width=6.2, height=3.8)
    c, onset = top["c"].values.astype(float), top["onset"]
    time = c * onset.values
    style.dots(
        axes, time, onset, top["onset_low"], top["onset_high"], "augmented loss passes 1/4",
        color=style.PALETTE[0],
    )  # fmt: skip
    known = np.isfinite(onset.values)
    if known.any():
        reach = np.array([time[known].min(), time[known].max()])
        slope = float(results["onset_slope_theory"])
        middle = float(onset.values[known].mean() - slope * np.log(time[known]).mean())
        label = f"slope 1/E ln $A$ = {slope:.3f}"
        style.theory(axes, reach, middle + slope * np.log(reach), label)
    style.dots(
        axes, c * top["spatial_onset"].values, top["spatial_onset"], top["spatial_onset_low"],
        top["spatial_onset_high"], "folded angle in space passes 1/100", color=style.PALETTE[1], fmt="s",
    )  # fmt: skip
    axes.set_xscale("log")
    axes.set_xlabel("time at the onset, $c\\,l^*$")
    axes.set_ylabel("layer $l^*$")
    measured = results["onset_slope"]
    low, high = (measured.attrs.get(f"ci_{end}", np.nan) for end in ("low", "high"))
    axes.set_title(f"measured slope {float(measured):.3f} [{low:.3f}, {high:.3f}]")
    style.legend(axes)
    return figure


def _controls(results: xr.Dataset) -> Figure:
    figure, (time, space) = style.figure(1, 2, width=9.2, height=3.8)
    paper = results.isel(cell=np.abs(np.log(results["c"].values / 1000)) < 1e-9)
    for i in range(paper.sizes["cell"]):
        cell = paper.isel(cell=i)
        weights = str(cell["weights"].values)
        label = {
            "top": "Algorithm 1",
            "top_unit": "Algorithm 1, norm kept constant",
            "random": "rows kept at random",
            "orthogonal": f"orthogonal, norm grows {float(cell['gain']):g}-fold a layer",
        }.get(weights, weights).replace("grows 1-fold a layer", "kept constant")
        look = {"color": style.PALETTE[i % len(style.PALETTE)], "fmt": "osD^v"[i % 5]}
        for axes, name in ((time, "mean_time_share"), (space, "mean_folded_angle")):
            value, low, high = (cell[name + end][1:] for end in ("", "_low", "_high"))
            style.dots(axes, cell["layer"][1:], value, low, high, label, **look)
    time.set_ylabel("time share, $c$ = 1000")
    space.set_ylabel("folded angle in space / $\\pi$")
    for axes in (time, space):
        axes.set_xlabel("layer $l$")
    _legend(figure, time, columns=2)
    return figure


def _legend(figure: Figure, axes: Axes, columns: int = 4) -> None:
    figure.legend(*axes.get_legend_handles_labels(), loc="outside upper center", ncols=columns)
