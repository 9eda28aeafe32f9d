"""What every experiment owes the workflow and its readers, checked at the sizes of quick.yaml."""

import ast
import functools
import importlib
from pathlib import Path

import numpy as np
import pytest
from ruamel.yaml import YAML

from entanglement.drawing import style
from entanglement.experiments import REGISTRY
from entanglement.pipeline import config, expansion, jobs, names, stages, store

PROJECT = Path(__file__).parents[2]
FIGURES = sorted(REGISTRY)


@pytest.fixture(autouse=True)
def _project_folder(monkeypatch):
    monkeypatch.chdir(PROJECT)


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


@pytest.mark.parametrize("figure", FIGURES)
def test_it_is_in_both_configurations_the_report_and_the_claims(figure):
    assert figure in default().cells
    blocks = YAML(typ="safe").load(Path("workflow/quick.yaml"))["figures"]
    assert figure in blocks
    assert figure in words()
    own = [claim for claim in claims() if claim["figure"] == figure]
    assert own or figure == "trajectories"


@pytest.mark.parametrize("figure", FIGURES)
def test_its_parameters_are_disjoint_and_the_papers_values_are_keys(figure):
    kinds = expansion.experiment(REGISTRY, figure)
    train = set(kinds.train.model_fields) if kinds.train else set()
    evaluate = set(kinds.evaluate.model_fields)
    assert not train & evaluate
    paper = importlib.import_module(REGISTRY[figure]).PAPER
    assert set(paper) <= train | evaluate
    assert all(source for _, source in paper.values())


@pytest.mark.parametrize("figure", FIGURES)
def test_its_data_are_labelled_and_keep_the_house_dimensions(figure, tmp_path):
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
        assert 2 * len(known) > len(numbers), cell.name


@pytest.mark.parametrize("figure", FIGURES)
def test_the_same_job_gives_the_same_data(figure):
    cell = quick().cells[figure][0]
    job = jobs.evaluate(quick(), REGISTRY, figure, cell.name)
    trained = None
    if cell.model_figure:
        trained = stages.train(
            REGISTRY, jobs.train(quick(), REGISTRY, cell.model_figure, cell.model)
        )
    assert stages.evaluate(REGISTRY, job, trained).identical(evaluations(figure)[cell.name])


@pytest.mark.parametrize("figure", FIGURES)
def test_its_claims_read_what_it_summarises(figure):
    made = results(figure)
    for claim in claims():
        if claim["figure"] != figure:
            continue
        statistic = made[claim["statistic"]]
        assert statistic.ndim == 0, claim["id"]
        for attribute in ("ci_low", "ci_high", "ci_kind", "networks", "standard_error"):
            assert attribute in statistic.attrs, (claim["id"], attribute)
        if claim.get("predicted"):
            assert made[claim["predicted"]].ndim == 0
        assert made[claim["control"]["statistic"]].ndim == 0
        assert claim["minimum"]["networks"] >= 2


@pytest.mark.parametrize("figure", FIGURES)
def test_its_panels_are_those_of_the_report(figure, tmp_path):
    drawn = importlib.import_module(f"{REGISTRY[figure]}.figures").plot_panels(results(figure))
    described = words()[figure]["panels"]
    assert set(drawn) == set(described)
    for name, picture in drawn.items():
        assert described[name]["title"]
        assert len(described[name]["caption"]) > 40
        for copy in ("one.svg", "two.svg"):
            style.save_svg(picture, str(tmp_path / copy))
        assert (tmp_path / "one.svg").read_bytes() == (tmp_path / "two.svg").read_bytes()


@pytest.mark.parametrize("figure", FIGURES)
def test_each_cell_can_be_drawn(figure):
    stage = importlib.import_module(f"{REGISTRY[figure]}.figures")
    for cell in quick().cells[figure]:
        assert stage.plot_cell(evaluations(figure)[cell.name]).axes


@pytest.mark.parametrize("figure", FIGURES)
def test_departures_from_the_paper_are_explained(figure):
    """Where the default configuration leaves the paper's value, report.yaml gives the reason."""
    paper = importlib.import_module(REGISTRY[figure]).PAPER
    reasons = words()[figure].get("deviations") or {}
    for key, (value, _) in paper.items():
        used = {repr(cell.parameters.get(key)) for cell in default().cells[figure]}
        if repr(value) not in used and not isinstance(value, list | dict):
            assert key in reasons, f"{figure}: {key} is {used}, the paper has {value!r}"


# Experiments that declare roles, statistics and curves.
DECLARED = [figure for figure in FIGURES if jobs.roles(REGISTRY, figure)]


def read_names(figure):
    own = [claim for claim in claims() if claim["figure"] == figure]
    return {name for claim in own for name in names.read(claim).values()}


@pytest.mark.parametrize("figure", DECLARED)
def test_every_name_that_claims_read_is_declared_literally(figure):
    assert read_names(figure) <= names.declared(REGISTRY[figure])


@pytest.mark.parametrize("figure", DECLARED)
def test_every_declared_statistic_is_read(figure):
    """By a claim, by name in a figure, a caption or an explorer; agreement by the report."""
    folder = Path("src", *REGISTRY[figure].split("."))
    texts = [(folder / name).read_text() for name in ("figures.py", "explore.py")
             if (folder / name).exists()] + [str(words()[figure])]  # fmt: skip
    table = importlib.import_module(f"{REGISTRY[figure]}.summary").STATISTICS
    unread = [
        name for name in table
        if name not in read_names(figure)
        and not name.startswith("largest_t_over_limit")
        and not any(name in text for text in texts)
    ]  # fmt: skip
    assert not unread, f"{folder}/summary.py declares what nothing reads"


REDUCTIONS = {
    "mean", "sum", "std", "var", "median", "max", "min", "argmax", "argmin", "nanmean", "nansum",
    "nanstd", "nanmax", "nanmin", "nanmedian", "quantile", "percentile", "histogram", "bincount",
    "cumsum", "polyfit", "count", "average", "corrcoef", "cov", "lstsq",
}  # fmt: skip


@pytest.mark.parametrize("figure", DECLARED)
def test_its_figures_compute_nothing(figure):
    path = Path("src", *REGISTRY[figure].split("."), "figures.py")
    called = [
        f"{path}:{node.lineno}: .{node.func.attr}(...)"
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        and node.func.attr in REDUCTIONS
    ]  # fmt: skip
    assert not called, "every number in a figure is in its dataset: declare a curve or a statistic"
