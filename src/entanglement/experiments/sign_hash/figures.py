"""Figures of sign hashes: their bits by layer, against the angle, the binomial law, the entropy."""

from typing import Any

import numpy as np
import xarray as xr
from matplotlib.figure import Figure

from entanglement.drawing import panels, style
from entanglement.experiments.sign_hash.roles import ROLES
from entanglement.statistics.roles import cast, values

LACKING = "no cell with sampler: exact"
LABELS = {
    "random hyperplanes": "random hyperplanes (Eq. 9)",
    "kept rows": "kept rows (Eqs. 12, 19)",
}


def plot_cell(evaluation: xr.Dataset) -> Figure:
    """Bits that differ against the angle, network by network."""
    figure, axes = style.figure(1, 2, width=9, height=4, sharex=True, sharey=True)
    folded = evaluation["folded_angle"].transpose("network", "layer").values.ravel()
    for at, color, kind in zip(axes, style.PALETTE, LABELS, strict=False):
        at.plot([0, 0.5], [0, 0.5], color="#333333", label="angle / $\\pi$")
        if kind == "kept rows":
            style.theory(at, evaluation["grid"], evaluation["bits_theory"], "T8", ls="--")
        bits = evaluation["disagreement"].sel(hash=kind).transpose("network", "layer")
        at.plot(folded, bits.values.ravel(), ".", ms=1.5, color=color, rasterized=True)
        at.set(title=LABELS[kind], xlabel="folded angle / $\\pi$")
        style.legend(at)
    axes[0].set_ylabel("fraction of bits that differ")
    return figure


def plot_panels(results: xr.Dataset) -> dict[str, Figure]:
    """Draw all panels."""
    parts = cast(results, ROLES)
    return {
        "bits": _bits(parts["drawn"]),
        "bits_against_angle": _bits_against_angle(parts["selected"]),
        "estimate": _estimate(parts["selected"]),
        "binomial": _binomial(parts["selected"]),
        "entropy": _entropy(parts["drawn"], results["entropy_constant_map"]),
    }


def _title(cell: xr.Dataset) -> str:
    k, n = values(cell, "k", "n")
    return f"{'no selection, ' if n == k else ''}$k$ = {k}, $n$ = {n}"


def _bits(cells: list[xr.Dataset]) -> Figure:
    if not cells:
        return panels.empty(LACKING)
    figure, columns = panels.columns(cells, width=12, height=4, sharey=True)
    for at, cell in columns:
        for color, kind, law in zip(style.PALETTE, LABELS, ("angle / $\\pi$", "T8"), strict=False):
            here = cell.sel(hash=kind)
            style.theory(at, here["layer"], here["mean_disagreement_theory"], law, color=color)
            panels.curve(at, here, "mean_disagreement", LABELS[kind], theory=False, color=color)
        at.set(title=_title(cell), xlabel="layer $l$ whose vectors are hashed")
    columns[0][0].set(ylabel="fraction of bits that differ, folded", ylim=(-0.01, 0.5))
    panels.legend(figure, below=True)
    return figure


def _bits_against_angle(cells: list[xr.Dataset]) -> Figure:
    if not cells:
        return panels.empty(f"{LACKING} and n > k")
    figure, axes = style.figure(width=style.HALF, height=4.6)
    axes.plot([0, 0.5], [0, 0.5], color="#333333", label="angle / $\\pi$ (Eq. 9)")
    for number, cell in enumerate(cells):
        look = {"color": style.PALETTE[number % len(style.PALETTE)], "rasterized": True}
        style.theory(
            axes, cell["grid"], cell["bits_theory"], f"T8, {_title(cell)}", color=look["color"]
        )
        some = cell.sel(hash="kept rows").isel(network=slice(40), layer=slice(-1))
        folded, bits = some["folded_angle"].values.ravel(), some["disagreement"].values.ravel()
        axes.plot(folded, bits, ".", ms=2.5, alpha=0.5, label=f"kept rows, {_title(cell)}", **look)
    axes.set(xlabel="folded angle / $\\pi$ before the layer", xlim=(0, 0.5), ylim=(-0.005, 0.55))
    axes.set(ylabel="fraction of bits that differ after it", title="Forty networks, all layers")
    style.legend(axes)
    return figure


def _estimate(cells: list[xr.Dataset]) -> Figure:
    if not cells:
        return panels.empty(f"{LACKING} and n > k")
    figure, columns = panels.columns(cells, width=10, height=3.8, sharey=True)
    for at, cell in columns:
        theta = cell["grid"].values
        style.theory(at, theta, cell["bits_theory"].values - theta, "U8")
        at.axhline(0, color="#777777", lw=1, ls=":", label="no bias")
        for color, mark, kind in zip(style.PALETTE, "os", LABELS, strict=False):
            shown = cell.sel(hash=kind)
            value, low, high = (shown[f"mean_bias{end}"] for end in ("", "_low", "_high"))
            x = shown["binned_angle"]
            style.dots(at, x, value, low, high, LABELS[kind], color=color, fmt=mark)
        at.set(title=_title(cell), xlabel="mean folded angle $\\theta$ / $\\pi$ in a bin")
    columns[0][0].set_ylabel("estimate $h/n$ of $\\theta$, less $\\theta$")
    panels.legend(figure, below=True)
    return figure


def _binomial(cells: list[xr.Dataset]) -> Figure:
    if not cells:
        return panels.empty(f"{LACKING} and n > k")
    figure, columns = panels.columns(cells, width=10, height=3.8, sharey=True)
    for at, cell in columns:
        at.axhline(0.1, color="#333333", label="Bin($n$, angle / $\\pi$)")
        for color, mark, kind in zip(style.PALETTE, "os", LABELS, strict=False):
            here = cell.sel(hash=kind)
            look: dict[str, Any] = {"color": color, "fmt": mark, "markersize": 5}
            panels.curve(at, here, "quantile_share", LABELS[kind], theory=False, **look)
        at.set(title=_title(cell), xlabel="quantile of the Hamming distance under Eq. 11")
    columns[0][0].set(ylabel="share of networks and layers", ylim=(0, None))
    panels.legend(figure, below=True)
    return figure


def _entropy(cells: list[xr.Dataset], constant: xr.DataArray) -> Figure:
    if not cells:
        return panels.empty(LACKING)
    figure, axes = style.figure(width=style.HALF, height=4.6)
    for number, cell in enumerate(cells):
        color, mark = style.PALETTE[number % len(style.PALETTE)], "osD^"[number % 4]
        style.theory(axes, cell["layer"], cell["mean_entropy_theory"], color=color)
        panels.curve(axes, cell, "mean_entropy", _title(cell), theory=False, color=color, fmt=mark)
    if np.isfinite(constant):
        label = "a constant map"
        axes.axhline(float(constant), color="#000000", ls="--", lw=2, label=label)
    axes.set(xlabel="layer $l$", ylim=(-0.03, 1.03))
    axes.set_ylabel("$H_2$ of the angle (bits per hash, Eq. 13)")
    panels.legend(figure, below=True)
    return figure
