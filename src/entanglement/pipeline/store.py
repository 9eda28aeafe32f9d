"""netCDF files that appear whole or not at all, byte for byte the same for the same data."""

import os
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from entanglement.pipeline import seal
from entanglement.pipeline.seal import DataError

if TYPE_CHECKING:
    import xarray as xr

SIGNATURE = b"\x89HDF\r\n\x1a\n"


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


def write(dataset: "xr.Dataset", path: Path | str, made: Mapping[str, Any] | None = None) -> None:
    """Write a dataset as compressed netCDF, sealed.

    Parameters
    ----------
    dataset
        What to write.
    path
        Where to.
    made
        What it was made from, as `jobs.made` says it.

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
        seal.put(temporary, made or {})


def read(path: Path | str) -> "xr.Dataset":
    """Open a dataset lazily, every byte of it compared with its seal.

    Raises
    ------
    DataError
        The file is missing, truncated, foreign or damaged.
    """
    import xarray as xr

    problem = damage(path) if os.path.exists(path) else None
    if problem and not os.path.isdir(path):
        raise DataError(f"{path} {problem}. {seal.again(path)}")
    seal.verified(path)
    try:
        return xr.open_dataset(path, engine="netcdf4")
    except (OSError, ValueError, RuntimeError) as error:
        raise DataError(f"{path} cannot be read ({error})") from None


def damage(path: Path | str) -> str | None:
    """Say what is wrong with a netCDF file without reading its data; None if it looks whole.

    The HDF5 superblock states the length of the data, so a truncated copy shows at once.
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
    return seal.UNSEALED if seal.get(path) is None else None
