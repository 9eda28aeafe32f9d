"""What code a stage runs: a hash of every module that its entry module imports.

Snakemake does not see imports, and it takes a touched file or an edited comment for a change.
So each rule's parameters carry these hashes: of what the modules do, not of how they are written.
"""

import ast
import functools
import hashlib
import importlib.util
import json
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

PACKAGE = "entanglement"
# What was found in a source, by the digest of its bytes: parsing all of them costs every start,
# and every job, more than the rest of its planning.
MEMORY = Path(".snakemake/fingerprints.json")


def fingerprint(entry: str) -> dict[str, str]:
    """Hash the import closure of a module inside this package.

    Imports inside functions count; those under `if TYPE_CHECKING` do not. A package's
    `__init__` counts where something is imported from it, not for being a parent: the
    parameters that an experiment declares reach its stages as values.

    Parameters
    ----------
    entry
        Dotted name of the stage's own module.

    Returns
    -------
    Module names, sorted, with 12 hexadecimal digits of the hash of each one's syntax tree
    without comments, docstrings, the fields' descriptions and positions.
    """
    found: dict[str, str] = {}
    waiting = [entry]
    while waiting:
        module = waiting.pop()
        if module not in found:
            found[module], imported, _ = _read(module)
            waiting += imported
    return dict(sorted(found.items()))


def libraries(modules: Iterable[str]) -> list[str]:
    """List what modules of this package import from elsewhere, in their order; skip other names."""
    ours = [module for module in modules if _ours(module) and _file(module)]
    return list(dict.fromkeys(name for module in ours for name in _read(module)[2]))


def remember() -> None:
    """Keep for later processes what this one has found in the sources.

    Raises
    ------
    OSError
        `.snakemake` cannot be written.
    """
    kept = {key: _memory()[key] for key in sorted(_used)}
    if kept != _stored():
        MEMORY.parent.mkdir(exist_ok=True)
        fresh = MEMORY.with_name(f"{MEMORY.name}.{os.getpid()}")
        fresh.write_text(json.dumps(kept), encoding="utf-8")
        fresh.replace(MEMORY)


_used: set[str] = set()


@functools.cache
def _read(module: str) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """Give a module's digest, the modules of this package that it imports, and the others."""
    path = _file(module)
    if path is None:
        raise ModuleNotFoundError(f"no module {module} to take a fingerprint of")
    text = path.read_bytes()
    key = hashlib.sha256(_reader() + text).hexdigest()
    _used.add(key)
    if key not in _memory():
        tree = ast.parse(text, filename=str(path))
        _strip(tree)
        digest = hashlib.sha256(ast.unparse(tree).encode()).hexdigest()[:12]
        _memory()[key] = [digest, _imports(tree)]
    digest, imported = _memory()[key]
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    elsewhere = (base for level, base, _ in imported if not level and not _ours(base))
    return digest, tuple(sorted(_modules(imported, package))), tuple(sorted(set(elsewhere)))


@functools.cache
def _memory() -> dict[str, Any]:
    return _stored()


def _stored() -> dict[str, Any]:
    try:
        stored = json.loads(MEMORY.read_bytes())
    except (OSError, ValueError):
        return {}
    return stored if isinstance(stored, dict) else {}


@functools.cache
def _reader() -> bytes:
    """What else decides what is found in a source: this file, and Python's grammar."""
    return Path(__file__).read_bytes() + repr(sys.version_info[:2]).encode()


def _strip(tree: ast.AST) -> None:
    """Remove docstrings, descriptions of fields, and what only a type checker reads."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "Field":
            node.keywords = [word for word in node.keywords if not _description(word)]
        body = getattr(node, "body", None)
        if not isinstance(body, list):
            continue
        if (
            isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
            and body
            and isinstance(body[0], ast.Expr)
            and isinstance(body[0].value, ast.Constant)
            and isinstance(body[0].value.value, str)
        ):
            body = body[1:]
        node.body = [inner for inner in body if not _typing_only(inner)] or [ast.Pass()]  # type: ignore[attr-defined]


def _description(keyword: ast.keyword) -> bool:
    """Tell words for editors: pydantic keeps them for the schema and does nothing with them."""
    value = keyword.value
    return keyword.arg == "description" and isinstance(value, ast.Constant)


def _typing_only(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING")


def _imports(tree: ast.AST) -> list[list[Any]]:
    """List imports as [dots before the name, name, what is taken from it]."""
    found: list[list[Any]] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [[0, alias.name, []] for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found.append([node.level, node.module or "", [alias.name for alias in node.names]])
    return found


def _modules(imports: list[list[Any]], package: str) -> set[str]:
    """Modules of this package among imports: which names are modules, the files say."""
    names: set[str] = set()
    for level, base, taken in imports:
        if not level and not _ours(base):
            continue
        if level:
            parents = package.split(".")[: len(package.split(".")) - level + 1]
            base = ".".join([*parents, base] if base else parents)
        inner = {f"{base}.{name}" for name in taken}
        modules = {name for name in inner if _file(name)}
        names |= modules
        if modules != inner or not taken:
            names.add(base)
    return {name for name in names if _ours(name) and _file(name)}


def source(module: str) -> Path | None:
    """File of a module of this package; None if there is no such module."""
    return _file(module)


def _ours(module: str) -> bool:
    return module == PACKAGE or module.startswith(PACKAGE + ".")


@functools.cache
def _root() -> Path:
    spec = importlib.util.find_spec(PACKAGE)
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent


@functools.cache
def _file(module: str) -> Path | None:
    place = _root().joinpath(*module.split(".")[1:])
    candidates = [place / "__init__.py"] if place == _root() else [
        place.with_suffix(".py"), place / "__init__.py"]  # fmt: skip
    return next((path for path in candidates if path.is_file()), None)
