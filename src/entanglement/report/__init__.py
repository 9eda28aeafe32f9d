"""The report: collect what was made, render one HTML file, and its times in another."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any


def build(
    directory: Path,
    workflow: Path,
    config: Mapping[str, Any],
    status: Mapping[str, Any] | None,
    output: Path,
    made: Mapping[str, Any] | None = None,
) -> None:
    """Write the report from whatever a run has made so far, and its summaries beside it.

    Parameters
    ----------
    directory
        Where the run's `data` and `reports` are.
    workflow
        Directory of `report.yaml` and `coverage.yaml`.
    config
        The resolved configuration: `seed`, and `figures` with `fixed`, `grid` and `cases`.
    status
        For a run that did not finish, what `pipeline.ending.status` says of each figure. Such a
        report is for reading: it never counts as made.
    output
        The HTML file; written at once or not at all. Equal inputs give equal bytes: run times
        stand beside it, in run.html.
    made
        What it is made from; see `pipeline.seal`.

    Raises
    ------
    DocumentError
        report.yaml or coverage.yaml cannot be used; the text lists every problem.
    DataError
        A dataset or a picture is damaged; of a run that did not finish, it is left out.
    """
    from entanglement.pipeline import seal, store
    from entanglement.report import benchmarks, handout
    from entanglement.report.collect import collect
    from entanglement.report.render import render, render_times

    facts = collect(directory, workflow, config, status, output)
    jobs = benchmarks.read(directory / "reports")
    store.write_text(output.with_name("run.html"), render_times(facts, jobs))
    made = {"partial": True} if status is not None else (made or {})
    macros = output.with_name("summary.tex")
    store.write_text(macros, handout.latex(facts))
    with store.replacing(output.with_name("summary.md")) as temporary:
        temporary.write_text(handout.markdown(facts), encoding="utf-8")
        seal.put(temporary, made, macros)
    with store.replacing(output) as temporary:
        temporary.write_text(render(facts), encoding="utf-8")
        seal.put(temporary, made)
