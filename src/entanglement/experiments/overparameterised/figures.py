"""Pictures of over-parameterised networks: losses, the law of the fit, modes, and dropout."""

from typing import Any

import xarray as xr
from matplotlib.figure import Figure

from entanglement.drawing import panels, style
from entanglement.experiments.overparameterised.roles import ROLES
from entanglement.statistics.roles import cast, values

LABELS = {"descent": "gradient descent", "sgd": "SGD", "momentum": "momentum", "adam": "Adam"}
COLORS = dict(zip(LABELS, style.PALETTE))
FLOOR, MODES = 1e-9, 6
UNSEEN = "loss on unseen noise (1: no answer)"
COLLAPSE = r"angle of two outputs / $\pi$ (0: one axis)"
HALF = "with samples: half of k"


def plot_cell(evaluation: xr.Dataset) -> Figure:
    """Draw the losses of every network of one cell, and the angle of its outputs."""
    figure, axes = style.figure(1, 2, width=8.6, height=3.3)
    for name, color in zip(("training", "unseen"), style.PALETTE):
        rows = evaluation[f"{name}_loss"].transpose("step", "network")
        lines = axes[0].plot(evaluation["step"], rows, color=color, alpha=0.5, lw=0.8, marker=".")
        lines[0].set_label(name)
    axes[0].set(xlabel="step", ylabel="loss", title="Losses")
    axes[0].set_xscale("symlog", linthresh=1)
    networks = range(evaluation.sizes["network"])
    style.dots(axes[1], networks, evaluation["pair_angle"])
    axes[1].set(xlabel="network", ylabel=COLLAPSE, title="Do unseen inputs share an axis?")
    axes[1].set_ylim(-0.01, 0.51)
    panels.legend(figure)
    return figure


def plot_panels(results: xr.Dataset) -> dict[str, Figure]:
    """Draw the panels of report.yaml, under their names there."""
    parts = cast(results, ROLES)
    return {
        "losses": _losses(parts["trained"]),
        "samples": _samples(results, parts["sample_sweep"]),
        "modes": _modes(parts["balanced"]),
        "dropout": _dropout(parts["dropped"], parts["selected"]),
    }


def _known(cells: list[xr.Dataset], name: str) -> list[xr.Dataset]:
    return [cell for cell in cells if cell[name].notnull().any()]


def _losses(cells: list[xr.Dataset]) -> Figure:
    cells = _known(cells, "mean_training_loss")
    if not cells:
        return panels.empty(f"no cell {HALF}, without dropout, that does not diverge")
    figure, axes = style.figure(1, 2, width=11.4, height=4.0, sharex=True)
    for cell in cells:
        optimiser, depth = values(cell, "optimiser", "depth")
        label = f"{LABELS[optimiser]}, {depth} layer{'s' if depth > 1 else ''}"
        look: dict[str, Any] = {"color": COLORS[optimiser], "lw": 1, "theory": False}
        look |= {"fmt": "o-"} if depth == 1 else {"fmt": "s--", "mfc": "white"}
        panels.curve(axes[0], cell, "mean_training_loss", label, floor=FLOOR, **look)
        panels.curve(axes[1], cell, "mean_unseen_loss", label, **look)
    laws = [cell for cell in cells if cell["last_unseen_loss_theory"].notnull()]
    for cell in laws[:1]:
        axes[1].axhline(float(cell["last_unseen_loss_theory"]), color="#333333", label="exact law")
    axes[0].set(yscale="log", ylim=(FLOOR, 3), ylabel="training loss", title="Noise that was shown")
    axes[1].set(ylabel=UNSEEN, title="Noise that was not")
    for at in axes:
        at.set_xlabel("step")
        at.set_xscale("symlog", linthresh=1)
        at.set_xlim(left=-0.2)
    panels.legend(figure)
    return figure


def _samples(results: xr.Dataset, cells: list[xr.Dataset]) -> Figure:
    cells = _known(cells, "last_unseen_loss")
    if not cells:
        return panels.empty("no cell with optimiser: descent, depth: 1, scale: 0, dropout: 0")
    figure, axes = style.figure(1, 2, width=10.4, height=3.9)
    for name, mark, color, label in (
        ("last_unseen_loss", "o", style.PALETTE[0], "unseen noise"),
        ("last_training_loss", "s", style.PALETTE[1], "training noise"),
    ):
        for number, cell in enumerate(cells):
            _dot(axes[0], cell, name, "samples", None if number else label, fmt=mark, color=color)
    style.theory(axes[0], results["any_samples"], results["loss_of_samples"], "exact law")
    for cell in cells:
        _dot(axes[1], cell, "mean_pair_angle", "samples", None, fmt="o", color=style.PALETTE[0])
    if not _known(cells, "mean_pair_angle"):
        panels.lacking(axes[1], "no cell whose outputs\nhave a direction")
    axes[0].set(xlabel="training samples $N$", ylabel="loss (1: no answer)", title="After training")
    axes[1].set(
        xlabel="training samples $N$", ylabel=COLLAPSE, title="Do unseen inputs share an axis?"
    )
    axes[1].set_ylim(-0.01, 0.51)
    panels.legend(figure)
    return figure


def _dot(
    axes: Any, cell: xr.Dataset, name: str, along: str, label: str | None, **look: Any
) -> None:
    y, low, high = ([float(cell[f"{name}{end}"])] for end in ("", "_low", "_high"))
    style.dots(axes, [float(cell[along])], y, low, high, label, **look)


def _modes(cell: xr.Dataset | None) -> Figure:
    if cell is None or not cell["strength"].notnull().any():
        return panels.empty("no cell with start: balanced, optimiser: descent, dropout: 0")
    figure, axes = style.figure(width=7.6, height=3.9)
    one = cell.isel(network=0)
    step = max(1, cell.sizes["mode"] // MODES)
    for number, color in zip(range(0, cell.sizes["mode"], step), style.PALETTE):
        mode = one.isel(mode=number)
        style.theory(axes, one["step"], mode["strength_law"], color=color, lw=1.2)
        style.dots(axes, one["step"], mode["strength"], label=f"mode {number + 1}", color=color)
    axes.set(xlabel="step", ylabel="strength over its final value")
    axes.set_xscale("symlog", linthresh=1)
    axes.set_xlim(left=-0.2)
    panels.legend(figure, "dots: one network\nlines: gradient flow")
    return figure


def _dropout(dropped: list[xr.Dataset], selected: list[xr.Dataset]) -> Figure:
    dropped = _known(dropped, "mean_pair_angle")
    selected = _known(selected, "mean_pair_angle")
    if not dropped and not selected:
        return panels.empty("no cell with dropout above 0")
    figure, axes = style.figure(1, 2, width=11.4, height=3.9)
    kinds = [(int(cell["depth"]), False, cell) for cell in dropped]
    kinds += [(int(cell["depth"]), True, cell) for cell in selected]
    looks: dict[tuple[int, bool], dict[str, Any]] = {}
    for depth, rows, cell in kinds:
        new = (depth, rows) not in looks
        place = len(looks) % len(style.PALETTE)
        look = looks.setdefault(
            (depth, rows),
            {"color": style.PALETTE[place], "fmt": "D" if rows else "os^v<>"[place % 6]},
        )
        words = "row selection" if rows else "dropout"
        label = f"{words}, {depth} layer{'s' if depth > 1 else ''}" if new else None
        _dot(axes[0], cell, "mean_pair_angle", "dropout", label, **look)
        if not rows:
            _dot(axes[1], cell, "last_unseen_loss", "dropout", None, **look)
    exact = [cell for cell in dropped if cell["last_expected_loss"].notnull()]
    x, y = ([float(cell[name]) for cell in exact] for name in ("dropout", "last_expected_loss"))
    style.theory(axes[1], x, y, "ridge, exact")
    axes[0].set(xlabel="share dropped", ylabel=COLLAPSE, title="Do unseen inputs share an axis?")
    axes[0].set_ylim(-0.01, 0.51)
    axes[1].set(xlabel="share dropped", ylabel=UNSEEN, title="Noise that was not shown")
    if not dropped:
        panels.lacking(axes[1], f"no cell {HALF}\nwith optimiser: descent, dropout above 0")
    panels.legend(figure)
    return figure
