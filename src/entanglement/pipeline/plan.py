"""What the next run would do, cell by cell, without running Snakemake."""

import hashlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from math import isnan
from pathlib import Path
from statistics import fmean
from typing import Any

from entanglement.pipeline import history, jobs, provenance, store
from entanglement.pipeline.config import Config
from entanglement.pipeline.grid import Cell

STATES = ("kept", "new", "changed", "failed")


@dataclass(frozen=True)
class Step:
    """One train or evaluate job, and what the next run does about it.

    Parameters
    ----------
    rule, figure, name
        The job.
    state
        `kept`, `new`, `changed` or `failed` (in the last run; it will be tried again).
    reason
        Why it is not kept.
    seconds, size
        Expected run time and bytes on disk; NaN where nothing like it has been run.
    older
        Libraries that a kept result was made with and that have changed since.
    """

    rule: str
    figure: str
    name: str
    state: str
    reason: str
    seconds: float
    size: float
    older: str = ""


@dataclass(frozen=True)
class Plan:
    """Every step of a configuration, and what lies around that it does not name."""

    steps: list[Step]
    orphans: list[str]

    def __str__(self) -> str:
        """Give the plan as text: a line per figure, a line per step that is not kept."""
        lines = []
        for figure in sorted({step.figure for step in self.steps}):
            steps = [step for step in self.steps if step.figure == figure]
            counts = ", ".join(
                f"{sum(step.state == state for step in steps)} {state}" for state in STATES
            )
            lines.append(f"{figure}: {counts}")
            for step in steps:
                if step.state != "kept":
                    lines.append(f"  {step.state:8}{step.rule:9}{step.name}  ({step.reason})")
                elif step.older:
                    lines.append(f"  {'older':8}{step.rule:9}{step.name}  (made with {step.older})")
        lines += [f"orphan: {path} ({_bytes(history.size(path))})" for path in self.orphans]
        if self.orphans:
            lines.append("`entanglement prune` lists orphans and deletes them with --yes")
        work = [step for step in self.steps if step.state != "kept"]
        known = [step for step in work if not isnan(step.seconds)]
        if not work:
            lines.append("nothing to train or evaluate")
        else:
            unknown = len(work) - len(known)
            lines.append(
                f"to do: {len(work)} jobs, about {_time(sum(s.seconds for s in known))} of one core"
                f" and {_bytes(sum(s.size for s in known if not isnan(s.size)))}"
                + (f", and {unknown} of unknown cost" if unknown else "")
            )
        return "\n".join(lines)


def plan(config: Config, registry: Mapping[str, str]) -> Plan:
    """Compare what is stored with what the configuration and the code ask for.

    It applies Snakemake's own triggers to Snakemake's own records: missing or damaged output,
    another job, an interrupted job, an input that will be or was made again.
    """
    steps = []
    remade: dict[str, str] = {}
    costs = _Costs()
    versions = provenance.libraries()
    for (figure, model), cell in sorted(config.models().items()):
        path = jobs.model_path(figure, model)
        wanted = jobs.train(config, registry, figure, model)
        state, reason = _state("train", figure, model, path, wanted, [], {})
        if state != "kept":
            remade[path] = state
        steps.append(_step("train", cell.model_figure or figure, model, path, state, reason,
                           costs, versions))  # fmt: skip
    for figure, cells in config.cells.items():
        for cell in sorted(cells, key=lambda c: c.name):
            path = jobs.evaluation_path(figure, cell.name)
            wanted = jobs.evaluate(config, registry, figure, cell.name)
            inputs = jobs.evaluation_inputs(config, figure, cell.name)
            state, reason = _state("evaluate", figure, cell.name, path, wanted, inputs, remade)
            steps.append(_step("evaluate", figure, cell.name, path, state, reason, costs, versions))
    return Plan(_with_sizes(steps), list(orphans(config)))


def _with_sizes(steps: list[Step]) -> list[Step]:
    """Expect of what is not stored yet the mean size of the same rule's results in its figure."""
    known: dict[tuple[str, str], list[float]] = {}
    for step in steps:
        if not isnan(step.size):
            known.setdefault((step.rule, step.figure), []).append(step.size)
    return [
        replace(step, size=fmean(known.get((step.rule, step.figure), [step.size])))
        if isnan(step.size)
        else step
        for step in steps
    ]


def orphans(config: Config) -> Iterator[str]:
    """List results that the configuration no longer names: folders of cells, files of figures."""
    wanted = {Path(jobs.model_path(f, m)).parent for f, m in config.models()}
    wanted |= {
        Path(jobs.evaluation_path(figure, cell.name)).parent
        for figure, cells in config.cells.items()
        for cell in cells
    }
    for folder in sorted(Path("data").glob("*/*")):
        made = any((folder / name).exists() for name in ("model.nc", "evaluation.nc"))
        if made and folder not in wanted:
            yield str(folder)
        elif made and not _evaluated(folder, config) and (folder / "evaluation.nc").exists():
            yield str(folder / "evaluation.nc")
    for path in sorted(Path("data").glob("*.nc")):
        if path.stem not in config.figures:
            yield str(path)
    for path in sorted(Path("reports/figures").glob("*/cells/*.svg")):
        figure = path.parent.parent.name
        if figure not in config.cells or path.stem not in jobs.names(config, figure):
            yield str(path)


def _evaluated(folder: Path, config: Config) -> bool:
    cells: list[Cell] = config.cells.get(folder.parent.name, [])
    return any(cell.name == folder.name for cell in cells)


def status(config: Config, registry: Mapping[str, str]) -> dict[str, dict[str, list[Any]]]:
    """Say which cells of each figure are missing, stale or failed, for a partial report.

    Returns
    -------
    For each figure: `missing` and `stale` cell names, and `failed` entries with the keys
    cell, command and log.
    """
    steps = plan(config, registry).steps
    broken = {(s.rule, s.figure, s.name) for s in steps if s.state == "failed"}
    changed = {(s.figure, s.name) for s in steps if s.rule == "evaluate" and s.state == "changed"}
    found: dict[str, dict[str, list[Any]]] = {}
    for figure, cells in config.cells.items():
        entry: dict[str, list[Any]] = {"missing": [], "stale": [], "failed": []}
        for cell in cells:
            path = jobs.evaluation_path(figure, cell.name)
            if not Path(path).exists():
                entry["missing"].append(cell.name)
            elif (figure, cell.name) in changed:
                entry["stale"].append(cell.name)
            attempts = (
                ("evaluate", figure, cell.name),
                ("train", cell.model_figure, cell.model),
            )
            for rule, owner, name in attempts:
                if (rule, owner, name) in broken:
                    log = str(history.log_path(rule, str(owner), str(name)))
                    command = f"snakemake '{path}'"
                    entry["failed"].append({"cell": cell.name, "command": command, "log": log})
                    break
        found[figure] = entry
    return found


def _state(
    rule: str,
    figure: str,
    name: str,
    path: str,
    wanted: Mapping[str, Any],
    inputs: list[str],
    remade: Mapping[str, str],
) -> tuple[str, str]:
    if not os.path.exists(path):
        log = history.log_path(rule, figure, name)
        if history.unfinished(log):
            return "failed", f"see {log}"
        return "new", "not made yet"
    damage = store.damage(path)
    if damage:
        return "changed", f"the file {damage}"
    if history.interrupted(path):
        return "changed", "interrupted while it was being made"
    recorded = history.record(path)
    old = history.job(recorded) if recorded else None
    if old is not None and old != wanted:
        return "changed", "; ".join(_differences(old, wanted))
    for source in inputs:
        if source in remade:
            return "changed", f"its model is {remade[source]}"
        if recorded is not None and _newer(source, path, recorded.get("input_checksums") or {}):
            return "changed", f"{source} is newer"
    return "kept", ""


def _differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    for key in sorted({**old, **new}):
        before, after = old.get(key), new.get(key)
        if before == after:
            continue
        if key == "code" and isinstance(before, dict) and isinstance(after, dict):
            modules = sorted(m for m in {**before, **after} if before.get(m) != after.get(m))
            yield "code of " + ", ".join(m.removeprefix("entanglement.") for m in modules)
        elif isinstance(before, dict) and isinstance(after, dict):
            yield from _differences(before, after)
        else:
            yield f"{key} {before} -> {after}"


def _newer(source: str, path: str, checksums: Mapping[str, str]) -> bool:
    try:
        if os.path.getmtime(source) <= os.path.getmtime(path):
            return False
        known = checksums.get(source)
        with open(source, "rb") as file:
            return known != "sha256:" + hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return False


class _Costs:
    """Expected costs from what has been run: the same job, else the mean of its figure's rule."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], dict[str, float]] = {}

    def of(self, rule: str, figure: str, name: str) -> float:
        key = (rule, figure)
        if key not in self._known:
            self._known[key] = history.seconds(rule, figure)
        known = self._known[key]
        return known.get(name, fmean(known.values()) if known else float("nan"))


def _step(
    rule: str,
    figure: str,
    name: str,
    path: str,
    state: str,
    reason: str,
    costs: _Costs,
    versions: Mapping[str, str],
) -> Step:
    older = ""
    if state == "kept":
        made = history.libraries(rule, figure, name)
        older = ", ".join(f"{k} {v}" for k, v in made.items() if versions.get(k, v) != v)
    size = float(history.size(path)) or float("nan")
    return Step(rule, figure, name, state, reason, costs.of(rule, figure, name), size, older)


def _time(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"


def _bytes(size: float) -> str:
    return f"{size / 1e6:.1f} MB" if size >= 1e6 else f"{size / 1e3:.0f} kB"
