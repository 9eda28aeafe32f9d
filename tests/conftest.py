"""Tests run in the state that the command line gives its jobs; set before they load numpy."""

import pytest

from entanglement.pipeline.process import use_one_thread

use_one_thread()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Keep a file's tests in one process: they share what takes long to make."""
    for item in items:
        if not any(item.iter_markers("xdist_group")):
            item.add_marker(pytest.mark.xdist_group(item.path.name))
