"""Names that the files of words read, held against their tables before anything runs.

Read from the syntax tree: planning imports no experiment's statistics, nor NumPy.
"""

import ast
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from entanglement.pipeline import places
from entanglement.pipeline.checks import nearest
from entanglement.pipeline.document import Document, Place, Problem, parse, shown
from entanglement.pipeline.expansion import experiment
from entanglement.pipeline.fingerprint import source


def check(workflow: Path, registry: Mapping[str, str]) -> list[Problem]:
    """Find every name that claims.yaml, coverage.yaml or report.yaml read and nothing declares.

    Parameters
    ----------
    workflow
        Folder of claims.yaml, coverage.yaml and report.yaml.
    registry
        Experiment names and the modules that hold them.

    Returns
    -------
    A problem for each such name: file, line, claim or item, what was given, the nearest name.

    Raises
    ------
    ConfigError
        A file is missing or no YAML.
    """
    claims, coverage, report = (
        parse(workflow / f"{name}.yaml") for name in ("claims", "coverage", "report")
    )
    panels = described(report)
    wrong = [*_misshapen(claims, list, "a list of claims")]
    wrong += _misshapen(coverage, dict, "a mapping from papers to their items", list)
    if wrong:
        return wrong
    return [
        *_of_claims(claims, registry, panels),
        *_of_coverage(coverage, claims, panels),
        *_of_report(report, claims, registry, panels),
    ]


def _of_claims(
    document: Document, registry: Mapping[str, str], panels: Mapping[str, Sequence[str]]
) -> Iterator[Problem]:
    """Statistics and panels; what is wrong with a claim as such is said where claims are read."""
    known: dict[str, set[str]] = {}
    for number, claim in _claims(document):
        figure = str(claim.get("figure"))
        if figure not in registry:
            continue
        if figure not in known:
            known[figure] = declared(registry[figure])
        yield from _missing(document, number, claim, known[figure])
        drawn, panel = panels.get(figure, ()), claim.get("panel")
        if isinstance(panel, str) and panel not in drawn:
            text = f"{claim.get('id')}: report.yaml describes no panel {panel!r} of {figure}"
            near = nearest(panel, drawn) or f"; it has: {', '.join(drawn)}"
            yield document.problem((number, "panel"), text + near)


def _of_coverage(
    document: Document, claims: Document, panels: Mapping[str, Sequence[str]]
) -> Iterator[Problem]:
    """Claims and panels; what is wrong with an item as such is said where the report reads it."""
    known = {
        "claims": [str(claim.get("id")) for _, claim in _claims(claims)],
        "panels": [f"{figure}/{panel}" for figure, drawn in panels.items() for panel in drawn],
    }
    for place, item in _items(document):
        for kind, names in known.items():
            given = item.get(kind)
            for number, name in enumerate(given if isinstance(given, list) else []):
                if name not in names:
                    text = f"{item.get('item')}: there is none named {name!r}"
                    near = nearest(name, names)
                    yield document.problem((*place, kind, number), text + near)


def _of_report(
    document: Document,
    claims: Document,
    registry: Mapping[str, str],
    panels: Mapping[str, Sequence[str]],
) -> Iterator[Problem]:
    """Places of texts, the pictures of the first screen, and the claims of readings."""
    content = document.content if isinstance(document.content, dict) else {}
    judged = {str(claim.get("id")) for _, claim in _claims(claims)}
    for paper, about in (content.get("papers") or {}).items():
        yield from _unfilled(document, ("papers", paper), about, judged)
        picture = about.get("picture") if isinstance(about, dict) else None
        drawn = [f"{figure}/{panel}" for figure, names in panels.items() for panel in names]
        if picture and picture not in drawn:
            text = f"{paper}: there is no panel {picture!r}{nearest(picture, drawn)}"
            yield document.problem(("papers", paper, "picture"), text)
    yield from _of_readings(document, content.get("readings") or [], judged)
    for figure, about in (content.get("figures") or {}).items():
        if figure in registry:
            known = judged | declared(registry[figure]) | _sizes(registry, figure)
            yield from _unfilled(document, ("figures", figure), about, known)


def _of_readings(document: Document, asked: Any, judged: set[str]) -> Iterator[Problem]:
    """Claims of readings; a question of another shape is told where the report reads it."""
    for number, question in enumerate(asked if isinstance(asked, list) else []):
        given = question.get("readings") if isinstance(question, dict) else None
        for which, reading in enumerate(given if isinstance(given, list) else []):
            claim = reading.get("claim") if isinstance(reading, dict) else None
            if isinstance(claim, str) and claim not in judged:
                text = f"there is no claim {claim!r}{nearest(claim, sorted(judged))}"
                yield document.problem(("readings", number, "readings", which, "claim"), text)


def _unfilled(document: Document, place: Place, text: Any, known: set[str]) -> Iterator[Problem]:
    """Places below a node of a document that nothing fills."""
    if isinstance(text, str):
        for name in places.names(text):
            unknown = [part for part in _parts(name) if part not in known]
            for part in unknown:
                near = nearest(part, sorted(known))
                yield document.problem(place, f"nothing fills the place {{{name}}}{near}")
    elif isinstance(text, dict | list):
        for key, part in text.items() if isinstance(text, dict) else enumerate(text):
            yield from _unfilled(document, (*place, key), part, known)


def _parts(name: str) -> list[str]:
    return [name] if places.CLAIM.fullmatch(name) else name.split(".")


def _sizes(registry: Mapping[str, str], figure: str) -> set[str]:
    """Parameters of a figure's cells, of those that another one trained too."""
    kinds = experiment(registry, figure)
    models = [kinds.train, kinds.evaluate]
    return {"networks", *(key for kind in models if kind for key in kind.model_fields)}


def _misshapen(document: Document, kind: type, words: str, inner: type = dict) -> Iterator[Problem]:
    """Say where a file, or an entry of it, is not even of the kind that it must be."""
    content = document.content or kind()
    if type(content) is not kind:
        yield document.problem((), f"must be {words}")
        return
    entries: Any = content
    for key, value in entries.items() if kind is dict else enumerate(entries):
        if not isinstance(value, inner):
            entry = "a list" if inner is list else "a mapping"
            yield document.problem((key,), f"{shown(value)} given; must be {entry}")


def described(report: Document) -> dict[str, list[str]]:
    """Names of the panels that report.yaml describes, by figure; what is no mapping has none."""

    def inner(value: Any, key: str) -> dict[str, Any]:
        found = value.get(key) if isinstance(value, dict) else None
        return found if isinstance(found, dict) else {}

    figures = inner(report.content, "figures")
    return {figure: list(inner(words, "panels")) for figure, words in figures.items()}


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


def _claims(document: Document) -> Iterator[tuple[int, Mapping[str, Any]]]:
    for number, claim in enumerate(document.content if isinstance(document.content, list) else []):
        if isinstance(claim, dict):
            yield number, claim


def _items(document: Document) -> Iterator[tuple[Place, Mapping[str, Any]]]:
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
