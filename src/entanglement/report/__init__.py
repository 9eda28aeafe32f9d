"""The report: collect what was made, render one HTML file."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from entanglement.pipeline.store import write_text


def build(
    directory: Path,
    workflow: Path,
    config: Mapping[str, Any],
    status: Mapping[str, Any] | None,
    output: Path,
) -> None:
    """Write the report from whatever a run has made so far.

    Parameters
    ----------
    directory
        Where the run's `data` and `reports` are.
    workflow
        Directory of `report.yaml` and `claims.yaml`.
    config
        The resolved configuration: `seed`, and `figures` with `fixed`, `grid` and `cases`.
    status
        For a partial run, {figure: {missing: [cell], stale: [cell], failed: [{cell, command,
        log}]}}: cells to be marked.
    output
        The HTML file; written at once or not at all. Equal inputs give equal bytes.

    Raises
    ------
    DocumentError
        report.yaml or claims.yaml cannot be used; the text lists every problem.
    """
    from entanglement.report.collect import collect
    from entanglement.report.render import render

    text = render(collect(directory, workflow, config, status, output))
    write_text(output, text)
