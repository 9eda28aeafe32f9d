"""What a run says on its way and at its end: time left, what failed, what to type."""

import json
import logging
import os
import shlex
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from entanglement.pipeline import history, jobs
from entanglement.pipeline.config import Config
from entanglement.pipeline.products import Finding, Product, findings
from entanglement.pipeline.runs import LOCK, argument


@dataclass(frozen=True)
class Run:
    """One call of Snakemake, as it has gone so far.

    Parameters
    ----------
    options
        Its own options, as they were typed.
    program
        The command that started it.
    folder
        Where its results are, seen from where it was typed; nothing if there.
    failed
        For each job that failed, by its first output: its log.
    """

    options: Sequence[str]
    program: str
    folder: str = ""
    failed: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls, start: str, configfiles: Sequence[Path], directory: Path | str | None, snakefile: str
    ) -> "Run":
        """Describe a call by its settings.

        Parameters
        ----------
        start
            Directory in which it was typed.
        configfiles
            Given with `--configfile`.
        directory
            Given with `--directory`.
        snakefile
            In use.
        """

        def named(path: Path | str) -> str:
            return os.path.relpath(os.path.join(start, path), start)

        options: list[str] = []
        if named(snakefile) != "Snakefile":
            options += ["--snakefile", named(snakefile)]
        if configfiles:
            options += ["--configfile", *map(named, configfiles)]
        if directory:
            options += ["--directory", named(directory)]
        mine = Path(sys.executable).with_name("snakemake")
        found = shutil.which("snakemake")
        program = "snakemake" if found and Path(found) == mine else named(mine)
        return cls(options, program, named(directory) if directory else "")

    def command(self, *targets: str) -> str:
        """Write the command that makes targets (all, if there are none) in the same way."""
        # After a `--`: --configfile takes all names that follow it.
        return shlex.join([self.program, *self.options, *(["--", *targets] if targets else [])])

    def place(self, path: str) -> str:
        """Name a result as it is seen from where the run was typed."""
        return os.path.join(self.folder, path)

    def follow(self, logger: logging.Logger) -> None:
        """Print the time left after every step, and note the jobs that fail.

        Parameters
        ----------
        logger
            Snakemake's; its progress records carry `done` and `total`, its errors the job.
        """
        start = time.monotonic()

        def heard(record: logging.LogRecord) -> bool:
            event = str(getattr(record, "event", ""))
            done, total = getattr(record, "done", 0), getattr(record, "total", 0)
            if event == "progress" and 0 < done < total:
                seconds = round((time.monotonic() - start) / done * (total - done))
                minutes, rest = divmod(seconds, 60)
                text = f"{minutes} min {rest} s" if minutes else f"{rest} s"
                print(f"{total - done} steps left, about {text}", file=sys.stderr)
            elif event == "job_error":
                for output in list(getattr(record, "output", None) or [])[:1]:
                    self.failed[output] = next(iter(getattr(record, "log", None) or []), "")
            # Said on a dry run of locks that nobody holds; here a run's own lock counts.
            return "Directory cannot be locked" not in record.getMessage()

        logger.addFilter(heard)


def finished(run: Run) -> None:
    """End a run that made a report with one line: what was reproduced, and where it is."""
    try:
        if os.path.getmtime("reports/report.html") < os.path.getmtime(LOCK):
            return
    except OSError:
        return
    print(f"\n{_verdicts()}report: {run.place('reports/report.html')}", file=sys.stderr)


def failed(
    run: Run,
    config: Config,
    registry: Mapping[str, str],
    project: Path,
    products: Mapping[str, Product],
) -> None:
    """End a run that did not finish: say what failed, judge what is whole, mark the holes.

    Parameters
    ----------
    run
        What was called, and which of its jobs failed.
    config, registry, project, products
        As for `products.chain`, and what it gives.
    """
    found = findings(products)
    # Snakemake counts a whole group of jobs as failed if one did; the files tell which.
    for path in [path for path in products if path in run.failed]:
        if path not in found or set(products[path].sources) & set(run.failed):
            del run.failed[path]
    for path, log in run.failed.items():
        product = products.get(path)
        name = f"{product.figure} {product.name or product.rule}".strip() if product else path
        written = log and history.size(log)
        where = run.place(log) if written else "none, it ended before its first line"
        print(f"failed: {name}; log: {where}; again: {run.command(path)}", file=sys.stderr)
    whole = [figure for figure in sorted(config.figures) if jobs.dataset_path(figure) not in found]
    claims = {**jobs.claims(config, project), "whole": whole}
    report = jobs.report(config, registry, project)
    report["status"] = status(run, config, products, found)
    done = 0
    for command, job in (("claims", claims), ("report", report)):
        arguments = ["--project", str(project), "--job", argument(job)]
        done = subprocess.run(["entanglement", command, *arguments], check=False).returncode
    if done == 0:
        place = run.place("reports/report.html")
        print(f"partial report (holes are marked): {place}", file=sys.stderr)
    print(f"go on with: {run.command()}", file=sys.stderr)


def status(
    run: Run,
    config: Config,
    products: Mapping[str, Product],
    found: Mapping[str, Finding],
) -> dict[str, dict[str, Any]]:
    """Say what of each figure is not as it is asked for, for a partial report.

    Returns
    -------
    For each figure: names of `missing` and `stale` cells and of `stale_panels`; `failed` jobs
    with the keys cell, command, log and text (its last lines); and whether its dataset is `whole`.
    """
    told: dict[str, dict[str, Any]] = {}
    for figure in config.figures:
        mine = [p for p in products.values() if p.figure == figure and p.path in found]
        cells = [p.name for p in mine if p.rule == "evaluate"]
        panels = [p for p in mine if p.rule.startswith("panels_")]
        told[figure] = {
            "missing": [name for name in cells if not _evaluated(figure, name)],
            "stale": [name for name in cells if _evaluated(figure, name)],
            "stale_panels": [p.name for p in panels if os.path.exists(p.path)],
            "failed": [
                {
                    "cell": product.name or product.rule,
                    "command": run.command(path),
                    "log": log,
                    "text": _last_lines(log),
                }
                for path, log in run.failed.items()
                if (product := products.get(path)) and product.figure == figure
            ],
            "whole": jobs.dataset_path(figure) not in found,
        }
    return told


def _evaluated(figure: str, name: str) -> bool:
    return os.path.exists(jobs.evaluation_path(figure, name))


def _last_lines(log: str) -> str:
    try:
        lines = Path(log).read_text(encoding="utf-8", errors="replace").strip().splitlines()
    except OSError:
        return ""
    return "\n".join(line[:300] for line in lines[-5:])


def _verdicts() -> str:
    """Count what the papers print, by verdict; whatever was judged, where nothing of it was."""
    try:
        claims = json.loads(Path("reports/claims.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ""
    judged = [claim for claim in claims if claim["verdict"] != "not run"]
    text = ""
    for paper in sorted({claim["paper"] for claim in judged}):
        mine = [claim for claim in judged if claim["paper"] == paper]
        printed = [claim for claim in mine if claim["kind"] == "printed"]
        counts = Counter(claim["verdict"] for claim in printed or mine)
        found = ", ".join(f"{count} {verdict}" for verdict, count in counts.most_common())
        text += f"paper {paper}, {'printed ' if printed else ''}claims: {found}; "
    return text
