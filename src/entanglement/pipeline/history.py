"""What earlier runs left beside their results: the jobs' logs and their benchmarks."""

import csv
import json
import os
import re
import resource
import sys
import time
from pathlib import Path

# Last line of the log of a job that came to its end.
DONE = "done: "


def log_path(rule: str, figure: str, name: str) -> Path:
    """Where a job's log is."""
    return Path(f"reports/logs/{rule}/{figure}/{name}.log")


def done(made: Path, start: float) -> str:
    """Write the last line of a job's log: what it made, and what that took since `start`."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    memory = used.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    took = f"{time.monotonic() - start:.2f} s, {used.ru_utime + used.ru_stime:.2f} s of a processor"
    return f"{DONE}{made} in {took}, at most {memory / 1e6:.0f} MB of memory"


def unfinished(log: Path) -> bool:
    """Tell whether the job that wrote this log did not come to its end."""
    try:
        text = log.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    lines = text.strip().splitlines()
    return bool(lines) and not lines[-1].startswith(DONE)


def peak(log: Path) -> float:
    """Largest resident memory that a job noted in its log, in bytes; 0 if there is none."""
    try:
        text = log.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return 0.0
    found = re.findall(rf"^{DONE}.* at most (\d+) MB of memory$", text, flags=re.M)
    return float(found[-1]) * 1e6 if found else 0.0


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
