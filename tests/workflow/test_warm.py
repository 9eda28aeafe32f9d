"""Jobs that start as forks of a process with loaded libraries do what they do without it."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time

import psutil
import pytest

from entanglement.experiments import REGISTRY
from entanglement.pipeline import fingerprint, jobs, warm

PARAMETERS = {
    "k": 8, "n": 32, "depth": 3, "networks": 2,
    "weights": "top", "row_order": "sorted", "sampler": "exact", "gain": 1.0,
}  # fmt: skip
# Starts what jobs are forked from, says so, and lives until its standard input ends.
STARTER = """
import sys
from entanglement.pipeline import warm
warm.start(["scipy.special"])
print("started", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def starter(tmp_path):
    """A process that has started it in a folder of its own."""
    (tmp_path / ".snakemake").mkdir()
    process = subprocess.Popen(
        [sys.executable, "-c", STARTER], cwd=tmp_path, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout.readline() == "started\n"
    yield process
    process.communicate()


def job(**parameters):
    code = jobs.code("train", REGISTRY, ["convergence"])
    made = {"figure": "convergence", "model": "a", "seed": 1, "code": code}
    return json.dumps({**made, "parameters": PARAMETERS | parameters})


def command(text):
    return [sys.executable, "-X", "importtime", "-m", "entanglement.cli", "train", "--job", text]


def train(folder, text):
    """Train one model; give how that ended, and whether this process loaded the libraries."""
    done = subprocess.run(command(text), cwd=folder, capture_output=True, text=True, check=False)
    return done, "xarray" in done.stderr


def forks(starter):
    """Processes that stem from a starter, each the parent of the next: server, waiter, job."""
    found, process = [], psutil.Process(starter.pid)
    with contextlib.suppress(psutil.NoSuchProcess):  # it may end just now
        while live := [p for p in process.children() if p.status() != psutil.STATUS_ZOMBIE]:
            (process,) = live
            found.append(process.pid)
    return found


def until(true, seconds=20.0):
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_a_job_makes_the_same_bytes_and_loads_no_library(starter, tmp_path):
    made = tmp_path / "data/convergence/a/model.nc"
    done, loaded = train(tmp_path, job())
    assert (done.returncode, loaded) == (0, False)
    assert "done: data/convergence/a/model.nc in " in done.stdout
    first = made.read_bytes()
    starter.communicate()
    made.unlink()
    done, loaded = train(tmp_path, job())
    assert (done.returncode, loaded) == (0, True)
    assert made.read_bytes() == first


def test_one_that_cannot_be_done_says_so(starter, tmp_path):
    other = json.loads(job())
    other["code"]["entanglement.pipeline.seeds"] = "0"
    done, loaded = train(tmp_path, json.dumps(other))
    assert (done.returncode, loaded) == (1, False)
    assert "the code changed after this run was planned" in done.stderr


def test_a_job_that_is_killed_ends_who_asked_for_it(starter, tmp_path):
    process = subprocess.Popen(command(job(k=300, n=300_000, depth=100, sampler="literal")),
                               cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
    until(lambda: len(forks(starter)) == 3)
    os.kill(forks(starter)[-1], signal.SIGKILL)
    assert process.wait(20) == -signal.SIGKILL


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_job_ends_with_who_asked_for_it(starter, tmp_path, number):
    process = subprocess.Popen(command(job(k=300, n=300_000, depth=100, sampler="literal")),
                               cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
    until(lambda: len(forks(starter)) == 3)
    process.send_signal(number)
    assert process.wait(20) == -number
    until(lambda: len(forks(starter)) == 1)
    assert train(tmp_path, job())[1] is False  # the others go on


def test_jobs_start_by_themselves_once_it_is_killed(starter, tmp_path):
    process = subprocess.Popen(command(job(k=300, n=300_000, depth=100, sampler="literal")),
                               cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
    until(lambda: len(forks(starter)) == 3)
    os.kill(forks(starter)[0], signal.SIGKILL)
    done, loaded = train(tmp_path, job())
    assert (done.returncode, loaded) == (0, True)
    process.kill()


def test_half_a_request_holds_up_no_other(starter, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for half in (b"", b'["/'):
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(warm.ADDRESS)
            connection.sendall(half)
    done, loaded = train(tmp_path, job())
    assert (done.returncode, loaded) == (0, False)


def test_nothing_is_left_of_a_run_that_is_killed(starter, tmp_path):
    (server,) = forks(starter)
    starter.kill()
    until(lambda: not psutil.pid_exists(server))
    assert not (tmp_path / warm.ADDRESS).exists()
    assert train(tmp_path, job())[0].returncode == 0


def test_a_socket_that_nobody_hears_stops_no_job(tmp_path):
    code = "import socket; socket.socket(socket.AF_UNIX).bind('.snakemake/warm')"
    (tmp_path / ".snakemake").mkdir()
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True)
    done, loaded = train(tmp_path, job())
    assert (done.returncode, loaded) == (0, True)


def test_where_no_socket_can_be_nothing_is_started(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(subprocess, "Popen", lambda *_, **__: pytest.fail("started"))
    warm.start([])


def test_no_code_whose_numbers_count_is_loaded_before_its_job():
    code = (
        "import sys; from entanglement import cli; from entanglement.pipeline import warm;"
        "print(*(m for m in sys.modules if m.startswith('entanglement')))"
    )
    loaded = subprocess.check_output([sys.executable, "-c", code], text=True).split()
    stages = [stage for stage in warm.COMMANDS if stage != "train"]  # not every figure trains
    every = {m for stage in stages for m in jobs.code(stage, REGISTRY, REGISTRY)}
    every |= set(jobs.code("train", REGISTRY, ["convergence"]))
    assert "entanglement.cli" in loaded
    assert "entanglement.networks.layer" in every
    # The command line's own. A job compares them as they are now, and is refused after an edit.
    own = {"entanglement.pipeline.errors", "entanglement.pipeline.home"}
    assert every & set(loaded) == own


def test_libraries_are_those_that_the_code_imports():
    code = fingerprint.fingerprint("entanglement.experiments.convergence.train")
    assert {"numpy", "xarray", "scipy.special"} <= set(fingerprint.libraries(code))
    assert "jax" not in fingerprint.libraries(code)
    assert not [m for m in fingerprint.libraries(code) if m.startswith("entanglement")]
