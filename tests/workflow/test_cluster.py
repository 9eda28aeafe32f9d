"""An executor that outlives its scheduler's outages; `make test-slurm` does it with a real one."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

from entanglement.pipeline import cluster

JOBS = [SimpleNamespace(external_jobid=str(number)) for number in range(3)]


class Forgetful:
    """Answers for no job where nobody answers it, as SLURM's executor does."""

    run_uuid = "run"
    wait = True

    def __init__(self, ended=()):
        self.ended, self.said, self.submitted = list(ended), [], []

    async def check_active_jobs(self, jobs):
        if self.ended is not None:
            for job in jobs:
                if job.external_jobid in self.ended:
                    self.report_job_success(job)
                else:
                    yield job

    def report_job_success(self, job):
        self.said.append((job.external_jobid, "success"))

    def report_job_error(self, job, msg=None):
        self.said.append((job.external_jobid, msg))

    def run_job(self, job):
        self.submitted.append(job)


def still_active(executor, jobs=JOBS):
    async def ask():
        return [job.external_jobid async for job in executor.check_active_jobs(list(jobs))]

    # In a thread of its own: a browser test before this one may have left a loop in this one.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, ask()).result()


def test_the_executor_as_it_is_forgets_its_jobs():
    executor = Forgetful()
    executor.ended = None
    assert still_active(executor) == []


def test_no_job_is_forgotten_while_nobody_answers():
    executor = cluster.faithful(Forgetful, lambda run: None)()
    executor.ended = None
    assert still_active(executor) == ["0", "1", "2"]
    executor.ended = ["1"]
    assert still_active(executor) == ["0", "2"]
    assert executor.said == [("1", "success")]


def test_a_job_that_the_scheduler_lost_fails_after_a_while(monkeypatch):
    times = iter([0.0, 200.0, 400.0])
    monkeypatch.setattr(cluster, "time", SimpleNamespace(monotonic=lambda: next(times)))
    executor = cluster.faithful(Forgetful, lambda run: {"0"})()
    assert still_active(executor) == ["0", "1", "2"]
    assert still_active(executor) == ["0", "1", "2"]
    assert still_active(executor) == ["0"]
    assert executor.said == [("1", "SLURM lost job 1. "), ("2", "SLURM lost job 2. ")]


def test_a_job_is_submitted_once_somebody_answers(monkeypatch):
    monkeypatch.setattr(cluster, "PAUSE", 0.0)
    answers = iter([False, False, True])
    executor = cluster.waiting(Forgetful, lambda: next(answers))()
    executor.run_job("job")
    assert executor.submitted == ["job"]
    assert next(answers, None) is None


def test_a_step_shares_what_a_step_holds_whose_end_nobody_heard():
    assert cluster.overlapping(lambda job: f"--nodes={job}")(1) == "--nodes=1 --overlap"


def test_a_job_that_failed_while_nobody_answered_is_run_again():
    answers = iter([False, True])
    executor = cluster.again(Forgetful, lambda: next(answers))()
    job = SimpleNamespace(job="a job", external_jobid="0")
    executor.report_job_error(job)
    assert (executor.said, executor.submitted) == ([], ["a job"])
    executor.report_job_error(job, msg="it failed")
    assert (executor.said, executor.submitted) == ([("0", "it failed")], ["a job"])
