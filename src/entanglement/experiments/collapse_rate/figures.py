"""Figures of the collapse rate: by candidates, width, rule and gap, its spread, and the theory."""

from itertools import cycle
from typing import Any

import numpy as np
import xarray as xr
from matplotlib.figure import Figure

from entanglement.drawing import panels, style
from entanglement.experiments.collapse_rate.roles import ROLES, WIDTH
from entanglement.statistics.roles import beside, cast

RULES = {"top": "the largest (Algorithm 1)", "random": "any", "minimum": "the smallest"}
GAPS = {
    "gap_constant": "largest rows, norm constant",
    "gap_growing": "largest rows, norm grows 100-fold a layer",
    "rule_random": "random rows",
    "rule_minimum": "smallest rows, norm shrinks",
}


def plot_cell(evaluation: xr.Dataset) -> Figure:
    """Draw the tangents of one probe of some networks against depth."""
    figure, axes = style.figure(width=6.4, height=4)
    tangents = evaluation["log_tangent"].transpose("layer", "network").values[:, :10]
    axes.plot(evaluation["layer"], tangents, color=style.PALETTE[0], alpha=0.5, lw=1)
    axes.set(xlabel="layer $l$", ylabel="ln tangent of the angle")
    axes.set_title(f"One probe of each of {tangents.shape[1]} networks")
    return figure


def plot_panels(results: xr.Dataset) -> dict[str, Figure]:
    """Draw all panels."""
    cells = cast(results, ROLES)
    return {
        "rates": _rates(results, cells["exact"]),
        "no_selection": _no_selection(results, cells["no_selection"]),
        "spectrum": _spectrum(cells["literal"]),
        "agreement": _agreement(results),
        "rules": _rules(results, cells),
        "master_curve": _master_curve(results),
        "gap": _gap(results, cells),
    }


def _rules(results: xr.Dataset, cells: dict[str, Any]) -> Figure:
    if not (cells["rule_random"] or cells["rule_minimum"]):
        return panels.empty(f"no cell with k: {WIDTH} and weights: random or minimum")
    figure, axes = style.figure(width=8.5, height=4.6)
    families = ("largest", "random", "smallest")
    for family, (rule, words) in zip(families, RULES.items(), strict=False):
        look = style.FAMILIES[family]
        color = look["color"]
        line = results["rule_curve"].sel(rule=rule)
        style.theory(axes, results["rule_ratio"], line, color=color, lw=1.2)
        if cells[f"rule_{rule}"]:
            here = beside(cells[f"rule_{rule}"])
            panels.curve(axes, here, "mean_rate", words, "n_over_k", theory=False, **look)
    axes.axhline(0, color="#999999", lw=0.8)
    axes.set(xscale="log", xlim=(0.9, 110), ylim=(-5.5, 1.5))
    axes.set(xlabel="candidate rows per kept row, $n/k$", ylabel="rate $\\Gamma$ per layer")
    axes.set_title(f"Which rows are kept, $k$ = {WIDTH}")
    axes.legend()
    return figure


def _master_curve(results: xr.Dataset) -> Figure:
    figure, axes = style.figure(1, 2, width=11, height=4.8, sharey=True)
    normal, scatter = results["level_normal"], results["level_scatter"]
    look = dict(zip(results["width"].values, cycle(style.PALETTE)))
    titles = {
        "walk_quantile": "sum of $\\ln A - \\ln X$ over all layers",
        "cotangent_quantile": "$\\ln|c_L|$ itself, where the rate is positive",
    }
    for at, (name, title) in zip(axes, titles.items(), strict=True):
        label = "95 % of the dots, if normal"
        at.fill_between(
            normal,
            normal - scatter,
            normal + scatter,
            color="#999999",
            alpha=0.25,
            label=label,
            lw=0,
        )
        style.theory(at, normal, normal, "normal")
        for row, k in zip(results[name].transpose("cell", "level"), results["k"].values):
            style.dots(at, normal, row, label=f"$k$ = {k}", color=look[k], markersize=2.5)
        at.set(title=title, xlabel="quantile of $N(0, 1)$", ylim=(-4, 4))
    axes[0].set_ylabel("quantile, less mean, over deviation (U2)")
    panels.legend(figure)
    return figure


def _gap(results: xr.Dataset, cells: dict[str, Any]) -> Figure:
    if not any(cells[role] for role in GAPS):
        return panels.empty(f"no cell with k: {WIDTH} and weights: top_unit, random or minimum")
    figure, axes = style.figure(width=8.5, height=4.8)
    style.theory(axes, results["gap"], results["gap_limit"], "gap or 0, whichever is larger")
    families = ("rescaled", "growing", "random", "smallest")
    for family, (role, words) in zip(families, GAPS.items(), strict=False):
        if cells[role]:
            here = beside(cells[role]).set_coords("mean_rate_theory")
            hollow = {"markersize": 7, "markerfacecolor": "none"}
            look: dict[str, Any] = style.FAMILIES[family] | hollow
            panels.curve(axes, here, "mean_growth", words, "mean_rate_theory", theory=False, **look)
    axes.set(xlabel="gap $\\lambda_1 - \\lambda_2$ of the Lyapunov spectrum")
    axes.set(ylabel="growth of ln |cotangent| per layer", ylim=(-0.15, 1.5))
    axes.set_title(f"Growth against the gap, $k$ = {WIDTH}")
    axes.legend()
    return figure


def _rates(results: xr.Dataset, cells: list[xr.Dataset]) -> Figure:
    if not cells:
        return panels.empty("no cell with sampler: exact")
    figure, axes = style.figure(width=8.5, height=5)
    marks = cycle("osD^vX")
    for color, (k, row) in zip(cycle(style.PALETTE), _by_width(cells)):
        here, label = beside(row), f"$k$ = {k}"
        style.theory(axes, results["ratio"], results["rate_curve"].sel(width=k), color=color, lw=1)
        look: dict[str, Any] = {"color": color, "fmt": next(marks)}
        panels.curve(axes, here, "mean_rate", label, "n_over_k", theory=False, **look)
    axes.plot(here["n_over_k"], here["rate_large_width"], "k+", ms=11, label="ln $a$, large $k$")
    axes.set(xscale="log", xlabel="candidate rows per kept row, $n/k$", ylim=(-0.05, None))
    axes.set_ylabel("rate $\\Gamma$ per layer")
    axes.set_title("The tangent shrinks by exp(-$\\Gamma$) per layer")
    axes.legend(ncols=2)
    return figure


def _no_selection(results: xr.Dataset, cells: list[xr.Dataset]) -> Figure:
    if not cells:
        return panels.empty("no cell with sampler: exact and n_over_k: 1")
    figure, axes = style.figure(width=style.HALF, height=4.2)
    style.theory(axes, results["width_alone"], results["rate_curve_no_selection"], "exact, T4")
    here, label = beside(cells), "simulated, $n = k$"
    panels.curve(axes, here, "mean_rate", label, "k", theory=False)
    axes.set(xscale="log", yscale="log", xlabel="width $k$", ylabel="rate $\\Gamma$ per layer")
    axes.set_title("Without any selection: 1/(2$k$) per layer")
    axes.legend()
    return figure


def _spectrum(cells: list[xr.Dataset]) -> Figure:
    if not cells:
        return panels.empty("no cell with sampler: literal")
    widths = _by_width(cells)
    figure, columns = panels.columns(widths, width=11, height=3.8, sharey=True)
    for at, (k, row) in columns:
        for index, cell in enumerate(row):
            # Side by side, so that equal exponents stay visible.
            here = cell.assign_coords(order=cell["order"] + 0.02 * k * (index - 0.5))
            label, color = f"$n/k$ = {float(cell['n_over_k']):g}", style.PALETTE[index % 2]
            look: dict[str, Any] = {"color": color, "fmt": "os"[index % 2]}
            panels.curve(at, here, "mean_exponent", label, **look)
        at.set(title=f"$k$ = {k}", xlabel="order $j$", xticks=range(1, k + 1))
    columns[0][0].set_ylabel("Lyapunov exponent per layer")
    panels.legend(figure, "simulated; lines: exact", below=True)
    return figure


def _agreement(results: xr.Dataset) -> Figure:
    figure, axes = style.figure(width=8.5, height=3.6)
    order, limit = np.arange(results.sizes["cell"]), results["rate_deviation_limit"]
    label = "one grid in 1000 leaves it"
    axes.fill_between(order, -limit, limit, color="#009E73", alpha=0.12, label=label)
    axes.axhline(0, color="#333333", lw=1)
    for sampler, mark in (("exact", "o"), ("literal", "s")):
        chosen = np.flatnonzero(results["sampler"] == sampler)
        style.dots(axes, chosen, results["rate_deviation"][chosen], label=sampler, fmt=mark)
    k = results["k"].values
    first = [i for i in order if i == 0 or k[i] != k[i - 1]]
    axes.set_xticks(first, [f"$k$ = {k[i]}" for i in first])
    axes.set(ylabel="measured less exact rate\n(standard errors)", title="Every cell against T2")
    panels.legend(figure, below=True)
    return figure


def _by_width(cells: list[xr.Dataset]) -> list[tuple[int, list[xr.Dataset]]]:
    """Cells of each width, in the order of the widths."""
    widths = sorted({int(cell["k"]) for cell in cells})
    return [(width, [cell for cell in cells if cell["k"] == width]) for width in widths]
