"""A copy of the project that the tests may edit, and Snakemake run in it as a user would."""

import atexit
import hashlib
import importlib
import multiprocessing
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).parents[2]
SMALL = """\
seed: 7
figures:
  light_speed:
    fixed: {k: 8, depth: 3, probes: 4, networks: 3, sampler: exact}
    grid: {n: [16, 64]}
    cases: [{n: 16, sampler: literal, networks: 2}]
"""

# A shell starts what runs in its background deaf to Ctrl-C, and its children would be too.
signal.signal(signal.SIGINT, signal.default_int_handler)

SNAKEMAKE = str(Path(sys.executable).parent / "snakemake")
# A dry run takes longest to load libraries: programs are forks of a process that has loaded those of
# Snakemake (not Snakemake itself, which notes where it is when it is loaded).
LOADED = multiprocessing.get_context("forkserver")
LOADED.set_forkserver_preload([
    "docutils.parsers.rst.directives.images", "jinja2", "jsonschema", "numpy", "pulp", "pydantic",
    "requests", "ruamel.yaml", "smart_open", "sqlmodel", "tenacity", "yte",
])  # fmt: skip


def be(program, folder, arguments, environment, outputs):
    """Do in this process what a program does, from its first line to its end."""
    for number, output in enumerate(outputs, 1):
        with open(output, "ab") as file:
            os.dup2(file.fileno(), number)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    sys.path.insert(0, environment["PYTHONPATH"])
    sys.argv = [program, *arguments]
    try:
        sys.exit(importlib.import_module(program).main())
    finally:
        atexit._run_exitfuncs()  # forks of multiprocessing leave it out


@dataclass(frozen=True)
class Project:
    """A project folder with its own code, configuration and results."""

    folder: Path

    @property
    def environment(self):
        return {**os.environ, "PYTHONPATH": str(self.folder / "src")}

    def run(self, *arguments, check=True):
        done = self.forked("snakemake.cli", *arguments)
        if check:
            assert done.returncode == 0, done.stdout
        return done

    def command(self, *arguments):
        return self.forked("entanglement.cli", *arguments, apart=True)

    def forked(self, program, *arguments, apart=False):
        """Run a program; what it prints as an error stands `apart`, or with the rest."""
        with tempfile.NamedTemporaryFile("r") as said, tempfile.NamedTemporaryFile("r") as wrong:
            outputs = said.name, wrong.name if apart else said.name
            given = program, self.folder, arguments, self.environment, outputs
            process = LOADED.Process(target=be, args=given)
            process.start()
            process.join(1800)
            if process.exitcode is None:
                process.kill()
            return subprocess.CompletedProcess(
                [program, *arguments], process.exitcode, said.read(), wrong.read()
            )

    def start(self, stdout, *arguments):
        """Start the program as a process group of its own, which a signal can be sent to."""
        return subprocess.Popen(
            [SNAKEMAKE, *arguments], cwd=self.folder, env=self.environment, text=True,
            stdout=stdout, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip

    def planned(self, *arguments):
        """Count the jobs of each rule that the next run would do; the plan must agree."""
        counts = jobs(self.run("-n", *arguments).stdout)
        plan = self.command("plan")
        assert plan.returncode == 0, plan.stderr
        for rule in ("train", "evaluate"):
            rows = re.findall(rf"^  (?:new|changed|failed) +{rule} ", plan.stdout, flags=re.M)
            assert len(rows) == counts.get(rule, 0), plan.stdout
        return counts

    def config(self, text):
        (self.folder / "config.yaml").write_text(text)

    def products(self):
        """Digest of everything that a run makes and that counts, by path."""
        patterns = ("data/*.nc", "data/*/*/*.nc", "reports/figures/**/*.*", "reports/claims.json",
                    "reports/report.html", "reports/summary.*")  # fmt: skip
        return {
            str(path.relative_to(self.folder)): hashlib.sha256(path.read_bytes()).hexdigest()
            for pattern in patterns
            for path in sorted(self.folder.glob(pattern))
        }

    def edit(self, file, old, new):
        path = self.folder / file
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new, 1))


def jobs(output):
    """Read Snakemake's job table; rules that are generated per figure count together."""
    counts: dict[str, int] = {}
    # A dry run prints the table before and after the jobs.
    table = output.split("\ntotal ")[0]
    for name, count in re.findall(r"^(\w+) +(\d+)$", table, flags=re.M):
        rule = re.sub(r"^(plot|panels)_.*", r"\1", name)
        counts[rule] = counts.get(rule, 0) + int(count)
    return counts


def copy_project(target):
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"],
        cwd=PROJECT, capture_output=True, text=True, check=True,
    ).stdout.splitlines()  # fmt: skip
    for name in listed:
        if not name.startswith(("tests/", "data/images/originals")):
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(PROJECT / name, target / name)
    return Project(target)
