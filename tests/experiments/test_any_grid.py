"""Any grid that the schema admits runs to the report: drawn from the parameter models."""

import contextlib
import functools
import importlib
import json
import os
import pkgutil
import warnings
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import grids
import numpy as np
import pytest
import xarray as xr
from hypothesis import HealthCheck, event, given, note, reject, settings
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure
from ruamel.yaml import YAML

import entanglement
from entanglement.claims import entries, judge, verdicts
from entanglement.claims.entries import Claim
from entanglement.drawing import numbers, style
from entanglement.experiments import REGISTRY
from entanglement.pipeline import config, jobs, pictures, stages, store
from entanglement.pipeline.document import ConfigError
from entanglement.report import explore, plotted

PROJECT = Path(__file__).parents[2]
CLAIMS = PROJECT / "workflow/claims.yaml"
GRIDS = int(os.environ.get("ENTANGLEMENT_GRIDS", "30"))  # for each experiment

# What JAX compiles is kept, between runs of the tests too; set before anything imports it.
os.environ.setdefault("JAX_COMPILATION_CACHE_DIR", str(PROJECT / ".pytest_cache/jax"))
os.environ.setdefault("JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS", "0")


@functools.cache
def load_everything() -> None:
    """Hypothesis draws numbers that stand in loaded modules: let them be the same in every run."""
    for module in pkgutil.walk_packages(entanglement.__path__, "entanglement."):
        importlib.import_module(module.name)


@functools.cache
def panels() -> dict[str, set[str]]:
    described = YAML(typ="safe").load(PROJECT / "workflow/report.yaml")["figures"]
    return {figure: set(words["panels"]) for figure, words in described.items()}


@functools.cache
def ledger() -> list[Claim]:
    return entries.read(CLAIMS)


@functools.cache
def once(stage: Callable[..., xr.Dataset], job: str, model: str | None = None) -> xr.Dataset:
    """Run a job that another grid may have run before."""
    trained = [] if stage is stages.train else [once(stages.train, model) if model else None]
    return stage(REGISTRY, json.loads(job), *trained)


def simulate(plan: config.Config, figure: str) -> tuple[dict[str, xr.Dataset], xr.Dataset]:
    """Train, evaluate and collect in memory."""
    cells = {}
    for cell in plan.cells[figure]:
        model = None
        if cell.model_figure and cell.model:
            model = json.dumps(jobs.train(plan, REGISTRY, cell.model_figure, cell.model))
        job = json.dumps(jobs.evaluate(plan, REGISTRY, figure, cell.name))
        cells[cell.name] = once(stages.evaluate, job, model)
    return cells, stages.collect(REGISTRY, jobs.collect(plan, REGISTRY, figure), cells)


def stored(dataset: xr.Dataset, path: Path) -> xr.Dataset:
    """Give what a later stage reads of what an earlier one made."""
    store.write(dataset, path)
    with store.read(path) as read:
        again = read.load()
    xr.testing.assert_equal(again, dataset)
    return again


def layout(dataset: xr.Dataset) -> tuple[Any, ...]:
    """Give what writing a dataset can trip over: names, dimensions, and kinds of what they hold."""
    attributes = {name: v.attrs for name, v in dataset.variables.items()} | {"": dataset.attrs}
    kinds = {
        name: sorted((key, type(a)) for key, a in of.items()) for name, of in attributes.items()
    }
    return tuple(
        (name, v.dims, v.dtype.kind, 0 in v.shape, str(kinds[name]), str(kinds[""]))
        for name, v in sorted(dataset.variables.items())
    )


def once_stored(dataset: xr.Dataset, path: Path, seen: list[Any]) -> xr.Dataset:
    """Give it as read from its file, if none of its layout was stored before."""
    if layout(dataset) in seen:
        return dataset
    seen.append(layout(dataset))
    return stored(dataset, path)


def report(
    figure: str, text: str, folder: Path, seen: list[Any], read: dict[Path, xr.Dataset]
) -> xr.Dataset:
    """Run a figure from the file of the configuration to its panels and verdicts; give its results.

    What `once` gave to another grid is in `seen`, and is not drawn again. The results go into
    `read`.

    Raises
    ------
    ConfigError
        The configuration is refused, before anything has run.
    """
    (folder / "config.yaml").write_text(text)
    plan = config.load([folder / "config.yaml"], REGISTRY)
    cells, results = simulate(plan, figure)
    path = folder / f"{figure}.nc"
    results = read[path] = once_stored(results, path, seen)
    drawing = importlib.import_module(f"{REGISTRY[figure]}.figures")
    for name, cell in cells.items():
        if id(cell) in seen:
            continue
        seen.append(id(cell))
        cell = once_stored(cell, folder / "evaluation.nc", seen)
        assert drawing.plot_cell(cell).axes, name
    drawn = pictures.draw(REGISTRY, figure, results)
    assert set(drawn) == panels()[figure]
    for name, picture in drawn.items():
        speaks(name, picture)
        complete(name, picture)
    for item in explore.items(figure, results):
        json.dumps(item.data, allow_nan=False)
    modest(judge(CLAIMS, folder, [figure]), figure, results)
    return results


def speaks(name: str, picture: Figure) -> None:
    """Every axes shows something, or says what it lacks."""
    assert picture.axes or picture.texts, f"panel {name} is blank"
    for axes in picture.axes:
        words = [text.get_text() for text in axes.texts]
        assert "nothing to show" not in words, f"say in NEEDS what panel {name} lacks"
        if axes.axison and not words:
            about = f"{axes.get_title(loc='left')} {axes.get_xlabel()} {axes.get_ylabel()}"
            assert not style.empty(axes), f"panel {name} is empty and does not say why: {about}"


def complete(name: str, picture: Figure) -> None:
    """The numbers beside a panel are those that it draws."""
    rows = plotted.rows(numbers.plotted_numbers(picture))
    for row in rows:
        found = [float(row[key]) for key in ("x", "y", "z") if row.get(key)]
        assert row["panel"], (name, row)
        assert row["series"], (name, row)
        assert found, (name, row)
        assert np.isfinite(found).all(), (name, row)
        assert bool(row["low"]) == bool(row["high"]), (name, row)
        assert bool(row.get("x_low")) == bool(row.get("x_high")), (name, row)
    drawn = [point for axes in picture.axes for point in _points(axes)]
    written = {(row["x"], row["y"]) for row in rows}
    missing = {(f"{x:.7g}", f"{y:.7g}") for x, y in drawn} - written
    assert not missing, f"panel {name} draws points that its CSV lacks: {sorted(missing)[:5]}"


def _points(axes: Any) -> list[tuple[float, float]]:
    """Finite points of dots, curves and scatters, as matplotlib holds them."""
    bars = {cap for box in axes.containers if hasattr(box, "has_yerr") for cap in box.lines[1]}
    made = [
        np.transpose(line.get_data_3d()[:2]) if hasattr(line, "get_data_3d") else line.get_xydata()
        for line in axes.lines
        if line not in bars and line.get_transform() is axes.transData
    ]
    made += [dots.get_offsets() for dots in axes.collections if isinstance(dots, PathCollection)]
    finite = [np.asarray(points, float) for points in made]
    return [tuple(p) for points in finite for p in points[np.isfinite(points).all(axis=1)]]


def modest(judged: list[dict[str, Any]], figure: str, results: xr.Dataset) -> None:
    """No claim gets a verdict from cells below its minimum."""
    found = {claim["id"]: claim["verdict"] for claim in judged}
    for claim in ledger():
        if claim.figure != figure:
            continue
        statistic = results[claim.statistic].attrs
        for key, least in claim.minimum.items():
            # A statistic that carries its own cell's sizes is judged by them.
            size = statistic[key] if key in statistic else float(results[key].max())
            if not size >= least:
                allowed = (verdicts.TOO_SMALL, verdicts.NOT_RUN)
                assert found[claim.id] in allowed, (claim.id, key, size, found[claim.id])


@pytest.mark.parametrize("figure", sorted(REGISTRY))
def test_any_grid_that_the_schema_admits_runs_to_the_report(figure, tmp_path, monkeypatch):
    load_everything()
    # The ledger is the same for all grids, and results are read once: both take longer than judging.
    judging = importlib.import_module("entanglement.claims.judge")
    monkeypatch.setattr(judging, "read", lambda path: ledger())
    read: dict[Path, xr.Dataset] = {}
    reader = SimpleNamespace(read=lambda path: contextlib.nullcontext(read[path]))
    monkeypatch.setattr(judging, "store", reader)
    seen: list[Any] = []
    sizes: dict[int, xr.Dataset] = {}  # results by how many cells they have

    @settings(
        max_examples=GRIDS, derandomize=True, database=None, deadline=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(grids.blocks(figure))
    def run(block):
        text = json.dumps(grids.document(figure, block), indent=1)  # JSON is YAML
        note(f"config.yaml:\n{text}")
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            try:
                results = report(figure, text, tmp_path, seen, read)
                sizes.setdefault(results.sizes["cell"], results)
            except ConfigError:
                event("refused by the schema")
                reject()

    run()
    # Laying out takes longer than all else: the smallest and the largest are.
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for results in (sizes[min(sizes)], sizes[max(sizes)]):
            for picture in pictures.draw(REGISTRY, figure, results).values():
                picture.draw_without_rendering()
