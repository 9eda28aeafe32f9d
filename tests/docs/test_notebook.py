"""docs/results.ipynb runs from its first cell to its last, on quick results and on others."""

import os
import shutil
import sys

import nbformat
import pytest
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from scratch import PROJECT, SMALL, copy_project

PATH = PROJECT / "docs/results.ipynb"


class Here(AsyncKernelManager):
    """A kernel of this environment, whatever kernels are installed elsewhere."""

    @property
    def kernel_spec(self):
        argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        return KernelSpec(argv=argv, language="python")


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """A project with the quick results of `convergence` and, elsewhere, with those of another grid."""
    project = copy_project(tmp_path_factory.mktemp("notebook"))
    arguments = ("--configfile", "workflow/quick.yaml", "--directory", "quick")
    project.run(*arguments, "data/convergence.nc")
    return project


def executed(folder, notebook=None):
    notebook = notebook or nbformat.read(PATH, as_version=4)
    environment = {
        **os.environ,
        "PYTHONPATH": str(folder / "src"),
        "IPYTHONDIR": str(folder / ".ipython"),
    }
    client = NotebookClient(
        notebook,
        timeout=300,
        kernel_manager_class=Here,
        resources={"metadata": {"path": str(folder / "docs")}},
    )
    client.execute(env=environment)
    return notebook


def said(notebook):
    return "".join(
        output.get("text", "") for cell in notebook.cells for output in cell.get("outputs", [])
    )


def pictures(notebook):
    return [
        output
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if "image/png" in output.get("data", {})
    ]


def test_it_runs_on_quick_results_and_its_new_network_follows_the_law(run):
    made = executed(run.folder)
    assert len(pictures(made)) >= 3
    assert float(said(made).split("quantile: ")[1].split()[0]) < 1


def test_it_runs_on_another_grid(run, tmp_path):
    folder = tmp_path / "project"
    shutil.copytree(run.folder, folder)
    project = type(run)(folder)
    project.config(SMALL.replace("light_speed", "convergence"))
    project.run("data/convergence.nc")
    assert len(pictures(executed(folder))) >= 3


def test_a_network_that_does_not_follow_the_law_would_be_seen(run):
    notebook = nbformat.read(PATH, as_version=4)
    last = notebook.cells[-1]
    assert "mean_folded_loss(size.k, size.n, size.depth)" in last.source
    last.source = last.source.replace("(size.k, size.n,", "(size.k, 2 * size.n,")
    ratio = float(said(executed(run.folder, notebook)).split("quantile: ")[1].split()[0])
    assert ratio > 1


def test_a_cell_that_fails_is_found_out(run):
    notebook = nbformat.read(PATH, as_version=4)
    notebook.cells = notebook.cells[:2]
    notebook.cells[1].source += "\nds['no such name']"
    with pytest.raises(CellExecutionError):
        executed(run.folder, notebook)


def test_it_is_stored_without_outputs():
    notebook = nbformat.read(PATH, as_version=4)
    nbformat.validate(notebook)
    for cell in notebook.cells:
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None


def test_its_figure_takes_ten_lines():
    notebook = nbformat.read(PATH, as_version=4)
    (figure,) = (c.source for c in notebook.cells if c.source.startswith("figure, axes"))
    assert len(figure.splitlines()) <= 10
