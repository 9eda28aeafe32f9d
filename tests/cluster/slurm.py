"""The quick configuration on a SLURM of this machine's own: an outage, a cancelled job, a SIGTERM.

Every figure's dataset is made through the profile in workflow/profiles/slurm while the controller is
killed for half a minute, a job is cancelled and the run is terminated. The same command, given
again, must then leave what a run without a scheduler makes, byte for byte: `make test-slurm`. Names
of figures as arguments leave out the others.
"""

import contextlib
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "workflow"))

import scheduler
from scratch import Project, copy_project

PROFILE = (
    "--executor", "slurm", "--cores", "1", "--profile", "workflow/profiles/slurm",
    # This SLURM has no accounts, and no other users who mind questions.
    "--slurm-no-account", "--slurm-init-seconds-before-status-checks", "2",
    "--seconds-between-status-checks", "2",
)  # fmt: skip
SAVED = 8  # seconds in which a controller writes down which jobs it has
OUTAGE = 30  # seconds
LONGEST = 900  # seconds that one run may take on a busy machine
PACKAGES = "slurmctld slurmd slurm-client munge"


def main() -> int:
    missing = scheduler.missing()
    if missing:
        print(f"test-slurm: skipped, without {', '.join(missing)} (Debian: {PACKAGES})")
        return 0
    try:
        compare()
    except scheduler.NotStartedError as error:
        print(f"test-slurm: skipped, SLURM does not start on this machine: {error}")
        return 0
    print("3 passed, 0 failed")
    return 0


def compare() -> None:
    """Make the datasets without a scheduler and with one, and compare their bytes."""
    start = time.monotonic()

    def say(text: str) -> None:
        print(f"test-slurm, {time.monotonic() - start:3.0f} s: {text}", flush=True)

    with tempfile.TemporaryDirectory(prefix="slurm") as folder:
        places = [Path(folder) / name for name in ("here", "there", "scheduler")]
        for place in places:
            place.mkdir()
        here, there = map(prepare, places[:2])
        here.run(*targets(here))
        say(f"{len(datasets(here))} files made without a scheduler")
        with scheduler.running(places[2], processors=4) as slurm:
            outage_and_cancelled_job(slurm, there, say)
            terminated(slurm, there, say)
            with run(slurm, there) as process:
                assert ended(process) == 0, said(there)
        left = sorted(path.name for path in there.folder.glob("data/**/.*.tmp"))
        assert datasets(here) == datasets(there), "other bytes than without a scheduler"
    say(f"the same command made the same bytes; left by ended jobs: {left or 'nothing'}")


def outage_and_cancelled_job(slurm: scheduler.Scheduler, project: Project, say) -> None:
    """Nothing is lost by an outage; one cancelled job is the one that failed."""
    with run(slurm, project) as process:
        wait_for_job(slurm, process)
        time.sleep(SAVED)
        wait_for_unrecorded_end(slurm)
        slurm.kill_controller()
        time.sleep(OUTAGE)
        assert process.poll() is None, said(project)
        slurm.start_controller()
        say(f"the controller was dead for {OUTAGE} s")
        job = cancel_a_job(slurm, process)
        code = ended(process)
    failed = set(re.findall(r"/(\d+)\.log \(check log file", said(project)))
    assert code == 1, said(project)
    assert failed == {job}, said(project)
    assert re.search(r"^failed: .*; again: .*snakemake", said(project), flags=re.M), said(project)
    say(f"of all jobs the cancelled one failed; {len(datasets(project))} files")


def terminated(slurm: scheduler.Scheduler, project: Project, say) -> None:
    """A SIGTERM ends the run and its jobs."""
    with run(slurm, project) as process:
        wait_for_job(slurm, process)
        process.send_signal(signal.SIGTERM)
        assert ended(process, 120) != 0, said(project)
    assert "go on with: " in said(project), said(project)
    scheduler.until(lambda: not slurm.say("squeue", "-h"), 30, "jobs outlive their run")
    say("a SIGTERM ended the run and its jobs")


def prepare(place: Path) -> Project:
    project = copy_project(place)
    quick = (project.folder / "workflow/quick.yaml").read_text()
    project.config(quick.replace("$schema=schemas", "$schema=workflow/schemas"))
    return project


def targets(project: Project) -> list[str]:
    figures = re.findall(r"^  (\w+):", (project.folder / "config.yaml").read_text(), flags=re.M)
    return [f"data/{figure}.nc" for figure in sys.argv[1:] or figures]


def datasets(project: Project) -> dict[str, str]:
    return {path: d for path, d in project.products().items() if path.endswith(".nc")}


@contextlib.contextmanager
def run(slurm: scheduler.Scheduler, project: Project):
    """A live run, which does not outlive the block."""
    program = Path(sys.executable).parent / "snakemake"
    with (project.folder / "said").open("wb") as output:
        process = subprocess.Popen(
            [program, *PROFILE, "--", *targets(project)], cwd=project.folder,
            env={**slurm.environment, "PYTHONPATH": str(project.folder / "src")},
            stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True,
        )  # fmt: skip
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def said(project: Project) -> str:
    text = (project.folder / "said").read_text(errors="replace")
    # Snakemake repeats the logs of jobs that failed.
    return "\n".join(line[:300] for line in text.splitlines())


def ended(process: subprocess.Popen, seconds: float = LONGEST) -> int:
    return process.wait(seconds)


def wait_for_job(slurm: scheduler.Scheduler, process: subprocess.Popen) -> str:
    """Wait until a job runs, and give its number."""
    running: list[str] = []

    def found() -> bool:
        assert process.poll() is None, "the run ended before a job began"
        running[:] = slurm.say("squeue", "-h", "-t", "R", "-o", "%i").split()
        return bool(running)

    scheduler.until(found, 300, "no job runs")
    return running[-1]


def wait_for_unrecorded_end(slurm: scheduler.Scheduler) -> None:
    """Wait until a step has ended that runs according to the controller's last record.

    The controller that starts after a crash then thinks that it goes on for ever.
    """
    recorded, written = set(), 0.0

    def found() -> bool:
        nonlocal recorded, written
        running, before = slurm.steps(), written
        written = slurm.record_time()
        if written != before:
            recorded = running
        return bool(recorded - running)

    scheduler.until(found, 120, "no step ends between two records")


def cancel_a_job(slurm: scheduler.Scheduler, process: subprocess.Popen) -> str:
    """Cancel a running job, and give its number: one that did not end by itself just before."""

    def state() -> str:
        return slurm.say("squeue", "-h", "--states=all", "-j", job, "-o", "%T")

    while True:
        job = wait_for_job(slurm, process)
        slurm.say("scancel", job)
        scheduler.until(lambda: state() not in ("", "RUNNING", "COMPLETING"), 60, "a job stays")
        if state() == "CANCELLED":
            return job


if __name__ == "__main__":
    sys.exit(main())
