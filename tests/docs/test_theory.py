"""docs/theory.md: every theorem that a text names stands there, with a function and a test that exist."""

import ast
import importlib
import re
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
PAGE = (PROJECT / "docs/theory.md").read_text(encoding="utf-8")
SECTIONS = {
    part.split(".", 1)[0]: part.split("\n", 1)[1].strip()
    for part in re.split(r"^## ", PAGE, flags=re.M)[1:]
    if re.match(r"[TU]\d+\.", part)
}
WRITTEN = [name for name, text in SECTIONS.items() if text]
TEXTS = [
    PROJECT / "README.md",
    *(PROJECT / "workflow").glob("*.yaml"),
    *(PROJECT / "docs").glob("*.md"),
    *(PROJECT / "src").rglob("*.py"),
]
THEORY = {path.stem for path in (PROJECT / "src/entanglement/theory").glob("*.py")}
FUNCTION, TEST = re.compile(r"`(\w+)\.(\w+)`"), re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


def functions(text: str) -> list[tuple[str, str]]:
    return [(module, name) for module, name in FUNCTION.findall(text) if module in THEORY]


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.relative_to(PROJECT).as_posix())
def test_every_theorem_that_is_named_has_a_heading(path: Path) -> None:
    named = set(re.findall(r"\b[TU](?:[1-9]|1[01])\b", path.read_text(encoding="utf-8")))
    assert named <= set(SECTIONS), named - set(SECTIONS)


def test_the_page_has_all_theorems_in_order() -> None:
    assert list(SECTIONS) == [f"T{i}" for i in range(1, 10)] + [f"U{i}" for i in range(1, 12)]


@pytest.mark.parametrize(("module", "name"), sorted(set(functions(PAGE))))
def test_every_function_that_the_page_names_exists(module: str, name: str) -> None:
    assert hasattr(importlib.import_module(f"entanglement.theory.{module}"), name)


@pytest.mark.parametrize(("path", "name"), sorted(set(TEST.findall(PAGE))))
def test_every_test_that_the_page_names_exists(path: str, name: str) -> None:
    tree = ast.parse((PROJECT / path).read_text(encoding="utf-8"))
    assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("name", WRITTEN)
def test_every_theorem_names_what_computes_and_what_checks_it(name: str) -> None:
    assert functions(SECTIONS[name]), "no `module.function` of entanglement.theory"
    assert TEST.findall(SECTIONS[name]), "no `tests/...py::test_...`"


def commands() -> list[str]:
    """What the page prints with: indented blocks of Python."""
    blocks = re.findall(r"(?:^    .+\n)+", PAGE, flags=re.M)
    return [re.sub(r"^    ", "", block, flags=re.M) for block in blocks if "print(" in block]


@pytest.mark.parametrize("command", commands(), ids=range(len(commands())))
def test_every_command_of_the_page_runs(command: str) -> None:
    exec(compile(command, "docs/theory.md", "exec"), {})
