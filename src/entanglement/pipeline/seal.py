"""The seal behind a product's content: what it was made from, and a digest of its bytes.

Snakemake's records and the times of files can be lost, copied or set back; what stands in the
file cannot. A seal is one last line, a comment in SVG and HTML and ignored by readers of HDF5.
"""

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from entanglement.pipeline.errors import MendableError

_START, _END = b"\n<!-- entanglement ", b" -->\n"
_TAIL = 1 << 14  # bytes; a seal that is longer is looked for in more of the file
_BLOCK = 1 << 20

UNSEALED = "is damaged or foreign: it does not end with the seal of this workflow"
DAMAGED = "is damaged: its bytes are not those that were written"


class DataError(MendableError):
    """A stored product cannot be used; the message says which and what to do."""


@dataclass(frozen=True)
class Seal:
    """What a product says of itself.

    Parameters
    ----------
    made
        What it was made from: the job, and the digest of its inputs.
    beside
        SHA-256 of a file that belongs to it, by name.
    size
        Bytes of the content before the seal.
    sha256
        Of the content, `made` and `beside`: two products with equal digests are the same.
    """

    made: dict[str, Any]
    beside: dict[str, str]
    size: int
    sha256: str


def put(path: Path | str, made: Mapping[str, Any], beside: Path | None = None) -> None:
    """Seal a file whose content is complete.

    Parameters
    ----------
    path
        The file.
    made
        What it was made from; see `Seal`.
    beside
        A complete file that belongs to it and has no place for a seal of its own.
    """
    also = {beside.name: hashlib.sha256(beside.read_bytes()).hexdigest()} if beside else {}
    with open(path, "r+b") as file:
        digest, size = _digest(file), file.tell()
        digest.update(_text(made) + _text(also))
        line = {"made": made, "beside": also, "size": size, "sha256": digest.hexdigest()}
        file.write(_START + _text(line) + _END)


def get(path: Path | str) -> Seal | None:
    """Read a file's seal, without reading its content; None where it does not end with one."""
    if str(path).endswith(".json"):
        return _of_entries(path)
    try:
        with open(path, "rb") as file:
            end = file.seek(0, os.SEEK_END)
            for length in (_TAIL, end):
                file.seek(max(end - length, 0))
                tail = file.read()
                start = tail.rfind(_START)
                if start >= 0 or length >= end:
                    break
    except OSError:
        return None
    if start < 0 or not tail.endswith(_END):
        return None
    try:
        found = Seal(**json.loads(tail[start + len(_START) : -len(_END)]))
    except (ValueError, TypeError):
        return None
    whole = isinstance(found.made, dict) and found.size == end - len(tail) + start
    return found if whole else None


def put_entry(entry: Mapping[str, Any], made: str) -> dict[str, Any]:
    """Seal one entry of a JSON list, which has no place for a comment.

    Parameters
    ----------
    entry
        What it says; it names its `figure`.
    made
        Stands for what it was made from; see `short`.
    """
    named = {**entry, "made": made}
    return {**named, "sha256": _entry_digest(named)}


def _of_entries(path: Path | str) -> Seal | None:
    """Read the seals of a JSON list together: `made` maps each figure to that of its entries."""
    try:
        text = Path(path).read_bytes()
        made: dict[str, Any] = {}
        for entry in json.loads(text):
            alike = made.setdefault(entry["figure"], entry["made"]) == entry["made"]
            if not alike or entry["sha256"] != _entry_digest(entry):
                return None
    except (OSError, ValueError, TypeError, KeyError):
        return None
    return Seal(made, {}, len(text), hashlib.sha256(text).hexdigest())


def _entry_digest(entry: Mapping[str, Any]) -> str:
    content = {key: value for key, value in entry.items() if key != "sha256"}
    return hashlib.sha256(_text(content)).hexdigest()[:16]


def verified(path: Path | str) -> Seal:
    """Read a file's seal and compare it with every byte, and with what lies beside the file.

    A file that is damaged is set aside as `<name>.damaged`: it is then missing, so that the next
    run makes it again.

    Raises
    ------
    DataError
        The file or its neighbour is missing, unsealed or damaged.
    """
    found = get(path)
    problem = DAMAGED if found else UNSEALED

    def right(file: BinaryIO) -> bool:
        if found is None or str(path).endswith(".json"):
            return found is not None
        digest = _digest(file, found.size)
        digest.update(_text(found.made) + _text(found.beside))
        return digest.hexdigest() == found.sha256

    _must(path, right, problem)
    assert found is not None
    for name, known in found.beside.items():
        _must(Path(path).with_name(name), _has(known), DAMAGED)
    return found


def content(path: Path | str) -> bytes:
    """Read a sealed file's content, verified, without its seal."""
    size = verified(path).size
    return Path(path).read_bytes()[:size]


def _has(known: str) -> Callable[[BinaryIO], bool]:
    return lambda file: _digest(file).hexdigest() == known


def _must(path: Path | str, right: Callable[[BinaryIO], bool], problem: str) -> None:
    """Open a file and demand that it is right; set it aside if it is not."""
    try:
        with open(path, "rb") as file:
            if right(file):
                return
            moved = ""
            # Another job may have replaced it meanwhile.
            if os.fstat(file.fileno()).st_ino == os.stat(path).st_ino:
                with suppress(OSError):
                    os.replace(path, f"{path}.damaged")
                    moved = f" (now {Path(path).name}.damaged)"
    except OSError as error:
        raise DataError(f"{path} cannot be read ({error.strerror}). {again(path)}") from None
    raise DataError(f"{path} {problem}{moved}. {again(path)}")


def inputs(paths: Iterable[Path | str]) -> str:
    """Digest of several sealed products together, from their seals.

    Raises
    ------
    DataError
        One of them is missing or unsealed.
    """
    together = hashlib.sha256()
    for path in paths:
        found = get(path)
        if found is None:
            raise DataError(f"{path} is missing, damaged or foreign. {again(path)}")
        together.update(found.sha256.encode())
    return together.hexdigest()


def short(made: Mapping[str, Any]) -> str:
    """Sixteen hexadecimal digits that stand for what a product was made from."""
    return hashlib.sha256(_text(made)).hexdigest()[:16]


def _text(made: Mapping[str, Any]) -> bytes:
    # Two hyphens would end a comment too early; in JSON they can only stand inside a string.
    return json.dumps(made, sort_keys=True).replace("--", "-\\u002d").encode()


def _digest(file: BinaryIO, size: int | None = None) -> "hashlib._Hash":
    digest, left = hashlib.sha256(), size
    while block := file.read(_BLOCK if left is None else min(left, _BLOCK)):
        digest.update(block)
        left = None if left is None else left - len(block)
    return digest


def again(path: Path | str) -> str:
    """Say how a product is made anew."""
    return f"Run the same command again, or `snakemake {path}`: it will be made anew."
