"""Run one job: read what it needs, call the experiment, store the result whole."""

import importlib
import json
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import xarray as xr

from entanglement.pipeline import jobs, provenance, store
from entanglement.pipeline.errors import MendableError
from entanglement.pipeline.fingerprint import fingerprint
from entanglement.pipeline.seeds import Seeds

Job = Mapping[str, Any]


class JobError(MendableError):
    """A job cannot be done; the message says which and what to do."""


def run(registry: Mapping[str, str], stage: str, job: Job, model_file: str | None) -> Path:
    """Run one job of a stage and store its result.

    Parameters
    ----------
    registry
        Experiment names and the modules that hold them.
    stage
        `train`, `evaluate`, `collect`, `plot` or `panels`.
    job
        As made by `pipeline.jobs`.
    model_file
        The trained model that `evaluate` reads, or None if the experiment trains nothing.

    Returns
    -------
    The file or folder that was made.
    """
    figure = job["figure"]
    if stage == "train":
        _unchanged(job, f"{registry[figure]}.train")
        path = Path(jobs.model_path(figure, job["model"]))
        store.write(train(registry, job), path)
    elif stage == "evaluate":
        _unchanged(job, f"{registry[figure]}.evaluate")
        path = Path(jobs.evaluation_path(figure, job["cell"]))
        store.write(evaluate(registry, job, store.read(model_file) if model_file else None), path)
    elif stage == "collect":
        path = Path(f"data/{figure}.nc")
        # Loaded whole: padding to a common size picks single rows, which a file serves slowly.
        cells = {n: store.read(jobs.evaluation_path(figure, n)).load() for n in job["cells"]}
        store.write(collect(registry, job, cells), path)
    else:
        _unchanged(job, f"{registry[figure]}.figures")
        path = (plot if stage == "plot" else panels)(registry, job)
    return path


def train(registry: Mapping[str, str], job: Job) -> xr.Dataset:
    """Train one model.

    Parameters
    ----------
    registry
        Experiment names and the modules that hold them.
    job
        As made by `pipeline.jobs.train`.
    """
    figure, values = job["figure"], job["parameters"]
    package = importlib.import_module(registry[figure])
    stage = importlib.import_module(f"{registry[figure]}.train")
    seeds = Seeds.of(job["seed"], figure, values)
    model = stage.train(package.Train.model_validate(values), seeds)
    return model.assign_attrs({**model.attrs, **_attributes(package, "model", values, job)})


def evaluate(registry: Mapping[str, str], job: Job, model: xr.Dataset | None) -> xr.Dataset:
    """Evaluate one cell.

    Parameters
    ----------
    registry
        Experiment names and the modules that hold them.
    job
        As made by `pipeline.jobs.evaluate`.
    model
        The trained model, or None if the experiment trains nothing.
    """
    figure = job["figure"]
    package = importlib.import_module(registry[figure])
    stage = importlib.import_module(f"{registry[figure]}.evaluate")
    trained = json.loads(model.attrs["parameters"]) if model is not None else {}
    seeds = Seeds.of(job["seed"], getattr(package, "MODELS", None) or figure, trained)
    evaluation = stage.evaluate(model, package.Evaluate.model_validate(job["parameters"]), seeds)
    made = _attributes(package, "evaluation", {**trained, **job["parameters"]}, job)
    return evaluation.assign_attrs({**evaluation.attrs, **made})


def collect(
    registry: Mapping[str, str], job: Job, evaluations: Mapping[str, xr.Dataset]
) -> xr.Dataset:
    """Join a figure's cells and add what needs several of them.

    Parameters
    ----------
    registry
        Experiment names and the modules that hold them.
    job
        As made by `pipeline.jobs.collect`.
    evaluations
        The cells by name.
    """
    from entanglement.pipeline.results import concatenate

    figure = job["figure"]
    package = importlib.import_module(registry[figure])
    stage = importlib.import_module(f"{registry[figure]}.evaluate")
    results = concatenate(evaluations)
    added = stage.summarise(results)
    merged = xr.merge([results, added], combine_attrs="drop", compat="no_conflicts", join="outer")
    for name in [*results.variables, *added.variables]:
        merged[name].attrs = (added if name in added.variables else results)[name].attrs
    return merged.assign_attrs(_attributes(package, "results", {"cells": job["cells"]}, job))


def plot(registry: Mapping[str, str], job: Job) -> Path:
    """Draw every cell of a figure: one process, since drawing takes less than importing."""
    from entanglement import style

    figure = job["figure"]
    stage = importlib.import_module(f"{registry[figure]}.figures")
    folder = Path(f"reports/figures/{figure}/cells")
    for name in job["cells"]:
        with store.read(jobs.evaluation_path(figure, name)) as evaluation:
            picture = stage.plot_cell(evaluation)
        with store.replacing(folder / f"{name}.svg") as temporary:
            style.save_svg(picture, str(temporary))
    return folder


def panels(registry: Mapping[str, str], job: Job) -> Path:
    """Draw a figure's panels, each with the numbers it shows as CSV."""
    from entanglement import style

    figure = job["figure"]
    stage = importlib.import_module(f"{registry[figure]}.figures")
    folder = Path(f"reports/figures/{figure}")
    with store.read(f"data/{figure}.nc") as results:
        for name, picture in stage.plot_panels(results).items():
            with store.replacing(folder / f"{name}.svg") as temporary:
                style.save_svg(picture, str(temporary), embedded=True)
            store.write_text(folder / f"{name}.csv", style.plotted_numbers(picture))
    return folder


def _attributes(package: ModuleType, what: str, values: Any, job: Job) -> dict[str, str]:
    title = (package.__doc__ or package.__name__).strip().splitlines()[0].rstrip(".")
    sources = sorted({str(source) for _, source in getattr(package, "PAPER", {}).values()})
    return provenance.attributes(f"{title}: {what}", "; ".join(sources), values, job["code"])


def _unchanged(job: Job, entry: str) -> None:
    """Stop if the code was edited after the run was planned: its result would be mislabelled."""
    now = fingerprint(entry)
    changed = sorted(m for m in {**now, **job["code"]} if now.get(m) != job["code"].get(m))
    if changed:
        raise JobError(
            f"the code changed after this run was planned ({', '.join(changed)}); "
            "start the workflow again"
        )
