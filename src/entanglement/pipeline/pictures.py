"""Draw what the cells of a figure, and all of them together, show; store it whole."""

import importlib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import xarray as xr
from matplotlib.figure import Figure

from entanglement.drawing import numbers, style
from entanglement.drawing.panels import partly
from entanglement.pipeline import jobs, seal, store
from entanglement.pipeline.errors import MendableError
from entanglement.statistics.roles import spread

# A panel of more is no picture, and takes minutes to draw.
CELLS_DRAWN = 100


def plot(registry: Mapping[str, str], job: Mapping[str, Any]) -> Path:
    """Draw every cell of a figure: one process, since drawing takes less than importing."""
    figure = job["figure"]
    stage = importlib.import_module(f"{registry[figure]}.figures")
    folder = Path(f"reports/figures/{figure}/cells")
    for name in job["cells"]:
        source = jobs.evaluation_path(figure, name)
        with store.read(source) as evaluation:
            picture = stage.plot_cell(evaluation)
        with store.replacing(folder / f"{name}.svg") as temporary:
            style.save_svg(picture, str(temporary))
            seal.put(temporary, jobs.made({**job, "cell": name}, [source]))
    return folder


def panels(registry: Mapping[str, str], job: Mapping[str, Any]) -> Path:
    """Draw a figure's panels, each with the numbers it shows as CSV."""
    figure = job["figure"]
    folder = Path(f"reports/figures/{figure}")
    source = jobs.dataset_path(figure)
    with store.read(source) as results:
        drawn = draw(registry, figure, results)
        described(figure, drawn, job["panels"])
        for name, picture in drawn.items():
            beside = folder / f"{name}.csv"
            store.write_text(beside, numbers.plotted_numbers(picture))
            with store.replacing(folder / f"{name}.svg") as temporary:
                style.save_svg(picture, str(temporary), embedded=True)
                seal.put(temporary, jobs.made({**job, "panel": name}, [source]), beside)
    return folder


def draw(registry: Mapping[str, str], figure: str, results: xr.Dataset) -> dict[str, Figure]:
    """Draw the panels of a figure: of more than `CELLS_DRAWN` cells some, which each panel says."""
    roles = importlib.import_module(jobs.roles(registry, figure)).ROLES
    shown = spread(results, roles, CELLS_DRAWN)
    stage = importlib.import_module(f"{registry[figure]}.figures")
    drawn: dict[str, Figure] = stage.plot_panels(shown)
    if shown is not results:
        words = f"{shown.sizes['cell']} of {results.sizes['cell']:,} cells are drawn"
        for picture in drawn.values():
            if any(axes.axison for axes in picture.axes):  # not where there is nothing to show
                partly(picture, words)
    return drawn


def described(figure: str, drawn: Iterable[str], words: Iterable[str]) -> None:
    """Stop if the panels that a figure draws are not those that report.yaml describes.

    Snakemake waits for files by the names there; whatever it does not find it takes for a slow
    disk, and deletes what was made.

    Raises
    ------
    MendableError
        With the names that only one of them has.
    """
    given, wanted = sorted(drawn), sorted(words)
    if given != wanted:
        raise MendableError(
            f"plot_panels in figures.py gives {', '.join(given) or 'no panel'}; "
            f"workflow/report.yaml describes {', '.join(wanted)} (figures.{figure}.panels): "
            "give them the same names"
        )
