"""One finished run, shared; every test edits its own copy."""

import fcntl
import os
import shutil

import pytest
from scratch import SMALL, Project, copy_project


@pytest.fixture(scope="session")
def finished(tmp_path_factory):
    """A project in which the small configuration has been run; do not edit it."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent  # of all processes: the first makes it, the others wait
    with (folder / "finished.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        made, whole = folder / "finished", folder / "finished.whole"
        if whole.exists():
            return Project(made)
        shutil.rmtree(made, ignore_errors=True)
        made.mkdir()
        project = copy_project(made)
        project.config(SMALL)
        project.run()
        whole.touch()
        return project


@pytest.fixture
def project(finished, tmp_path):
    """The finished project in a folder of its own, with all times kept."""
    shutil.copytree(finished.folder, tmp_path / "project", symlinks=True)
    return Project(tmp_path / "project")
