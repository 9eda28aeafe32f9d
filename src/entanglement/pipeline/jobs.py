"""What each job is told: one dict of built-in types, with exactly what its stage reads.

Snakemake reruns a job when this dict changes, so it holds the parameters and the fingerprint
of the code, and nothing else.
"""

import importlib.util
import os
from collections.abc import Mapping
from typing import Any

from entanglement.pipeline.config import Config
from entanglement.pipeline.fingerprint import fingerprint
from entanglement.pipeline.images import locate

Job = dict[str, Any]


def train(config: Config, registry: Mapping[str, str], figure: str, model: str) -> Job:
    """Job that trains one model."""
    cell = config.models()[figure, model]
    return {
        "figure": figure,
        "model": model,
        "parameters": cell.train,
        "seed": config.seed,
        "code": fingerprint(f"{registry[figure]}.train"),
    }


def evaluate(config: Config, registry: Mapping[str, str], figure: str, name: str) -> Job:
    """Job that evaluates one cell; the trained model is an input file, not a parameter."""
    cell = config.cell(figure, name)
    return {
        "figure": figure,
        "cell": name,
        "parameters": cell.evaluate,
        "seed": config.seed,
        "code": fingerprint(f"{registry[figure]}.evaluate"),
    }


def collect(config: Config, registry: Mapping[str, str], figure: str) -> Job:
    """Job that joins a figure's cells and summarises them."""
    code = {
        **fingerprint("entanglement.pipeline.results"),
        **fingerprint("entanglement.statistics.table"),
        **fingerprint(summary(registry, figure)),
    }
    parts = roles(registry, figure)
    if parts:
        code |= fingerprint(parts)
    return {"figure": figure, "cells": names(config, figure), "code": dict(sorted(code.items()))}


def summary(registry: Mapping[str, str], figure: str) -> str:
    """Module that holds a figure's statistics and curves."""
    return f"{registry[figure]}.summary"


def roles(registry: Mapping[str, str], figure: str) -> str | None:
    """Module that says which cell plays which part, if the experiment has one."""
    module = f"{registry[figure]}.roles"
    return module if importlib.util.find_spec(module) else None


def figures(config: Config, registry: Mapping[str, str], figure: str) -> Job:
    """Job that draws pictures: of every cell, or of the figure's panels."""
    code = fingerprint(f"{registry[figure]}.figures")
    return {"figure": figure, "cells": names(config, figure), "code": code}


def names(config: Config, figure: str) -> list[str]:
    """Names of a figure's cells, sorted: the order of a list in config.yaml does not matter."""
    return sorted(cell.name for cell in config.cells[figure])


def model_path(figure: str, model: str) -> str:
    """Where a trained model is stored."""
    return f"data/{figure}/{model}/model.nc"


def evaluation_path(figure: str, cell: str) -> str:
    """Where a cell's evaluation is stored."""
    return f"data/{figure}/{cell}/evaluation.nc"


def evaluation_inputs(config: Config, figure: str, name: str) -> list[str]:
    """Files that a cell's evaluation reads: its model, if it has one, and its pictures."""
    cell = config.cell(figure, name)
    model = [model_path(cell.model_figure, cell.model)] if cell.model_figure and cell.model else []
    return model + [
        os.path.relpath(locate(value["path"]))
        for value in cell.evaluate.values()
        if isinstance(value, Mapping) and "sha256" in value
    ]
