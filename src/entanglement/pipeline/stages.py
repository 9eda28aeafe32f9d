"""Run one job: read what it needs, call the experiment, store the result whole."""

import importlib
import json
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import xarray as xr

from entanglement.pipeline import jobs, provenance, store
from entanglement.pipeline.config import Config
from entanglement.pipeline.errors import MendableError
from entanglement.pipeline.expansion import experiment
from entanglement.pipeline.parameters import Cell
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
    unchanged(job, jobs.code(stage, registry, [figure]))
    if stage == "train":
        path = Path(jobs.model_path(figure, job["model"]))
        store.write(train(registry, job), path, jobs.made(job, []))
    elif stage == "evaluate":
        path = Path(jobs.evaluation_path(figure, job["cell"]))
        sources = [model_file] if model_file else []
        evaluation = evaluate(registry, job, store.read(model_file) if model_file else None)
        store.write(evaluation, path, jobs.made(job, sources))
    elif stage == "collect":
        path = Path(jobs.dataset_path(figure))
        sources = [jobs.evaluation_path(figure, name) for name in job["cells"]]
        cells = {n: _loaded(p) for n, p in zip(job["cells"], sources, strict=True)}
        store.write(collect(registry, job, cells), path, jobs.made(job, sources))
    else:
        from entanglement.pipeline import pictures

        path = (pictures.plot if stage == "plot" else pictures.panels)(registry, job)
    return path


def _loaded(path: str) -> xr.Dataset:
    """Read a file whole, and close it: an open one holds a megabyte of buffers.

    Padding to a common size picks single rows, which a file serves slowly.
    """
    with store.read(path) as dataset:
        return dataset.load()


def unchanged(job: Job, now: Mapping[str, str]) -> None:
    """Stop if the code was edited after the run was planned: its result would be mislabelled.

    Parameters
    ----------
    job
        What was planned.
    now
        Fingerprint of the code as it is.

    Raises
    ------
    JobError
        They differ.
    """
    changed = sorted(m for m in {**now, **job["code"]} if now.get(m) != job["code"].get(m))
    if changed:
        raise JobError(
            f"the code changed after this run was planned ({', '.join(changed)}); "
            "start the workflow again"
        )


def unedited(path: Path, planned: str) -> None:
    """Stop if a file of words was edited after the run was planned.

    Raises
    ------
    JobError
        Its checksum is not the planned one.
    """
    if jobs.checksum(path) != planned:
        raise JobError(f"{path} changed after this run was planned; start the workflow again")


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
    kinds = experiment(registry, figure)
    stage = importlib.import_module(f"{registry[figure]}.evaluate")
    trained = json.loads(model.attrs["parameters"]) if model is not None else {}
    train = kinds.train.model_validate(trained) if kinds.train and model is not None else None
    cell = Cell(train, kinds.evaluate.model_validate(job["parameters"]))
    seeds = Seeds.of(job["seed"], kinds.models or figure, trained)
    evaluation = stage.evaluate(model, cell, seeds)
    made = _attributes(kinds.module, "evaluation", {**trained, **job["parameters"]}, job)
    return evaluation.assign_attrs({**evaluation.attrs, **made})


def collect(
    registry: Mapping[str, str], job: Job, evaluations: Mapping[str, xr.Dataset]
) -> xr.Dataset:
    """Join a figure's cells and add what needs several of them; leave out what is `BULK`.

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
    from entanglement.statistics import curves, table

    package = importlib.import_module(registry[job["figure"]])
    summary = importlib.import_module(jobs.summary(registry, job["figure"]))
    results = concatenate(evaluations)
    roles = importlib.import_module(jobs.roles(registry, job["figure"])).ROLES
    results = _with(results, curves.over_networks(results, summary.CURVES))
    if hasattr(summary, "summarise"):
        results = _with(results, summary.summarise(results))
    results = _with(results, xr.Dataset(table.table(results, roles, summary.STATISTICS)))
    # What is only summarised stays in the cells' own files, and is not stored twice.
    results = results.drop_vars(getattr(summary, "BULK", ()))
    return results.assign_attrs(_attributes(package, "results", {"cells": job["cells"]}, job))


def simulate(config: Config, registry: Mapping[str, str], figure: str) -> xr.Dataset:
    """Train, evaluate and collect one figure in memory, as the workflow does with files.

    Parameters
    ----------
    config
        The configuration.
    registry
        Experiment names and the modules that hold them.
    figure
        Name of the figure.
    """
    cells = evaluations(config, registry, figure)
    return collect(registry, jobs.collect(config, registry, figure), cells)


def evaluations(config: Config, registry: Mapping[str, str], figure: str) -> dict[str, xr.Dataset]:
    """Train and evaluate every cell of one figure in memory, by name; see `simulate`."""
    models: dict[tuple[str, str], xr.Dataset] = {}
    made = {}
    for cell in config.cells[figure]:
        model = None
        if cell.model_figure and cell.model:
            key = (cell.model_figure, cell.model)
            if key not in models:
                models[key] = train(registry, jobs.train(config, registry, *key))
            model = models[key]
        made[cell.name] = evaluate(
            registry, jobs.evaluate(config, registry, figure, cell.name), model
        )
    return made


def _with(results: xr.Dataset, added: xr.Dataset) -> xr.Dataset:
    """Add variables of any size to collected results; what both have stays as it is there."""
    added = added.drop_vars(
        [n for n in added.coords if n in results.coords and n not in added.dims]
    )
    merged = xr.merge([results, added], combine_attrs="drop", compat="no_conflicts", join="outer")
    for name in [*results.variables, *added.variables]:
        merged[name].attrs = (added if name in added.variables else results)[name].attrs
    return merged


def _attributes(package: ModuleType, what: str, values: Any, job: Job) -> dict[str, str]:
    title = (package.__doc__ or package.__name__).strip().splitlines()[0].rstrip(".")
    sources = sorted({str(source) for _, source in getattr(package, "PAPER", {}).values()})
    identity = {key: job[key] for key in ("figure", "model", "cell") if key in job}
    made = provenance.attributes(f"{title}: {what}", "; ".join(sources), values, job["code"])
    return {**made, **identity}
