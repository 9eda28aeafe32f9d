"""Figures of sign hashes: their bits by layer, against the angle, the binomial law, the entropy."""

import xarray as xr
from matplotlib.figure import Figure

from entanglement.drawing import style
from entanglement.experiments.cells import matching

LABELS = {
    "random hyperplanes": "random hyperplanes (Eq. 9)",
    "kept rows": "kept rows (Eqs. 12, 19)",
}
# What a panel needs of a grid, written where there is nothing to draw.
NEEDS: dict[str, str | tuple[str, ...]] = {
    "bits": "no cell with sampler: exact",
    "bits_against_angle": "no cell with sampler: exact and n > k",
    "binomial": "no cell with sampler: exact and n > k",
    "entropy": "no cell with sampler: exact",
}


def plot_cell(evaluation: xr.Dataset) -> Figure:
    """Bits that differ against the angle, network by network.

    Parameters
    ----------
    evaluation
        What `evaluate` measured.
    """
    made, axes = style.figure(1, 2, width=9, height=4, sharex=True, sharey=True)
    folded = evaluation.folded_angle
    for at, kind, number in zip(axes, evaluation.hash.values, (0, 1), strict=True):
        at.plot([0, 0.5], [0, 0.5], color="#333333", label="angle / $\\pi$")
        if number:
            style.theory(at, evaluation.grid, evaluation.bits_theory, "T8", ls="--")
        at.plot(
            folded.values.ravel(), evaluation.disagreement.sel(hash=kind).values.ravel(), ".",
            ms=1.5, color=style.PALETTE[number % len(style.PALETTE)], rasterized=True,
        )  # fmt: skip
        at.set(title=LABELS[str(kind)], xlabel="folded angle / $\\pi$")
        style.legend(at)
    axes[0].set_ylabel("fraction of bits that differ")
    return made


def plot_panels(results: xr.Dataset) -> dict[str, Figure]:
    """Draw all panels.

    Parameters
    ----------
    results
        Collected cells with what `summarise` added.
    """
    panels = {
        "bits": _bits(results),
        "bits_against_angle": _bits_against_angle(results),
        "binomial": _binomial(results),
        "entropy": _entropy(results),
    }
    return style.explained(panels, NEEDS)


def _chosen(results: xr.Dataset) -> list[xr.Dataset]:
    exact = matching(results, sampler="exact").sortby(["k", "n"])
    return [exact.isel(cell=index) for index in range(exact.sizes["cell"])]


def _title(cell: xr.Dataset) -> str:
    kind = "no selection, " if int(cell.n) == int(cell.k) else ""
    return f"{kind}$k$ = {int(cell.k)}, $n$ = {int(cell.n)}"


def _bits(results: xr.Dataset) -> Figure:
    found = _chosen(results)
    made, axes = style.figure(1, max(1, len(found)), width=12, height=4, sharey=True, squeeze=False)
    for at, cell in zip(axes[0], found, strict=False):
        for number, kind in enumerate(cell.hash.values):
            here = cell.sel(hash=kind, layer=slice(0, int(cell.depth) - 1))
            colour = style.PALETTE[number % len(style.PALETTE)]
            words = "angle / $\\pi$" if number == 0 else "T8"
            style.theory(at, here.layer, here.disagreement_expected, words, color=colour)
            style.dots(
                at, here.layer, here.disagreement_mean, here.disagreement_low,
                here.disagreement_high, LABELS[str(kind)], color=colour,
            )  # fmt: skip
        at.set(title=_title(cell), xlabel="layer $l$ whose vectors are hashed")
    axes[0, 0].set(ylabel="fraction of bits that differ, folded", ylim=(-0.01, 0.5))
    made.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside lower center", ncols=4)
    return made


def _bits_against_angle(results: xr.Dataset) -> Figure:
    made, axes = style.figure(width=6.4, height=5)
    axes.plot([0, 0.5], [0, 0.5], color="#333333", label="angle / $\\pi$ (Eq. 9)")
    selected = [cell for cell in _chosen(results) if int(cell.n) > int(cell.k)]
    for number, cell in enumerate(selected):
        colour = style.PALETTE[number % len(style.PALETTE)]
        here = cell.sel(hash="kept rows")
        style.theory(axes, cell.grid, cell.bits_theory, f"T8, {_title(cell)}", color=colour)
        folded = here.folded_angle.values[:40]
        axes.plot(
            folded.ravel(), here.disagreement.values[:40].ravel(), ".", ms=2.5, alpha=0.5,
            color=colour, label=f"kept rows, {_title(cell)}", rasterized=True,
        )  # fmt: skip
    axes.set(xlabel="folded angle / $\\pi$ before the layer", xlim=(0, 0.5), ylim=(-0.005, 0.55))
    axes.set(ylabel="fraction of bits that differ after it", title="Forty networks, all layers")
    style.legend(axes)
    return made


def _binomial(results: xr.Dataset) -> Figure:
    found = [cell for cell in _chosen(results) if int(cell.n) > int(cell.k)]
    made, axes = style.figure(
        1, max(1, len(found)), width=10, height=3.8, sharey=True, squeeze=False
    )
    for at, cell in zip(axes[0], found, strict=False):
        at.axhline(0.1, color="#333333", label="Bin($n$, angle / $\\pi$)")
        for number, kind in enumerate(cell.hash.values):
            here = cell.sel(hash=kind)
            style.dots(
                at, here.tenth, here.quantile_share, label=LABELS[str(kind)], fmt="o-",
                color=style.PALETTE[number % len(style.PALETTE)],
            )  # fmt: skip
        at.set(title=_title(cell), xlabel="quantile of the Hamming distance under Eq. 11")
    axes[0, 0].set(ylabel="share of networks and layers", ylim=(0, None))
    style.legend(axes[0, 0])
    return made


def _entropy(results: xr.Dataset) -> Figure:
    made, axes = style.figure(width=7.5, height=4.4)
    for number, cell in enumerate(_chosen(results)):
        colour = style.PALETTE[number % len(style.PALETTE)]
        style.theory(axes, cell.layer, cell.entropy_theory, color=colour)
        style.dots(
            axes, cell.layer, cell.entropy_mean, cell.entropy_low, cell.entropy_high,
            _title(cell), color=colour,
        )  # fmt: skip
    axes.axhline(
        float(results.entropy_constant_map), color="#000000", ls="--", lw=2,
        label="a constant map: minimal from the first layer",
    )  # fmt: skip
    axes.set(
        xlabel="layer $l$", ylabel="$H_2$ of the angle (bits per hash, Eq. 13)", ylim=(-0.03, 1.03)
    )
    style.legend(axes)
    return made
