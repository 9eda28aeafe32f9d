"""Pictures of the secrecy experiment."""

from typing import Any

import numpy as np
import xarray as xr
from matplotlib.figure import Figure

from entanglement.drawing import style

ATTACKS = {
    "insider_error": "the network, any input",
    "known_plaintext_error": "one known message",
    "wrong_seed_error": "a network of another seed",
    "guess_error": "nothing: a guessed key",
}
PICTURES = (
    ("message_bits", "message 1"), ("other_bits", "message 2"), ("cipher", "cipher 1"),
    ("other_cipher", "cipher 2"), ("xor_ciphers", "cipher 1 xor 2"),
    ("xor_messages", "message 1 xor 2"), ("known_plaintext", "2, read with pair 1"),
)  # fmt: skip
READINGS = (
    ("insider", "the network, any input"), ("wrong_seed", "another seed"), ("guess", "a guess"),
)  # fmt: skip


def plot_cell(evaluation: xr.Dataset) -> Figure:
    """Draw one cell: the two messages' pictures, and the wrong layer."""
    figure, axes = style.figure(2, 1, width=9.0, height=4.6)
    axes[0].axis("off")
    for number, (name, title) in enumerate(PICTURES):
        inset = axes[0].inset_axes((number / len(PICTURES), 0, 0.95 / len(PICTURES), 0.9))
        _picture(inset, evaluation[name].values, title)
    error = evaluation["wrong_layer_error"].mean("network")
    style.dots(axes[1], evaluation["wrong_layer"], error)
    axes[1].set(
        xlabel="which layer is wrong", ylabel="wrong key bits", ylim=(-0.02, 0.55),
        title="An eavesdropper who has one layer wrong",
    )  # fmt: skip
    return figure


def plot_panels(results: xr.Dataset) -> dict[str, Figure]:
    """Draw the panels of the report.

    Parameters
    ----------
    results
        `data/secrecy.nc`.
    """
    results = results.load()
    return {
        "two_messages": _two_messages(results),
        "eavesdroppers": _eavesdroppers(results),
        "wrong_layer": _wrong_layer(results),
        "keys": _keys(results),
        "reconciler": _reconciler(results),
    }


def _two_messages(results: xr.Dataset) -> Figure:
    cell = _main(results)
    figure, axes = style.figure(1, len(PICTURES), width=10.5, height=1.7)
    for ax, (name, title) in zip(axes, PICTURES):
        _picture(ax, cell[name].values[: int(cell["k"])], title)
    return figure


def _eavesdroppers(results: xr.Dataset) -> Figure:
    cell = _main(results)
    figure, axes = style.figure(1, 4, width=10.5, height=3.0, width_ratios=[2.6, 1, 1, 1])
    for row, name in enumerate(ATTACKS):
        errors = cell[name].dropna("network").values
        axes[0].plot(errors, np.full(errors.size, row), ".", color=style.PALETTE[0], ms=5)
        mean = results[f"{name}_mean"]
        low, high = mean.attrs["ci_low"], mean.attrs["ci_high"]
        style.dots(
            axes[0], [float(mean)], [row - 0.22], color=style.PALETTE[1], markersize=5,
            label="mean, 95 % interval" if row == 0 else None,
        )  # fmt: skip
        axes[0].plot([low, high], [row - 0.22] * 2, color=style.PALETTE[1])
    axes[0].axvline(
        float(results["random_error_theory"]), color="#333333", ls="--", label="a random key"
    )
    axes[0].set_yticks(range(len(ATTACKS)), list(ATTACKS.values()))
    axes[0].set(
        xlabel="wrong bits (better sign)", xlim=(-0.02, 0.55), ylim=(len(ATTACKS) - 0.4, -0.6),
        title="What the eavesdropper has",
    )  # fmt: skip
    style.legend(axes[0], loc="center", fontsize=8)
    for ax, (name, title) in zip(axes[1:], READINGS):
        _picture(ax, cell[name].values[: int(cell["k"])], title)
    return figure


def _wrong_layer(results: xr.Dataset) -> Figure:
    figure, ax = style.figure(width=7.4, height=3.8)
    for number, cell in enumerate(_cells(results)):
        color = style.PALETTE[number % len(style.PALETTE)]
        used = np.isfinite(cell["wrong_layer_mean"].values)
        part = cell.isel(position=np.flatnonzero(used))
        style.theory(ax, part["wrong_layer"], part["wrong_layer_theory"], color=color, alpha=0.8)
        style.dots(
            ax, part["wrong_layer"], part["wrong_layer_mean"], part["wrong_layer_low"],
            part["wrong_layer_high"], _title(cell), color=color,
        )  # fmt: skip
    ax.set(
        xlabel="which layer is wrong", ylabel="wrong key bits, folded", ylim=(-0.02, 0.55),
        title="Lines: the exact law T8 for the right layers that follow",
    )  # fmt: skip
    style.legend(ax, loc="center left", bbox_to_anchor=(1.0, 0.5), fontsize=8)
    return figure


def _keys(results: xr.Dataset) -> Figure:
    cells = _cells(results)
    figure, ax = style.figure(width=7.4, height=0.9 + 0.55 * len(cells))
    for row, cell in enumerate(cells):
        counts = cell["distinct_keys"].dropna("network").values
        inputs = int(cell["probes"])
        jitter = np.linspace(-0.2, 0.2, counts.size)
        ax.plot([inputs], [row], "|", color="#333333", ms=18, mew=2,
                label="number of inputs" if row == 0 else None)  # fmt: skip
        ax.plot(counts, row + jitter, ".", color=style.PALETTE[0],
                label="different keys (one dot a network)" if row == 0 else None)  # fmt: skip
    ax.set_yticks(range(len(cells)), [_title(cell) for cell in cells])
    ax.set(xscale="log", xlabel="keys, complements taken as equal", ylim=(len(cells) - 0.5, -0.9))
    style.legend(ax, loc="upper center", ncols=2, fontsize=8)
    return figure


def _reconciler(results: xr.Dataset) -> Figure:
    cell = _main(results)
    rate = cell["error_rate"].values
    figure, axes = style.figure(1, 2, width=10.0, height=3.6)
    _spread(axes[0], rate, cell["efficiency"], "Cascade, one dot a network")
    style.theory(axes[0], rate, np.ones_like(rate), "least possible: f = 1", ls="--")
    failed = float(cell["frame_error"].mean())
    axes[0].set(
        xlabel="share of bits that differ", ylabel="efficiency f",
        title=f"Bits revealed over h(q) n; {100 * failed:.1f} % of strings still differ",
    )  # fmt: skip
    style.legend(axes[0])
    _spread(axes[1], rate, 1 - cell["leaked"], "Cascade: bits still secret")
    limit = 1 - cell["leaked"] / cell["efficiency"]
    style.theory(axes[1], rate, limit.mean("network"), "Shannon's limit 1 - h(q)")
    axes[1].set(
        xlabel="share of bits that differ", ylabel="secret bits left per bit", ylim=(0, 1.05),
        title=f"No shared model; the network takes {_megabytes(results)} MB per key bit",
    )  # fmt: skip
    style.legend(axes[1], loc="lower left")
    return figure


def _spread(ax: Any, x: np.ndarray, values: xr.DataArray, label: str) -> None:
    shown = values.dropna("network").transpose("network", "rate").values
    ax.plot(
        np.tile(x, len(shown)), shown.ravel(), ".", color=style.PALETTE[0], alpha=0.6, label=label
    )


def _megabytes(results: xr.Dataset) -> str:
    return f"{float(results['bytes_per_key_bit']) / 1e6:.3g}"


def _main(results: xr.Dataset) -> xr.Dataset:
    """Find the largest network with Algorithm 1's selection."""
    selected = np.flatnonzero((results["weights"] == "top") & (results["n"] > results["k"]))
    best = max(selected, key=lambda i: int(results["k"][i])) if selected.size else 0
    return results.isel(cell=int(best))


def _cells(results: xr.Dataset) -> list[xr.Dataset]:
    order = np.lexsort((results["n"].values, results["k"].values))
    return [results.isel(cell=int(i)) for i in order]


def _title(cell: xr.Dataset) -> str:
    k, n = int(cell["k"]), int(cell["n"])
    return f"k = {k}, n = {n}" + (" (no selection)" if n == k else "")


def _picture(ax: Any, bits: np.ndarray, title: str) -> None:
    side = round(bits.size**0.5)
    ax.imshow(bits.reshape(side, side), cmap="gray_r", vmin=0, vmax=1, interpolation="nearest")
    ax.set_xticks([], [])
    ax.set_yticks([], [])
    ax.set_title(title, fontsize=8.5)
    ax.spines[:].set_visible(False)
