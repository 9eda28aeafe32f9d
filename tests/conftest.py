"""Tests run in the state that the command line gives its jobs; set before they load numpy."""

import gc
import os

import pytest

from entanglement.pipeline.process import use_one_thread

use_one_thread()

# Compiling the small programs of tests well takes longer than running them. In front: XLA stops
# reading at a word that is no flag.
FAST_COMPILER = "--xla_backend_optimization_level=0 --xla_cpu_use_fusion_emitters=false"
os.environ["XLA_FLAGS"] = f"{FAST_COMPILER} {os.environ['XLA_FLAGS']}"

# Figures are many small objects, and what all tests have loaded is searched again with every 700.
gc.set_threshold(100_000, 20, 100)

# Few tests that take long: begun last, they would keep one process waiting for another.
FIRST = ("test_resume.py", "test_any_grid.py", "test_runs.py", "test_reruns.py", "test_commands.py")


def pytest_collection_modifyitems(items):
    order = {name: number for number, name in enumerate(FIRST)}
    items.sort(key=lambda item: order.get(item.path.name, len(order)))


def unit(nodeid: str) -> str:
    """What one process runs: a file, whose tests share what takes long to make.

    Every figure's grids are a unit of their own.
    """
    return nodeid if "/test_any_grid.py" in nodeid else nodeid.split("::")[0]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers():
    """One more than there are cores: a process waits while a run that it started works."""
    return len(os.sched_getaffinity(0)) + 1


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    # Its own groups are read from a private name of pytest's, which 9.2 no longer has.
    from xdist.scheduler import LoadScopeScheduling

    class Units(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return unit(nodeid)

    return Units(config, log)
