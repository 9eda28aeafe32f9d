"""What earlier runs left: Snakemake's records, the jobs' logs and their benchmarks."""

import ast
import csv
import json
import os
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from pathlib import Path
from typing import Any

# Last line of the log of a job that came to its end.
DONE = "done: "


def record(output: str) -> dict[str, Any] | None:
    """Read Snakemake's record of an output; None if there is none.

    Snakemake stores one JSON file per output, named by the path in base64; names longer than a
    file name may be are cut into folders that begin with `@`.
    """
    path = _record_path("metadata", output)
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return None


def interrupted(output: str) -> bool:
    """Tell whether a run was killed while it made this output."""
    return _record_path("incomplete", output).exists()


def mark_incomplete(output: str) -> None:
    """Mark an output as Snakemake does while it is being made, so that it is made again."""
    path = _record_path("incomplete", output)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text('{"external_jobid": null}', encoding="utf-8")


def _record_path(kind: str, output: str) -> Path:
    name, longest = urlsafe_b64encode(output.encode()).decode(), 254
    parts = [name[i : i + longest] for i in range(0, len(name), longest)]
    return Path(".snakemake", kind, *("@" + part for part in parts[:-1]), parts[-1])


def job(recorded: Mapping[str, Any]) -> dict[str, Any] | None:
    """Find the job's dict among the recorded parameters of an output."""
    for text in recorded.get("params") or []:
        if text.startswith("{"):
            try:
                return dict(ast.literal_eval(text))
            except (ValueError, SyntaxError):
                return None
    return None


def log_path(rule: str, figure: str, name: str) -> Path:
    """Where a job's log is."""
    return Path(f"reports/logs/{rule}/{figure}/{name}.log")


def unfinished(log: Path) -> bool:
    """Tell whether the job that wrote this log did not come to its end."""
    try:
        text = log.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    lines = text.strip().splitlines()
    return bool(lines) and not lines[-1].startswith(DONE)


def libraries(rule: str, figure: str, name: str) -> dict[str, str]:
    """Library versions that a job noted in its log; empty if there is no log."""
    try:
        with log_path(rule, figure, name).open(encoding="utf-8", errors="replace") as file:
            return dict(json.loads(file.readline())["libraries"])
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def seconds(rule: str, figure: str) -> dict[str, float]:
    """Measured run times of a rule's jobs in a figure, by name."""
    found = {}
    for path in Path(f"reports/benchmarks/{rule}/{figure}").glob("*.tsv"):
        try:
            with path.open(encoding="utf-8") as file:
                found[path.stem] = float(next(csv.DictReader(file, delimiter="\t"))["s"])
        except (OSError, ValueError, KeyError, StopIteration):
            continue
    return found


def size(path: str | Path) -> int:
    """Bytes of a file or of everything in a folder; 0 if it is not there."""
    place = Path(path)
    if place.is_dir():
        return sum(size(inner) for inner in place.iterdir())
    try:
        return os.path.getsize(place)
    except OSError:
        return 0
