"""Pictures of the secrecy experiment."""

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from entanglement.drawing import panels, style
from entanglement.experiments.secrecy.roles import ROLES
from entanglement.statistics.roles import cast, values

LACKING = "no cell of Algorithm 1 (weights: top, n > k)"
ATTACKS = {
    "insider_error_mean": "the network, any input",
    "known_plaintext_error_mean": "one known message",
    "wrong_seed_error_mean": "a network of another seed",
    "guess_error_mean": "nothing: a guessed key",
}
PICTURES = {
    "message_bits": "message 1",
    "other_bits": "message 2",
    "cipher": "cipher 1",
    "other_cipher": "cipher 2",
    "xor_ciphers": "cipher 1 xor 2",
    "xor_messages": "message 1 xor 2",
    "known_plaintext": "2, read with pair 1",
}
READINGS = {
    "insider": "the network, any input",
    "wrong_seed": "another seed",
    "guess": "a guess",
}


def plot_cell(evaluation: xr.Dataset) -> Figure:
    """Draw one cell: the two messages' pictures, and the wrong layer, network by network."""
    figure, axes = style.figure(2, 1, width=9.0, height=4.6)
    axes[0].axis("off")
    for number, (name, title) in enumerate(PICTURES.items()):
        inset = axes[0].inset_axes((number / len(PICTURES), 0, 0.95 / len(PICTURES), 0.9))
        _picture(inset, evaluation[name].values, title)
    error = evaluation["wrong_layer_error"].transpose("position", "network")
    axes[1].plot(evaluation["wrong_layer"], error, ".", color=style.PALETTE[0])
    axes[1].set(xlabel="which layer is wrong", ylabel="wrong key bits", ylim=(-0.02, 0.55))
    axes[1].set_title("An eavesdropper who has one layer wrong (one dot a network)")
    return figure


def plot_panels(results: xr.Dataset) -> dict[str, Figure]:
    """Draw the panels of the report."""
    results = results.load()
    parts = cast(results, ROLES)
    cell = parts["large"]
    return {
        "two_messages": panels.empty(LACKING) if cell is None else _two_messages(cell),
        "eavesdroppers": panels.empty(LACKING) if cell is None else _eavesdroppers(cell, results),
        "wrong_layer": _wrong_layer(parts["all"]),
        "keys": _keys(parts["all"]),
        "equivocation": panels.empty(LACKING) if cell is None else _equivocation(cell),
        "cost": panels.empty(LACKING) if cell is None else _cost(cell),
        "reconciler": panels.empty(LACKING) if cell is None else _reconciler(cell, results),
    }


def _two_messages(cell: xr.Dataset) -> Figure:
    figure, axes = style.figure(1, len(PICTURES), width=10.5, height=1.7)
    for at, (name, title) in zip(axes, PICTURES.items(), strict=True):
        _picture(at, cell[name].values, title)
    return figure


def _eavesdroppers(cell: xr.Dataset, results: xr.Dataset) -> Figure:
    figure, axes = style.figure(1, 4, width=10.5, height=3.0, width_ratios=[2.6, 1, 1, 1])
    first, dark = axes[0], style.PALETTE[1]
    for row, name in enumerate(ATTACKS):
        errors = cell[name.removesuffix("_mean")].values
        first.plot(
            errors,
            np.full(errors.size, row),
            ".",
            color=style.PALETTE[0],
            ms=5,
            label=None if row else "one network",
        )
        mean, label = results[name], None if row else "mean, 95 % interval"
        style.dots(first, [float(mean)], [row - 0.22], color=dark, markersize=5, label=label)
        first.plot([mean.attrs["ci_low"], mean.attrs["ci_high"]], [row - 0.22] * 2, color=dark)
    expected = float(results["random_error_theory"])
    first.axvline(expected, color="#333333", ls="--", label="a random key")
    first.set_yticks(range(len(ATTACKS)), list(ATTACKS.values()))
    first.set(xlim=(-0.02, 0.55), ylim=(len(ATTACKS) - 0.4, -0.6))
    first.set(xlabel="wrong bits (better sign)", title="What the eavesdropper has")
    style.legend(first, loc="center", fontsize=9)
    for at, (name, title) in zip(axes[1:], READINGS.items(), strict=True):
        _picture(at, cell[name].values, title)
    return figure


def _wrong_layer(cells: list[xr.Dataset]) -> Figure:
    figure, axes = style.figure(width=style.HALF, height=4.4)
    for number, cell in enumerate(cells):
        color, mark = style.PALETTE[number % len(style.PALETTE)], "osD^"[number % 4]
        at = cell.set_coords("wrong_layer")
        law = at["mean_wrong_layer_theory"]
        style.theory(axes, at["wrong_layer"], law, color=color, alpha=0.8)
        panels.curve(
            axes, at, "mean_wrong_layer", _title(cell), "wrong_layer", False, color=color, fmt=mark
        )
    axes.set(xlabel="which layer is wrong", ylabel="wrong key bits, folded", ylim=(-0.02, 0.55))
    axes.set_title("Lines: exact, T8, for the right layers that follow")
    panels.legend(figure, below=True)
    return figure


def _equivocation(cell: xr.Dataset) -> Figure:
    figure, (seen, layers) = style.figure(1, 2, width=10.5, height=3.8)
    at = cell.set_coords("messages_seen")
    for name, label, color, mark in (
        ("mean_left_fresh", "a network for each message", style.PALETTE[2], "s"),
        ("mean_left_reused", "one network for all", style.PALETTE[1], "o"),
    ):
        panels.curve(seen, at, name, label, "messages_seen", color=color, fmt=mark)
    seen.set(xlabel="ciphers seen, $j$", ylabel="bits left of each bit of message 1")
    seen.set(ylim=(-0.03, 1.08), title="Lines: counted, Shannon's equivocation")
    style.legend(seen, loc="lower left")
    at = cell.assign_coords(right=int(cell["depth"]) - cell["wrong_layer"])
    panels.curve(
        layers, at, "mean_left_wrong_layer", "one wrong layer", "right", color=style.PALETTE[0]
    )
    layers.set(xlabel="right layers that follow the wrong one", ylabel="bits left of each key bit")
    layers.set(ylim=(-0.03, 1.08), title="Line: exact, T8")
    style.legend(layers)
    return figure


def _cost(cell: xr.Dataset) -> Figure:
    figure, axes = style.figure(width=8.4, height=3.4)
    ways = {
        "network": "the weights of the network",
        "pad": "the signs of the last layer alone",
        "seed": "a seed of 128 bits",
    }
    bits = [float(cell["shared_bits"].sel(way=way)) for way in ways]
    axes.plot(bits, range(len(ways)), "s", ms=9, color=style.PALETTE[1], label="shared beforehand")
    revealed = cell["mean_revealed"].values
    axes.plot(
        revealed,
        np.full(revealed.size, len(ways)),
        "o",
        ms=5,
        color=style.PALETTE[0],
        label="revealed on the line",
    )
    for row, number in enumerate(bits):
        words = f"{number:,.0f}" if number >= 1 else f"{number:.3g}"
        axes.annotate(
            words, (number, row), xytext=(9, 0), textcoords="offset points", va="center", fontsize=9
        )
    rates = [f"{rate:.0%}" for rate in cell["error_rate"].values]
    for rate, number in ((rates[0], revealed[0]), (rates[-1], revealed[-1])):
        axes.annotate(
            rate,
            (number, len(ways)),
            xytext=(0, 7),
            textcoords="offset points",
            ha="center",
            fontsize=8,
        )
    axes.set_yticks(range(len(ways) + 1), [*ways.values(), "Cascade, strings that differ by ..."])
    axes.set(xscale="log", xlabel="bits for each key bit", ylim=(len(ways) + 0.6, -0.6))
    axes.set_xlim(bits[-1] / 5, bits[0] * 30)
    panels.legend(figure, below=True)
    return figure


def _keys(cells: list[xr.Dataset]) -> Figure:
    figure, axes = style.figure(width=style.HALF, height=1.3 + 0.6 * len(cells))
    names: list[str] = []
    for row, cell in enumerate(cells):
        counts, inputs = cell["distinct_keys"].values, int(cell["probes"])
        around = row + np.linspace(-0.2, 0.2, counts.size)
        labels = ("number of inputs", "different keys (one dot a network)")
        bar, dots = (None, None) if row else labels
        axes.plot([inputs], [row], "|", color="#333333", ms=30, mew=2, label=bar)
        axes.plot(counts, around, "o", ms=3, color=style.PALETTE[0], label=dots)
        kinds = [f"{count:g}" for count in sorted(set(counts.tolist()))]
        found = " to ".join(dict.fromkeys([kinds[0], kinds[-1]]))
        names.append(f"{_title(cell)}\n{inputs} inputs, {found} different")
    axes.set_yticks(range(len(cells)), names)
    axes.set(xscale="log", xlabel="keys, complements taken as equal")
    axes.set(ylim=(len(cells) - 0.5, -0.5))
    panels.legend(figure, below=True)
    return figure


def _reconciler(cell: xr.Dataset, results: xr.Dataset) -> Figure:
    rate = cell["error_rate"].values
    figure, axes = style.figure(1, 2, width=10.0, height=3.6)
    _spread(axes[0], rate, cell["efficiency"], "Cascade, one dot a network")
    style.theory(axes[0], rate, np.ones_like(rate), "least possible: f = 1", ls="--")
    failed = 100 * float(results["frame_error_mean"])
    axes[0].set(xlabel="share of bits that differ", ylabel="efficiency f")
    axes[0].set_title(f"Revealed over h(q) n; {failed:.1f} % of strings still differ")
    style.legend(axes[0])
    _spread(axes[1], rate, 1 - cell["leaked"], "Cascade: bits still secret")
    style.theory(axes[1], rate, cell["mean_secret_theory"], "Shannon's limit 1 - h(q)")
    megabytes = float(results["bytes_per_key_bit"]) / 1e6
    axes[1].set(xlabel="share of bits that differ", ylabel="secret bits left per bit")
    axes[1].set(ylim=(0, 1.05))
    axes[1].set_title(f"Without a shared network ({megabytes:.3g} MB a key bit)")
    style.legend(axes[1], loc="lower left")
    return figure


def _spread(axes: Axes, x: np.ndarray, found: xr.DataArray, label: str) -> None:
    shown = found.transpose("network", "rate").values
    every = np.tile(x, len(shown))
    axes.plot(every, shown.ravel(), ".", color=style.PALETTE[0], alpha=0.6, label=label)


def _title(cell: xr.Dataset) -> str:
    k, n = values(cell, "k", "n")
    return f"k = {k}, n = {n}" + (" (no selection)" if n == k else "")


def _picture(axes: Axes, bits: np.ndarray, title: str) -> None:
    side = round(bits.size**0.5)
    axes.imshow(bits.reshape(side, side), cmap="gray_r", vmin=0, vmax=1, interpolation="nearest")
    axes.set_xticks([], [])
    axes.set_yticks([], [])
    axes.set_title(title, fontsize=8.5)
    axes.spines[:].set_visible(False)
