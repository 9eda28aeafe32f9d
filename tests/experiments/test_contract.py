"""What every experiment owes the workflow and its readers, checked at the sizes of quick.yaml.

Where something is missing the message names the file to open and what to write there; the worked
example is docs/add-an-experiment.md.
"""

import ast
import functools
import importlib
import json
from pathlib import Path

import looks
import numpy as np
import pytest
from ruamel.yaml import YAML

from entanglement.drawing import style
from entanglement.experiments import REGISTRY
from entanglement.pipeline import config, expansion, jobs, names, pictures, schema, stages, store

PROJECT = Path(__file__).parents[2]
FIGURES = sorted(REGISTRY)
SCHEMA = "workflow/schemas/config.schema.json"
# What each module holds, in words for who has to write it.
OWED = {
    "__init__.py": {
        "Evaluate": "class Evaluate(Parameters): what is done with a model",
        "PAPER": "PAPER = {key: (the paper's value, where it stands)}",
    },
    "train.py": {"train": "train(parameters, seeds) -> xr.Dataset"},
    "evaluate.py": {"evaluate": "evaluate(model, cell, seeds) -> xr.Dataset"},
    "roles.py": {"ROLES": "ROLES = {name: Role(...)}: which cell plays which part"},
    "summary.py": {
        "CURVES": "CURVES = {name: Curve(...)}: means over networks",
        "STATISTICS": "STATISTICS = {name: Statistic(...)}: what the claims read",
    },
    "figures.py": {
        "plot_cell": "plot_cell(evaluation) -> Figure",
        "plot_panels": "plot_panels(results) -> {panel: Figure}",
    },
}


@pytest.fixture(autouse=True)
def _project_folder(monkeypatch):
    monkeypatch.chdir(PROJECT)


def folder(figure):
    return Path("src", *REGISTRY[figure].split("."))


def module(figure, part=None):
    return importlib.import_module(".".join(filter(None, [REGISTRY[figure], part])))


@functools.cache
def quick():
    return config.load(["config.yaml", "workflow/quick.yaml"], REGISTRY)


@functools.cache
def default():
    return config.load(["config.yaml"], REGISTRY)


@functools.cache
def words():
    return YAML(typ="safe").load(Path("workflow/report.yaml"))["figures"]


@functools.cache
def claims():
    return YAML(typ="safe").load(Path("workflow/claims.yaml"))


@functools.cache
def evaluations(figure):
    return stages.evaluations(quick(), REGISTRY, figure)


@functools.cache
def results(figure):
    return stages.collect(REGISTRY, jobs.collect(quick(), REGISTRY, figure), evaluations(figure))


def test_every_experiment_is_registered():
    packages = {path.parent for path in Path("src/entanglement/experiments").glob("*/__init__.py")}
    lines = [
        f'src/entanglement/experiments/__init__.py: add the line "{path.name}": '
        f'"entanglement.experiments.{path.name}"'
        for path in sorted(packages - {folder(figure) for figure in FIGURES})
    ]
    assert not lines, "\n".join(lines)


@pytest.mark.parametrize("figure", FIGURES)
def test_nothing_of_it_is_missing(figure):
    lines = list(lacking_modules(figure))
    if not any("__init__.py" in line for line in lines):
        lines += lacking_entries(figure)
    if lines:
        pytest.fail(f"{figure} lacks (see docs/add-an-experiment.md)\n" + "\n".join(lines), False)


def lacking_modules(figure):
    for file, parts in OWED.items():
        path = folder(figure) / file
        if file == "train.py" and not hasattr(module(figure), "Train"):
            continue  # nothing is trained, or another experiment's models are evaluated
        if not path.exists():
            yield f"{path}: write it, with {'; '.join(parts.values())}"
            if file == "__init__.py":
                return
            continue
        made = module(figure, None if file == "__init__.py" else path.stem)
        yield from (
            f"{path}: add {text}" for name, text in parts.items() if not hasattr(made, name)
        )


def lacking_entries(figure):
    for file in ("config.yaml", "workflow/quick.yaml"):
        if figure not in YAML(typ="safe").load(Path(file))["figures"]:
            yield f"{file}: add a block `{figure}:` with `fixed` and `grid` under `figures`"
    if not (words().get(figure) or {}).get("panels"):
        yield (
            f"workflow/report.yaml: add `{figure}:` with title, paper, intro and panels under "
            "`figures`; each panel that plot_panels gives has a title and a caption"
        )
    if names.declared(REGISTRY[figure]) and not own_claims(figure):
        yield f"workflow/claims.yaml: add a claim with `figure: {figure}`"
    known = expansion.experiment(REGISTRY, figure)
    for kind in filter(None, (known.train, known.evaluate)):
        for key, field in kind.model_fields.items():
            if not field.description:
                yield f"{folder(figure)}/__init__.py: {key} of {kind.__name__} has no description"
    stored = json.loads(Path(SCHEMA).read_text())["$defs"].get(figure)
    if stored != schema.schema(REGISTRY)["$defs"][figure]:
        yield f"{SCHEMA}: run `make schema`, it does not know the keys of {figure} as they are"


def own_claims(figure):
    return [claim for claim in claims() if claim["figure"] == figure]


@pytest.mark.parametrize("figure", FIGURES)
def test_its_parameters_are_disjoint_and_the_papers_values_are_keys(figure):
    kinds, file = expansion.experiment(REGISTRY, figure), f"{folder(figure)}/__init__.py"
    train = set(kinds.train.model_fields) if kinds.train else set()
    evaluate = set(kinds.evaluate.model_fields)
    both = sorted(train & evaluate)
    assert not both, f"{file}: {both} stand in Train and in Evaluate: leave each in one"
    paper = module(figure).PAPER
    unknown = sorted(set(paper) - train - evaluate)
    assert not unknown, f"{file}: PAPER has {unknown}, which are keys of neither model"
    silent = [key for key, (_, source) in paper.items() if not source]
    assert not silent, f"{file}: PAPER says of {silent} not where the value stands"


@pytest.mark.parametrize("figure", FIGURES)
def test_its_data_are_labelled_and_keep_the_house_dimensions(figure, tmp_path):
    for made in evaluations(figure).values():
        for name, variable in made.data_vars.items():
            lacking = sorted({"long_name", "units"} - set(variable.attrs))
            assert not lacking, f"{folder(figure)}/evaluate.py: give {name} its {lacking}"
    made = results(figure)
    store.write(made, tmp_path / "results.nc")
    again = store.read(tmp_path / "results.nc")
    assert again.sizes == made.sizes
    assert "cell" in made.dims
    for attribute in ("title", "parameters", "fingerprint", "libraries"):
        assert made.attrs[attribute]
    # What does not apply to a cell is NaN there, but no cell is mostly empty.
    for cell in quick().cells[figure]:
        numbers = [
            v for v in evaluations(figure)[cell.name].data_vars.values() if v.dtype.kind == "f"
        ]
        known = [v for v in numbers if np.isfinite(v.values).any()]
        assert 2 * len(known) > len(numbers), (
            f"{folder(figure)}/evaluate.py: most of what cell {cell.name} holds is NaN"
        )


@pytest.mark.parametrize("figure", FIGURES)
def test_the_same_job_gives_the_same_data(figure):
    cell = quick().cells[figure][0]
    job = jobs.evaluate(quick(), REGISTRY, figure, cell.name)
    trained = None
    if cell.model_figure:
        trained = stages.train(
            REGISTRY, jobs.train(quick(), REGISTRY, cell.model_figure, cell.model)
        )
    again = stages.evaluate(REGISTRY, job, trained)
    assert again.identical(evaluations(figure)[cell.name]), (
        f"{folder(figure)}: another result of the same job; take random numbers from "
        "seeds.generator(network, word) alone"
    )


@pytest.mark.parametrize("figure", FIGURES)
def test_its_statistics_and_roles_name_roles(figure):
    known, file = module(figure, "roles").ROLES, folder(figure)
    for name, statistic in module(figure, "summary").STATISTICS.items():
        roles = (statistic.role,) if isinstance(statistic.role, str) else statistic.role
        unknown = sorted(set(roles) - set(known))
        assert not unknown, (
            f"{file}/summary.py: {name} is measured on {unknown}, which ROLES in {file}/roles.py "
            f"does not hold; it has {sorted(known)}"
        )
    before = set()
    for name, role in known.items():
        assert role.like is None or role.like in before, (
            f"{file}/roles.py: {name} is like {role.like!r}, which must stand before it"
        )
        before.add(name)


def read_names(figure):
    return {name for claim in own_claims(figure) for name in names.read(claim).values()}


@pytest.mark.parametrize("figure", FIGURES)
def test_every_name_that_claims_read_is_declared_literally(figure):
    declared = names.declared(REGISTRY[figure])
    file = f"{folder(figure)}/summary.py"
    assert declared is not None, f"{file}: STATISTICS = {{...}} must be written out, as one literal"
    unknown = sorted(read_names(figure) - declared)
    assert not unknown, (
        f"workflow/claims.yaml reads {unknown} of {figure}; add them to STATISTICS in {file}, or "
        f"read what it has: {sorted(declared)}"
    )


@pytest.mark.parametrize("figure", FIGURES)
def test_its_claims_read_what_it_summarises(figure):
    made = results(figure)
    for claim in own_claims(figure):
        where = f"workflow/claims.yaml: {claim['id']}"
        for name in names.read(claim).values():
            assert name in made, f"{where}: data/{figure}.nc has no {name}"
            assert made[name].ndim == 0, f"{where}: {name} has {made[name].dims}: give one number"
        for attribute in ("ci_low", "ci_high", "ci_kind", "networks", "standard_error"):
            assert attribute in made[claim["statistic"]].attrs, (
                f"{where}: {claim['statistic']} has no {attribute}: declare it as a Statistic"
            )
        least = (claim.get("minimum") or {}).get("networks", 0)
        assert least >= 2, f"{where}: minimum: needs `networks`, 2 or more: one has no interval"


@pytest.mark.parametrize("figure", FIGURES)
def test_its_panels_are_those_of_the_report(figure, tmp_path):
    drawn = pictures.draw(REGISTRY, figure, results(figure))
    described, file = words()[figure]["panels"], f"{folder(figure)}/figures.py"
    assert set(drawn) == set(described), (
        f"plot_panels of {file} gives {sorted(drawn)}; workflow/report.yaml describes "
        f"{sorted(described)} under figures.{figure}.panels: give them the same names"
    )
    for name, picture in drawn.items():
        assert described[name].get("title"), f"workflow/report.yaml: {figure}.{name} has no title"
        assert len(described[name].get("caption", "")) > 40, (
            f"workflow/report.yaml: say in the caption of {figure}.{name} what to look at"
        )
        style.save_svg(picture, str(tmp_path / f"{name}.svg"))
        wrong = looks.faults(picture)
        assert not wrong, f"{file}: {name}: {'; '.join(wrong)}"
    # Of the last one: it takes as long as all the rest. A cluster's run compares every picture.
    style.save_svg(picture, str(tmp_path / "again.svg"))
    assert (tmp_path / "again.svg").read_bytes() == (tmp_path / f"{name}.svg").read_bytes(), (
        f"{file}: {name} is another picture when it is saved again"
    )


@pytest.mark.parametrize("figure", FIGURES)
def test_each_cell_can_be_drawn(figure):
    for cell in quick().cells[figure]:
        picture = module(figure, "figures").plot_cell(evaluations(figure)[cell.name])
        assert picture.axes, f"{folder(figure)}/figures.py: plot_cell draws no axes"


@pytest.mark.parametrize("figure", FIGURES)
def test_departures_from_the_paper_are_explained(figure):
    """Where the default configuration leaves the paper's value, report.yaml gives the reason."""
    paper = module(figure).PAPER
    reasons = words()[figure].get("deviations") or {}
    for key, (value, _) in paper.items():
        used = {repr(cell.parameters.get(key)) for cell in default().cells[figure]}
        if repr(value) not in used and not isinstance(value, list | dict):
            assert key in reasons, (
                f"workflow/report.yaml: add {key} to figures.{figure}.deviations: config.yaml has "
                f"{', '.join(sorted(used))}, the paper {value!r}; say why"
            )


def drawing(figure):
    """List the modules of an experiment that draw."""
    paths = sorted(folder(figure).glob("*.py"))
    return [path for path in paths if "from entanglement.drawing" in path.read_text()]


@pytest.mark.parametrize("figure", FIGURES)
def test_every_declared_statistic_is_read(figure):
    """By a claim, by name in a figure, a caption or an explorer; agreement by the report."""
    texts = [path.read_text() for path in (*drawing(figure), folder(figure) / "explore.py")
             if path.exists()] + [str(words()[figure])]  # fmt: skip
    unread = [
        name for name in module(figure, "summary").STATISTICS
        if name not in read_names(figure)
        and not name.startswith("largest_t_over_limit")
        and not any(name in text for text in texts)
    ]  # fmt: skip
    assert not unread, f"{folder(figure)}/summary.py declares what nothing reads: drop {unread}"


REDUCTIONS = {
    "mean", "sum", "std", "var", "median", "max", "min", "argmax", "argmin", "nanmean", "nansum",
    "nanstd", "nanmax", "nanmin", "nanmedian", "quantile", "percentile", "histogram", "bincount",
    "cumsum", "polyfit", "count", "average", "corrcoef", "cov", "lstsq",
}  # fmt: skip


@pytest.mark.parametrize("figure", FIGURES)
def test_its_figures_compute_nothing(figure):
    called = [
        f"{path}:{node.lineno}: .{node.func.attr}(...)"
        for path in drawing(figure)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        and node.func.attr in REDUCTIONS
    ]  # fmt: skip
    assert not called, (
        "every number in a figure is in its dataset: declare a curve or a statistic in summary.py "
        f"for {'; '.join(called)}"
    )
