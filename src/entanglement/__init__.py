"""Two theoretical machine-learning papers put to the test.

`open_results(figure, directory=".")` opens what the workflow stored.
"""

import importlib
from typing import Any

__all__ = ["open_results"]


def __getattr__(name: str) -> Any:
    # Late and by name: a job that trains must not load, or depend on, the code that opens results.
    if name == "open_results":
        return importlib.import_module("entanglement.pipeline.results").open_results
    raise AttributeError(f"module 'entanglement' has no attribute {name!r}")
