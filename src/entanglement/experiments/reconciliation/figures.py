"""Pictures of the reconciliation experiment."""

from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from entanglement.drawing import panels, style
from entanglement.experiments.reconciliation import published
from entanglement.experiments.reconciliation.published import OVERFLOW, picture_name
from entanglement.experiments.reconciliation.roles import ROLES
from entanglement.statistics.roles import cast, values

INK = "gray_r"  # a message bit 1 is ink
LACKING = "no cell with top rows, n > k, sampler exact, threshold 0 and arithmetic log_norm"


def plot_cell(evaluation: xr.Dataset) -> Figure:
    """Draw one cell: error of ten networks' key bits against depth, and the example's pictures."""
    figure, axes = style.figure(2, 1, width=6.4, height=5.2, height_ratios=[1.2, 1])
    some = evaluation.isel(network=slice(10)).transpose("layer", ...)
    for name, label, look in (
        ("loss_fold", "angle/π", {"ls": "--", "color": style.PALETTE[1]}),
        ("bit_error", "differing key bits, folded", {"color": style.PALETTE[0]}),
    ):
        lines = axes[0].plot(some["layer"], some[name], lw=0.8, **look)
        lines[0].set_label(label)
    axes[0].set(xlabel="layer", ylabel="rate", title="Key bits of Alice and Bob", ylim=(0, 0.52))
    style.legend(axes[0])
    last = evaluation.isel(layer=-1)
    pictures = {
        "message": "message_bits",
        "cipher": "cipher",
        "recovered": "recovered",
        "another Bob": "recovered_complement",
    }
    axes[1].axis("off")
    for number, (title, name) in enumerate(pictures.items()):
        _picture(axes[1].inset_axes((0.25 * number, 0, 0.22, 0.9)), last[name].values, title)
    return figure


def plot_panels(results: xr.Dataset) -> dict[str, Figure]:
    """Draw the panels of the report."""
    results = results.load()
    parts = cast(results, ROLES)
    cells = parts["pictures"]
    return {
        "bit_error": _bit_error(cells) if cells else panels.empty(LACKING),
        "pictures": _pictures(cells) if cells else panels.empty(LACKING),
        "perfect_keys": _perfect_keys(cells, results) if cells else panels.empty(LACKING),
        "complement": _complement(cells, results) if cells else panels.empty(LACKING),
        "overflow": _overflow(parts, results),
        "threshold": _threshold(parts),
        "phases": published.phases(cells, results) if cells else panels.empty(LACKING),
        "mends": published.mends(results),
    }


def _bit_error(cells: list[xr.Dataset]) -> Figure:
    rows = -(-len(cells) // 3)
    figure, axes = style.figure(rows, 3, width=10.5, height=3.1 * rows, squeeze=False)
    for at, cell in zip(axes.flat, cells, strict=False):
        # Deeper layers are all 0: the axis ends a little after the last error in a thousand bits.
        layer, law = cell["layer"].values, cell["mean_bit_error_theory"].values
        end = min(int(layer[law > 1e-3][-1] * 1.15) + 1, layer.size - 1)
        some = cell.isel(layer=_spread(end, 22))
        style.theory(at, layer, law, "exact law T8", zorder=4)
        at.plot(layer, cell["mean_fold"], "--", color=style.PALETTE[1], label="angle/π (measured)")
        at.plot(
            some["layer"],
            some["mean_pairs"],
            "x",
            color=style.PALETTE[2],
            ms=4,
            label="two of Bob's",
        )
        panels.curve(
            at, some, "mean_bit_error", "Bob against Alice", theory=False, color=style.PALETTE[0]
        )
        at.set(xlabel="layer", ylabel="wrong key bits, folded", title=_title(cell))
        at.set(ylim=(0, 0.52), xlim=(-0.02 * end, 1.02 * end))
    free = axes.flat[len(cells) :]
    for at in free:
        at.axis("off")
    place, where = (free[0], "center") if free.size else (axes.flat[0], "upper right")
    entries = axes.flat[0].get_legend_handles_labels()
    place.legend(*entries, loc=where, fontsize=10)
    return figure


def _pictures(cells: list[xr.Dataset]) -> Figure:
    levels = (0.4, 0.2, 0.05)  # expected shares of wrong bits
    figure, axes = style.figure(
        len(cells), len(levels) + 4, width=10.5, height=1.62 * len(cells), squeeze=False
    )
    for row, cell in zip(axes, cells, strict=True):
        depth, law = int(cell["depth"]), cell["mean_bit_error_theory"].values
        _picture(row[0], cell["message_bits"].values, "message")
        row[0].set_ylabel(picture_name(cell))
        _picture(row[1], cell["cipher"].values[-1], f"cipher, L = {depth}")
        layers = [[*np.flatnonzero(law <= level), depth][0] for level in levels]
        for at, layer in zip(row[2:], [*layers, depth], strict=False):
            _picture(at, cell["recovered"].values[layer], f"Bob, layer {layer}")
        _picture(row[-1], cell["recovered_complement"].values, "another Bob")
    return figure


def _perfect_keys(cells: list[xr.Dataset], results: xr.Dataset) -> Figure:
    figure, axes = style.figure(width=style.HALF, height=4.9)
    for number, cell in enumerate(cells):
        color, mark = style.PALETTE[number % len(style.PALETTE)], "osD^v"[number % 5]
        depth, share = int(cell["depth"]), cell["mean_perfect"]
        style.theory(axes, cell["layer"], cell["mean_perfect_theory"], color=color)
        shown = _spread(depth, 26)
        # Networks of nearly one size coincide: full and hollow marks lie within each other.
        look: dict[str, Any] = {
            "color": color, "fmt": mark, "markersize": 4 + 3 * (number % 2),
        }  # fmt: skip
        look |= {"mfc": "none"} if number % 2 else {}
        style.dots(axes, shown, share[shown], label=_title(cell), **look)
        axes.plot([depth], share[-1:], "s", ms=11, mfc="none", color=color)
    first, last = float(results["overflow_first"]), float(results["overflow_last"])
    if np.isfinite(first):
        axes.axvspan(first, last, color=OVERFLOW, alpha=0.18, lw=0)
        axes.annotate(
            "← un-normalised\n    float64 overflows", (last, 0.3), xytext=(6, 0),
            textcoords="offset points", color=OVERFLOW, fontsize=9,
        )  # fmt: skip
    axes.set(xlabel="layer", ylabel="share of Bob's keys right in every bit", ylim=(-0.02, 1.05))
    axes.set_title("Squares: the depth of the authors' code")
    panels.legend(figure, below=True)
    return figure


def _complement(cells: list[xr.Dataset], results: xr.Dataset) -> Figure:
    figure, axes = style.figure(width=style.HALF, height=3.8)
    for number, cell in enumerate(cells):
        shares = cell["complement"].values
        color = style.PALETTE[number % len(style.PALETTE)]
        axes.plot(number + np.linspace(-0.25, 0.25, shares.size), shares, ".", color=color, ms=6)
    ends, near = [-0.5, len(cells) - 0.5], float(results["complement_rate_near"])
    style.theory(axes, ends, [0.5, 0.5], "expected: 1/2")
    style.theory(axes, ends, [near, near], "inputs close to Alice's (control)", ls=":")
    axes.set_xticks(range(len(cells)), [picture_name(cell) for cell in cells])
    axes.set(ylabel="share of complements", ylim=(-0.04, 1))
    axes.set_title("One dot a network")
    panels.legend(figure, below=True)
    return figure


def _overflow(parts: dict[str, Any], results: xr.Dataset) -> Figure:
    figure, axes = style.figure(1, 2, width=10.5, height=5.0)
    for number, cell in enumerate(parts["overflowing"]):
        color, share = style.PALETTE[number % len(style.PALETTE)], cell["mean_nonfinite"]
        # Two may fail at the same layers: every other one is dashed.
        dash = "--" if number % 2 else "-"
        axes[0].plot(cell["layer"], share, f".{dash}", color=color, ms=4, label=_title(cell))
    axes[0].set(xlabel="layer", ylabel="share of entries inf or NaN", ylim=(-0.03, 1.15))
    axes[0].set_title("Un-normalised vectors leave float64")
    first, last = float(results["overflow_first"]), float(results["overflow_last"])
    if np.isfinite(first):
        axes[0].set_xlim(first - 26, last + 5)
    columns = 1 if len(parts["overflowing"]) < 8 else 2
    style.legend(axes[0], loc="upper left", bbox_to_anchor=(0, -0.16), ncols=columns)
    if not parts["overflowing"]:
        panels.lacking(axes[0], "no cell with arithmetic: raw")
    for role, color, label in (
        ("uncollapsed", style.PALETTE[0], "normalised"),
        ("artefact", OVERFLOW, "raw float64"),
    ):
        for cell in parts[role]:
            layer, error = cell["layer"], cell["mean_bit_error"]
            axes[1].plot(layer, error, ".-", ms=4, color=color, label=label)
            if role == "uncollapsed":
                law = cell["mean_bit_error_theory"]
                style.theory(axes[1], layer, law, "exact law T8", zorder=4)
    axes[1].set(xlabel="layer", ylabel="wrong bits of the recovered picture", ylim=(-0.02, 0.55))
    axes[1].set_title("Without selection ($n$ = $k$)")
    style.legend(axes[1], loc="lower left")
    if not parts["uncollapsed"] + parts["artefact"]:
        panels.lacking(axes[1], "no cell with n = k, top rows, sampler exact and threshold 0")
    return figure


def _threshold(parts: dict[str, Any]) -> Figure:
    cells = parts["other_threshold"]
    if not cells:
        return panels.empty(LACKING.replace("threshold 0", "another threshold than 0"))
    figure, axes = style.figure(len(cells), 3, width=8.2, height=3.1 * len(cells), squeeze=False)
    for row, cell in zip(axes, cells, strict=True):
        _picture(row[0], cell["message_bits"].values, "message")
        same = [other for other in parts["pictures"] if picture_name(other) == picture_name(cell)]
        for at, shown in zip(row[1:], [*same[:1], cell], strict=False):
            level, ones = float(shown["threshold"]), float(shown["mean_ones"][-1])
            title = f"cipher, threshold {level:g}: {100 * ones:.0f} % ones in key"
            _picture(at, shown["cipher"].values[-1], title)
        if not same:
            panels.lacking(row[2], "no cell of this message with threshold: 0")
    return figure


def _spread(end: int, count: int) -> np.ndarray:
    """About so many layers from the first to `end`."""
    return np.unique(np.linspace(0, end, count).round().astype(int))


def _picture(axes: Axes, bits: np.ndarray, title: str) -> None:
    side = round(bits.size**0.5)
    axes.imshow(bits.reshape(side, side), cmap=INK, vmin=0, vmax=1, interpolation="nearest")
    axes.set_xticks([], [])
    axes.set_yticks([], [])
    axes.set_title(title, fontsize=8.5)
    axes.spines[:].set_visible(False)


def _title(cell: xr.Dataset) -> str:
    k, n, depth = values(cell, "k", "n", "depth")
    return f"{picture_name(cell)}: k = {k}, n = {n}, L = {depth}"
