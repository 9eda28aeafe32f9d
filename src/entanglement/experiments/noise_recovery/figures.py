"""Fig. 9 redrawn: pictures at several depths, and how fast each probe removes the noise."""

from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.colors import TwoSlopeNorm
from matplotlib.figure import Figure

from entanglement.drawing import panels, style
from entanglement.experiments.noise_recovery.roles import ROLES
from entanglement.statistics.roles import cast, values
from entanglement.theory.recovery import RECOVERED

NAMES = {
    "image": "the Gibbon",
    "noise": "Gaussian noise",
    "constant": "a constant picture",
    "other": "another picture",
}
LOOKS: dict[str, Any] = {
    kind: {"color": color, "fmt": mark}
    for kind, color, mark in zip(NAMES, style.PALETTE, "os^D", strict=False)
}
ENDS = ("", "_low", "_high")
SIGNS = {"right": "a network of the\n right sign", "wrong": "a network of the\n wrong sign"}


def plot_cell(evaluation: xr.Dataset) -> Figure:
    """Draw the error of every network against depth."""
    figure, axes = style.figure(width=5.2, height=3.4)
    rms = evaluation["rms"].isel(probe=0).T
    axes.plot(evaluation["layer"], rms, color=style.PALETTE[0], alpha=0.4, lw=0.8)
    axes.axhline(RECOVERED, color="#333333", lw=1, ls="--")
    axes.set(yscale="log", xlabel="layer $L$", ylabel="root mean square error")
    axes.set_title(f"one line a network ({evaluation.sizes['network']})")
    return figure


def plot_panels(results: xr.Dataset) -> dict[str, Figure]:
    """Draw the panels of Fig. 9 and its tests."""
    cells = cast(results, ROLES)
    return {
        "pictures": _pictures(cells["shown"]),
        "error_map": _error_map(cells["sweep"], results),
        "error_curves": _error_curves(cells["all"]),
        "depth_needed": _depth_needed(cells["sweep"]),
        "qualities": _qualities(cells["shown"]),
        "controls": _controls(cells),
        "mend": _mend(cells["sweep"]),
        "visibility": _visibility(cells["sweep"], results),
        "signs": _signs(cells["shown"]),
    }


def _pictures(cell: xr.Dataset) -> Figure:
    layers = cell["shown_layer"].values
    columns = len(layers) + 3
    figure, axes = style.figure(2, columns, width=1.28 * columns, height=3.1, squeeze=False)
    for example, (row, words) in enumerate(zip(axes, SIGNS.values(), strict=True)):
        at = cell.isel(example=example)
        last = {"message": at["shown_message"], "probe": at["shown_probe"]}
        last[f"noisy, $L$ = {layers[-1]}"] = at["noisy_picture"].isel(shown_layer=-1)
        titles = [*last, *(f"$L$ = {layer}" for layer in layers)]
        pictures = [*last.values(), *at["recovered_picture"]]
        for panel, title, picture in zip(row, titles, pictures, strict=True):
            _picture(panel, picture.values)
            if example == 0:
                panel.set_title(title, loc="center", fontsize=9)
        row[0].set_ylabel(words, fontsize=9)
    return figure


def _picture(axes: Axes, pixels: np.ndarray) -> None:
    axes.set(xticks=[], yticks=[])
    axes.grid(False)
    axes.spines[:].set_visible(False)
    if np.isnan(pixels).any():
        axes.text(0.5, 0.5, "no such\nnetwork", ha="center", transform=axes.transAxes)
        return
    square = pixels.reshape(int(np.sqrt(pixels.size)), -1)
    axes.imshow(square, cmap="gray", vmin=0, vmax=1, interpolation="nearest")


def _error_map(cells: list[xr.Dataset], results: xr.Dataset) -> Figure:
    if not np.isfinite(results["error_map"]).any():
        return panels.empty("no weights with an exact law")
    figure, axes = style.figure(width=7.6, height=4.2)
    alpha, layer = results["alpha_map"], results["layer"]
    size = np.log10(np.maximum(results["error_map"], 1e-300))
    # White where the message is just recovered: purple is better, orange is worse.
    scale = TwoSlopeNorm(np.log10(RECOVERED), vmin=-7, vmax=4)
    mesh = axes.pcolormesh(layer, alpha, size, cmap="PuOr_r", norm=scale, rasterized=True)
    strength = _over(cells, "alpha")
    ends = [_over(cells, "layers_needed_theory", quantile=at) for at in (0.05, 0.5, 0.95)]
    style.theory(axes, ends[1], strength, f"error {RECOVERED}, exact law", color="black", lw=2)
    for end, label in ((ends[0], "nine networks in ten"), (ends[2], None)):
        style.theory(axes, end, strength, label, color="black", ls=":", lw=1.4)
    needed = _over(cells, "layers_needed", kind="image")
    look = {**LOOKS["image"], "mec": "white", "ms": 8, "lw": 0}
    axes.plot(needed, strength, look.pop("fmt"), label=f"error {RECOVERED}, simulated", **look)
    axes.set(yscale="log", ylim=(float(alpha[0]), float(alpha[-1])), xlim=(0, float(layer[-1])))
    axes.set(xlabel="layer $L$", ylabel="strength of the noise $\\alpha$")
    axes.grid(False)
    bar = figure.colorbar(
        mesh, label="$\\log_{10}$ of the median error", ticks=[-6, -4, -2, -1, 1, 3]
    )
    bar.ax.axhline(np.log10(RECOVERED), color="black", lw=2)
    panels.legend(figure, below=True)
    return figure


def _error_curves(cells: list[xr.Dataset]) -> Figure:
    figure, axes = style.figure(width=style.HALF, height=4.4)
    for number, cell in enumerate(cells):
        color, law = style.PALETTE[number % len(style.PALETTE)], cell["error_theory"]
        low, middle, high = (law.sel(quantile=quantile) for quantile in (0.05, 0.5, 0.95))
        axes.fill_between(cell["layer"], low, high, color=color, alpha=0.15, lw=0)
        style.theory(axes, cell["layer"], middle, color=color)
        at = cell.sel(kind="image")
        mark = "osD^vP*X"[number % 8]
        look: dict[str, Any] = {"color": color, "fmt": mark, "markersize": 4}
        # Raw and standardised pixels coincide: the later one is hollow, round the other.
        if values(cell, "pixels") != ("zscore",):
            look |= {"mfc": "none", "markersize": 8}
        panels.curve(axes, at, "error", _name(cell), theory=False, every=5, **look)
    axes.axhline(RECOVERED, color="#333333", lw=1, ls="--", label=f"recovered: {RECOVERED}")
    axes.set(yscale="log", xlabel="layer $L$")
    axes.set_ylabel("median rms error, better sign")
    title = "dots: simulated, line and band:\nexact law, median and 90 %"
    panels.legend(figure, title, below=True)
    return figure


def _depth_needed(cells: list[xr.Dataset]) -> Figure:
    figure, axes = style.figure(width=style.HALF, height=4.4)
    alpha = _over(cells, "alpha")
    low, middle, high = (
        _over(cells, "layers_needed_theory", quantile=quantile) for quantile in (0.05, 0.5, 0.95)
    )
    style.theory(axes, alpha, middle, "exact law, median and 90 %")
    axes.fill_between(alpha, low, high, color="#333333", alpha=0.12, lw=0)
    for number, (kind, name) in enumerate(NAMES.items()):
        known = [cell for cell in cells if np.isfinite(cell["layers_needed"].sel(kind=kind))]
        x = _over(known, "alpha") * 1.09 ** (number - 1.5)
        style.dots(axes, x, *_ends(known, "layers_needed", kind=kind), name, **LOOKS[kind])
    # Networks may be too shallow for any dot; the axis then has no data to take its limits from.
    axes.set(xscale="log", xlim=(alpha[0] / 1.5, alpha[-1] * 1.5))
    axes.set_xlabel("strength of the noise $\\alpha$")
    axes.set_ylabel(f"median layers until the error is below {RECOVERED}")
    axes.legend()
    if style.empty(axes):
        panels.lacking(axes, f"no error below {RECOVERED} at these depths")
    return figure


def _qualities(cell: xr.Dataset) -> Figure:
    figure, axes = style.figure(1, 3, width=9.6, height=3.1)
    scores = {"psnr": "PSNR / dB", "ssim": "SSIM", "correlation": "correlation with the message"}
    for panel, (name, label) in zip(axes, scores.items(), strict=True):
        for sign, color, mark in zip(SIGNS, style.PALETTE, "os", strict=False):
            curve, words = f"{name}_{sign}", f"{sign} sign"
            panels.curve(panel, cell, curve, words, every=4, color=color, fmt=mark)
        panel.set(xlabel="layer $L$", ylabel=label)
    axes[0].legend(title=f"median, $\\alpha$ = {float(cell['alpha']):g}", title_fontsize=9)
    if not np.isfinite(cell["psnr"]).any():
        panels.lacking(axes[0], "no error at all:\nPSNR is infinite")
    if not np.isfinite(cell["ssim"]).any():
        panels.lacking(axes[1], "no SSIM of pictures\nbelow 7 x 7 pixels")
    return figure


def _controls(cells: dict[str, Any]) -> Figure:
    drawn = cells["all"]
    figure, (ratios, curves) = style.figure(1, 2, width=style.WHOLE, height=4.0)
    controls = [kind for kind in NAMES if kind != "image"]
    for row, cell in enumerate(drawn):
        for shift, kind in zip((-0.2, 0.0, 0.2), controls, strict=True):
            found = {end: float(cell[f"needed_ratio{end}"].sel(kind=kind)) for end in ENDS}
            if np.isfinite(found[""]):
                look = LOOKS[kind] if row else {**LOOKS[kind], "label": NAMES[kind]}
                ends = [[found[""] - found["_low"]], [found["_high"] - found[""]]]
                ratios.errorbar([found[""]], [row + shift], xerr=ends, markersize=5, **look)
    ratios.axvspan(0.95, 1.05, color="#dddddd", zorder=0, label="within 5 %")
    ratios.axvline(1, color="#333333", lw=1)
    ratios.set_yticks(range(len(drawn)), [_name(cell) for cell in drawn])
    ratios.set(ylim=(len(drawn) - 0.4, -0.6), xlabel="median layers needed over the Gibbon's")
    ratios.set_title("Layers needed")
    if style.empty(ratios):
        panels.lacking(ratios, "no cell deep enough, of two networks or more")
    cell = cells["raw"] if cells["standardised"] is None else cells["standardised"]
    if cell is not None:
        cell = cell.sel(kind=controls).dropna("kind", subset=["curve_gap"])
    if cell is None or not cell.sizes["kind"]:
        panels.lacking(curves, "standard errors need two networks\nand weights with an exact law")
        return figure
    curves.axhspan(-2, 2, color="#dddddd", zorder=0, label="2 standard errors")
    curves.axhline(0, color="#333333", lw=1)
    for kind in cell["kind"].values:
        at = cell.sel(kind=kind)
        label = f"{NAMES[kind]}, whole curve: {float(at['curve_gap']):+.1f}".replace("-", "\u2212")
        curves.plot(at["layer"], at["gap"], color=LOOKS[kind]["color"], label=label)
    curves.set(ylim=(-4.5, 4.5), xlabel="layer $L$", ylabel="in standard errors")
    curves.set_title(f"Median error less the Gibbon's, {_name(cell)}")
    panels.legend(figure, below=True)
    return figure


def _name(cell: xr.Dataset) -> str:
    """Strength of the noise of a cell, and what else sets it apart."""
    alpha, pixels, weights = values(cell, "alpha", "pixels", "weights")
    special = [word for word in (pixels, weights) if word not in ("zscore", "top")]
    return ", ".join([f"$\\alpha$ = {alpha:g}", *special])


def _signs(cell: xr.Dataset) -> Figure:
    figure, axes = style.figure(width=style.HALF, height=3.2)
    for position, (kind, look) in enumerate(LOOKS.items()):
        style.dots(axes, [position], *_ends([cell], "right_sign", kind=kind), **look)
    axes.axhline(0.5, color="#333333", label="symmetry: 1/2")
    axes.axhline(1.0, color=style.PALETTE[1], ls="--", label="what Fig. 9 shows")
    axes.set_xticks(range(len(NAMES)), [name.replace(" ", "\n", 1) for name in NAMES.values()])
    axes.set(xlim=(-0.5, len(NAMES) - 0.5), ylim=(0, 1.05))
    axes.set_ylabel("share of networks\nof the right sign")
    axes.legend(loc="lower right", ncols=2)
    return figure


def _mend(cells: list[xr.Dataset]) -> Figure:
    figure, axes = style.figure(width=style.HALF, height=3.2)
    alpha = _over(cells, "alpha")
    for name, label, color, mark, shift in (
        ("subtraction_recovers", "subtraction, as published", style.PALETTE[1], "s", 0.94),
        ("reference_recovers", "with the sign of entry 1", style.PALETTE[0], "o", 1.06),
    ):
        style.dots(axes, alpha * shift, *_ends(cells, name), label, color=color, fmt=mark)
    style.theory(axes, [alpha[0] / 2, alpha[-1] * 2], [0.5, 0.5], "a sign by chance: 1/2")
    axes.set(xscale="log", xlim=(alpha[0] / 2, alpha[-1] * 2), ylim=(-0.03, 1.08))
    axes.set(xlabel="strength of the noise $\\alpha$", ylabel="share that recovers $m$")
    panels.legend(figure, below=True)
    return figure


def _visibility(cells: list[xr.Dataset], results: xr.Dataset) -> Figure:
    figure, row = style.figure(1, 2, width=10.0, height=3.7)
    law = results["alpha_law"]
    alpha, shown = _over(cells, "alpha"), cells[0]["pixels"].item() == "zscore"
    for axes, name, label in (
        (row[0], "visible", "correlation of $y$ with $m$"),
        (row[1], "detected", "right choices of a matched filter"),
    ):
        if shown:
            style.theory(axes, law, results[f"{name}_law"], "U7")
        ends = _ends(cells, name)
        style.dots(axes, alpha, *ends, "simulated, last layer", color=style.PALETTE[0])
        axes.set(xscale="log", xlabel="strength of the noise $\\alpha$", ylabel=label)
        if style.empty(axes):
            panels.lacking(axes, "no cell with two networks or more")
    row[0].axvline(100, color=style.PALETTE[1], ls="--", lw=1.2, label="the paper's $\\alpha$")
    row[1].axhline(0.5, color="#777777", lw=1, ls=":", label="chance")
    row[1].axvline(
        float(results["invisible"]), color=style.PALETTE[2], ls="--", lw=1.2, label="55 % right"
    )
    for axes in row:
        style.legend(axes, loc="lower left")
    return figure


def _over(cells: list[xr.Dataset], name: str, **labels: Any) -> np.ndarray:
    return np.array([cell[name].sel(labels).item() for cell in cells])


def _ends(
    cells: list[xr.Dataset], name: str, **labels: Any
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Value, low and high of every cell."""
    value, low, high = (_over(cells, name + end, **labels) for end in ("", "_low", "_high"))
    return value, low, high
