"""Gather what a run made, whatever subset of it exists, as plain facts for the templates."""

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import xarray as xr

from entanglement.claims import coverage
from entanglement.pipeline import seal, store
from entanglement.report import differences, explore, words

# Beyond this many, single cells are reached through their folder.
CELLS_LISTED = 4


@dataclass(frozen=True)
class Panel:
    """One panel: SVG and plotted numbers, None where they were not made.

    `stale` says that it was drawn from other data or by other code than is asked for.
    """

    name: str
    title: str
    caption: str
    svg: bytes | None
    csv: str | None
    link: str
    stale: bool


@dataclass(frozen=True)
class Dataset:
    """A figure's dataset: where it lies, what it is, what made it."""

    path: str
    link: str
    size: int
    sha256: str
    title: str
    source: str
    fingerprint: str
    libraries: dict[str, str]


@dataclass(frozen=True)
class FigureFacts:
    """Everything that the report says about one figure."""

    name: str
    words: words.FigureWords
    panels: list[Panel]
    parameters: dict[str, list[Any]]
    differences: list[differences.Difference]
    dataset: Dataset | None
    cells: dict[str, str]
    cells_link: str
    pictures: list[str]
    missing: list[str]
    stale: list[str]
    failed: list[dict[str, Any]]
    whole: bool
    claims: list[dict[str, Any]]
    explore: list[explore.Item]

    @property
    def group(self) -> str:
        """The paper that the figure belongs to."""
        return self.words.paper[0]

    @property
    def state(self) -> str:
        """What is not as it should be, in words; nothing where all is well."""
        unmade = [panel for panel in self.panels if panel.svg is None]
        counts = (
            (len(self.failed), "jobs failed"),
            (len(self.missing), "cells missing"),
            (len(self.stale), "cells stale"),
            (int(self.dataset is None), "dataset missing"),
            (int(self.dataset is not None and not self.whole), "dataset stale"),
            (len(unmade), "panels missing"),
            (sum(panel.stale for panel in self.panels), "panels stale"),
        )
        return ", ".join(f"{count} {what}" for count, what in counts if count)


@dataclass(frozen=True)
class Facts:
    """Everything that the report says."""

    words: words.Words
    seed: Any
    figures: list[FigureFacts]
    claims: list[dict[str, Any]]
    coverage: coverage.Coverage
    commit: str
    attribution: str
    panda: bytes | None
    libraries: dict[str, dict[str, list[str]]] = field(default_factory=dict)


def collect(
    directory: Path,
    workflow: Path,
    config: Mapping[str, Any],
    status: Mapping[str, Any] | None,
    output: Path,
) -> Facts:
    """Gather the facts; see `entanglement.report.build` for the arguments."""
    text = words.read(workflow / "report.yaml")
    judged = _json(directory / "reports" / "claims.json") or []
    figures = [
        _figure(
            directory,
            output.parent,
            name,
            block or {},
            text,
            judged,
            status and status.get(name, {}),
        )
        for name, block in (config.get("figures") or {}).items()
    ]
    return Facts(
        words=text,
        seed=config.get("seed"),
        figures=figures,
        claims=judged,
        coverage=coverage.read(workflow / "coverage.yaml"),
        commit=_commit(workflow),
        attribution=(_image(directory, workflow, "ATTRIBUTION.md") or b"").decode(),
        panda=_image(directory, workflow, "panda.png"),
        libraries=_libraries(figures),
    )


def _figure(
    directory: Path,
    base: Path,
    name: str,
    block: Mapping[str, Any],
    text: words.Words,
    judged: Sequence[dict[str, Any]],
    status: Mapping[str, Any] | None,
) -> FigureFacts:
    described, partial, status = text.figure(name), status is not None, status or {}
    plots = directory / "reports" / "figures" / name
    values = differences.parameters(block)
    path = directory / "data" / f"{name}.nc"
    dataset, parts = None, []
    if _readable(path, partial):
        with store.read(path) as opened:
            dataset = _dataset(path, base, opened)
            parts = explore.items(name, opened)
            made = {
                str(key): coordinate.values.tolist()
                for key, coordinate in opened.coords.items()
                if coordinate.dims == ("cell",) and key not in ("cell", "cell_name")
            }
            values = differences.extended(values, made)
    cells = sorted((plots / "cells").glob("*.svg"))
    return FigureFacts(
        name=name,
        words=described,
        panels=_panels(plots, base, described, partial, status.get("stale_panels", ())),
        parameters=values,
        differences=differences.differences(
            values, differences.paper_values(name), described.deviations
        ),
        dataset=dataset,
        cells={cell.stem: _link(cell, base) for cell in cells[:CELLS_LISTED]},
        cells_link=_link(plots / "cells", base) + "/" if len(cells) > CELLS_LISTED else "",
        pictures=[v for k in values for v in map(_picture, values[k]) if v],
        missing=list(status.get("missing", ())),
        stale=list(status.get("stale", ())),
        failed=list(status.get("failed", ())),
        whole=bool(status.get("whole", True)),
        claims=[entry for entry in judged if entry["figure"] == name],
        explore=parts,
    )


def _readable(path: Path, partial: bool) -> bool:
    """Whether a product is there and whole; a damaged one stops all but a partial report."""
    if not path.exists():
        return False
    try:
        seal.verified(path)
    except store.DataError as error:
        if not partial:
            raise
        print(error, file=sys.stderr)
        return False
    return True


def _panels(
    plots: Path, base: Path, described: words.FigureWords, partial: bool, stale: Sequence[str]
) -> list[Panel]:
    """Panels in the order of report.yaml."""
    panels = []
    for name, panel in described.panels.items():
        svg = plots / f"{name}.svg"
        picture, numbers = None, None
        if _readable(svg, partial):
            picture = seal.content(svg)
            numbers = svg.with_suffix(".csv").read_text(encoding="utf-8")
        panels.append(
            Panel(
                name=name,
                title=panel.title,
                caption=panel.caption,
                svg=picture,
                csv=numbers,
                link=_link(svg, base),
                stale=name in stale,
            )
        )
    return panels


def _dataset(path: Path, base: Path, opened: xr.Dataset) -> Dataset:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    attrs = opened.attrs
    libraries = attrs.get("libraries", "{}")
    return Dataset(
        path=f"data/{path.name}",
        link=_link(path, base),
        size=path.stat().st_size,
        sha256=digest,
        title=str(attrs.get("title", "")),
        source=str(attrs.get("source", "")),
        fingerprint=_short(str(attrs.get("fingerprint", ""))),
        libraries=json.loads(libraries) if isinstance(libraries, str) else dict(libraries),
    )


def _short(fingerprint: str) -> str:
    """Condense {module: hash} to one short hash that changes with any module."""
    modules = json.loads(fingerprint or "{}")
    digest = hashlib.sha256(json.dumps(modules, sort_keys=True).encode()).hexdigest()
    return f"{digest[:12]} ({len(modules)} modules)"


def _libraries(figures: Sequence[FigureFacts]) -> dict[str, dict[str, list[str]]]:
    """For each library, its versions and the figures whose data each made."""
    found: dict[str, dict[str, list[str]]] = {}
    for figure in figures:
        if figure.dataset:
            for library, version in sorted(figure.dataset.libraries.items()):
                found.setdefault(library, {}).setdefault(str(version), []).append(figure.name)
    return dict(sorted(found.items()))


def _picture(value: Any) -> str | None:
    path = value.get("path") if isinstance(value, Mapping) else value
    suffixes = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".webp", ".tif", ".tiff")
    return path if isinstance(path, str) and path.lower().endswith(suffixes) else None


def _commit(workflow: Path) -> str:
    """Commit that the workflow stands at; a checkout is not required."""

    def git(*command: str) -> str:
        environment = {**os.environ, "GIT_OPTIONAL_LOCKS": "0"}
        done = subprocess.run(
            ["git", "-C", str(workflow), *command],
            capture_output=True, text=True, check=True, env=environment,
        )  # fmt: skip
        return done.stdout.strip()

    try:
        commit = git("rev-parse", "--short=12", "HEAD")
        changed = git("status", "--porcelain", "--untracked-files=no")
    except (OSError, subprocess.CalledProcessError):
        return "not under version control"
    return f"{commit} with uncommitted changes" if changed else commit


def _image(directory: Path, workflow: Path, name: str) -> bytes | None:
    """Content of a file beside the input pictures: the run's own before the project's."""
    for place in (directory, workflow.resolve().parent):
        path = place / "data" / "images" / name
        if path.exists():
            return path.read_bytes()
    return None


def _json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None


def _link(path: Path, base: Path) -> str:
    return Path(os.path.relpath(path.absolute(), base.absolute())).as_posix()
