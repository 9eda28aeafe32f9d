"""Pictures of the reconciliation experiment."""

from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from entanglement.drawing import panels, style
from entanglement.experiments.reconciliation.roles import ROLES
from entanglement.statistics.roles import cast, values

INK = "gray_r"  # a message bit 1 is ink
OVERFLOW = "#b00020"
PHASES = {
    "noise: a quarter of the bits or more is wrong": "#d9d9d9",
    "partial: a picture, but no key": "#cfe3f3",
    "perfect: 99 % of the keys or more": "#7fb4dc",
}
MENDS = (
    ("one reference bit:\ncomplements", "complement_rate", "complement_rate_mended"),
    ("threshold 0, not 1/2:\nbits that show the message", "in_clear_half", "in_clear_last"),
    ("normalised outputs:\nones in the key", "ones_raw_last", "ones_last"),
    ("depth of 99 %:\nnetworks without a wrong bit", "perfect_too_shallow", "perfect_mended"),
)
AIMS = (0.0, 0.5, 0.5, 1.0)
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
        "phases": _phases(cells, results) if cells else panels.empty(LACKING),
        "mends": _mends(results),
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
        at.plot(some["layer"], some["mean_pairs"], "x", color=style.PALETTE[2], ms=4,
                label="two of Bob's")  # fmt: skip
        panels.curve(at, some, "mean_bit_error", "Bob against Alice", theory=False,
                     color=style.PALETTE[0])  # fmt: skip
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
    style.legend(axes[0], loc="upper left", bbox_to_anchor=(0, -0.16))
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


def _phases(cells: list[xr.Dataset], results: xr.Dataset) -> Figure:
    figure, (axes, words) = style.figure(1, 2, width=11.5, height=4.9, width_ratios=[1.45, 1])
    more, top = results["map_ratio"].values - 1, 1000
    legible, half, perfect = results["phase_depth"].transpose("boundary", "map_ratio").values
    edges = (np.ones_like(legible), legible, perfect, np.full_like(legible, top))
    for (label, color), low, high in zip(PHASES.items(), edges, edges[1:], strict=False):
        axes.fill_between(more, low, high, color=color, lw=0, label=label, zorder=0)
    style.theory(axes, more, half, "half of the keys are perfect", ls=":")
    end = results["phase_float64_end"].values
    style.theory(axes, more, end, "un-normalised float64 ends", color=OVERFLOW, ls="--")
    axes.fill_between(more, end, top, color=OVERFLOW, alpha=0.13, lw=0)
    sentences = []
    for number, cell in enumerate(cells):
        color, x = style.PALETTE[number % len(style.PALETTE)], int(cell["n"]) / int(cell["k"]) - 1
        labels = ("depth of the authors' code", "simulated: half are perfect")
        published, simulated = labels if number == 0 else (None, None)
        axes.plot([x], [int(cell["depth"])], "s", color=color, ms=8, mec="white", zorder=5,
                  label=published)  # fmt: skip
        value, low, high = ([float(cell[f"half_depth{end}"])] for end in ("", "_low", "_high"))
        style.dots(
            axes, [x], value, low, high, simulated, color=color, mec="white", markersize=6
        )  # fmt: skip
        sentences.append((color, _sentence(cell)))
    axes.set(xscale="log", yscale="log", ylim=(1, top), xlim=(more[0], more[-1]))
    ticks = [tick for tick in (0.03, 0.1, 0.3, 1, 3) if more[0] <= tick <= more[-1]]
    axes.set_xticks(ticks, [f"{1 + tick:g}" for tick in ticks])
    axes.set(xlabel="candidates over rows kept, $n/k$", ylabel="depth $L$")
    axes.set_title(f"Keys of $k$ = {int(results['phase_k'])} bits")
    axes.grid(False)
    axes.legend(loc="lower left", fontsize=8, frameon=True)
    words.axis("off")
    for row, (color, text) in enumerate(sentences):
        height = 0.97 - row * min(0.2, 0.97 / len(sentences))
        words.plot([0.02], [height - 0.02], "s", color=color, ms=8, transform=words.transAxes)
        words.text(0.07, height, text, va="top", fontsize=9, transform=words.transAxes)
    words.set(xlim=(0, 1), ylim=(0, 1))
    return figure


def _sentence(cell: xr.Dataset) -> str:
    """Whether a picture's depth suffices, in any arithmetic and in un-normalised float64."""
    depth, end = int(cell["depth"]), float(cell["float64_end"])
    head = (
        f"{picture_name(cell)}: {depth} layers, 99 % of keys at {float(cell['depth_for_all']):.0f}"
    )
    raw = f"raw float64 ends after {end:.0f} layers"
    if cell["suffices"] == 1:
        how = "and is within it" if depth < end else "but is beyond it: no key in raw arithmetic"
        return f"{head}.\nIts depth suffices; {raw}\n{how}."
    can = "a deeper network would do" if cell["within_float64"] == 1 else "none deep enough can do"
    return f"{head}.\nIts depth does not suffice; {raw},\nwhere {can}."


def _mends(results: xr.Dataset) -> Figure:
    figure, axes = style.figure(width=8.6, height=3.6)
    for row, ((_, before, after), aim) in enumerate(zip(MENDS, AIMS, strict=True)):
        axes.plot([aim], [row], "|", color="#333333", ms=26, mew=2, label=None if row else "aim")
        for name, height, color, mark, label in (
            (before, row - 0.16, style.PALETTE[1], "s", "as published"),
            (after, row + 0.16, style.PALETTE[0], "o", "mended"),
        ):
            found = results[name]
            if not np.isfinite(float(found)):
                axes.text(1.1, height, "no such cell", va="center", fontsize=9, color="#555555")
                continue
            ends = found.attrs["ci_low"], found.attrs["ci_high"]
            axes.plot(ends, [height, height], color=color, lw=1.4)
            style.dots(axes, [float(found)], [height], color=color, fmt=mark, markersize=6,
                       label=None if row else label)  # fmt: skip
            axes.text(1.1, height, f"{float(found):.3f}", va="center", fontsize=9, color=color)
    axes.set_yticks(range(len(MENDS)), [words for words, *_ in MENDS])
    axes.set(ylim=(len(MENDS) - 0.4, -0.6), xlim=(-0.04, 1.22), xlabel="share")
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1])
    panels.legend(figure, below=True)
    return figure


def picture_name(cell: xr.Dataset) -> str:
    """Name of a cell's message: its file without folder and extension."""
    return str(cell["message"].item()).rsplit("/", 1)[-1].rsplit(".", 1)[0]


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
