"""Figures of the collapse rate: against candidates and width, the spectrum, agreement with theory."""

import numpy as np
import xarray as xr
from matplotlib.figure import Figure

from entanglement.drawing import style
from entanglement.experiments.cells import matching

# What a panel needs of a grid, written where there is nothing to draw.
NEEDS: dict[str, str | tuple[str, ...]] = {
    "rates": "no cell with sampler: exact",
    "spectrum": "no cell with sampler: literal",
    "agreement": "needs 2 networks",
}


def plot_cell(evaluation: xr.Dataset) -> Figure:
    """Tangents of one cell's probes against depth, with the slope that T2 gives.

    Parameters
    ----------
    evaluation
        What `evaluate` measured.
    """
    made, axes = style.figure(width=6.4, height=4)
    for network in range(min(10, evaluation.sizes["network"])):
        curve = evaluation.log_tangent.isel(network=network)
        axes.plot(evaluation.layer, curve, color=style.PALETTE[0], alpha=0.35, lw=1)
    mean = evaluation.log_tangent.mean("network")
    style.dots(axes, evaluation.layer, mean, label="mean of all networks", color=style.PALETTE[1])
    origin, rate = (evaluation.layer.values[-1], float(mean[-1])), float(evaluation.rate_theory)
    axes.axline(origin, slope=-rate, color="#333333", label="slope of T2")
    axes.set(
        xlabel="layer $l$", ylabel="ln tangent of the angle", title="Ten networks and their mean"
    )
    style.legend(axes)
    return made


def plot_panels(results: xr.Dataset) -> dict[str, Figure]:
    """Draw all panels.

    Parameters
    ----------
    results
        Collected cells with what `summarise` added.
    """
    panels = {
        "rates": _rates(results),
        "no_selection": _no_selection(results),
        "spectrum": _spectrum(results),
        "agreement": _agreement(results),
    }
    return style.explained(panels, NEEDS)


def _rates(results: xr.Dataset) -> Figure:
    made, axes = style.figure(width=8.5, height=5)
    exact = matching(results, sampler="exact")
    for number, width in enumerate(np.unique(exact.k.values)):
        here = matching(exact, k=width).sortby("n_over_k")
        colour = style.PALETTE[number % len(style.PALETTE)]
        style.theory(axes, results.ratio, results.rate_curve.sel(width=width), color=colour, lw=1)
        style.dots(
            axes, here.n_over_k, here.rate_mean, here.rate_low, here.rate_high,
            f"$k$ = {width:g}", color=colour,
        )  # fmt: skip
    if exact.sizes["cell"]:
        widest = matching(exact, k=exact.k.max()).sortby("n_over_k")
        axes.plot(widest.n_over_k, widest.rate_large_width, "k+", ms=11, label="ln $a$, large $k$")
    axes.set(xscale="log", xlabel="candidate rows per kept row, $n/k$", ylim=(-0.05, None))
    axes.set(
        ylabel="rate $\\Gamma$ per layer", title="The tangent shrinks by exp(-$\\Gamma$) per layer"
    )
    style.legend(axes, ncols=2)
    return made


def _no_selection(results: xr.Dataset) -> Figure:
    made, axes = style.figure(width=6.4, height=4.2)
    here = matching(results, sampler="exact", n_over_k=1).sortby("k")
    style.theory(axes, results.width_alone, results.rate_curve_no_selection, "exact, T4")
    style.dots(axes, here.k, here.rate_mean, here.rate_low, here.rate_high, "simulated, $n = k$")
    axes.set(xscale="log", yscale="log", xlabel="width $k$", ylabel="rate $\\Gamma$ per layer")
    axes.set_title("Without any selection: depth alone collapses, 1/(2$k$) per layer")
    style.legend(axes)
    return made


def _spectrum(results: xr.Dataset) -> Figure:
    literal = matching(results, sampler="literal").sortby("k")
    widths = np.unique(literal.k.values)
    made, axes = style.figure(
        1, max(1, len(widths)), width=11, height=3.8, sharey=True, squeeze=False
    )
    for at, width in zip(axes[0], widths, strict=False):
        cells = matching(literal, k=width).sortby("n_over_k")
        for index in range(cells.sizes["cell"]):
            here = cells.isel(cell=index)
            here = here.isel(order=slice(0, int(width)))
            colour, shift = style.PALETTE[index % 2], 0.08 * index
            style.theory(at, here.order + shift, here.exponent_theory, color=colour)
            style.dots(
                at, here.order + shift, here.exponent_mean, here.exponent_low, here.exponent_high,
                f"$n/k$ = {float(here.n_over_k):g}", color=colour,
            )  # fmt: skip
        at.set(title=f"$k$ = {width:g}", xlabel="order $j$", xticks=range(1, int(width) + 1))
        style.legend(at)
    axes[0, 0].set_ylabel("Lyapunov exponent per layer")
    return made


def _agreement(results: xr.Dataset) -> Figure:
    made, axes = style.figure(width=8.5, height=3.6)
    order = np.arange(results.sizes["cell"])
    limit = results.rate_deviation_limit
    axes.fill_between(
        order, -limit, limit, color="#009E73", alpha=0.12, label="one grid in 1000 leaves it"
    )
    axes.axhline(0, color="#333333", lw=1)
    for sampler, mark in (("exact", "o"), ("literal", "s")):
        chosen = np.flatnonzero(results.sampler.values == sampler)
        cells = results.isel(cell=chosen)
        style.dots(axes, order[chosen], cells.rate_deviation, label=sampler, fmt=mark)
    first = [i for i in order if i == 0 or results.k.values[i] != results.k.values[i - 1]]
    axes.set_xticks(first, [f"$k$ = {results.k.values[i]:g}" for i in first])
    axes.set(ylabel="measured less exact rate\n(standard errors)", title="Every cell against T2")
    style.legend(axes, ncols=3, loc="lower left")
    return made
