"""What the next run would do, cell by cell, without running Snakemake."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from entanglement.pipeline import jobs
from entanglement.pipeline.config import Config


def status(config: Config, registry: Mapping[str, str]) -> dict[str, dict[str, list[Any]]]:
    """Say which cells of each figure are missing, failed or stale, for a partial report.

    Returns
    -------
    For each figure: `missing` and `stale` cell names, and `failed` entries with the keys
    cell, command and log.
    """
    found: dict[str, dict[str, list[Any]]] = {}
    for figure, cells in config.cells.items():
        missing = [c for c in cells if not Path(jobs.evaluation_path(figure, c.name)).exists()]
        failed = []
        for cell in missing:
            log = Path(f"reports/logs/evaluate/{figure}/{cell.name}.log")
            if cell.model is not None and not log.exists():
                log = Path(f"reports/logs/train/{cell.model_figure}/{cell.model}.log")
            if log.exists() and log.stat().st_size:
                command = f"snakemake '{jobs.evaluation_path(figure, cell.name)}'"
                failed.append({"cell": cell.name, "command": command, "log": str(log)})
        found[figure] = {"missing": [c.name for c in missing], "stale": [], "failed": failed}
    return found
