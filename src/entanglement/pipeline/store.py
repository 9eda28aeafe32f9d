"""netCDF files that appear whole or not at all, byte for byte the same for the same data."""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from entanglement.pipeline.errors import MendableError

if TYPE_CHECKING:
    import xarray as xr

SIGNATURE = b"\x89HDF\r\n\x1a\n"


class DataError(MendableError):
    """A stored dataset cannot be used; the message says which and what to do."""


@contextmanager
def replacing(path: Path | str) -> Iterator[Path]:
    """Give a temporary name beside `path`; rename it to `path` when the block succeeds.

    The name is unique per process: a job that outlived its killed workflow may still be writing.
    """
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".{target.name}.{os.getpid()}.{uuid.uuid4().hex[:8]}.tmp")
    try:
        yield temporary
        os.replace(temporary, target)
    finally:
        temporary.unlink(missing_ok=True)


def write_text(path: Path | str, text: str) -> None:
    """Write a text file whole or not at all."""
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def write(dataset: "xr.Dataset", path: Path | str) -> None:
    """Write a dataset as compressed netCDF.

    Raises
    ------
    DataError
        A variable lacks `long_name` or `units`.
    """
    for name, variable in dataset.data_vars.items():
        missing = [key for key in ("long_name", "units") if key not in variable.attrs]
        if missing:
            raise DataError(f"{path}: variable {name} has no {' and no '.join(missing)}")
    encoding = {
        name: {"zlib": True, "complevel": 1, "shuffle": True}
        for name, variable in dataset.variables.items()
        if variable.dtype.kind in "fiub" and variable.ndim
    }
    # What was read keeps the string length of its file, and would cut longer names joined to it.
    dataset = dataset.drop_encoding()
    with replacing(path) as temporary:
        dataset.to_netcdf(temporary, engine="netcdf4", format="NETCDF4", encoding=encoding)


def read(path: Path | str) -> "xr.Dataset":
    """Open a dataset lazily.

    Raises
    ------
    DataError
        The file is missing, truncated or no netCDF.
    """
    import xarray as xr

    problem = damage(path)
    if problem is None:
        try:
            return xr.open_dataset(path, engine="netcdf4")
        except (OSError, ValueError) as error:
            problem = f"cannot be read ({error})"
    raise DataError(f"{path}: {problem}. Remove it and run `snakemake {path}` to make it again.")


def damage(path: Path | str) -> str | None:
    """Say what is wrong with a netCDF file without opening it as data; None if it is whole.

    The HDF5 superblock states the file's length, so a truncated copy shows at once.
    """
    try:
        size = os.path.getsize(path)
        with open(path, "rb") as file:
            head = file.read(64)
    except OSError as error:
        return f"cannot be read ({error.strerror})"
    if head[:8] != SIGNATURE or len(head) < 48:
        return f"is no netCDF file ({size} bytes)"
    # Superblock versions 0 and 1 keep the end-of-file address after base and free-space
    # addresses, versions 2 and 3 after base and extension (HDF5 format specification, II.A).
    version, width = head[8], head[13] if head[8] < 2 else head[9]
    start = {0: 24, 1: 28}.get(version, 12) + 2 * width
    end = int.from_bytes(head[start : start + width], "little")
    if size < end:
        return f"is truncated ({size} of {end} bytes)"
    return None
