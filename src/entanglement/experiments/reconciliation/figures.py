"""Pictures of the reconciliation experiment."""

from typing import Any

import numpy as np
import xarray as xr
from matplotlib.figure import Figure

from entanglement.drawing import style

INK = "gray_r"  # a message bit 1 is ink
OVERFLOW = "#b00020"
NOTHING = "no cell with top rows, n > k, sampler exact, threshold 0 and arithmetic log_norm"
# What a panel needs of a grid, written where there is nothing to draw.
NEEDS: dict[str, str | tuple[str, ...]] = {
    "perfect_keys": NOTHING,
    "complement": NOTHING,
    "overflow": ("no cell with arithmetic: raw", "no cell with n = k and top rows"),
    "threshold": "no cell with another\nthreshold than 0",
}


def plot_cell(evaluation: xr.Dataset) -> Figure:
    """Draw one cell: error of the key bits against depth, and the example's pictures."""
    figure, axes = style.figure(2, 1, width=6.4, height=5.2, height_ratios=[1.2, 1])
    layer = evaluation["layer"]
    style.theory(axes[0], layer, evaluation["loss_fold"].mean("network"), "angle/π", ls="--")
    error = evaluation["bit_error"].mean("network")
    style.dots(axes[0], layer, error, label="differing key bits, folded", markersize=3)
    axes[0].set(xlabel="layer", ylabel="rate", title="Key bits of Alice and Bob", ylim=(0, 0.52))
    style.legend(axes[0])
    last = evaluation.isel(layer=-1)
    pictures = {
        "message": last["message_bits"], "cipher": last["cipher"], "recovered": last["recovered"],
        "another Bob": last["recovered_complement"],
    }  # fmt: skip
    axes[1].axis("off")
    for number, (title, bits) in enumerate(pictures.items()):
        _picture(axes[1].inset_axes((0.25 * number, 0, 0.22, 0.9)), bits.values, title)
    return figure


def plot_panels(results: xr.Dataset) -> dict[str, Figure]:
    """Draw the panels of the report.

    Parameters
    ----------
    results
        `data/reconciliation.nc`.
    """
    results = results.load()
    panels = {
        "bit_error": _bit_error(results),
        "pictures": _pictures(results),
        "perfect_keys": _perfect_keys(results),
        "complement": _complement(results),
        "overflow": _overflow(results),
        "threshold": _threshold(results),
    }
    return style.explained(panels, NEEDS)


def _bit_error(results: xr.Dataset) -> Figure:
    cells = published(results)
    if not cells:
        return _nothing()
    figure, axes = style.figure(
        -(-len(cells) // 3), 3, width=10.5, height=3.1 * -(-len(cells) // 3), squeeze=False
    )
    for ax, cell in zip(axes.flat, cells):
        layer = cell["layer"].values
        # Deeper layers are all 0: the axis ends a little after the last error in a thousand bits.
        wrong = cell["bit_error_theory"].values > 1e-3
        end = min(int(layer[wrong].max() * 1.15) + 1, layer.size - 1) if wrong.any() else 1
        shown = np.unique(np.linspace(0, end, 22).round().astype(int))
        style.theory(ax, layer, cell["bit_error_theory"], "exact law T8", zorder=4)
        angle = cell["loss_fold"].mean("network")
        ax.plot(layer, angle, color=style.PALETTE[1], ls="--", label="angle/π (measured)")
        pairs = cell["bit_error_pairs"].mean("network").values
        ax.plot(layer[shown], pairs[shown], "x", color=style.PALETTE[2], ms=4, label="two of Bob's")
        style.dots(
            ax, layer[shown], cell["bit_error_mean"].values[shown],
            cell["bit_error_low"].values[shown], cell["bit_error_high"].values[shown],
            "Bob against Alice", color=style.PALETTE[0],
        )  # fmt: skip
        ax.set(
            xlabel="layer", ylabel="wrong key bits, folded", ylim=(0, 0.52),
            xlim=(-0.02 * end, 1.02 * end), title=_title(cell),
        )  # fmt: skip
    for ax in axes.flat[len(cells) :]:
        ax.axis("off")
    handles, labels = axes.flat[0].get_legend_handles_labels()
    _legend(figure, axes, len(cells), handles, labels)
    return figure


def _pictures(results: xr.Dataset) -> Figure:
    cells = published(results)
    if not cells:
        return _nothing()
    levels = (0.4, 0.2, 0.05)  # expected shares of wrong bits
    figure, axes = style.figure(
        len(cells), len(levels) + 4, width=10.5, height=1.62 * len(cells), squeeze=False
    )
    for row, cell in zip(axes, cells):
        depth = int(cell["depth"])
        _picture(row[0], cell["message_bits"].values, "message", cell)
        row[0].set_ylabel(picture_name(cell))
        _picture(row[1], cell["cipher"].sel(layer=depth).values, f"cipher, L = {depth}", cell)
        below = [cell["bit_error_theory"].values <= level for level in levels]
        layers = [int(np.argmax(wrong)) if wrong.any() else depth for wrong in below]
        for ax, layer in zip(row[2:], [*layers, depth]):
            _picture(ax, cell["recovered"].sel(layer=layer).values, f"Bob, layer {layer}", cell)
        _picture(row[-1], cell["recovered_complement"].values, "another Bob", cell)
    return figure


def _nothing() -> Figure:
    """Say that a grid of the user's own has no cell for a panel."""
    figure, ax = style.figure(width=7.4, height=0.8)
    ax.axis("off")
    ax.text(0.5, 0.5, NOTHING, ha="center")
    return figure


def _perfect_keys(results: xr.Dataset) -> Figure:
    figure, ax = style.figure(width=7.4, height=4.2)
    for number, cell in enumerate(published(results)):
        color = style.PALETTE[number % len(style.PALETTE)]
        layer, depth = cell["layer"].values, int(cell["depth"])
        style.theory(ax, layer, cell["perfect_theory"], color=color)
        shown = np.unique(np.linspace(0, layer.size - 1, 26).round().astype(int))
        share = cell["perfect"].mean("network").values
        style.dots(ax, layer[shown], share[shown], label=_title(cell), color=color)
        ax.plot([depth], [share[depth]], "s", ms=9, mfc="none", color=color)
    overflow = results["first_overflow"].values
    overflow = overflow[np.isfinite(overflow)]
    if overflow.size:
        ax.axvspan(overflow.min(), overflow.max(), color=OVERFLOW, alpha=0.18, lw=0)
        ax.annotate(
            "← un-normalised\n    float64 overflows", (overflow.max(), 0.3), xytext=(6, 0),
            textcoords="offset points", color=OVERFLOW, fontsize=9,
        )  # fmt: skip
    ax.set(
        xlabel="layer", ylabel="share of Bob's keys right in every bit",
        title="Squares: the depth of the authors' code", ylim=(-0.02, 1.05),
    )  # fmt: skip
    style.legend(ax, loc="upper left", bbox_to_anchor=(1.0, 1.0))
    return figure


def _complement(results: xr.Dataset) -> Figure:
    figure, ax = style.figure(width=7.0, height=3.4)
    cells = published(results)
    for number, cell in enumerate(cells):
        shares = cell["complement"].dropna("network").values
        spread = np.linspace(-0.25, 0.25, shares.size)
        color = style.PALETTE[number % len(style.PALETTE)]
        ax.plot(number + spread, shares, ".", color=color, ms=6)
    style.theory(ax, [-0.5, len(cells) - 0.5], [0.5, 0.5], "expected: 1/2")
    near = float(results["complement_rate_near"])
    style.theory(
        ax, [-0.5, len(cells) - 0.5], [near, near], "inputs close to Alice's (control)", ls=":"
    )
    ax.set_xticks(range(len(cells)), [picture_name(cell) for cell in cells])
    ax.set(
        ylabel="share of complements", ylim=(-0.04, 1),
        title="How often Bob recovers the complement (one dot a network)",
    )  # fmt: skip
    style.legend(ax, loc="upper right", ncols=2)
    return figure


def _overflow(results: xr.Dataset) -> Figure:
    figure, axes = style.figure(1, 2, width=10.5, height=4.0)
    raw = _cells(results.isel(cell=np.flatnonzero(results["arithmetic"] == "raw")))
    for number, cell in enumerate(raw):
        color = style.PALETTE[number % len(style.PALETTE)]
        share = cell["nonfinite"].mean("network") / int(cell["k"])
        axes[0].plot(cell["layer"], share, ".-", color=color, ms=4, label=_title(cell))
    axes[0].set(
        xlabel="layer", ylabel="share of entries inf or NaN", ylim=(-0.03, 1.15),
        title="Un-normalised vectors leave float64",
    )  # fmt: skip
    first = results["first_overflow"].values
    if np.isfinite(first).any():
        axes[0].set_xlim(np.nanmin(first) - 26, np.nanmax(first) + 5)
    style.legend(axes[0], fontsize=8, loc="center left")
    unselected = results.isel(
        cell=np.flatnonzero((results["n"] == results["k"]) & (results["weights"] == "top"))
    )
    styles = {"log_norm": (style.PALETTE[0], "normalised"), "raw": (OVERFLOW, "raw float64")}
    for cell in _cells(unselected):
        color, label = styles[str(cell["arithmetic"].item())]
        error = cell["bit_error_mean"]
        axes[1].plot(cell["layer"], error, ".-", ms=4, color=color, label=label)
        if label == "normalised":
            style.theory(axes[1], cell["layer"], cell["bit_error_theory"], "exact law T8", zorder=4)
    axes[1].set(
        xlabel="layer", ylabel="wrong bits of the recovered picture", ylim=(-0.02, 0.55),
        title="No selection, no collapse: an artefact recovers",
    )  # fmt: skip
    style.legend(axes[1], loc="lower left")
    return figure


def _threshold(results: xr.Dataset) -> Figure:
    normal = results.isel(
        cell=np.flatnonzero(
            (results["arithmetic"] == "log_norm") & (results["weights"] == "top")
            & (results["n"] > results["k"]) & (results["sampler"] == "exact")
        )
    )  # fmt: skip
    half = _cells(normal.isel(cell=np.flatnonzero(normal["threshold"] != 0)))
    figure, axes = style.figure(max(len(half), 1), 3, width=8.2, height=3.1 * max(len(half), 1),
                                squeeze=False)  # fmt: skip
    for row, cell in zip(axes, half):
        depth = int(cell["depth"])
        same = [
            other
            for other in published(results)
            if other["message"].item() == cell["message"].item()
        ]
        _picture(row[0], cell["message_bits"].values, "message", cell)
        for ax, shown in zip(row[1:], [*same[:1], cell]):
            level, ones = float(shown["threshold"]), shown["ones"].sel(layer=depth).mean("network")
            title = f"cipher, threshold {level:g}: {100 * float(ones):.0f} % ones in key"
            _picture(ax, shown["cipher"].sel(layer=depth).values, title, cell)
    if not half:
        axes[0, 0].set_title("no cell with another threshold than 0")
    return figure


def published(results: xr.Dataset) -> list[xr.Dataset]:
    """Cells with Algorithm 1's selection, threshold 0 and arithmetic that does not overflow.

    In order of their depth, each without the layers and pixels that only others have.
    """
    chosen = (
        (results["arithmetic"] == "log_norm") & (results["weights"] == "top")
        & (results["threshold"] == 0) & (results["n"] > results["k"])
        & (results["sampler"] == "exact")
    )  # fmt: skip
    return _cells(results.isel(cell=np.flatnonzero(chosen)))


def picture_name(cell: xr.Dataset) -> str:
    """Name of a cell's message: its file without folder and extension."""
    return str(cell["message"].item()).rsplit("/", 1)[-1].rsplit(".", 1)[0]


def _cells(results: xr.Dataset) -> list[xr.Dataset]:
    """Cells in order of their depth, each without the layers and pixels that others have."""
    cells = []
    for i in np.argsort(results["depth"].values, kind="stable"):
        cell = results.isel(cell=int(i))
        whole = cell.sel(layer=slice(0, int(cell["depth"])))
        cells.append(whole.isel(pixel=slice(0, int(cell["k"]))))
    return cells


def _picture(ax: Any, bits: np.ndarray, title: str, cell: xr.Dataset | None = None) -> None:
    side = round(bits.size**0.5)
    ax.imshow(bits.reshape(side, side), cmap=INK, vmin=0, vmax=1, interpolation="nearest")
    ax.set_xticks([], [])
    ax.set_yticks([], [])
    ax.set_title(title, fontsize=8.5)
    ax.spines[:].set_visible(False)


def _title(cell: xr.Dataset) -> str:
    return f"{picture_name(cell)}: k = {int(cell['k'])}, n = {int(cell['n'])}, L = {int(cell['depth'])}"


def _legend(figure: Figure, axes: Any, used: int, handles: Any, labels: Any) -> None:
    free = list(axes.flat[used:])
    place = free[0] if free else axes.flat[0]
    place.legend(handles, labels, loc="center" if free else "upper right", fontsize=10)
