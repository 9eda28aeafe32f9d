"""The same command finishes any run, whatever ended it: truth lies in the files."""

import os
import random
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from scratch import SMALL, Project, jobs

from entanglement.pipeline import seal, store

CELL = "data/light_speed/n=16"
LITERAL = "data/light_speed/n=16_networks=2_sampler=literal"
DATASET = "data/light_speed.nc"
KINDS = {
    "model": f"{CELL}/model.nc",
    "evaluation": f"{CELL}/evaluation.nc",
    "dataset": DATASET,
}
PRODUCTS = {
    **KINDS,
    "picture": "reports/figures/light_speed/cells/n=16.svg",
    "panel": "reports/figures/light_speed/augmented_loss.svg",
    "numbers": "reports/figures/light_speed/augmented_loss.csv",
    "claims": "reports/claims.json",
    "report": "reports/report.html",
    "summary": "reports/summary.md",
    "macros": "reports/summary.tex",
}

# The jobs that a missing one asks for.
SHOWN = {"report": 1, "all": 1}
JOINED = {"collect": 1, "panels": 1, "claims": 1, **SHOWN}
MADE = {
    "model": {"train": 1, "evaluate": 1, "plot": 1, **JOINED},
    "evaluation": {"evaluate": 1, "plot": 1, **JOINED},
    "dataset": JOINED,
    "picture": {"plot": 1, **SHOWN},
    "panel": {"panels": 1, **SHOWN},
    "numbers": {"panels": 1, **SHOWN},
    "claims": {"claims": 1, **SHOWN},
    "report": SHOWN,
    "summary": SHOWN,
    "macros": SHOWN,
}


def test_two_runs_on_one_core_and_on_all_give_equal_files_reports_included(finished, tmp_path):
    other = copy(finished, tmp_path)
    for path in other.products():
        (other.folder / path).unlink()
    shutil.rmtree(other.folder / ".snakemake")
    other.run("--cores", "1")
    assert other.products() == finished.products()
    assert finished.products()["reports/report.html"]


@pytest.mark.parametrize("kind", PRODUCTS)
def test_what_is_deleted_is_missed_and_with_it_what_is_made_from_it(project, kind):
    (project.folder / PRODUCTS[kind]).unlink()
    assert project.planned() == MADE[kind]


def test_what_is_deleted_is_made_again(project, finished):
    for path in PRODUCTS.values():
        (project.folder / path).unlink()
    project.run()
    assert project.products() == finished.products()


# A termination ends a run as Ctrl-C does, partial report and all: of the dataset alone.
@pytest.mark.parametrize(
    ("number", "target"),
    [(signal.SIGINT, []), (signal.SIGKILL, []), (signal.SIGTERM, [DATASET])],
)
def test_a_run_that_was_ended_goes_on(finished, tmp_path, number, target):
    project = copy(finished, tmp_path)
    kept = ("n=64", "literal", *(["reports/"] if target else []))
    for path in project.products():
        if not any(part in path for part in kept):
            (project.folder / path).unlink()
    run = start(project, *target)
    time.sleep(random.Random(int(number)).uniform(0.2, 2))
    os.killpg(run.pid, number)
    said = run.communicate(timeout=120)[0]
    assert run.returncode != 0
    if number != signal.SIGKILL:
        assert "go on with: snakemake" in said or "go on with: " in said
    project.run(*target)
    assert made(project, *target) == made(finished, *target)
    assert project.planned(*target) == {}


def test_a_repair_that_was_killed_is_repaired(project, finished):
    path = project.folder / KINDS["model"]
    path.write_bytes(path.read_bytes()[:-100])
    run = start(project, DATASET)
    os.killpg(run.pid, signal.SIGKILL)
    run.communicate()
    project.run(DATASET)
    assert project.products() == finished.products()


def test_a_failed_cell_is_tried_again_by_the_same_command(project, finished):
    source = "src/entanglement/experiments/light_speed/evaluate.py"
    before = (project.folder / source).read_text()
    project.edit(
        source,
        "def evaluate(",
        "def evaluate(model, *rest):\n"
        "    if model.sizes['network'] == 2:\n"
        "        raise ValueError('made to fail')\n"
        "    return _evaluate(model, *rest)\n\n\ndef _evaluate(",
    )
    done = project.run(check=False)
    cell = "n=16_networks=2_sampler=literal"
    assert f"failed: light_speed {cell}; log: reports/logs/evaluate/" in done.stdout
    assert f"snakemake -- data/light_speed/{cell}/evaluation.nc" in done.stdout
    claims = (project.folder / "reports/claims.json").read_text()
    assert '"not testable at this size"' not in claims
    html = (project.folder / "reports/report.html").read_text()
    assert "made to fail" in html
    assert "Stale: drawn from earlier data." in html
    (project.folder / source).write_text(before)
    project.run()
    assert project.products() == finished.products()
    assert project.planned() == {}


def test_a_lost_record_hides_no_edit(project):
    shutil.rmtree(project.folder / ".snakemake")
    assert project.planned() == {}
    project.config(SMALL.replace("probes: 4", "probes: 5"))
    said = project.run("-n").stdout
    assert f"{KINDS['evaluation']} is stale (probes 4 -> 5)" in said
    assert project.planned()["evaluate"] == 3


def test_a_clock_that_was_set_back_hides_no_edit(project):
    for path in project.products():
        later = time.time() + 86_400
        os.utime(project.folder / path, (later, later))
    project.config(SMALL.replace("sampler: literal", "sampler: literal, probes: 5"))
    done = project.run(DATASET)
    assert "files were dated in the future" in done.stdout
    assert jobs(done.stdout)["evaluate"] == 1
    assert project.planned(DATASET) == {}


def test_an_edit_that_is_undone_reruns_nothing(project):
    project.config(SMALL.replace("probes: 4", "probes: 5"))
    assert project.planned()["evaluate"] == 3
    project.config(SMALL)
    assert project.planned() == {}


def truncate(path, other):
    path.write_bytes(path.read_bytes()[:-9])


def empty(path, other):
    path.write_bytes(b"")


def text(path, other):
    path.write_text("no data")


def zero_the_end(path, other):
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2] + bytes(len(content) // 2))


def zero_the_head(path, other):
    content = path.read_bytes()
    path.write_bytes(bytes(len(content) // 2) + content[len(content) // 2 :])


def lengthen(path, other):
    path.write_bytes(path.read_bytes() + b"rubbish")


def foreign(path, other):
    import xarray as xr

    path.unlink()
    xr.Dataset({"x": ("y", [1.0, 2.0])}).to_netcdf(path, format="NETCDF4")


def another_cell(path, other):
    shutil.copy2(other, path)


def clear(path):
    shutil.rmtree(path) if path.is_dir() else path.unlink()


def folder(path, other):
    path.unlink()
    path.mkdir()


def dangling(path, other):
    path.unlink()
    path.symlink_to("nowhere")


DAMAGES = (truncate, empty, text, zero_the_end, zero_the_head, lengthen, foreign, another_cell,
           folder, dangling)  # fmt: skip


# Of each kind; a file of another cell stands in for a foreign one.
DAMAGED = (*KINDS.values(), f"{LITERAL}/model.nc", f"{LITERAL}/evaluation.nc")
OTHERS = {name: f"data/light_speed/n=64/{name}" for name in ("model.nc", "evaluation.nc")}
OTHERS["light_speed.nc"] = OTHERS["model.nc"]


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_the_plan_names_what_is_damaged(project, damage):
    for kind, path in KINDS.items():
        kept = (project.folder / path).read_bytes()
        damage(project.folder / path, project.folder / OTHERS[Path(path).name])
        plan = project.command("plan").stdout
        if kind == "dataset":
            assert f"collect: {path} (" in plan
        else:
            stage = {"model": "train", "evaluation": "evaluate"}[kind]
            state = "new" if damage is dangling else "changed"
            assert f"  {state:8}{stage:9}n=16  (" in plan
        clear(project.folder / path)
        (project.folder / path).write_bytes(kept)


@pytest.mark.parametrize("first", [0, 5])
def test_what_is_damaged_is_named_and_made_again(project, finished, first):
    damaged = {path: DAMAGES[first + number] for number, path in enumerate(DAMAGED)}
    for path, damage in damaged.items():
        damage(project.folder / path, project.folder / OTHERS[Path(path).name])
    done = project.run(DATASET)
    for path, damage in damaged.items():
        if damage is not dangling:
            lines = [line for line in done.stdout.splitlines() if line.startswith(path)]
            assert lines[0].endswith("; it will be made again")
    assert project.products() == finished.products()


def test_an_old_dataset_put_back_is_stale(project):
    old = (project.folder / DATASET).read_bytes()
    project.config(SMALL.replace("grid: {n: [16, 64]}", "grid: {n: [16]}"))
    project.run(DATASET)
    (project.folder / DATASET).write_bytes(old)
    assert project.planned(DATASET) == {"collect": 1}
    assert f"{KINDS['dataset']} is stale" in project.run(DATASET).stdout
    assert (project.folder / DATASET).read_bytes() != old


def flip(path, bit):
    content = bytearray(path.read_bytes())
    content[bit // 8] ^= 1 << bit % 8
    path.write_bytes(bytes(content))


@pytest.mark.parametrize("kind", KINDS)
def test_no_flipped_bit_is_silent(finished, kind, tmp_path):
    whole = finished.folder / KINDS[kind]
    rng = random.Random(2309)
    bits = [rng.randrange(whole.stat().st_size * 8) for _ in range(100)]
    path = tmp_path / whole.name
    for bit in bits:
        shutil.copy(whole, path)
        flip(path, bit)
        with pytest.raises(seal.DataError, match=str(path)):
            store.read(path)
        path.unlink(missing_ok=True)
    shutil.copy(whole, path)
    store.read(path).close()


def test_whoever_reads_a_flipped_bit_says_so_and_the_same_command_mends_it(project, finished):
    flip(project.folder / KINDS["evaluation"], 40_000)
    (project.folder / DATASET).unlink()
    done = project.run(DATASET, check=False)
    assert done.returncode == 1
    assert f"{KINDS['evaluation']} is damaged" in done.stdout
    assert "Traceback" not in done.stdout
    project.run(DATASET)
    assert made(project, DATASET) == made(finished, DATASET)
    checked = project.command("check")
    assert checked.returncode == 1
    assert "evaluation.nc.damaged" in checked.stdout


def test_check_verifies_every_byte_and_says_what_it_cost(project):
    done = project.command("check")
    assert done.returncode == 0, done.stdout
    assert "all whole" in done.stdout
    for path in ("evaluation", "numbers", "picture", "claims"):
        flip(project.folder / PRODUCTS[path], 2_000)
    (project.folder / "data/.model.nc.1.abc.tmp").write_text("half")
    done = project.command("check")
    assert done.returncode == 1
    for path in ("evaluation", "numbers", "picture", "claims"):
        assert PRODUCTS[path] in done.stdout
    assert ".model.nc.1.abc.tmp" in done.stdout


def test_results_are_joined_judged_and_shown_by_the_code_that_was_planned(project):
    """`collect`, `claims` and `report` look at the code as `train` and `evaluate` do."""
    for command, file in (
        ("collect", "src/entanglement/pipeline/results.py"),
        ("claims", "src/entanglement/claims/verdicts.py"),
        ("report", "src/entanglement/report/phrasing.py"),
    ):
        made = {"collect": "dataset", "claims": "claims", "report": "report"}[command]
        path = project.folder / PRODUCTS[made]
        before = path.read_bytes()
        path.unlink()
        planned = project.run("-n", "-p").stdout
        line = next(
            part[part.index("entanglement ") :]
            for part in planned.splitlines()
            if f"entanglement {command} " in part
        )
        project.edit(file, "\nfrom ", "\nCHANGED = 1\nfrom ")
        environment = {**os.environ, "PYTHONPATH": str(project.folder / "src")}
        environment["PATH"] = f"{Path(sys.executable).parent}:{environment['PATH']}"
        line = line.partition(" > ")[0]
        done = subprocess.run(
            line, shell=True, cwd=project.folder, env=environment, text=True, capture_output=True,
            check=False,
        )  # fmt: skip
        assert done.returncode == 1
        assert "the code changed after this run was planned" in done.stderr
        assert not path.exists()
        project.edit(file, "\nCHANGED = 1\nfrom ", "\nfrom ")
        path.write_bytes(before)
    assert project.planned() == {}


def test_a_dry_run_says_nothing_false_about_locks(project):
    locks = project.folder / ".snakemake/locks"
    locks.mkdir(exist_ok=True)
    (locks / "0.output.lock").write_text("data/light_speed.nc\n")
    said = project.run("-n").stdout
    assert "cannot be locked" not in said
    assert "Nothing to be done" in said


def made(project, *target):
    """What a run for a target makes; one that was ended has left a partial report."""
    return {
        path: digest
        for path, digest in project.products().items()
        if not target or path.startswith("data/")
    }


def copy(finished, tmp_path):
    shutil.copytree(finished.folder, tmp_path / "copy", symlinks=True)
    return Project(tmp_path / "copy")


def start(project, *arguments):
    """Start a run and wait until its first job is under way."""
    run = project.start(subprocess.PIPE, *arguments)
    for line in run.stdout:
        if "train light_speed" in line or "evaluate light_speed" in line:
            return run
    raise AssertionError("the run ended before a job began")


def strike(project, where):
    """Send SIGTERM at the moment that hangs Snakemake by itself: inside the scheduler's lock.

    A file `struck` says that it went on from there. Gives the Snakefile as it was.
    """
    text = (project.folder / "Snakefile").read_text()
    (project.folder / "Snakefile").write_text(
        text + "\n\nimport signal\nfrom snakemake.scheduling.job_scheduler import JobScheduler\n"
        "plain = JobScheduler._finish_jobs\n\n\n"
        f"def struck(self):\n    if {where}:\n"
        "        os.kill(os.getpid(), signal.SIGTERM)\n"
        '        open("struck", "w").close()\n    plain(self)\n\n\n'
        "JobScheduler._finish_jobs = struck\n"
    )
    return text


def test_a_termination_that_comes_while_the_scheduler_holds_its_lock_ends_the_run(
    finished, tmp_path
):
    project = copy(finished, tmp_path)
    (project.folder / KINDS["evaluation"]).unlink()
    text = strike(project, "True")
    run = start(project, DATASET)
    said = run.communicate(timeout=120)[0]
    assert run.returncode != 0, said
    (project.folder / "Snakefile").write_text(text)
    project.run(DATASET)
    assert made(project, DATASET) == made(finished, DATASET)


def test_a_termination_that_comes_so_ends_a_job_of_a_cluster_too(finished, tmp_path):
    """Its Snakemake runs no hooks; whoever waits for such a job would wait for ever."""
    project = copy(finished, tmp_path)
    (project.folder / KINDS["evaluation"]).unlink()
    strike(project, "not workflow.is_main_process")
    submit = tmp_path / "submit"
    submit.write_text('#!/bin/sh\ntimeout -s KILL 60 sh "$1" > /dev/null 2>&1 &\necho 1\n')
    submit.chmod(0o755)
    project.run(
        KINDS["evaluation"], "--jobs", "1", "--seconds-between-status-checks", "1",
        "--executor", "cluster-generic", "--cluster-generic-submit-cmd", str(submit), check=False,
    )  # fmt: skip
    assert (project.folder / "struck").exists()


def test_an_interrupt_that_comes_inside_a_lock_of_the_store_ends_the_job(project, finished):
    (project.folder / KINDS["model"]).unlink()
    asked = project.run(DATASET, "-n", "-p").stdout
    [job] = re.findall(r"entanglement train --job '(.+?)' >", asked)
    # The moment that hangs a job: xarray, writing, has just taken the first of a file's two locks.
    program = """if True:
        import os, signal, sys
        from xarray.backends import locks
        from entanglement import cli

        plain, taken = locks.acquire, []

        def struck(*given, **named):
            taken.append(plain(*given, **named))
            if len(taken) == 50:
                os.kill(os.getpid(), signal.SIGINT)
            return taken[-1]

        locks.acquire = struck
        sys.exit(cli.main())
    """
    environment = {**os.environ, "PYTHONPATH": str(project.folder / "src")}
    done = subprocess.run(
        [sys.executable, "-c", program, "train", "--job", job],
        cwd=project.folder, env=environment, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == -signal.SIGINT
    project.run(DATASET)
    assert project.products() == finished.products()
