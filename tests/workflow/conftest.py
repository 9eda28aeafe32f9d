"""One finished run, shared; every test edits its own copy."""

import shutil

import pytest
from scratch import SMALL, Project, copy_project


@pytest.fixture(scope="session")
def finished(tmp_path_factory):
    """A project in which the small configuration has been run; do not edit it."""
    project = copy_project(tmp_path_factory.mktemp("finished"))
    project.config(SMALL)
    project.run()
    return project


@pytest.fixture
def project(finished, tmp_path):
    """The finished project in a folder of its own, with all times kept."""
    shutil.copytree(finished.folder, tmp_path / "project", symlinks=True)
    return Project(tmp_path / "project")
