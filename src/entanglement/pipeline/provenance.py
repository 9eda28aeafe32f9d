"""What a dataset was made with."""

import functools
import getpass
import importlib.metadata
import json
import platform
import time
from collections.abc import Mapping
from typing import Any

# What numbers can depend on; a plotting library cannot change a dataset.
LIBRARIES = ("numpy", "scipy", "xarray", "netCDF4", "jax", "optax", "scikit-image", "scikit-learn",
             "pillow")  # fmt: skip


@functools.cache
def libraries() -> dict[str, str]:
    """Versions of the installed libraries that numbers can depend on."""
    return {name: importlib.metadata.version(name) for name in LIBRARIES}


def attributes(
    title: str, source: str, parameters: Mapping[str, Any], fingerprint: Mapping[str, str]
) -> dict[str, str]:
    """Attributes that every dataset carries: equal inputs give equal bytes, so no time, no host.

    Parameters
    ----------
    title
        What the dataset holds.
    source
        Equation or figure of the paper.
    parameters
        All parameters behind it, built-in types.
    fingerprint
        Hashes of the code that made it.
    """
    return {
        "title": title,
        "source": source,
        "parameters": json.dumps(parameters, sort_keys=True),
        "fingerprint": json.dumps(fingerprint, sort_keys=True),
        "libraries": json.dumps(libraries(), sort_keys=True),
    }


def session() -> dict[str, Any]:
    """Say when, where and by whom a job is run, and with which libraries: for its log."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError):
        user = "unknown"
    return {
        "time": time.strftime("%Y-%m-%dT%H:%M:%S%z"),
        "host": platform.node(),
        "user": user,
        "python": platform.python_version(),
        "libraries": libraries(),
    }
