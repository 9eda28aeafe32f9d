"""Draw small blocks of config.yaml that an experiment's parameter models admit."""

import typing
from collections.abc import Mapping
from typing import Any

from annotated_types import Ge, Gt, Le, Lt
from hypothesis import strategies as st
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from entanglement.experiments import REGISTRY
from entanglement.pipeline import expansion, grid

Axes = dict[str, list[Any]]

# Largest values that are drawn, so that a grid takes a moment; SMALL for any other whole number.
LARGEST = {
    "n_over_k": 8, "networks": 3, "steps": 3, "points": 4,
    "pairs": 3, "elements": 3,
}  # fmt: skip
SMALL = 8
# JAX compiles for every shape: of these one value each.
ONE = {
    "training": 190, "test": 190, "batch": 20, "epochs": 1, "width": 4, "head": 2, "hidden": 3,
    "choices": 3, "filters": 2,
}  # fmt: skip
# Exact laws are computed for every pair of the first two, and every norm is an attack: a few
# values, so that they are shared.
FEW = {"k": (2, 3, 9, 16), "n": (2, 16, 64), "probes": (1, 2, 3, 5), "norms": (0, 1, 3)}
# Where every number of these is compiled.
TRAINED = {"networks": (1, 3), "betas": (1, 3), "probes": (1, 3)}
# These cost nothing, up to the end of their range, where no cell is drawn literally.
FREE = ("n", "n_over_k")
# A cell's first key may not be less than its second.
AT_LEAST = {"n": "k", "probes": "keys", "training": "batch"}
PICTURES = [f"data/images/{name}.png" for name in ("panda", "gibbon", "dog", "laptop")]


@st.composite
def blocks(draw: st.DrawFn, figure: str) -> dict[str, Any]:
    """Draw a figure's block: fixed values with a grid, with cases, or with both."""
    fields = expansion.experiment(REGISTRY, figure).fields()
    pictures = [key for key, field in fields.items() if _is_model(field)]
    tied = [*pictures, "k"] if pictures else []  # a picture's pixels are the network's inputs
    ordered = {*AT_LEAST, *AT_LEAST.values()}
    costly = [k for k, f in fields.items() if _costs(k, f.default)]
    needed = [k for k, f in fields.items() if f.is_required() or k in (*ordered, *tied, *costly)]
    alone = [key for key in fields if key not in tied and key not in ONE]
    literal = draw(st.booleans())
    few = FEW | TRAINED if "epochs" in fields else FEW

    def some(keys: list[str], most: int) -> list[str]:
        count = draw(st.integers(0, min(most, len(keys))))
        return draw(st.permutations(keys))[:count] if count else []

    def values(keys: list[str], most: int) -> Axes:
        side = draw(st.integers(2, 4))
        made: Axes = {}
        for key in keys:
            value = _value(key, fields[key], side, literal, few)
            if key == "k" and pictures:
                value = st.just(side**2)
            count = draw(st.integers(1, most))
            made[key] = draw(st.lists(value, min_size=1, max_size=count, unique_by=grid.label))
        return made

    base = values([*needed, *some([key for key in fields if key not in needed], 4)], 1)
    varied = values(some(alone, 2), 3)
    first = _in_order({**base, **varied})
    fixed = {key: found[0] for key, found in first.items() if key not in varied}
    axes = {key: first[key] for key in varied}
    cells = {_name(fields, {**fixed, **cell}) for cell in grid.product(axes)}
    cases = []
    for _ in range(draw(st.integers(0, 3))):
        changed = some(alone, 3) + (tied if draw(st.booleans()) else [])
        case = _in_order({**{k: v[:1] for k, v in first.items()}, **values(changed, 1)})
        scalars = {k: v for k, (v,) in case.items() if v != fixed.get(k)}
        name = _name(fields, {**fixed, **scalars})
        if name not in cells:
            cells.add(name)
            cases.append(scalars)
    if axes and draw(st.booleans()):
        return {"fixed": fixed, "grid": axes, "cases": cases}
    return {"fixed": fixed, "cases": [axes, *cases]}


def _costs(key: str, default: Any) -> bool:
    """Whether a key that is left out stands for more than is ever drawn of it."""
    return type(default) is int and key not in ONE and default > LARGEST.get(key, SMALL)


def _name(fields: Mapping[str, FieldInfo], values: Mapping[str, Any]) -> str:
    """Name a cell after all its values, whether they are set or not."""
    return grid.name({key: values.get(key, field.default) for key, field in fields.items()})


def document(figure: str, block: dict[str, Any]) -> dict[str, Any]:
    """Give the configuration with this block, and with the models that it evaluates."""
    kinds = expansion.experiment(REGISTRY, figure)
    figures = {figure: block}
    if kinds.models and kinds.train:
        evaluate = expansion.experiment(REGISTRY, kinds.models).evaluate
        least = {k: _bounds(f)[0] for k, f in evaluate.model_fields.items() if f.is_required()}
        trained = {}
        for axes in [*([block["grid"]] if "grid" in block else []), *block["cases"]]:
            lists = {k: v if isinstance(v, list) else [v] for k, v in axes.items()}
            for cell in grid.product(lists):
                cell = {**block["fixed"], **cell}
                own = {k: v for k, v in cell.items() if k in kinds.train.model_fields}
                trained[_name(kinds.train.model_fields, own)] = own
        figures[kinds.models] = {"fixed": least, "cases": list(trained.values())}
    return {"seed": 1, "figures": figures}


def _in_order(axes: Axes) -> Axes:
    for large, small in AT_LEAST.items():
        if large in axes and small in axes:
            raised = [max(value, *axes[small]) for value in axes[large]]
            axes = {**axes, large: sorted(set(raised))}
    return axes


def _value(
    key: str, field: FieldInfo, side: int, literal: bool, few: Mapping[str, tuple[int, ...]]
) -> st.SearchStrategy[Any]:
    """Values of one key, from the field that declares it."""
    kind = field.annotation
    if key == "sampler" and not literal:
        return st.just("exact")
    if typing.get_origin(kind) is typing.Literal:
        return st.sampled_from(typing.get_args(kind))
    if kind is bool:
        return st.booleans()
    if _is_model(field):
        return st.sampled_from(PICTURES).map(lambda path: {"path": path, "size": side})
    if key in ONE:
        return st.just(ONE[key])
    least, most = _bounds(field)
    end = [most] if key in FREE and not literal else []
    if key in few:
        return st.sampled_from([*(value for value in few[key] if least <= value <= most), *end])
    if kind is int:
        return st.integers(least, min(most, max(least, LARGEST.get(key, SMALL))))
    if key in LARGEST and not end:
        most = min(most, LARGEST[key])
    assert kind is float, f"{key}: say in {__name__}.py how to draw {kind}"
    usual = [value for value in (0.01, 0.25, 0.5, 1.0, 2.0, 100.0, 1e4) if least <= value <= most]
    three = st.floats(max(least, -10.0), min(most, 10.0)).map(lambda value: float(f"{value:.3g}"))
    within = three.filter(lambda value: least <= value <= most)
    return st.sampled_from([*usual, least, most]) | within


def _bounds(field: FieldInfo) -> tuple[Any, Any]:
    """Least and largest admitted value; where only one end is open, the next number inside."""
    whole = field.annotation is int
    step = 1 if whole else 1e-300
    least, most = (-(10**9), 10**9) if whole else (-1e300, 1e300)
    for bound in field.metadata:
        if isinstance(bound, Ge):
            least = bound.ge
        elif isinstance(bound, Gt):
            least = bound.gt + step
        elif isinstance(bound, Le):
            most = bound.le
        elif isinstance(bound, Lt):
            most = bound.lt - step
    return least, most


def _is_model(field: FieldInfo) -> bool:
    return isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel)
