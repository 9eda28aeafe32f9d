"""What a run is given: configuration files, by name or by another workflow, read or refused."""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from entanglement.pipeline import config as configuration
from entanglement.pipeline.config import Config
from entanglement.pipeline.document import Document, read
from entanglement.pipeline.errors import MendableError


def of_module(config: Mapping[str, Any], project: Path) -> list[Path | Document]:
    """Configuration of a run in which this workflow is a module of another one.

    Parameters
    ----------
    config
        What the module is given: it takes the place of config.yaml. Configuration files are the
        other workflow's.
    project
        Folder of the Snakefile; its config.yaml counts where the module is given nothing.
    """
    content = json.loads(json.dumps(config))  # built-in types
    return [Document("the module's config", content, {})] if config else [project / "config.yaml"]


def config_files(project: Path, named: Sequence[str | Path]) -> list[Path]:
    """List the configuration files of a run, the most important last.

    Parameters
    ----------
    project
        Folder of the Snakefile; its config.yaml counts where the working directory has none.
    named
        Files given with `--configfile`.
    """
    here = Path("config.yaml")
    return [here if here.exists() else project / here, *(Path(path) for path in named)]


def check(arguments: Sequence[str]) -> None:
    """Stop if a file given with `--configfile` cannot be read, or is no mapping.

    Snakemake reads these files before the Snakefile, and shows a traceback. All that it asks
    earlier is its profile, which calls this.

    Parameters
    ----------
    arguments
        Of Snakemake's command line.
    """
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    parser.add_argument("--configfile", "--configfiles", nargs="*", default=[])
    try:
        for path in parser.parse_known_args(arguments)[0].configfile:
            read(path, ["figures"])
    except MendableError as error:
        sys.exit(str(error))


def load(paths: Sequence[Path | Document], registry: Mapping[str, str]) -> Config:
    """Load the configuration; if it is wrong, say all that is and exit with 1."""
    try:
        return configuration.load(paths, registry)
    except MendableError as error:
        sys.exit(str(error))


def refuse_values(given: Mapping[str, Any]) -> None:
    """Stop if values come with `--config`: they would be ignored in silence."""
    if given:
        sys.exit(
            f"--config {' '.join(map(str, given))}: values are read from files only; write them "
            "into config.yaml, or into a file of their own for --configfile"
        )
