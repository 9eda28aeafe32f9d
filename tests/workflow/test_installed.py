"""Installed from a wheel, by whoever may not write there: the workflow's files come along."""

import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import zipfile
from pathlib import Path

import pytest
from scratch import PROJECT

NOBODY = 65534
CONFIG = """\
seed: 7
figures:
  noise_recovery:
    fixed:
      k: 16
      n: 24
      depth: 4
      networks: 3
      message: {path: data/images/panda.png, size: 4}
      image: {path: data/images/gibbon.png, size: 4}
      other: {path: data/images/dog.png, size: 4}
    grid: {alpha: [100]}
"""


def interpreter(user):
    """A Python of this version that a user may start: tests often run as root, from its home."""
    version = "python{}.{}".format(*sys.version_info)
    for path in (sys._base_executable, f"/usr/bin/{version}", f"/usr/local/bin/{version}"):
        program = str(Path(path).resolve())
        try:
            done = subprocess.run([program, "-c", ""], user=user, cwd="/", check=False)
        except OSError:
            continue
        if done.returncode == 0:
            return program
    return None


@pytest.fixture(scope="module")
def installed():
    """A wheel's own environment, which lends the libraries of this one; nobody's folder beside it."""
    user = NOBODY if os.geteuid() == 0 else None
    python = interpreter(user)
    if python is None:
        user, python = None, sys._base_executable
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        uv = Path(sys.executable).parent / "uv"
        source = folder / "source"
        unused = shutil.ignore_patterns(
            ".*", "build", "quick", "reports", "*.nc", "tests", "*.egg-info"
        )
        shutil.copytree(PROJECT, source, ignore=unused)
        subprocess.run(
            [uv, "build", "-q", "--wheel", "--no-build-isolation", "--python", sys.executable,
             "-o", folder, source], check=True,
        )  # fmt: skip
        shutil.rmtree(source)
        [wheel] = folder.glob("*.whl")
        environment = folder / "environment"
        subprocess.run([python, "-m", "venv", "--without-pip", environment], check=True)
        install = [uv, "pip", "install", "-q", "--no-deps", "--python", environment / "bin/python"]
        subprocess.run([*install, wheel], check=True)
        [packages] = environment.glob("lib/python*/site-packages")
        (packages / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
        work = folder / """it's a "work" {folder} $(touch PWNED)"""
        work.mkdir()
        if user is not None:
            os.chown(work, user, user)
        (work / "config.yaml").write_text(CONFIG)

        def run(program, *arguments):
            kept = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "VIRTUAL_ENV")}
            bin_ = environment / "bin"
            kept |= {"HOME": str(work), "PATH": f"{bin_}:{os.environ['PATH']}"}
            start = [bin_ / "python", "-m", program]
            return subprocess.run(
                [*start, *arguments], cwd=work, env=kept, user=user, text=True, timeout=600,
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False,
            )  # fmt: skip

        yield work, run


def test_an_installed_wheel_brings_the_workflow_and_its_pictures(installed):
    work, run = installed
    found = run("entanglement.cli", "snakefile")
    snakefile = found.stdout.strip()
    assert "/share/entanglement/Snakefile" in snakefile
    done = run("snakemake", "--snakefile", snakefile, "--cores", "2")
    assert done.returncode == 0, done.stdout
    assert "report: reports/report.html" in done.stdout
    html = (work / "reports/report.html").read_text()
    assert "the Panda by Jeff Kubina" in html
    assert not list(work.parent.rglob("PWNED"))
    plan = run("entanglement.cli", "plan")
    assert "nothing to train or evaluate" in plan.stdout, plan.stdout


def test_the_wheel_holds_every_file_that_a_run_reads(installed):
    work, _ = installed
    [wheel] = work.parent.glob("*.whl")
    names = {
        name.partition("/share/entanglement/")[2] for name in zipfile.ZipFile(wheel).namelist()
    }
    listed = subprocess.run(
        ["git", "ls-files", "Snakefile", "config.yaml", "profiles", "workflow", "data/images"],
        cwd=PROJECT, text=True, capture_output=True, check=True,
    ).stdout.splitlines()  # fmt: skip
    apart = ("data/images/originals/", "workflow/envs/")  # never read; for building an environment
    assert {name for name in listed if not name.startswith(apart)} == names - {""}
