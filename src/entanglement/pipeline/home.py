"""Where the workflow's own files are, and where it works."""

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def home() -> Path:
    """Folder of the Snakefile, the workflow's words and its pictures.

    That is the checkout, or what an installation has laid down beside its environment.
    """
    checkout = Path(__file__).resolve().parents[3]
    if (checkout / "Snakefile").is_file():
        return checkout
    return Path(sys.prefix) / "share" / "entanglement"


def project() -> Path:
    """Folder of the workflow that a command speaks of: the working directory, or `home`."""
    return Path() if Path("Snakefile").exists() else home()


def place(path_modifier: Any) -> str:
    """Folder under which another workflow, which has this one as a module, wants what it makes.

    Parameters
    ----------
    path_modifier
        Snakemake's, of the module.

    Returns
    -------
    The module's `prefix` with a slash at its end, or nothing.
    """
    path = "data/figure"
    moved = str(path_modifier.replace_prefix(path))
    if not moved.endswith(path):
        sys.exit("this workflow keeps its folders together: give its module `prefix`")
    return moved.removesuffix(path)


@contextlib.contextmanager
def inside(place: str) -> Iterator[None]:
    """Work in a folder of the working directory, or in that itself."""
    if place:
        os.makedirs(place, exist_ok=True)
    with contextlib.chdir(place or "."):
        yield
