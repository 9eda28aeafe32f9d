"""SLURM's executor, made to outlive an outage of SLURM's controller.

Its version 2.8 asks for the status of its jobs, forgets them all if nobody answers, and then waits
for them for ever, as it does for jobs that the controller lost when it died. A job that is submitted
meanwhile counts as failed, and so does a step that begins just then. A step that ended after the
dying controller's last record runs for ever in the eyes of the next one, and the other steps of its
job wait for its processor. Delete this module once the executor does better:
`tests/cluster/slurm.py` kills a controller.
"""

import importlib
import subprocess
import time
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

PAUSE = 5.0  # seconds between two questions whether the controller is back
LOST = 300.0  # seconds after which a job counts as lost that a controller in service does not know


def outlive_outages() -> None:
    """Let runs with `--executor slurm`, and their jobs, wait for the controller."""
    from snakemake_interface_executor_plugins.registry import ExecutorPluginRegistry

    registry = ExecutorPluginRegistry()
    if registry.is_installed("slurm"):
        plugin, step = registry.get_plugin("slurm"), registry.get_plugin("slurm-jobstep")
        plugin.executor = faithful(waiting(plugin.executor, answers), known)
        step.executor = again(waiting(step.executor, answers), answers)
        module: Any = importlib.import_module("snakemake_executor_plugin_slurm_jobstep")
        module.get_node_setting = overlapping(module.get_node_setting)


def answers() -> bool:
    """Tell whether a controller of SLURM answers."""
    try:
        command = ["scontrol", "ping"]
        return subprocess.run(command, capture_output=True, timeout=60).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def known(run: str) -> set[str] | None:
    """Numbers of a run's jobs that the controller knows; None if it does not answer."""
    command = ["squeue", "--noheader", "--states=all", "--format=%i", f"--name={run}"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return set(done.stdout.split()) if done.returncode == 0 else None


def overlapping(setting: Callable[[Any], str]) -> Callable[[Any], str]:
    """Let a step have the processor that another one holds: those of a job run one by one.

    Parameters
    ----------
    setting
        Gives options of `srun` for a job.
    """
    return lambda job: f"{setting(job)} --overlap"


def waiting(executor: Any, answers: Callable[[], bool]) -> Any:
    """Derive an executor that starts no job while nobody would take it.

    Parameters
    ----------
    executor
        Class of an executor.
    answers
        Whether its scheduler answers.
    """

    class Waiting(executor):
        def run_job(self, job: Any) -> None:
            while getattr(self, "wait", True) and not answers():
                time.sleep(PAUSE)
            super().run_job(job)

    return Waiting


def again(executor: Any, answers: Callable[[], bool]) -> Any:
    """Derive an executor that runs a job again which failed while nobody answered.

    The controller may die between the question whether it answers and the step of the job. What a
    job makes is whole or not there, so that running it twice does no harm.

    Parameters
    ----------
    executor, answers
        As for `waiting`.
    """

    class Again(executor):
        def report_job_error(self, job_info: Any, *given: Any, **named: Any) -> None:
            if answers():
                super().report_job_error(job_info, *given, **named)
            else:
                self.run_job(job_info.job)

    return Again


def faithful(executor: Any, known: Callable[[str], set[str] | None]) -> Any:
    """Derive an executor that asks for a job until it hears how that ended, or that it is lost.

    Parameters
    ----------
    executor
        Class of a remote executor.
    known
        Gives the numbers of a run's jobs that its scheduler knows, or None if that does not answer.
    """

    class Faithful(executor):
        # Numbers of jobs whose end was heard of in this round; when each job was last known.
        _ended: frozenset[str] = frozenset()
        _seen: Mapping[str, float] = {}

        def report_job_success(self, job: Any) -> None:
            self._ended |= {job.external_jobid}
            super().report_job_success(job)

        def report_job_error(self, job: Any, *given: Any, **named: Any) -> None:
            self._ended |= {job.external_jobid}
            super().report_job_error(job, *given, **named)

        async def check_active_jobs(self, active_jobs: list[Any]) -> AsyncIterator[Any]:
            self._ended = frozenset()
            async for _ in super().check_active_jobs(active_jobs):
                pass
            now, there = time.monotonic(), known(self.run_uuid) if active_jobs else None
            open_jobs = [job for job in active_jobs if job.external_jobid not in self._ended]
            self._seen = {
                job.external_jobid: now
                if there is None or job.external_jobid in there
                else self._seen.get(job.external_jobid, now)
                for job in open_jobs
            }
            for job in open_jobs:
                if now - self._seen[job.external_jobid] > LOST:
                    self.report_job_error(job, msg=f"SLURM lost job {job.external_jobid}. ")
                else:
                    yield job

    return Faithful
