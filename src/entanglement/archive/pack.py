"""Pack a finished run: what was asked, what made it, what came out, and the digest of every file."""

import hashlib
import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from entanglement.archive import crate
from entanglement.pipeline import images, products, seal, store
from entanglement.pipeline.config import Config
from entanglement.pipeline.errors import MendableError

MANIFEST = "manifest-sha256.txt"  # as `sha256sum --check` reads it
CONFIG = "config"  # files of the configuration, in the order in which they are read
LOCK = "workflow/envs/lock.txt"
REPORT = ("report.html", "claims.json", "summary.md", "summary.tex")
# What made the results, besides the package itself.
WORKFLOW = ("Snakefile", "workflow", "profiles", "pyproject.toml", "LICENSE", "CITATION.cff")
EPOCH = (1980, 1, 1, 0, 0, 0)  # equal inputs give equal bytes


def pack(
    project: Path,
    files: Sequence[Path],
    config: Config,
    made: Mapping[str, products.Product],
    output: Path,
) -> list[str]:
    """Write the archive of the run in the working directory.

    Parameters
    ----------
    project
        Folder of the Snakefile.
    files
        Files of the configuration.
    config
        What they say.
    made
        The run's products.
    output
        The archive; it appears whole or not at all.

    Returns
    -------
    Names of what it holds.

    Raises
    ------
    MendableError
        The run is not finished, or a product is damaged.
    """
    missing = products.findings(made)
    if missing:
        path, why = next(iter(missing.items()))
        raise MendableError(
            f"the run is not finished: {path} {why}; {len(missing)} products in all. "
            "Run `snakemake` first"
        )
    held = dict(sorted(_held(project, files, config).items()))
    for file in held.values():
        if str(file) in made:
            seal.verified(file)
    digests = {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in held.items()}
    sizes = {name: path.stat().st_size for name, path in held.items()}
    about = json.dumps(crate.metadata(project, digests, sizes, config.seed), indent=1) + "\n"
    digests[crate.NAME] = hashlib.sha256(about.encode()).hexdigest()
    lines = "".join(f"{digest}  {name}\n" for name, digest in sorted(digests.items()))
    content = {crate.NAME: about.encode(), MANIFEST: lines.encode()}
    with store.replacing(output) as temporary, zipfile.ZipFile(temporary, "w") as archive:
        for name in (*content, *held):
            add(archive, name, content[name] if name in content else held[name].read_bytes())
    return [crate.NAME, MANIFEST, *held]


def _held(project: Path, files: Sequence[Path], config: Config) -> dict[str, Path]:
    """Files by their names in the archive."""
    held = {f"{CONFIG}/{i:02}_{path.name}": path for i, path in enumerate(files)}
    for path in _pictures(config):
        if Path(path).is_absolute() or ".." in Path(path).parts:
            raise MendableError(
                f"the picture {path} lies outside: put it into the working directory, and give "
                "its path from there"
            )
        held[path] = images.locate(path)
    for figure in config.figures:
        held[f"data/{figure}.nc"] = Path("data", f"{figure}.nc")
    for name in REPORT:
        held[f"reports/{name}"] = Path("reports", name)
    for name in WORKFLOW:
        held |= {file.relative_to(project).as_posix(): file for file in _under(project / name)}
    package = Path(__file__).parents[1]
    for file in _under(package):
        held[f"src/entanglement/{file.relative_to(package).as_posix()}"] = file
    return held


def _under(path: Path) -> Iterator[Path]:
    """Files of a folder, or the file itself."""
    found = sorted(path.rglob("*")) if path.is_dir() else [path]
    yield from (one for one in found if one.is_file() and not {"__pycache__"} & set(one.parts))


def _pictures(config: Config) -> Iterator[str]:
    """Paths of the pictures that a configuration names."""
    for cells in config.cells.values():
        for cell in cells:
            for value in cell.parameters.values():
                if isinstance(value, Mapping) and "path" in value:
                    yield str(value["path"])


def add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    """Add a file as it stands: what can be compressed, is, and one content has one archive."""
    entry = zipfile.ZipInfo(name, EPOCH)
    entry.create_system, entry.external_attr = 3, 0o644 << 16
    archive.writestr(entry, content, compress_type=zipfile.ZIP_STORED)
