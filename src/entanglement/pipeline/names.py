"""Names that claims.yaml and coverage.yaml read, held against their tables before anything runs.

Read from the syntax tree: planning imports no experiment's statistics, nor NumPy.
"""

import ast
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

from entanglement.pipeline.checks import nearest
from entanglement.pipeline.document import Document, Place, Problem, parse
from entanglement.pipeline.fingerprint import source


def check(
    claims: Path, registry: Mapping[str, str], panels: Mapping[str, Collection[str]]
) -> list[Problem]:
    """Find every name that claims.yaml reads and no experiment, nor report.yaml, declares.

    Parameters
    ----------
    claims
        claims.yaml.
    registry
        Experiment names and the modules that hold them.
    panels
        Names of each figure's panels.

    Returns
    -------
    A problem for each such name: file, line, claim, what was given, the nearest name.

    Raises
    ------
    ConfigError
        The file is missing or no YAML.
    """
    document = parse(claims)
    entries = document.content if isinstance(document.content, list) else []
    known: dict[str, set[str]] = {}
    problems = []
    for number, claim in enumerate(entries):
        if not isinstance(claim, dict) or claim.get("figure") not in registry:
            continue  # what is wrong with it as a claim is said where claims are read
        figure = claim["figure"]
        if figure not in known:
            known[figure] = declared(registry[figure])
        problems += list(_missing(document, number, claim, known[figure]))
        drawn = panels.get(figure, ())
        if isinstance(claim.get("panel"), str) and claim["panel"] not in drawn:
            text = (
                f"{claim.get('id')}: report.yaml describes no panel {claim['panel']!r} of {figure}"
            )
            near = nearest(claim["panel"], drawn) or f"; it has: {', '.join(drawn)}"
            problems.append(document.problem((number, "panel"), text + near))
    return problems


def check_coverage(workflow: Path) -> list[Problem]:
    """Find every claim and panel that coverage.yaml names and that does not exist.

    Parameters
    ----------
    workflow
        Folder of coverage.yaml, claims.yaml and report.yaml.

    Returns
    -------
    A problem for each such name: file, line, item, what was given, the nearest name.

    Raises
    ------
    ConfigError
        A file is missing or no YAML.
    """
    document = parse(workflow / "coverage.yaml")
    claims = parse(workflow / "claims.yaml").content or []
    figures = (parse(workflow / "report.yaml").content or {}).get("figures") or {}
    known: dict[str, list[str]] = {
        "claims": [str(claim.get("id")) for claim in claims if isinstance(claim, dict)],
        "panels": [
            f"{name}/{p}" for name, f in figures.items() for p in (f or {}).get("panels", ())
        ],
    }
    problems = []
    for place, item in _items(document):
        for kind, names in known.items():
            given = item.get(kind)
            for number, name in enumerate(given if isinstance(given, list) else []):
                if name not in names:
                    text = f"{item.get('item')}: there is none named {name!r}"
                    near = nearest(name, names)
                    problems.append(document.problem((*place, kind, number), text + near))
    return problems


def declared(module: str) -> set[str]:
    """Names of an experiment's statistics, with `<name>_theory` where a theory is declared.

    Parameters
    ----------
    module
        The experiment's package.

    Returns
    -------
    The literal keys of STATISTICS in its summary.py; nothing if it has no such table.
    """
    path = source(f"{module}.summary")
    if path is None:
        return set()
    for node in ast.parse(path.read_bytes(), filename=str(path)).body:
        named = getattr(node, "targets", [getattr(node, "target", None)])
        if any(isinstance(n, ast.Name) and n.id == "STATISTICS" for n in named):
            value = getattr(node, "value", None)
            return set(_names(value)) if isinstance(value, ast.Dict) else set()
    return set()


def read(claim: Mapping[str, Any]) -> dict[Place, str]:
    """Names that one claim reads, by the place in the claim where each stands."""
    places: tuple[Place, ...] = (
        ("statistic",), ("predicted",), ("control", "statistic"), ("partly", "statistic"),
    )  # fmt: skip
    found: dict[Place, str] = {}
    for place in places:
        value: Any = claim
        for step in place:
            value = value.get(step) if isinstance(value, Mapping) else None
        if isinstance(value, str):
            found[place] = value
    return found


def _items(document: Document) -> Iterator[tuple[Place, Mapping[str, Any]]]:
    """Items of coverage.yaml; what is wrong with one is said where the report reads it."""
    papers = document.content if isinstance(document.content, dict) else {}
    for paper, items in papers.items():
        for number, item in enumerate(items if isinstance(items, list) else []):
            if isinstance(item, dict):
                yield (paper, number), item


def _missing(
    document: Document, number: int, claim: Mapping[str, Any], names: set[str]
) -> Iterator[Problem]:
    for place, name in read(claim).items():
        if name not in names:
            text = f"{claim.get('id')}: {claim['figure']} declares no statistic {name!r}"
            near = nearest(name, sorted(names))
            where = f"; STATISTICS of its summary.py holds: {', '.join(sorted(names))}"
            yield document.problem((number, *place), text + (near or where))


def _names(table: ast.Dict) -> Iterator[str]:
    for key, value in zip(table.keys, table.values, strict=True):
        if not (isinstance(key, ast.Constant) and isinstance(key.value, str)):
            continue
        yield key.value
        keywords = value.keywords if isinstance(value, ast.Call) else []
        theory = next((k.value for k in keywords if k.arg == "theory"), None)
        if theory is not None and not (isinstance(theory, ast.Constant) and theory.value is None):
            yield f"{key.value}_theory"
