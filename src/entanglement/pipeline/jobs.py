"""What each job is told: one dict of built-in types, with exactly what its stage reads.

Snakemake reruns a job when this dict changes, so it holds the parameters and the fingerprint
of the code, and nothing else.
"""

import hashlib
import importlib.util
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from entanglement.pipeline import seal
from entanglement.pipeline.config import Config
from entanglement.pipeline.fingerprint import fingerprint
from entanglement.pipeline.home import inside
from entanglement.pipeline.images import locate

Job = dict[str, Any]


def train(config: Config, registry: Mapping[str, str], figure: str, model: str) -> Job:
    """Job that trains one model."""
    cell = config.models[figure, model]
    return {
        "figure": figure,
        "model": model,
        "parameters": cell.train,
        "seed": config.seed,
        "code": code("train", registry, [figure]),
    }


def evaluate(config: Config, registry: Mapping[str, str], figure: str, name: str) -> Job:
    """Job that evaluates one cell; the trained model is an input file, not a parameter."""
    cell = config.cell(figure, name)
    return {
        "figure": figure,
        "cell": name,
        "parameters": cell.evaluate,
        "seed": config.seed,
        "code": code("evaluate", registry, [figure]),
    }


def collect(config: Config, registry: Mapping[str, str], figure: str) -> Job:
    """Job that joins a figure's cells and summarises them."""
    found = code("collect", registry, [figure])
    return {"figure": figure, "cells": names(config, figure), "code": found}


def summary(registry: Mapping[str, str], figure: str) -> str:
    """Module that holds a figure's statistics and curves."""
    return f"{registry[figure]}.summary"


def roles(registry: Mapping[str, str], figure: str) -> str:
    """Module that says which cell plays which part."""
    return f"{registry[figure]}.roles"


# Cells that one process draws: more than its imports cost, and Snakemake notes all inputs of a
# job beside each of its outputs.
TOGETHER = 50


def pictures(config: Config, registry: Mapping[str, str], figure: str) -> dict[str, Job]:
    """Jobs that draw a picture of every cell, by the names of their rules."""
    cells = names(config, figure)
    parts = [cells[start : start + TOGETHER] for start in range(0, len(cells), TOGETHER)]
    found = code("plot", registry, [figure])
    return {
        f"plot_{figure}" + (f"__{number}" if number else ""): {
            "figure": figure,
            "cells": part,
            "code": found,
        }
        for number, part in enumerate(parts)
    }


def panels(registry: Mapping[str, str], figure: str, described: Iterable[str]) -> Job:
    """Job that draws a figure's panels: those that report.yaml describes."""
    found = code("panels", registry, [figure])
    return {"figure": figure, "code": found, "panels": list(described)}


def claims(config: Config, project: Path) -> Job:
    """Job that judges the claims of a configuration's figures."""
    path = project / "workflow" / "claims.yaml"
    return {
        "figures": sorted(config.figures),
        "claims": checksum(path),
        "code": fingerprint("entanglement.claims"),
    }


def report(config: Config, registry: Mapping[str, str], project: Path) -> Job:
    """Job that builds the report: the configuration, and the code and texts that render it."""
    return {
        "seed": config.seed,
        "figures": config.figures,
        "words": checksum(project / "workflow" / "report.yaml"),
        "coverage": checksum(project / "workflow" / "coverage.yaml"),
        "code": code("report", registry, config.figures),
    }


def code(stage: str, registry: Mapping[str, str], figures: Iterable[str]) -> dict[str, str]:
    """Fingerprint of what a stage runs for some figures."""
    if stage == "claims":
        return fingerprint("entanglement.claims")
    found: dict[str, str] = {}
    if stage == "report":
        found = fingerprint("entanglement.report")
        folder = Path(__file__).parent.parent / "report"
        for path in sorted(folder.rglob("*")):
            if path.suffix in (".html", ".css", ".js"):
                found[path.name] = checksum(path)[:12]
    for figure in figures:
        module = registry[figure]
        if stage == "report":
            found |= {module: fingerprint(module)[module]}
            if importlib.util.find_spec(f"{module}.explore"):
                found |= fingerprint(f"{module}.explore")
        elif stage == "collect":
            found |= fingerprint("entanglement.pipeline.results")
            found |= fingerprint("entanglement.statistics.table")
            found |= fingerprint(summary(registry, figure))
            found |= fingerprint(roles(registry, figure))
        else:
            found |= fingerprint(f"{module}.{'figures' if stage in ('plot', 'panels') else stage}")
    return dict(sorted(found.items()))


def made(job: Mapping[str, Any], sources: Iterable[str]) -> dict[str, Any]:
    """What the seal of a product says: its job, and the digest of what it was made from."""
    paths = list(sources)
    return {**compared(job), **({"inputs": seal.inputs(paths)} if paths else {})}


def claims_made(job: Mapping[str, Any], figure: str) -> str:
    """What the seal of a figure's claims says: nothing of other figures."""
    data = [dataset_path(figure)] if figure in job["figures"] else []
    return seal.short(made({key: job[key] for key in ("claims", "code")}, data))


def report_sources(panels: Mapping[str, Iterable[str]]) -> list[str]:
    """Products that the report holds, for the panels of each figure."""
    data = [dataset_path(figure) for figure in sorted(panels)]
    pictures = [panel_paths(f, name)[0] for f in sorted(panels) for name in panels[f]]
    return [*data, "reports/claims.json", *pictures]


def compared(job: Mapping[str, Any]) -> Job:
    """Leave out the names of a figure's cells and panels: the files say which they are."""
    return {key: value for key, value in job.items() if key not in ("cells", "panels")}


def checksum(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def names(config: Config, figure: str) -> list[str]:
    """Names of a figure's cells, sorted: the order of a list in config.yaml does not matter."""
    return sorted(cell.name for cell in config.cells[figure])


def model_path(figure: str, model: str) -> str:
    """Where a trained model is stored."""
    return f"data/{figure}/{model}/model.nc"


def evaluations(config: Config, figure: str) -> list[str]:
    """Where a figure's evaluations are stored."""
    return [evaluation_path(figure, name) for name in names(config, figure)]


def picture_path(figure: str, cell: str) -> str:
    """Where a cell's plot is stored."""
    return f"reports/figures/{figure}/cells/{cell}.svg"


def evaluation_path(figure: str, cell: str) -> str:
    """Where a cell's evaluation is stored."""
    return f"data/{figure}/{cell}/evaluation.nc"


def dataset_path(figure: str) -> str:
    """Where a figure's cells are stored together."""
    return f"data/{figure}.nc"


def panel_paths(figure: str, panel: str) -> tuple[str, str]:
    """Where a panel and the numbers that it draws are stored."""
    return f"reports/figures/{figure}/{panel}.svg", f"reports/figures/{figure}/{panel}.csv"


def models_read(config: Config, figure: str, name: str) -> list[str]:
    """Trained models that a cell's evaluation reads: one or none."""
    cell = config.cell(figure, name)
    return [model_path(cell.model_figure, cell.model)] if cell.model_figure and cell.model else []


def images_read(config: Config, figure: str, name: str, place: str = "") -> list[str]:
    """Pictures that a cell's evaluation reads; where it works in a folder `place`, absolute."""
    values = config.cell(figure, name).evaluate.values()
    named = [v["path"] for v in values if isinstance(v, Mapping) and "sha256" in v]
    with inside(place):
        found = [locate(path).absolute() for path in named]
    return [str(path) if place else os.path.relpath(path) for path in found]
