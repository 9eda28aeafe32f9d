"""From a figure's checked block to its cells: each validated, named, and tied to its model."""

import importlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from entanglement.pipeline import grid
from entanglement.pipeline.checks import whole
from entanglement.pipeline.document import Document, Place, Problem
from entanglement.pipeline.errors import MendableError
from entanglement.pipeline.grid import Cell, canonical


@dataclass(frozen=True)
class Experiment:
    """The parameter models of one registered experiment.

    Parameters
    ----------
    train
        What its networks are made from; None if it trains nothing.
    evaluate
        What an evaluation is told.
    models
        The experiment whose networks it evaluates, if they are not its own.
    module
        The experiment's package.
    """

    train: type[BaseModel] | None
    evaluate: type[BaseModel]
    models: str | None
    module: Any

    def fields(self) -> dict[str, FieldInfo]:
        """Every key that the experiment's block may set."""
        train = self.train.model_fields if self.train else {}
        return {**train, **self.evaluate.model_fields}


def experiment(registry: Mapping[str, str], figure: str) -> Experiment:
    """Import the parameter models of a registered experiment.

    Raises
    ------
    MendableError
        The registry names a package that is not there.
    """
    module = _package(registry, figure)
    models = getattr(module, "MODELS", None)
    source = _package(registry, models) if models else module
    return Experiment(getattr(source, "Train", None), module.Evaluate, models, module)


def _package(registry: Mapping[str, str], figure: str) -> Any:
    name = registry[figure]
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
        parent = name.rpartition(".")[0]
        text = f"{parent}: REGISTRY names {name} for {figure}, and there is no such package"
        file = "create its __init__.py, or mend the name in src/" + parent.replace(".", "/")
        raise MendableError(f"{text}; {file}/__init__.py") from None


def expand(
    document: Document,
    figure: str,
    kinds: Experiment,
    fixed: dict[str, Any],
    grids: Iterable[tuple[Place, dict[str, list[Any]]]],
    inherited: dict[str, Any],
    others: Mapping[str, list[Cell]],
) -> tuple[list[Cell], list[Problem]]:
    """Expand a figure's checked block into cells; cross-key checks happen here.

    Parameters
    ----------
    document
        Where the block stands, for the lines of problems.
    figure
        Name of the figure.
    kinds
        Its parameter models.
    fixed
        Values of all cells.
    grids
        Where each grid or case stands, and its axes.
    inherited
        Fixed values of the figure whose models are evaluated.
    others
        Cells of the figures before this one.

    Returns
    -------
    The cells, and what is wrong with the block.
    """
    made: dict[str, Cell] = {}
    problems: list[Problem] = []
    train_keys = kinds.train.model_fields if kinds.train else {}
    seen: dict[str, str] = {}
    lent = others.get(kinds.models or "", [])
    trained = {repr(cell.train): (cell.model_figure, cell.model) for cell in lent}
    for at, axes in grids:
        for values in grid.product(axes):
            merged = {**fixed, **values}
            own = {k: v for k, v in merged.items() if k in train_keys}
            parts = (
                (kinds.train, {**{k: v for k, v in inherited.items() if k in train_keys}, **own}),
                (kinds.evaluate, {k: v for k, v in merged.items() if k not in train_keys}),
            )
            dumped: list[dict[str, Any]] = []
            valid: list[BaseModel | None] = []
            for kind, part in parts:
                try:
                    valid.append(kind.model_validate(part) if kind else None)
                    dumped.append(_dump(valid[-1]))
                except ValidationError as error:
                    problems += [document.problem(at, text) for text in whole(error)]
            if len(dumped) < 2:
                continue
            cross = getattr(kinds.module, "check", None)
            try:
                if cross:
                    cross(*valid)
            except ValueError as error:
                problems.append(document.problem(at, str(error)))
                continue
            train, evaluate = dumped
            normal = {key: {**train, **evaluate}[key] for key in values}
            name = grid.name(normal)
            model_figure, model = _model(figure, kinds, train, normal, train_keys, trained)
            if kinds.train and model is None:
                text = ", ".join(f"{k} = {v}" for k, v in own.items())
                message = f"{kinds.models} trains no model with {text}; add it to that figure"
                problems.append(document.problem(at, message))
                continue
            cell = Cell(figure, name, model_figure, model, train, evaluate)
            same = repr(cell.parameters)
            if same in seen:
                message = f"cell {name} equals another cell ({seen[same]}); remove one of them"
                problems.append(document.problem(at, message))
            seen[same] = name
            made[name] = cell
    if not made and not problems:
        problems.append(
            document.problem(("figures", figure), "no cell: give it a `grid` or `cases`")
        )
    return list(made.values()), problems


def _model(
    figure: str,
    kinds: Experiment,
    train: dict[str, Any],
    values: dict[str, Any],
    train_keys: Mapping[str, Any],
    trained: Mapping[str, tuple[str | None, str | None]],
) -> tuple[str | None, str | None]:
    if kinds.train is None:
        return None, None
    if kinds.models is None:
        return figure, grid.name({k: v for k, v in values.items() if k in train_keys})
    return trained.get(repr(train), (None, None))


def _dump(valid: BaseModel | None) -> dict[str, Any]:
    return canonical(valid.model_dump(mode="json")) if valid else {}
