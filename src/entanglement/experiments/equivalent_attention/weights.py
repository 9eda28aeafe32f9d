"""Panels of what trained weights leave free, and of their spectra."""

import numpy as np
from matplotlib.figure import Figure

from entanglement.drawing import panels, style
from entanglement.experiments.equivalent_attention.labels import COLORS, SHORT, TICKS, Cells
from entanglement.networks.product import PRODUCTS


def flatness(cells: Cells) -> Figure:
    """Singular values of the logits' Jacobian by Q and K: directions that change nothing."""
    figure, axes = style.figure(1, len(cells), width=style.WHOLE, height=3.8, squeeze=False)
    for at, (name, cell) in zip(axes[0], cells.items()):
        known = cell["group_dimension"].dropna("network")  # of networks that did not diverge
        directions, group = cell.sizes["direction"], int(known[0])
        values = np.maximum(cell["jacobian_value"].values, 1e-18)
        at.plot(np.arange(directions) + 1, values.T, lw=0.9, alpha=0.6, color=COLORS[name])
        label = f"all but the group's {group}"
        at.axvline(directions - group + 0.5, color="#333333", lw=1, label=None)
        at.annotate(
            label,
            (directions - group, 1e-8),
            xytext=(-5, 0),
            ha="right",
            rotation=90,
            textcoords="offset points",
            va="center",
            fontsize=9,
        )
        at.set(yscale="log", ylim=(1e-19, 3), title=PRODUCTS[name].label)
        at.set(xlabel="direction of (W$_Q$, b$_Q$, W$_K$, b$_K$)")
    axes[0, 0].set_ylabel("singular value of d(logits), relative")
    return figure


def flat_directions(cells: Cells) -> Figure:
    """How many there are, beside what the signs of q - k predict and the group alone."""
    figure, axes = style.figure(width=style.HALF, height=4.4)
    for name, cell in cells.items():
        network = np.arange(cell.sizes["network"])
        label, color = PRODUCTS[name].label, COLORS[name]
        style.theory(axes, network, cell["flat_predicted"], None, color=color)
        style.dots(axes, network, cell["flat_directions"], label=label, **style.PRODUCTS[name])
        group = cell["group_dimension"]
        axes.plot(network, group, ls=":", lw=1, color=color)
    axes.plot([], [], color="#333333", label="predicted, no free parameter")
    axes.plot([], [], color="#333333", ls=":", lw=1, label="the group's dimension alone")
    axes.set(yscale="log", xlabel="network", ylabel="flat directions of Q and K")
    axes.set_yticks(TICKS, [str(tick) for tick in TICKS])
    axes.minorticks_off()
    panels.legend(figure, below=True)
    return figure


def spectra(cells: Cells) -> Figure:
    """What training does to the singular values of W_Q, and what equivalents do."""
    widths = [*(1.0 for _ in cells), 0.8]
    figure, axes = style.figure(
        1, len(widths), width=style.WHOLE, height=4.2, squeeze=False, width_ratios=widths
    )
    looks = {
        "initial": ("o", style.PALETTE[5]),
        "trained": ("s", style.PALETTE[1]),
        "shuffled": ("x", style.PALETTE[2]),
    }
    changes: dict[str, float] = {}
    for at, (name, cell) in zip(axes[0], cells.items()):
        rank = np.arange(cell.sizes["rank"]) + 1
        band = cell["null_low"], cell["null_high"]
        at.fill_between(rank, *band, color="#cccccc", lw=0, label="99 % of noise")
        for stage, (mark, color) in looks.items():
            line = cell["mean_spectrum"].sel(matrix="query", stage=stage)
            style.dots(at, rank, line, label=stage, fmt=mark, color=color, markersize=3.5)
        at.set(title=PRODUCTS[name].label, xlabel="rank of the singular value of W$_Q$")
        changes |= dict(zip(cell["family"].values, cell["mean_spectrum_change"].values))
    axes[0, 0].set_ylabel("singular value / (sd of entries $\\times \\sqrt{\\mathrm{rows}}$)")
    panels.legend(figure, below=True)
    last, places = axes[0, -1], range(len(changes))
    last.plot([max(c, 1e-17) for c in changes.values()], places, "o", color=style.PALETTE[0])
    last.set_yticks(places, [SHORT[family] for family in changes], fontsize=8.5)
    last.set(xscale="log", xlim=(1e-18, 1e2), xlabel="largest relative change")
    last.set_xticks([1e-17, 1e-11, 1e-5, 10], ["0", "$10^{-11}$", "$10^{-5}$", "10"])
    last.minorticks_off()
    last.set_title("Over the orbit")
    last.invert_yaxis()
    return figure
