"""The Containerfile builds the environment of the lock, from files that exist, and is clean."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from scratch import PROJECT

FILE = PROJECT / "Containerfile"
HADOLINT = Path(sys.executable).with_name("hadolint")


def instructions(text):
    """Instructions and what follows them, continued lines joined, comments left out."""
    lines = re.sub(r"^#.*\n", "", text, flags=re.M).replace("\\\n", " ").splitlines()
    return [tuple(line.split(maxsplit=1)) for line in lines if line.strip()]


def copied(text):
    return [
        source
        for word, rest in instructions(text)
        if word == "COPY"
        for source in rest.split()[:-1]
    ]


def covers(sources, path):
    return any(path == source or path.startswith(f"{source}/") for source in sources)


def test_it_builds_the_environment_of_the_lock():
    text, makefile = FILE.read_text(), (PROJECT / "Makefile").read_text()
    assert ("RUN", "make env") in instructions(text)
    # What `make env` is made from, and reads, is there when it runs.
    (needed,) = re.findall(r"^\.venv/ready: (.*)$", makefile, flags=re.M)
    assert "workflow/envs/lock.txt" in needed
    recipe = makefile.split(".venv/ready: ")[1].split("\n\n")[0]
    assert "--require-hashes workflow/envs/lock.txt" in recipe
    before = text[: text.index("RUN make env")]
    for path in (*needed.split(), "Makefile", "src/entanglement/cli.py", "README.md", "LICENSE"):
        assert covers(copied(before), path), path


def test_a_copy_that_is_forgotten_is_found_out():
    assert not covers(copied(FILE.read_text().replace("COPY workflow workflow", "")),
                      "workflow/envs/lock.txt")  # fmt: skip


def test_its_python_is_one_that_the_project_supports():
    ((_, image),) = (one for one in instructions(FILE.read_text()) if one[0] == "FROM")
    (version,) = re.findall(r"python:3\.(\d+)-", image)
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
    low, high = re.findall(r"3\.(\d+)", project["requires-python"])
    assert int(low) <= int(version) < int(high)


@pytest.mark.parametrize("source", copied(FILE.read_text()))
def test_what_it_copies_exists(source):
    assert (PROJECT / source).exists()


def lint(text):
    return subprocess.run(
        [HADOLINT, "-"], input=text, capture_output=True, text=True, timeout=60, check=False
    )


def test_hadolint_has_nothing_to_say():
    done = lint(FILE.read_text())
    assert done.returncode == 0, done.stdout


def test_hadolint_would_say_it():
    assert "DL3007" in lint("FROM docker.io/library/python:latest\n").stdout
