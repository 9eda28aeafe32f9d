"""What code a stage runs: a hash of every module that its entry module imports.

Snakemake does not see imports, and it takes a touched file or an edited comment for a change.
So each rule's parameters carry these hashes: of what the modules do, not of how they are written.
"""

import ast
import functools
import hashlib
import importlib.util
from pathlib import Path

PACKAGE = "entanglement"


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
            found[module], imported = _read(module)
            waiting += imported
    return dict(sorted(found.items()))


@functools.cache
def _read(module: str) -> tuple[str, tuple[str, ...]]:
    path = _file(module)
    if path is None:
        raise ModuleNotFoundError(f"no module {module} to take a fingerprint of")
    tree = ast.parse(path.read_bytes(), filename=str(path))
    _strip(tree)
    digest = hashlib.sha256(ast.unparse(tree).encode()).hexdigest()[:12]
    package = module if path.name == "__init__.py" else module.rpartition(".")[0]
    return digest, tuple(sorted(_imports(tree, package)))


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


def _imports(tree: ast.AST, package: str) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names if _ours(alias.name)}
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parents = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*parents, base] if base else parents)
            if not _ours(base):
                continue
            inner = {f"{base}.{alias.name}" for alias in node.names}
            modules = {name for name in inner if _file(name)}
            names |= modules
            if modules != inner:
                names.add(base)
    return {name for name in names if _file(name)}


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
