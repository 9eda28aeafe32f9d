"""Fig. 9 redrawn: pictures at several depths, and how fast each probe removes the noise."""

import numpy as np
import xarray as xr
from matplotlib.figure import Figure

from entanglement.drawing import style
from entanglement.theory.recovery import RECOVERED

NAMES = {
    "image": "the Gibbon (or your picture)",
    "noise": "Gaussian noise",
    "constant": "a constant picture",
    "other": "another picture",
}
MARKERS = {"image": "o", "noise": "s", "constant": "^", "other": "D"}
# What a panel needs of a grid, written where there is nothing to draw.
NEEDS: dict[str, str | tuple[str, ...]] = {
    "error_map": "no error",
    "error_curves": "no error",
    "depth_needed": "no median error falls below 0.1:\nmore layers are needed",
    "qualities": "no network of such a sign",
    "controls": "needs 2 networks",
    "signs": "no network",
}


def plot_cell(evaluation: xr.Dataset) -> Figure:
    """Draw the error of every network against depth.

    Parameters
    ----------
    evaluation
        One cell.
    """
    figure, axes = style.figure(width=5.2, height=3.4)
    axes.plot(
        evaluation["layer"], evaluation["rms"].isel(probe=0).T, color=style.PALETTE[0], alpha=0.4,
        lw=0.8,
    )  # fmt: skip
    axes.set_yscale("log")
    axes.axhline(RECOVERED, color="#333333", lw=1, ls="--")
    axes.set_xlabel("layer $L$")
    axes.set_ylabel("root mean square error")
    axes.set_title(f"one line a network ({evaluation.sizes['network']})")
    return figure


def plot_panels(results: xr.Dataset) -> dict[str, Figure]:
    """Draw the panels of Fig. 9 and its tests.

    Parameters
    ----------
    results
        All cells with what `summarise` added.
    """
    results = results.isel(cell=np.argsort(results["alpha"].values, kind="stable"))
    panels = {
        "pictures": _pictures(results),
        "error_map": _error_map(_sweep(results)),
        "error_curves": _error_curves(results),
        "depth_needed": _depth_needed(_sweep(results)),
        "qualities": _qualities(results),
        "controls": _controls(results),
        "signs": _signs(results),
    }
    return style.explained(panels, NEEDS)


def _pictures(results: xr.Dataset) -> Figure:
    cell = results.isel(cell=_nearest(results))
    cell = cell.isel(pixel=slice(int(cell["k"])))  # wider networks pad the pictures
    cell = cell.isel(shown_layer=cell["noisy_picture"].notnull().any(("example", "pixel")))
    layers = cell["shown_layer"].values
    side = int(np.sqrt(cell.sizes["pixel"]))
    figure, axes = style.figure(
        2, len(layers) + 3, width=1.28 * (len(layers) + 3), height=3.1, squeeze=False
    )
    rows = ("a network of the right sign", "a network of the wrong sign")
    for example, row in enumerate(axes):
        at = cell.isel(example=example)
        pictures = [
            ("message", at["shown_message"]),
            ("probe", at["shown_probe"]),
            (f"noisy, $L$ = {layers[-1]}", at["noisy_picture"].isel(shown_layer=-1)),
        ]
        pictures += [
            (f"$L$ = {layer}", at["recovered_picture"].isel(shown_layer=i))
            for i, layer in enumerate(layers)
        ]
        for panel, (title, picture) in zip(row, pictures, strict=True):
            panel.set_xticks([])
            panel.set_yticks([])
            panel.grid(False)
            for spine in panel.spines.values():
                spine.set_visible(False)
            values = picture.values.reshape(side, side)
            if np.isnan(values).any():
                panel.text(0.5, 0.5, "no such\nnetwork", ha="center", transform=panel.transAxes)
            else:
                panel.imshow(values, cmap="gray", vmin=0, vmax=1, interpolation="nearest")
            if example == 0:
                panel.set_title(title, loc="center", fontsize=9)
        row[0].set_ylabel(rows[example].replace("of the", "of the\n"), fontsize=9)
    return figure


def _error_map(results: xr.Dataset) -> Figure:
    figure, axes = style.figure(width=6.6, height=3.2)
    error = results["error"].sel(kind="image")
    depth = results["layer"].values
    mesh = axes.pcolormesh(
        np.arange(len(depth) + 1) - 0.5, np.arange(results.sizes["cell"] + 1) - 0.5,
        np.log10(np.maximum(error.values, 1e-300)), cmap="cividis", rasterized=True,
    )  # fmt: skip
    rows = np.arange(results.sizes["cell"])
    theory, measured = results["layers_needed_theory"], results["layers_needed"].sel(kind="image")
    style.theory(
        axes, theory.sel(quantile=0.5), rows, f"error {RECOVERED}, exact law", color="white", lw=2.2
    )
    axes.plot(
        measured, rows, "o", color=style.PALETTE[1], ms=6, label=f"error {RECOVERED}, simulated"
    )
    for quantile in (0.05, 0.95):
        style.theory(axes, theory.sel(quantile=quantile), rows, color="white", ls=":", lw=1.4)
    axes.set_yticks(rows, [f"{alpha:g}" for alpha in results["alpha"].values])
    axes.set_ylabel("strength of the noise $\\alpha$")
    axes.set_xlabel("layer $L$")
    axes.grid(False)
    style.legend(axes, labelcolor="white", loc="upper left")
    figure.colorbar(mesh, label="$\\log_{10}$ of the median error")
    return figure


def _error_curves(results: xr.Dataset) -> Figure:
    figure, axes = style.figure(width=6.4, height=4.2)
    for number, (cell, alpha) in enumerate(_by_alpha(results)):
        colour, at = style.PALETTE[number % len(style.PALETTE)], cell.sel(kind="image")
        law, layer = cell["error_theory"], cell["layer"]
        axes.fill_between(
            layer, law.sel(quantile=0.05), law.sel(quantile=0.95), color=colour, alpha=0.15, lw=0
        )
        style.theory(axes, layer, law.sel(quantile=0.5), color=colour)
        some, standard = at.isel(layer=slice(0, None, 5)), str(cell["pixels"].values) == "zscore"
        style.dots(
            axes, some["layer"], some["error"], some["error_low"], some["error_high"],
            f"$\\alpha$ = {alpha:g}{'' if standard else ', raw'}", color=colour,
        )  # fmt: skip
    axes.axhline(RECOVERED, color="#333333", lw=1, ls="--")
    axes.set_yscale("log")
    axes.set_xlabel("layer $L$")
    axes.set_ylabel("median root mean square error, better sign")
    style.legend(
        axes, title="dots: simulated, line and band:\nexact law, median and 90 %", title_fontsize=9
    )
    return figure


def _depth_needed(results: xr.Dataset) -> Figure:
    figure, axes = style.figure(width=6.0, height=3.8)
    alpha, law = results["alpha"].values, results["layers_needed_theory"]
    style.theory(axes, alpha, law.sel(quantile=0.5), "exact law, median and 90 %")
    axes.fill_between(
        alpha, law.sel(quantile=0.05), law.sel(quantile=0.95), color="#333333", alpha=0.12, lw=0
    )
    for number, (kind, name) in enumerate(NAMES.items()):
        at = results.sel(kind=kind)
        style.dots(
            axes, alpha * 1.09 ** (number - 1.5), at["layers_needed"], at["layers_needed_low"],
            at["layers_needed_high"], name, color=style.PALETTE[number % len(style.PALETTE)], fmt=MARKERS[kind],
        )  # fmt: skip
    # Networks may be too shallow for any dot; the axis then has no data to take its limits from.
    axes.set_xlim(alpha.min() / 1.5, alpha.max() * 1.5)
    axes.set_xscale("log")
    axes.set_xlabel("strength of the noise $\\alpha$")
    axes.set_ylabel(f"median layers until the error is below {RECOVERED}")
    style.legend(axes)
    return figure


def _qualities(results: xr.Dataset) -> Figure:
    cell = results.isel(cell=_nearest(results))
    figure, axes = style.figure(1, 3, width=9.6, height=3.1)
    for panel, (name, label) in zip(
        axes,
        (("psnr", "PSNR / dB"), ("ssim", "SSIM"), ("correlation", "correlation with the message")),
        strict=True,
    ):
        for words, colour, mark in (
            ("right", style.PALETTE[0], "o"),
            ("wrong", style.PALETTE[1], "s"),
        ):
            some = cell.isel(layer=slice(0, None, 4))
            value, low, high = (some[f"{name}_{words}{end}"] for end in ("", "_low", "_high"))
            style.dots(
                panel, some["layer"], value, low, high, f"{words} sign", color=colour, fmt=mark
            )
        panel.set_xlabel("layer $L$")
        panel.set_ylabel(label)
    style.legend(axes[0], title=f"median, $\\alpha$ = {float(cell['alpha']):g}", title_fontsize=9)
    return figure


def _controls(results: xr.Dataset) -> Figure:
    scales = dict.fromkeys(results["pixels"].values.astype(str))
    cells = [results.isel(cell=_nearest(results, pixels)) for pixels in scales]
    figure, row = style.figure(
        1, len(cells), width=1.6 + 3.8 * len(cells), height=3.9, squeeze=False, sharey=True
    )
    for axes, cell in zip(row[0], cells, strict=True):
        axes.axhspan(-2, 2, color="#dddddd", zorder=0, label="2 standard errors")
        axes.axhline(0, color="#333333", lw=1)
        controls = cell.sel(kind=[kind for kind in NAMES if kind != "image"])
        for number, kind in enumerate(controls["kind"].values, start=1):
            at = controls.sel(kind=kind)
            axes.plot(
                cell["layer"], at["gap"], color=style.PALETTE[number % len(style.PALETTE)],
                label=f"{NAMES[kind]}: {float(at['curve_gap']):+.1f}".replace("-", "\u2212"),
            )  # fmt: skip
        within = int((np.abs(controls["curve_gap"]) <= 2).sum())
        scale = {"zscore": "standardised", "raw": "raw"}[str(cell["pixels"].values)]
        axes.set_title(
            f"{scale} pixels: {within} of {controls.sizes['kind']} curves\n"
            "within 2 standard errors of the Gibbon's"
        )
        axes.set_ylim(-4.5, 9)
        axes.set_xlabel("layer $L$")
        style.legend(
            axes, loc="upper center", title="whole curve, in standard errors", title_fontsize=9
        )
    row[0, 0].set_ylabel("median error less the Gibbon's\n(standard errors)")
    return figure


def _signs(results: xr.Dataset) -> Figure:
    cell = results.isel(cell=_nearest(results))
    figure, axes = style.figure(width=6.0, height=2.8)
    positions = np.arange(len(NAMES))
    for position, kind in enumerate(NAMES):
        at = cell.sel(kind=kind)
        style.dots(
            axes, [position], [at["right_sign"]], [at["right_sign_low"]], [at["right_sign_high"]],
            color=style.PALETTE[position % len(style.PALETTE)], fmt=MARKERS[kind],
        )  # fmt: skip
    axes.axhline(0.5, color="#333333", label="symmetry: 1/2")
    axes.axhline(1.0, color=style.PALETTE[1], ls="--", label="what Fig. 9 shows")
    axes.set_xticks(positions, [name.replace(" (", "\n(") for name in NAMES.values()])
    axes.set_xlim(-0.5, len(NAMES) - 0.5)
    axes.set_ylim(0, 1.05)
    axes.set_ylabel("share of networks\nof the right sign")
    style.legend(axes, loc="lower right", ncols=2)
    return figure


def _by_alpha(results: xr.Dataset) -> list[tuple[xr.Dataset, float]]:
    cells = [results.isel(cell=i) for i in range(results.sizes["cell"])]
    return [(cell, float(cell["alpha"])) for cell in cells]


def _sweep(results: xr.Dataset) -> xr.Dataset:
    """The cells that differ from the paper's in alpha only."""
    paper = results.isel(cell=_nearest(results))
    alike = np.ones(results.sizes["cell"], dtype=bool)
    for key in ("pixels", "weights", "k", "n", "depth", "message", "image", "other"):
        alike &= results[key].values == paper[key].values
    return results.isel(cell=alike)


def _nearest(results: xr.Dataset, pixels: str = "zscore") -> int:
    """The cell whose alpha is nearest to the paper's, of these pixels if there are any."""
    distance = np.abs(np.log(results["alpha"].values.astype(float) / 100))
    return int(np.argmin(distance + 100 * (results["pixels"].values.astype(str) != pixels)))
