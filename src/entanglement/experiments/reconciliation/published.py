"""Panels of the published depths: where their keys are perfect, and what mends them."""

import numpy as np
import xarray as xr
from matplotlib.figure import Figure

from entanglement.drawing import panels, style

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


def phases(cells: list[xr.Dataset], results: xr.Dataset) -> Figure:
    """Where keys of the published sizes are perfect, by candidates and depth."""
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
        axes.plot(
            [x],
            [int(cell["depth"])],
            "s",
            color=color,
            ms=8,
            mec="white",
            zorder=5,
            label=published,
        )
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


def mends(results: xr.Dataset) -> Figure:
    """What mends each fault of the published key."""
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
            style.dots(
                axes,
                [float(found)],
                [height],
                color=color,
                fmt=mark,
                markersize=6,
                label=None if row else label,
            )
            axes.text(1.1, height, f"{float(found):.3f}", va="center", fontsize=9, color=color)
    axes.set_yticks(range(len(MENDS)), [words for words, *_ in MENDS])
    axes.set(ylim=(len(MENDS) - 0.4, -0.6), xlim=(-0.04, 1.22), xlabel="share")
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1])
    panels.legend(figure, below=True)
    return figure


def picture_name(cell: xr.Dataset) -> str:
    """Name of a cell's message: its file without folder and extension."""
    return str(cell["message"].item()).rsplit("/", 1)[-1].rsplit(".", 1)[0]
