"""What a run of the workflow needs around its rules: one lock, a clean start, a readable end."""

import fcntl
import hashlib
import importlib.util
import json
import logging
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from entanglement.pipeline import config as configuration
from entanglement.pipeline import history, jobs, store
from entanglement.pipeline.config import Config
from entanglement.pipeline.document import ConfigError, read
from entanglement.pipeline.fingerprint import fingerprint
from entanglement.pipeline.jobs import Job


def config_files(project: Path, named: Sequence[str | Path]) -> list[Path]:
    """List the configuration files of a run, the most important last.

    Parameters
    ----------
    project
        Folder of the Snakefile; its config.yaml counts where the working directory has none.
    named
        Files given with `--configfile`.
    """
    here = Path("config.yaml")
    return [here if here.exists() else project / here, *(Path(path) for path in named)]


def load(paths: Sequence[Path], registry: Mapping[str, str]) -> Config:
    """Load the configuration; if it is wrong, say all that is and exit with 1."""
    try:
        return configuration.load(paths, registry)
    except ConfigError as error:
        sys.exit(str(error))


def panels(project: Path, figures: Sequence[str]) -> dict[str, list[str]]:
    """Names of each figure's panels, as report.yaml describes them."""
    path = project / "workflow" / "report.yaml"
    described = read(path, ["figures"]).content.get("figures") or {}
    missing = [figure for figure in figures if not (described.get(figure) or {}).get("panels")]
    if missing:
        sys.exit(f"{path}: no panels described for {', '.join(missing)}; add them under `figures`")
    return {figure: list(described[figure]["panels"]) for figure in figures}


def refuse_values(given: Mapping[str, Any]) -> None:
    """Stop if values come with `--config`: they would be ignored in silence."""
    if given:
        sys.exit(
            f"--config {' '.join(map(str, given))}: values are read from files only; write them "
            "into config.yaml, or into a file of their own for --configfile"
        )


def use_this_environment() -> None:
    """Let jobs call `entanglement` of the same environment, activated or not."""
    here = str(Path(sys.executable).parent)
    os.environ["PATH"] = os.pathsep.join([here, os.environ.get("PATH", os.defpath)])


def lock() -> None:
    """Hold the working directory until this process ends, however it ends."""
    # A bare descriptor: a file object would be closed, and the lock lost, when it goes out of use.
    file = os.open(".snakemake/run.lock", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        sys.exit(f"another run is live in {Path.cwd().name}/; wait for it or stop it first")
    os.utime(file)  # when this run began


def mend(config: Config) -> None:
    """Name damaged datasets, and tell Snakemake that they are incomplete: it makes them again."""
    paths = [f"data/{figure}.nc" for figure in config.figures]
    paths += [jobs.model_path(figure, model) for figure, model in config.models()]
    paths += [
        jobs.evaluation_path(cell.figure, cell.name)
        for cells in config.cells.values()
        for cell in cells
    ]
    for path in paths:
        problem = store.damage(path) if os.path.exists(path) else None
        if problem:
            print(f"{path} {problem}; it will be made again", file=sys.stderr)
            history.mark_incomplete(path)


def as_json(job: Job | Callable[[Any], Job]) -> Callable[[Any, Any], str]:
    """Write a job as it stands on a command line.

    Parameters
    ----------
    job
        The job, or the function of Snakemake's wildcards that gives it.

    Returns
    -------
    A function of wildcards and output. Parameters derived from the output are not compared, so
    that a job counts, and is printed, once.
    """

    def text(wildcards: Any, output: Any) -> str:
        return json.dumps(job(wildcards) if callable(job) else job, separators=(",", ":"))

    return text


def compared(job: Job) -> Job:
    """Leave out the names of a figure's cells: Snakemake compares a job's input files as such."""
    return {key: value for key, value in job.items() if key != "cells"}


def report_job(config: Config, registry: Mapping[str, str]) -> dict[str, Any]:
    """Job that builds the report: the configuration, and the code and texts that render it."""
    code = fingerprint("entanglement.report")
    for figure in config.figures:
        code |= {registry[figure]: fingerprint(registry[figure])[registry[figure]]}
        if importlib.util.find_spec(f"{registry[figure]}.explore"):
            code |= fingerprint(f"{registry[figure]}.explore")
    folder = Path(__file__).parent.parent / "report"
    for path in sorted(folder.rglob("*")):
        if path.suffix in (".html", ".css", ".js"):
            code[path.name] = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
    return {"seed": config.seed, "figures": config.figures, "code": code}


def follow(logger: logging.Logger) -> None:
    """Print the time left after every step that Snakemake reports as done.

    Parameters
    ----------
    logger
        Snakemake's; its progress records carry `done` and `total`.
    """
    start = time.monotonic()

    def left(record: logging.LogRecord) -> bool:
        done, total = getattr(record, "done", 0), getattr(record, "total", 0)
        if str(getattr(record, "event", "")) == "progress" and 0 < done < total:
            seconds = round((time.monotonic() - start) / done * (total - done))
            minutes, rest = divmod(seconds, 60)
            text = f"{minutes} min {rest} s" if minutes else f"{rest} s"
            print(f"{total - done} steps left, about {text}", file=sys.stderr)
        return True

    logger.addFilter(left)


def finished() -> None:
    """End a run that made a report with one line: what the claims came to, and where it is."""
    try:
        if os.path.getmtime("reports/report.html") < os.path.getmtime(".snakemake/run.lock"):
            return
    except OSError:
        return
    print(f"\n{_verdicts()}report: {os.path.join('reports', 'report.html')}", file=sys.stderr)


def failed(config: Config, registry: Mapping[str, str], project: Path) -> None:
    """After failed jobs: build a report with holes, and say how to make what is missing."""
    from entanglement.pipeline import plan

    status = plan.status(config, registry)
    for figure, cells in status.items():
        for entry in [*cells["failed"], *_broken_steps(figure)]:
            print(
                f"failed: {figure} {entry['cell']}; log: {entry['log']}; again: {entry['command']}",
                file=sys.stderr,
            )
    job = json.dumps({**report_job(config, registry), "status": status})
    command = ["entanglement", "report", "--project", str(project), "--job", job]
    done = subprocess.run(command, check=False)
    if done.returncode == 0:
        print("partial report (holes are marked): reports/report.html", file=sys.stderr)


def _broken_steps(figure: str) -> Iterator[dict[str, str]]:
    """Find what failed after the cells: joining them, or drawing."""
    targets = {
        "collect": f"data/{figure}.nc",
        "plot": f"plot_{figure}",
        "panels": f"panels_{figure}",
    }
    for rule, target in targets.items():
        log = Path(f"reports/logs/{rule}/{figure}.log")
        if history.unfinished(log):
            yield {"cell": rule, "log": str(log), "command": f"snakemake {target}"}


def _verdicts() -> str:
    try:
        claims = json.loads(Path("reports/claims.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ""
    counts = Counter(claim["verdict"] for claim in claims)
    return "".join(f"{verdict}: {count}; " for verdict, count in counts.most_common())
