"""The configuration: read, and checked as a whole."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from entanglement.pipeline.checks import checked, nearest, plain
from entanglement.pipeline.document import (
    ConfigError,
    Document,
    Place,
    Problem,
    read,
    shown,
)
from entanglement.pipeline.expansion import expand, experiment
from entanglement.pipeline.grid import Cell, canonical

FIGURE_KEYS = ("fixed", "grid", "cases")
# Of one figure: each is a job or two, and networks are a dimension inside a cell.
MOST_CELLS = 10_000


@dataclass(frozen=True)
class Config:
    """A checked configuration.

    Parameters
    ----------
    seed
        Root of all random streams.
    figures
        Each figure's block in normal form: values as the experiment reads them, lists sorted.
    cells
        Each figure's cells, in a stable order.
    """

    seed: int
    figures: dict[str, dict[str, Any]]
    cells: dict[str, list[Cell]]

    @cached_property
    def models(self) -> dict[tuple[str, str], Cell]:
        """Map (figure, model) to one cell that evaluates it."""
        found = {
            (cell.model_figure, cell.model): cell
            for cells in self.cells.values()
            for cell in cells
            if cell.model_figure is not None and cell.model is not None
        }
        return dict(sorted(found.items()))

    @cached_property
    def _named(self) -> dict[tuple[str, str], Cell]:
        return {(figure, cell.name): cell for figure in self.cells for cell in self.cells[figure]}

    def cell(self, figure: str, name: str) -> Cell:
        """Find a cell by its name.

        Raises
        ------
        KeyError
            The configuration has no such cell.
        """
        if (figure, name) in self._named:
            return self._named[figure, name]
        names = [cell.name for cell in self.cells[figure]]
        raise KeyError(f"{figure} has no cell {name} in the configuration{nearest(name, names)}")


def load(paths: Sequence[Path | str | Document], registry: Mapping[str, str]) -> Config:
    """Read configuration files and check them as a whole.

    Later files replace a figure's block whole: grids of different files are never mixed.

    Parameters
    ----------
    paths
        The files, the most important last; or what was read from one.
    registry
        Experiment names and the modules that hold them.

    Raises
    ------
    ConfigError
        With every problem of every file.
    """
    documents: list[Document] = []
    problems: list[Problem] = []
    for path in paths:
        try:
            documents.append(
                path if isinstance(path, Document) else read(path, ("seed", "figures"))
            )
        except ConfigError as error:
            problems += error.problems
    if problems:
        raise ConfigError(problems)
    seed: int = 0
    figures: dict[str, Document] = {}
    found_seed = False
    for document in documents:
        problems += _top_level(document, registry)
        if "seed" in document.content:
            found_seed, seed = True, document.content["seed"]
        named = document.content.get("figures")
        for figure in named if isinstance(named, dict) else ():
            figures[figure] = document
    last = documents[-1]
    if not found_seed:
        problems.append(last.problem((), "`seed` is missing; add a line such as `seed: 2309`"))
    if not figures and not problems:
        problems.append(last.problem((), "`figures` is missing or empty; nothing to run"))
    figures = {figure: figures[figure] for figure in figures if figure in registry}
    cells: dict[str, list[Cell]] = {}
    blocks: dict[str, dict[str, Any]] = {}
    order = sorted(figures, key=lambda figure: experiment(registry, figure).models is not None)
    for figure in order:
        made, wrong, blocks[figure] = _figure(figures[figure], figure, registry, cells, figures)
        problems += wrong
        cells[figure] = made
    if problems:
        raise ConfigError(sorted(set(problems), key=lambda p: (p.file, p.line, p.place)))
    return Config(int(seed), blocks, {figure: cells[figure] for figure in figures})


def _top_level(document: Document, registry: Mapping[str, str]) -> list[Problem]:
    problems = []
    for key, value in document.content.items():
        if key not in ("seed", "figures"):
            message = f"unknown key; allowed: seed, figures{nearest(key, ('seed', 'figures'))}"
            problems.append(document.problem((key,), message))
        elif key == "seed" and (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or value < 0
            or value % 1 != 0  # .nan and .inf have no remainder
        ):
            message = f"{shown(value)} given; must be a whole number, 0 or more"
            problems.append(document.problem((key,), message))
        elif key == "figures" and not isinstance(value, dict):
            message = "must be a mapping from figures to their blocks"
            problems.append(document.problem((key,), message))
        elif key == "figures":
            for figure in value:
                if figure not in registry:
                    known = ", ".join(sorted(registry))
                    message = f"no such figure{nearest(figure, registry)}; known: {known}"
                    problems.append(document.problem((key, figure), message))
    return problems


def _figure(
    document: Document,
    figure: str,
    registry: Mapping[str, str],
    cells: Mapping[str, list[Cell]],
    documents: Mapping[str, Document],
) -> tuple[list[Cell], list[Problem], dict[str, Any]]:
    """Check one figure's block, expand it, and give it in normal form."""
    place: Place = ("figures", figure)
    block = document.content["figures"][figure]
    kinds = experiment(registry, figure)
    problems: list[Problem] = []
    block = {} if block is None else block
    if not isinstance(block, dict):
        return [], [document.problem(place, f"must be a mapping of {', '.join(FIGURE_KEYS)}")], {}
    for key in block:
        if key not in FIGURE_KEYS:
            message = f"unknown key; allowed: {', '.join(FIGURE_KEYS)}"
            problems.append(document.problem((*place, key), message + nearest(key, FIGURE_KEYS)))
    fixed, axes, cases = (block.get(key) for key in FIGURE_KEYS)
    for key, value, kind in (("fixed", fixed, dict), ("grid", axes, dict), ("cases", cases, list)):
        if value is not None and not isinstance(value, kind):
            wanted = "a mapping" if kind is dict else "a list of mappings"
            problems.append(document.problem((*place, key), f"must be {wanted}"))
    count = _count(axes, cases)
    if count > MOST_CELLS:
        message = f"{count} cells; at most {MOST_CELLS} in one figure: give its axes fewer values"
        problems.append(document.problem(place, message))
    if problems:
        return [], problems, {}

    def check(at: Place, key: str, value: Any) -> Any:
        made, texts = checked(kinds.fields(), key, value)
        problems.extend(document.problem(at, text) for text in texts)
        return made

    fixed = {key: check((*place, "fixed", key), key, v) for key, v in (fixed or {}).items()}
    grids: list[tuple[Place, dict[str, list[Any]]]] = []
    raw = ([((*place, "grid"), axes or {}, True)] if axes or not cases else []) + [
        ((*place, "cases", index), case, False) for index, case in enumerate(cases or [])
    ]
    for at, mapping, strict in raw:
        if not isinstance(mapping, dict):
            problems.append(document.problem(at, "must be a mapping from keys to values"))
            continue
        made = {}
        for key, values in mapping.items():
            if strict and key in fixed:
                message = "stands in `fixed` and in `grid`; keep it in one of them"
                problems.append(document.problem((*at, key), message))
            if not isinstance(values, list):
                if strict:
                    message = f"a grid axis is a list, such as [{shown(values)}]"
                    problems.append(document.problem((*at, key), message))
                values = [values]
            if not values:
                message = "the list is empty; give it a value or remove the key"
                problems.append(document.problem((*at, key), message))
            made[key] = [check((*at, key, i), key, value) for i, value in enumerate(values)]
        grids.append((at, made))
    if problems:
        return [], problems, {}
    inherited = {}
    if kinds.models and kinds.models in documents:
        # What is wrong with that figure's own block is said there.
        other = documents[kinds.models].content["figures"][kinds.models]
        lent = other.get("fixed") if isinstance(other, dict) else None
        inherited = lent if isinstance(lent, dict) else {}
    made_cells, wrong = expand(document, figure, kinds, fixed, grids, inherited, cells)
    return made_cells, wrong, _normal(fixed, grids)


def _count(axes: Mapping[str, Any] | None, cases: Sequence[Any] | None) -> int:
    """Say how many cells a block has, before any of them is made."""
    grids = [axes or {}] if axes or not cases else []
    grids += [case for case in cases or [] if isinstance(case, dict)]
    sizes = ([len(v) if isinstance(v, list) else 1 for v in grid.values()] for grid in grids)
    return sum(map(math.prod, sizes))


def _normal(
    fixed: Mapping[str, Any], grids: Sequence[tuple[Place, Mapping[str, list[Any]]]]
) -> dict[str, Any]:
    """Write a block so that two blocks which mean the same are the same."""
    cases = []
    block: dict[str, Any] = {"fixed": {key: plain(value) for key, value in fixed.items()}}
    for at, axes in grids:
        lists = {key: sorted(map(plain, values), key=repr) for key, values in axes.items()}
        if at[-1] == "grid":
            block["grid"] = lists
        else:
            cases.append(canonical(lists))
    return dict(canonical({**block, "cases": sorted(cases, key=repr)}))
