"""What a run of the workflow needs before its rules: words, lock, what is to be made."""

import fcntl
import hashlib
import importlib
import json
import os
import signal
import sys
import threading
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from entanglement.pipeline import fingerprint, names, places, store
from entanglement.pipeline.document import ConfigError, read
from entanglement.pipeline.errors import MendableError
from entanglement.pipeline.home import inside
from entanglement.pipeline.jobs import Job
from entanglement.pipeline.products import Finding, Product

LOCK = ".snakemake/run.lock"
# Jobs that are longer than so many characters, quotes apart.
JOBS, LONGEST = ".snakemake/jobs", 30_000
# Of results that are not as they are asked for; `entanglement plan` lists all.
LINES = 10


def panels(project: Path, figures: Sequence[str]) -> dict[str, list[str]]:
    """Names of each figure's panels, as report.yaml describes them; if it does not, exit with 1."""
    folder = project / "workflow"
    if found := sorted(set(str(project)) & set("{}<>")):
        sys.exit(
            f"{project}: rename it without {' '.join(found)}: Snakemake reads them as patterns"
        )
    for path in (folder / "claims.yaml", folder / "coverage.yaml"):
        if not path.is_file():  # what it says is read later, where a report is to be made
            sys.exit(f"{path}: no such file; nothing was run")
    path = folder / "report.yaml"
    try:
        described = names.described(read(path, ["figures"]))
    except MendableError as error:
        sys.exit(str(error))
    missing = [figure for figure in figures if not described.get(figure)]
    if missing:
        sys.exit(f"{path}: no panels described for {', '.join(missing)}; add them under `figures`")
    return {figure: described[figure] for figure in figures}


def titles(project: Path) -> dict[str, str]:
    """Titles of figures, of panels (figure/panel) and of papers (A, B), without markup and places."""
    words = read(project / "workflow" / "report.yaml", ["figures"]).content
    made = {key: about["title"] for key, about in (words.get("papers") or {}).items()}
    for figure, about in (words.get("figures") or {}).items():
        made[figure] = about["title"]
        made |= {f"{figure}/{name}": panel["title"] for name, panel in about["panels"].items()}
        made[f"{figure}:paper"] = made.get(about["paper"][0], about["paper"])
    return {key: places.PLACE.sub("", title).replace("$", "") for key, title in made.items()}


def check_names(project: Path, registry: Mapping[str, str], found: Mapping[str, Finding]) -> None:
    """Stop if a file of words reads a name that nothing declares: nothing has run.

    A report that is as asked for was made from these very names.
    """
    if "reports/report.html" not in found:
        return
    try:
        problems = names.check(project / "workflow", registry)
    except ConfigError as error:
        problems = error.problems
    if problems:
        sys.exit("\n".join(map(str, problems)))


def use_this_environment() -> None:
    """Let jobs call `entanglement` of the same environment, activated or not."""
    here = str(Path(sys.executable).parent)
    os.environ["PATH"] = os.pathsep.join([here, os.environ.get("PATH", os.defpath)])


def lock() -> None:
    """Hold the working directory until this process ends, however it ends."""
    # A bare descriptor: a file object would be closed, and the lock lost, when it goes out of use.
    file = os.open(LOCK, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        sys.exit(f"another run is live in {Path.cwd().name}/; wait for it or stop it first")
    os.utime(file)  # when this run began


def hear_termination() -> None:
    """Let a SIGTERM end this process, whenever it comes; to be called before the scheduler is there.

    Snakemake 9.27 takes its scheduler's lock in the handler: where the main thread holds that lock
    already, it waits for itself for ever. In a thread of its own the handler waits for the main one.
    """
    module: Any = importlib.import_module("snakemake.scheduling.job_scheduler")
    handler = module.JobScheduler.exit_gracefully

    def apart(scheduler: Any, *given: Any) -> None:
        threading.Thread(target=handler, args=(scheduler, *given)).start()

    module.JobScheduler.exit_gracefully = apart


def cancel_on_termination() -> None:
    """Let a SIGTERM cancel jobs on other machines, as Ctrl-C does, and wait for none of them.

    They may take hours, or never be heard of again.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)


def live() -> bool:
    """Tell whether a run holds this directory."""
    try:
        with open(LOCK, "rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return False


def mark(products: Mapping[str, Product], found: Mapping[str, Finding], place: str = "") -> None:
    """Tell Snakemake which stored products it has to make again, and say which are wrong.

    Snakemake compares times and its own records; here the files speak for themselves. It makes
    again what it finds marked as incomplete; what is missing it finds by itself, once what hangs
    on that is marked. Marks of files that are as asked for go: a killed run may leave them.

    Parameters
    ----------
    products, found
        As `products.chain` and `products.findings` give them.
    place
        Folder of the working directory that holds them.
    """
    records = Path(".snakemake/incomplete").absolute()
    with inside(place):
        _mark_all(products, found, records, place)


def _mark_all(
    products: Mapping[str, Product], found: Mapping[str, Finding], records: Path, place: str
) -> None:
    lines = [f"{path} {f}; it will be made again" for path, f in found.items() if f.wrong]
    if len(lines) > LINES:
        rest = len(lines) - LINES
        lines[LINES:] = [f"and {rest} more like these: `entanglement plan` lists them"]
    for line in lines:
        print(line, file=sys.stderr)
    if live():
        return
    try:
        for path in products:
            mark = records / _mark(place + path)
            if path in found and os.path.lexists(path) and not mark.exists():
                mark.parent.mkdir(parents=True, exist_ok=True)
                mark.write_text('{"external_jobid": null}', encoding="utf-8")
            elif path not in found:
                mark.unlink(missing_ok=True)
        _date(products, found)
        fingerprint.remember()
    except OSError as error:
        sys.exit(f"{error.filename}: {error.strerror}; a run has to write into .snakemake here")


def _mark(output: str) -> Path:
    """Where among its records Snakemake notes that an output is being made.

    One file per output, named by its path in base64; what is longer than a file name may be is
    cut into folders that begin with `@`.
    """
    name, longest = urlsafe_b64encode(output.encode()).decode(), 254
    parts = [name[i : i + longest] for i in range(0, len(name), longest)]
    return Path(*("@" + part for part in parts[:-1]), parts[-1])


def _date(products: Mapping[str, Product], found: Mapping[str, Finding]) -> None:
    """Give results that are whole a time that is not before that of any input of their job.

    Times are what Snakemake goes by, and a copy, a checkout or a clock can upset them. It would
    make whole results again, or take one that is older than its input for broken and delete it.
    """
    now = time.time_ns()
    every = {path for p in products.values() for path in (p.path, p.beside, *p.also) if path}
    later = [path for path in every if _time(path) > now]
    for path in later:
        os.utime(path, ns=(now, now))
    if later:
        text = f"{len(later)} files were dated in the future, such as {min(later)}: dated to now"
        print(text, file=sys.stderr)
    jobs: dict[tuple[str, ...], list[Product]] = {}
    for path, p in products.items():
        if path not in found:
            single = p.rule in ("train", "evaluate")
            jobs.setdefault((p.rule, p.figure, p.name if single else ""), []).append(p)
    for together in jobs.values():
        inputs = {path for p in together for path in (*p.sources, *p.also)}
        newest = max(map(_time, inputs), default=0)
        for path in (path for p in together for path in (p.path, p.beside) if path):
            if _time(path) < newest:
                os.utime(path, ns=(newest, newest))


def _time(path: str) -> int:
    try:
        return os.stat(path).st_mtime_ns
    except OSError:
        return 0


def as_json(job: Job | Callable[[Any], Job], place: str) -> Callable[[Any, Any], str]:
    """Write a job as it stands on a command line.

    Parameters
    ----------
    job
        The job, or the function of Snakemake's wildcards that gives it.
    place
        Folder of the working directory in which it works.

    Returns
    -------
    A function of wildcards and output. Parameters derived from the output are not compared, so
    that a job counts, and is printed, once.
    """

    def text(wildcards: Any, output: Any) -> str:
        made = job(wildcards) if callable(job) else job
        return argument({**made, "place": place} if place else made)

    return text


def argument(job: Job) -> str:
    """Write a job for a command line, which takes 128 KiB: a longer one goes into a file.

    Returns
    -------
    JSON, or `@` and the path of a file that holds it.
    """
    text = json.dumps(job, separators=(",", ":"))
    if len(text) <= LONGEST:
        return text
    path = Path(JOBS, hashlib.sha256(text.encode()).hexdigest()[:16] + ".json")
    if not path.exists():
        store.write_text(path, text)
    return f"@{path}"
