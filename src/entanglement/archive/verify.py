"""Check an archive: every byte against its digests, and a figure against the one made again."""

import hashlib
import importlib.metadata
import os
import re
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import numpy as np
import xarray as xr

from entanglement.archive.pack import CONFIG, LOCK, MANIFEST, add
from entanglement.pipeline.errors import MendableError

# Another processor sums in another order: the last digits may differ, and what follows from them.
CLOSE = 1e-6


def verify(path: Path) -> str:
    """Compare every file of an archive with its digest.

    Returns
    -------
    One line: how many files, how many bytes.

    Raises
    ------
    MendableError
        The archive cannot be read, or a file in it is missing, changed or not listed.
    """
    with _opened(path) as archive:
        digests = _manifest(path, archive)
        names = {name for name in archive.namelist() if name != MANIFEST}
        for kind, found in (
            ("is missing", set(digests) - names),
            ("is not listed in the manifest", names - set(digests)),
        ):
            if found:
                raise MendableError(f"{path}: {min(found)} {kind} ({len(found)} such files)")
        size = 0
        with tempfile.TemporaryFile() as again, zipfile.ZipFile(again, "w") as copy:
            for name in archive.namelist():
                content = _read(path, archive, name)
                if name != MANIFEST and hashlib.sha256(content).hexdigest() != digests[name]:
                    raise MendableError(
                        f"{path}: {name} is changed: its bytes are not those packed"
                    )
                size += len(content)
                add(copy, name, content)
            copy.close()
            # What stands between the files has no digest; but one content has one archive.
            again.seek(0)
            with open(path, "rb") as file:
                if not _equal(again, file):
                    raise MendableError(f"{path}: is changed between its files")
    return f"{path}: {len(digests)} files, {size / 1e6:.1f} MB: all whole"


def rerun(path: Path, figure: str) -> str:
    """Make a figure again from the archive's configuration, and compare all its numbers.

    Parameters
    ----------
    path
        An archive that `verify` has found whole.
    figure
        Name of the figure.

    Returns
    -------
    One line: how many numbers, and how they compare.

    Raises
    ------
    MendableError
        The archive was made with another lock or has no such figure, or the numbers differ.
    """
    from entanglement.experiments import REGISTRY
    from entanglement.pipeline import config, stages, store

    with _opened(path) as archive, tempfile.TemporaryDirectory() as folder:
        names = archive.namelist()
        known = sorted(Path(n).stem for n in names if re.fullmatch(r"data/[^/]+\.nc", n))
        if figure not in known:
            raise MendableError(f"{path}: no figure {figure}; it holds {', '.join(known)}")
        same_lock(path, archive.read(LOCK).decode())
        wanted = [name for name in names if name.startswith((f"{CONFIG}/", "data/"))]
        archive.extractall(folder, [n for n in wanted if not n.endswith(".nc")])
        archive.extract(f"data/{figure}.nc", folder)
        stored = store.read(Path(folder, "data", f"{figure}.nc")).load()
        home = os.getcwd()
        os.chdir(folder)
        try:
            files = sorted(Path(CONFIG).iterdir())
            made = stages.simulate(config.load(files, REGISTRY), REGISTRY, figure)
        finally:
            os.chdir(home)
    return _compared(figure, stored, made)


def same_lock(path: Path, lock: str) -> None:
    """Demand that what is installed here is what the archive's lock names."""
    pinned: dict[str, set[str]] = {}
    for name, version in re.findall(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", lock, flags=re.M):
        pinned.setdefault(name, set()).add(version)
    others = []
    for name, versions in pinned.items():
        try:
            here = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
        if here not in versions:
            others.append(f"{name} {'/'.join(sorted(versions))} there, {here} here")
    if others:
        more = f" (and {len(others) - 1} more)" if len(others) > 1 else ""
        raise MendableError(
            f"{path}: made with another lock: {others[0]}{more}; make the environment from its "
            f"{LOCK} to compare numbers"
        )


def _compared(figure: str, stored: xr.Dataset, made: xr.Dataset) -> str:
    """Compare two datasets of a figure, number by number."""
    if set(stored.data_vars) != set(made.data_vars):
        other = sorted(map(str, set(stored.data_vars) ^ set(made.data_vars)))
        raise MendableError(f"{figure}: only one of the two has {', '.join(other[:3])}")
    count, worst, where = 0, 0.0, ""
    for name, values in stored.data_vars.items():
        a, b = values.values, made[name].values
        count += a.size
        off = distance(a, b)
        if off > worst:
            worst, where = off, str(name)
    if worst > CLOSE:
        raise MendableError(
            f"{figure}: {where} differs from the archive's by {worst:.1e} of its size"
        )
    how = "equal to the last digit" if worst == 0 else f"equal up to {worst:.1e} ({where})"
    return f"{figure}: made again, {count} numbers: {how}"


def distance(a: np.ndarray, b: np.ndarray) -> float:
    """Largest difference of two arrays over the largest size; infinite for other shapes."""
    if a.shape != b.shape:
        return float("inf")
    if a.dtype.kind not in "fc":
        return 0.0 if np.array_equal(a, b) else float("inf")
    known = np.isfinite(a) & np.isfinite(b)
    if not np.array_equal(a[~known], b[~known], equal_nan=True):
        return float("inf")
    a, b = a[known], b[known]
    if np.array_equal(a, b):
        return 0.0
    return float(np.abs(a - b).max() / max(np.abs(a).max(), np.abs(b).max()))


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        archive = zipfile.ZipFile(path)
    except FileNotFoundError:
        raise MendableError(f"{path}: no such archive") from None
    except zipfile.BadZipFile:
        raise MendableError(
            f"{path}: no archive, or one that is cut short; fetch it again"
        ) from None
    except OSError as error:
        raise MendableError(f"{path}: cannot be read as an archive: {error.strerror}") from None
    with archive:
        yield archive


def _read(path: Path, archive: zipfile.ZipFile, name: str) -> bytes:
    try:
        return archive.read(name)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError):
        raise MendableError(f"{path}: {name} is changed: its bytes are not those packed") from None


def _equal(one: IO[bytes], other: IO[bytes]) -> bool:
    while block := one.read(1 << 20):
        if block != other.read(1 << 20):
            return False
    return not other.read(1)


def _manifest(path: Path, archive: zipfile.ZipFile) -> dict[str, str]:
    if MANIFEST not in archive.namelist():
        raise MendableError(f"{path}: {MANIFEST} is missing: no archive of this workflow")
    text = _read(path, archive, MANIFEST).decode("utf-8", "replace")
    lines = re.findall(r"^([0-9a-f]{64})  (.+)$", text, flags=re.M)
    if len(lines) != text.count("\n") or not lines:
        raise MendableError(f"{path}: {MANIFEST} is changed: it is no list of digests")
    return {name: digest for digest, name in lines}
