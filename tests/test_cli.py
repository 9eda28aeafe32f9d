"""The command line: answers, and errors that people can mend."""

import multiprocessing
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from entanglement import cli
from entanglement.pipeline.process import PROCESS


def test_predict_gives_the_published_setting_of_fig_9(capsys):
    assert cli.main(["predict", "--k", "2500", "--n", "3500", "--alpha", "100"]) == 0
    text = capsys.readouterr().out
    assert "Gamma = 0.162" in text
    assert "50% 42" in text


@pytest.mark.parametrize(
    ("arguments", "parts"),
    [
        ("--k 2 --n 1e9", ["Gamma = 2.79", "sigma = 1.11"]),
        ("--k 20000 --n 30000 --alpha 100", ["Gamma = 0.192", "50% 35", "wrong key bits"]),
        ("--k 2500 --n 3500 --layers 300", ["99% of networks: 69", "0.324 of probes", "(U5)   61"]),
        ("--k 2 --n 2 --layers 1", ["0.182 of probes", "0.5833 of networks"]),
    ],
)
def test_predict_says_rate_spread_depth_crossing_and_keys_of_any_size(capsys, arguments, parts):
    start = time.process_time()
    assert cli.main(["predict", *arguments.split()]) == 0
    assert time.process_time() - start < 3  # a second, but for a busy machine
    text = capsys.readouterr().out
    for part in parts:
        assert part in text
    assert "nan" not in text


@pytest.mark.parametrize(
    ("arguments", "parts"),
    [
        ("--k 1 --n 5", ["k: 1", "greater than or equal to 2"]),
        ("--k 10 --n 5", ["n = 5", "at least k"]),
        ("--k nan --n 5", ["k: nan"]),
        ("--k 2.5 --n 5", ["k: 2.5"]),
        ("--k 5 --n 5 --layers 0", ["layers: 0"]),
        ("--k 5 --n 5 --alpha -1", ["alpha: -1.0 given"]),
        ("--k 5 --n 5 --alpha inf", ["alpha: inf given"]),
    ],
)
def test_predict_refuses_what_makes_no_sense(capsys, arguments, parts):
    assert cli.main(["predict", *arguments.split()]) == 1
    text = capsys.readouterr().err
    for part in parts:
        assert part in text


def test_an_unknown_command_is_refused(capsys):
    with pytest.raises(SystemExit) as caught:
        cli.main(["trian"])
    assert caught.value.code == 2
    assert "trian" in capsys.readouterr().err


def test_every_command_and_what_it_starts_runs_on_one_thread(capsys, monkeypatch):
    for name in PROCESS:
        monkeypatch.setenv(name, "4")
    assert cli.main(["predict", "--k", "2", "--n", "5", "--layers", "2"]) == 0
    assert {name: os.environ[name] for name in PROCESS} == PROCESS
    # `entanglement verdicts` simulates in spawned processes.
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        assert pool.map(os.getenv, PROCESS) == list(PROCESS.values())


def test_what_people_can_mend_has_no_traceback_and_a_defect_keeps_its_own(capsys, monkeypatch):
    from entanglement.claims import DocumentError
    from entanglement.pipeline import document, stages, store

    for error in (
        document.ConfigError([document.Problem("a.yaml", 1, "seed", "is missing")]),
        store.DataError("mend this"), stages.JobError("mend this"), DocumentError("mend this"),
    ):  # fmt: skip

        def fails(options, error=error):
            raise error

        monkeypatch.setattr(cli, "_schema", fails)
        assert cli.main(["schema"]) == 1
        assert str(error) in capsys.readouterr().err

    class DataError(Exception):
        """Another library's error of the same name."""

    def broken(options):
        raise DataError

    monkeypatch.setattr(cli, "_schema", broken)
    with pytest.raises(DataError):
        cli.main(["schema"])


def test_asking_for_a_command_loads_no_library():
    code = "import sys, entanglement.cli; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    assert not {"numpy", "xarray", "pydantic", "jax", "matplotlib"} & set(loaded)


def test_reading_what_a_grid_may_hold_loads_no_numerical_library():
    """Every start of Snakemake does it, also where nothing has to be run."""
    code = (
        "import importlib, sys; from entanglement.experiments import REGISTRY\n"
        "for package in REGISTRY.values():\n    importlib.import_module(package)\n"
        "print(*sys.modules)"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    assert "entanglement.experiments.barriers" in loaded
    assert not {"numpy", "scipy", "pandas", "xarray", "jax"} & set(loaded)


def test_process_state_is_set_on_the_command_line_alone():
    source = Path(cli.__file__).parent
    setting = ("environ.update", "environ.setdefault", "environ[", "putenv")
    found = {
        str(path.relative_to(source))
        for path in source.rglob("*.py")
        for line in path.read_text().splitlines()
        if any(words in line for words in setting)
    }
    # The workflow's own process finds the programs of its environment.
    assert found <= {"pipeline/process.py", "pipeline/runs.py"}
