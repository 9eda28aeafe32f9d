"""Fig. 9 redrawn: pictures at several depths, and how fast each probe removes the noise."""

from typing import Any

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from entanglement.drawing import panels, style
from entanglement.experiments.noise_recovery.roles import ROLES
from entanglement.statistics.roles import cast, values
from entanglement.theory.recovery import RECOVERED

NAMES = {
    "image": "the Gibbon (or your picture)",
    "noise": "Gaussian noise",
    "constant": "a constant picture",
    "other": "another picture",
}
LOOKS: dict[str, Any] = {
    kind: {"color": color, "fmt": mark}
    for kind, color, mark in zip(NAMES, style.PALETTE, "os^D", strict=False)
}
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
        "error_map": _error_map(cells["sweep"]),
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


def _error_map(cells: list[xr.Dataset]) -> Figure:
    figure, axes = style.figure(width=6.6, height=3.2)
    error = np.stack([cell["error"].sel(kind="image") for cell in cells])
    rows, depth = np.arange(len(cells)), np.arange(error.shape[1] + 1) - 0.5
    mesh = axes.pcolormesh(
        depth, np.arange(len(cells) + 1) - 0.5, np.log10(np.maximum(error, 1e-300)),
        cmap="cividis", rasterized=True,
    )  # fmt: skip
    law, measured = f"error {RECOVERED}, exact law", f"error {RECOVERED}, simulated"
    middle = _over(cells, "layers_needed_theory", quantile=0.5)
    needed = _over(cells, "layers_needed", kind="image")
    style.theory(axes, middle, rows, law, color="white", lw=2.2)
    axes.plot(needed, rows, "o", color=style.PALETTE[1], ms=6, label=measured)
    for quantile in (0.05, 0.95):
        end = _over(cells, "layers_needed_theory", quantile=quantile)
        style.theory(axes, end, rows, color="white", ls=":", lw=1.4)
    axes.set_yticks(rows, [f"{alpha:g}" for alpha in _over(cells, "alpha")])
    axes.set(xlabel="layer $L$", ylabel="strength of the noise $\\alpha$")
    axes.grid(False)
    axes.legend(labelcolor="white", facecolor="#444444", framealpha=1, frameon=True)
    figure.colorbar(mesh, label="$\\log_{10}$ of the median error")
    return figure


def _error_curves(cells: list[xr.Dataset]) -> Figure:
    figure, axes = style.figure(width=6.4, height=4.2)
    for number, cell in enumerate(cells):
        color, law = style.PALETTE[number % len(style.PALETTE)], cell["error_theory"]
        low, middle, high = (law.sel(quantile=quantile) for quantile in (0.05, 0.5, 0.95))
        axes.fill_between(cell["layer"], low, high, color=color, alpha=0.15, lw=0)
        style.theory(axes, cell["layer"], middle, color=color)
        alpha, pixels, weights = values(cell, "alpha", "pixels", "weights")
        special = [word for word in (pixels, weights) if word not in ("zscore", "top")]
        label = ", ".join([f"$\\alpha$ = {alpha:g}", *special])
        at = cell.sel(kind="image")
        panels.curve(axes, at, "error", label, theory=False, every=5, color=color)
    axes.axhline(RECOVERED, color="#333333", lw=1, ls="--")
    axes.set(yscale="log", xlabel="layer $L$")
    axes.set_ylabel("median root mean square error, better sign")
    title = "dots: simulated, line and band:\nexact law, median and 90 %"
    axes.legend(title=title, title_fontsize=9)
    return figure


def _depth_needed(cells: list[xr.Dataset]) -> Figure:
    figure, axes = style.figure(width=6.0, height=3.8)
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
    scales = [scale for scale in ("standardised", "raw") if cells[scale] is not None]
    width = 1.6 + 3.8 * len(scales)
    figure, row = style.figure(1, len(scales), width=width, height=3.9, squeeze=False, sharey=True)
    for axes, scale in zip(row[0], scales, strict=True):
        cell = cells[scale].sel(kind=[kind for kind in NAMES if kind != "image"])
        cell = cell.dropna("kind", subset=["curve_gap"])
        if not cell.sizes["kind"]:
            panels.lacking(axes, "standard errors need two networks\nand weights with an exact law")
            continue
        axes.axhspan(-2, 2, color="#dddddd", zorder=0, label="2 standard errors")
        axes.axhline(0, color="#333333", lw=1)
        for kind in cell["kind"].values:
            at = cell.sel(kind=kind)
            label = f"{NAMES[kind]}: {float(at['curve_gap']):+.1f}".replace("-", "\u2212")
            axes.plot(at["layer"], at["gap"], color=LOOKS[kind]["color"], label=label)
        within = f"{int(cell['curves_within'])} of {cell.sizes['kind']} curves"
        axes.set_title(f"{scale} pixels: {within}\nwithin 2 standard errors of the Gibbon's")
        axes.set(ylim=(-4.5, 9), xlabel="layer $L$")
        axes.legend(loc="upper center", title="whole curve, in standard errors", title_fontsize=9)
    row[0, 0].set_ylabel("median error less the Gibbon's\n(standard errors)")
    return figure


def _signs(cell: xr.Dataset) -> Figure:
    figure, axes = style.figure(width=6.0, height=2.8)
    for position, (kind, look) in enumerate(LOOKS.items()):
        style.dots(axes, [position], *_ends([cell], "right_sign", kind=kind), **look)
    axes.axhline(0.5, color="#333333", label="symmetry: 1/2")
    axes.axhline(1.0, color=style.PALETTE[1], ls="--", label="what Fig. 9 shows")
    axes.set_xticks(range(len(NAMES)), [name.replace(" (", "\n(") for name in NAMES.values()])
    axes.set(xlim=(-0.5, len(NAMES) - 0.5), ylim=(0, 1.05))
    axes.set_ylabel("share of networks\nof the right sign")
    axes.legend(loc="lower right", ncols=2)
    return figure


def _mend(cells: list[xr.Dataset]) -> Figure:
    figure, axes = style.figure(width=6.4, height=3.2)
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
    row[1].axvline(float(results["invisible"]), color=style.PALETTE[2], ls="--", lw=1.2,
                   label="55 % right")  # fmt: skip
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
