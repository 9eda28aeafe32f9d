"""Gather what a run made, whatever subset of it exists, as plain facts for the templates."""

import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import xarray as xr

from entanglement.claims import coverage
from entanglement.pipeline import seal, store
from entanglement.report import differences, explore, filling, words
from entanglement.report.facts import Dataset, Facts, FigureFacts, Panel

# Beyond this many, single cells are reached through their folder.
CELLS_LISTED = 4


def collect(
    directory: Path,
    workflow: Path,
    config: Mapping[str, Any],
    status: Mapping[str, Any] | None,
    output: Path,
) -> Facts:
    """Gather the facts; see `entanglement.report.build` for the arguments."""
    text = words.read(workflow / "report.yaml")
    judged = sorted(_json(directory / "reports" / "claims.json") or [], key=_in_order)
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


def _in_order(claim: Mapping[str, Any]) -> list[tuple[bool, int, str]]:
    """Sort A2 before A13 and A10 before A10b."""
    parts = re.findall(r"\d+|\D+", claim["id"])
    return [(part.isdigit(), int(part) if part.isdigit() else 0, part) for part in parts]


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
    mine = [entry for entry in judged if entry["figure"] == name]
    known: filling.Values = filling.meanings(judged)
    plots = directory / "reports" / "figures" / name
    values = differences.parameters(block)
    path = directory / "data" / f"{name}.nc"
    dataset, parts = None, []
    if not _readable(path, partial):
        described = described.filled(known)
    else:
        with store.read(path) as opened:
            dataset = _dataset(path, base, opened)
            parts = explore.items(name, opened)
            made = {
                str(key): coordinate.values.tolist()
                for key, coordinate in opened.coords.items()
                if coordinate.dims == ("cell",) and key not in ("cell", "cell_name")
            }
            values = differences.extended(values, made)
            known = {**known, **filling.values(opened)}
            described = described.filled(known)
    cells = sorted((plots / "cells").glob("*.svg"))
    return FigureFacts(
        name=name,
        words=described,
        panels=_panels(plots, base, described, partial, status.get("stale_panels", ()), mine),
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
        claims=mine,
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
    plots: Path,
    base: Path,
    described: words.FigureWords,
    partial: bool,
    stale: Sequence[str],
    judged: Sequence[dict[str, Any]],
) -> list[Panel]:
    """Panels in the order of report.yaml."""
    panels = []
    for name, panel in described.panels.items():
        svg = plots / f"{name}.svg"
        picture, drawn = None, None
        if _readable(svg, partial):
            picture = seal.content(svg)
            drawn = svg.with_suffix(".csv").read_text(encoding="utf-8")
        panels.append(
            Panel(
                name=name,
                words=panel,
                svg=picture,
                csv=drawn,
                link=_link(svg, base),
                stale=name in stale,
                claims=[entry for entry in judged if entry["panel"] == name],
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
