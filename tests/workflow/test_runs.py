"""Runs as users see them: targets, folders, locks, kills, damaged files, wrong configurations."""

import json
import os
import signal
import subprocess
import sys

from scratch import SMALL, jobs


def test_a_run_makes_what_it_promises(finished):
    made = set(finished.products())
    assert {
        "data/light_speed.nc",
        "data/light_speed/n=16/model.nc",
        "data/light_speed/n=16/evaluation.nc",
        "reports/figures/light_speed/cells/n=16.svg",
        "reports/claims.json",
    } <= made
    assert (finished.folder / "reports/report.html").stat().st_size > 10_000
    small = json.loads((finished.folder / "reports/claims.json").read_text())
    assert not [claim["id"] for claim in small if claim["verdict"] == "reproduced"]


def test_jobs_of_a_cluster_make_the_same_bytes(project, finished, tmp_path):
    """A scheduler starts each job by a command line of its own, which must say the same cell."""
    cell = "data/light_speed/n=16_networks=2_sampler=literal"
    for made in ("model", "evaluation"):
        (project.folder / f"{cell}/{made}.nc").unlink()
    submit = tmp_path / "submit"
    submit.write_text('#!/bin/sh\nsh "$1" > /dev/null 2>&1 &\necho 1\n')
    submit.chmod(0o755)
    project.run(
        f"{cell}/evaluation.nc", "--jobs", "2", "--seconds-between-status-checks", "1",
        "--executor", "cluster-generic", "--cluster-generic-submit-cmd", str(submit),
    )  # fmt: skip
    assert project.products() == finished.products()


def test_one_target_and_another_folder(project, tmp_path):
    other = tmp_path / "other.yaml"
    other.write_text(
        "figures:\n  light_speed: {fixed: {k: 4, n: 4, depth: 1, probes: 2, networks: 1}}\n"
    )
    (tmp_path / "elsewhere").mkdir()
    place = ("--directory", str(tmp_path / "elsewhere"))
    done = project.run("data/light_speed.nc", "--configfile", str(other), *place)
    made = tmp_path / "elsewhere/data/light_speed/only/evaluation.nc"
    assert made.exists()
    assert "report.html" not in done.stdout  # none was made


def test_a_misspelt_target_and_values_on_the_command_line_are_refused(project):
    for arguments, message in (
        (("data/convergance.nc",), "No rule to produce data/convergance.nc"),
        (("data/light_speed/n=1/evaluation.nc",), "light_speed has no cell n=1"),
        (("--config", "seed=8"), "--config seed: values are read from files only"),
    ):
        done = project.run("-n", *arguments, check=False)
        assert done.returncode == 1
        assert message in done.stdout


def test_a_file_that_snakemake_could_not_read_is_refused_in_one_line(project, tmp_path):
    """It reads these files before the Snakefile and shows a traceback."""
    other = tmp_path / "other.yaml"
    for content, message, option in (
        (None, "cannot be read: No such file or directory", "--configfile"),
        (b"\xff\x00", "cannot be read: not text in UTF-8", "--configfile"),
        (b"[1, 2]", "must be a mapping with `figures:`", "--configfile"),
        (b"[1, 2]", "must be a mapping with `figures:`", "--configfiles"),
        (b"", "is empty; it needs `figures:`", "--configfile"),
        (b"figures: [", "YAML syntax", "--configfile"),
        ("folder", "cannot be read: Is a directory", "--configfile"),
    ):
        if isinstance(content, bytes):
            other.write_bytes(content)
        elif content:
            other.unlink()
            other.mkdir()
        done = project.run("-n", option, str(other), check=False)
        assert done.returncode == 1
        assert "Traceback" not in done.stdout
        assert len(done.stdout.splitlines()) <= 4, done.stdout
        assert str(other) in done.stdout
        assert message in done.stdout


def test_a_wrong_configuration_stops_before_anything_is_written(project):
    project.config(SMALL.replace("depth: 3", "depth: 0").replace("n: [16, 64]", "n: [4]"))
    before = project.products()
    done = project.run(check=False)
    assert done.returncode == 1
    assert "config.yaml:4: figures.light_speed.fixed.depth: 0 given" in done.stdout
    assert "Traceback" not in done.stdout
    assert project.products() == before


def test_a_truncated_dataset_is_never_read_as_data(project):
    path = project.folder / "data/light_speed.nc"
    path.write_bytes(path.read_bytes()[:-9_000])
    code = "import entanglement; entanglement.open_results('light_speed')"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=project.folder, text=True, capture_output=True,
        env={**os.environ, "PYTHONPATH": str(project.folder / "src")}, check=False,
    )  # fmt: skip
    assert "is truncated" in done.stderr
    assert "snakemake data/light_speed.nc" in done.stderr


def start(project):
    """Start a run with longer jobs and wait until one of them is under way."""
    project.config(
        SMALL.replace("networks: 3", "networks: 3000").replace("probes: 4", "probes: 500")
    )
    run = project.start(subprocess.PIPE)
    for line in run.stdout:
        if "train light_speed" in line or "evaluate light_speed" in line:
            return run
    raise AssertionError("the run ended before a job began")


def test_a_second_live_run_stops_with_one_line(project):
    run = start(project)
    try:
        done = project.run(check=False)
        assert done.returncode == 1
        assert "another run is live" in done.stdout
        assert "Traceback" not in done.stdout
        assert "another run is live" not in project.run("-n", check=False).stdout
    finally:
        os.killpg(run.pid, signal.SIGKILL)
        run.wait()


def test_long_jobs_go_through_a_file_and_many_cells_are_drawn_by_several(project, finished):
    """A command line takes 128 KiB; here the limits are set to what three cells exceed."""
    project.edit("src/entanglement/pipeline/runs.py", "30_000", "50")
    project.edit("src/entanglement/pipeline/jobs.py", "TOGETHER = 50", "TOGETHER = 2")
    (project.folder / "data/light_speed.nc").unlink()
    for picture in (project.folder / "reports/figures/light_speed/cells").iterdir():
        picture.unlink()
    done = project.run()
    assert project.products() == finished.products()
    assert jobs(done.stdout)["plot"] == 2
    assert list((project.folder / ".snakemake/jobs").glob("*.json"))


def test_words_that_are_broken_stop_a_run_with_one_line(project):
    for name, text, message in (
        ("report", "a: [1", "YAML syntax"),
        ("report", "figures: {light_speed: 3}", "no panels described for light_speed"),
        ("claims", "- 1", "1 given; must be a mapping"),
        ("coverage", "A: 1", "1 given; must be a list"),
    ):
        path = project.folder / f"workflow/{name}.yaml"
        kept = path.read_text()
        path.write_text(text)
        done = project.run("-n", check=False)
        path.write_text(kept)
        assert done.returncode == 1
        assert message in done.stdout
        assert "Traceback" not in done.stdout
