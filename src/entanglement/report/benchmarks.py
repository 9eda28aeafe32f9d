"""Run time and memory, from the files that Snakemake's `benchmark:` leaves and the jobs' logs."""

import csv
from dataclasses import dataclass
from pathlib import Path

from entanglement.pipeline import history


@dataclass(frozen=True)
class Job:
    """One job's wall time in seconds and largest resident memory in bytes (0: not sampled)."""

    rule: str
    figure: str
    name: str
    seconds: float
    memory: float


@dataclass(frozen=True)
class Total:
    """Jobs of one kind together."""

    name: str
    jobs: int
    seconds: float
    longest: float
    memory: float


def read(reports: Path) -> list[Job]:
    """Read all benchmark files: of a cell, of a whole figure, of a rule without figures.

    Parameters
    ----------
    reports
        Folder that holds `benchmarks` and `logs`. A benchmark samples the memory, misses short
        peaks and sees nothing of a job that was forked; the log says what the system counted.
    """
    jobs, directory = [], reports / "benchmarks"
    for path in sorted(directory.rglob("*.tsv")):
        # claims.tsv, collect/<figure>.tsv, train/<figure>/<model>.tsv
        name = path.relative_to(directory).with_suffix("")
        rule, figure = (*name.parts, "")[:2]
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file, delimiter="\t"))
        # A rerun overwrites the file; `benchmark: repeat(...)` appends rows.
        for row in rows[-1:]:
            noted = history.peak(reports / "logs" / f"{name}.log")
            memory = noted or _number(row.get("max_rss")) * 2**20
            jobs.append(Job(rule, figure, path.stem, _number(row.get("s")), memory))
    return jobs


def totals(jobs: list[Job], by: str) -> list[Total]:
    """Sum jobs over `rule` or `figure`, the most expensive first."""
    groups: dict[str, list[Job]] = {}
    for job in jobs:
        groups.setdefault(getattr(job, by), []).append(job)
    made = [
        Total(
            name,
            len(group),
            sum(job.seconds for job in group),
            max(job.seconds for job in group),
            max(job.memory for job in group),
        )
        for name, group in groups.items()
    ]
    return sorted(made, key=lambda total: (-total.seconds, total.name))


def _number(text: str | None) -> float:
    """Read a column; Snakemake writes NA or - for jobs too short to sample."""
    try:
        value = float(text or 0)
    except ValueError:
        return 0.0
    return value if value >= 0 else 0.0
