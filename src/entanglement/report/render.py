"""Facts to one HTML file that asks for nothing from outside."""

import base64
import hashlib
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from entanglement.claims import verdicts
from entanglement.claims.coverage import Item
from entanglement.report import benchmarks, markdown, phrasing, whisker
from entanglement.report.collect import Facts
from entanglement.report.differences import shown

HERE = Path(__file__).parent
SIDES = (b"width", b"height")
PAPERS = {"A": "Paper A", "B": "Paper B"}


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "markdown": markdown.render,
        "inline": markdown.render_inline,
        "plain": markdown.plain,
        "number": phrasing.number,
        "duration": phrasing.duration,
        "size": phrasing.size,
        "base64": lambda data: base64.b64encode(data).decode(),
        "shown": shown,
        "slug": slug,
        "whisker": whisker.draw,
        "dimensions": dimensions,
        "wide": wide,
        "demoted": demoted,
        "island": island,
    }
    return environment


def render(facts: Facts) -> str:
    """Give the report's HTML."""
    environment = _environment()
    style = (HERE / "style.css").read_text(encoding="utf-8")
    script = (HERE / "app.js").read_text(encoding="utf-8")
    return environment.get_template("report.html").render(
        facts=facts,
        papers=PAPERS | {key: paper.title for key, paper in facts.words.papers.items()},
        rows=[_row(facts, entry) for entry in sorted(facts.claims, key=_in_order)],
        counts=_counts(facts),
        maps={"A": _map(facts, facts.coverage.A), "B": _map(facts, facts.coverage.B)},
        smaller=[figure for figure in facts.figures if any(d.smaller for d in figure.differences)],
        holes=[figure for figure in facts.figures if figure.state],
        numbers=island(_numbers(facts)),
        style=Markup(style),
        script=Markup(script),
        style_hash=_hash(style),
        script_hash=_hash(script),
    )


def render_times(facts: Facts, jobs: list[benchmarks.Job]) -> str:
    """Give the HTML of the run's times: they differ between runs that are otherwise equal."""
    style = (HERE / "style.css").read_text(encoding="utf-8")
    rules = benchmarks.totals(jobs, "rule")
    figures = [total for total in benchmarks.totals(jobs, "figure") if total.name]
    return (
        _environment()
        .get_template("times.html")
        .render(
            facts=facts, rules=rules, figures=figures, style=Markup(style), style_hash=_hash(style)
        )
    )


def slug(text: str) -> str:
    """Make a name fit for an id or a class: lower-case letters, digits and hyphens."""
    return "-".join("".join(c if c.isalnum() else " " for c in text.lower()).split())


def dimensions(svg: bytes) -> tuple[int, int] | None:
    """Give a picture's width and height in pixels, so that a page keeps its places as it loads."""
    found = [re.search(rb'<svg[^>]*?\s%b="([0-9.]+)pt"' % side, svg[:4000]) for side in SIDES]
    sizes = [round(float(match[1]) * 4 / 3) for match in found if match]
    return (sizes[0], sizes[1]) if len(sizes) == 2 else None


def wide(size: tuple[int, int] | None) -> bool:
    """Whether a picture needs the whole width of the page to be read."""
    return size is not None and size[0] > 800


def demoted(html: Markup) -> Markup:
    """Lower a text's headings by two levels: it stands inside a section."""
    return Markup(re.sub(r"(</?h)([1-4])", lambda m: f"{m[1]}{int(m[2]) + 2}", html))


def island(data: Any) -> Markup:
    """Write JSON for a script element; an escaped < cannot end the element."""
    text = json.dumps(data, ensure_ascii=False, allow_nan=False)
    return Markup(text.replace("<", "\\u003c"))


def _in_order(entry: dict[str, Any]) -> list[tuple[bool, int, str]]:
    """Sort A2 before A13 and A10 before A10b."""
    parts = re.findall(r"\d+|\D+", entry["id"])
    return [(part.isdigit(), int(part) if part.isdigit() else 0, part) for part in parts]


def _row(facts: Facts, entry: dict[str, Any]) -> dict[str, Any]:
    """Everything that one row of the claims table prints."""
    claim = facts.entries.get(entry["id"])
    values = [entry[key] for key in ("measured", "ci_low", "ci_high")]
    control = entry["control"]
    tone, predicted, distance = phrasing.theory(entry)
    configured = any(figure.name == entry["figure"] for figure in facts.figures)
    return {
        "entry": entry,
        "expected": phrasing.expected(entry),
        "source": claim.claimed.source if claim else "",
        "measured": phrasing.measured(*values),
        "interval": phrasing.interval(*values[1:]),
        "control": phrasing.measured(control["measured"], control["ci_low"], control["ci_high"]),
        "must": claim.control.must if claim else "",
        "tone": tone,
        "predicted": predicted,
        "distance": distance,
        "reason": phrasing.reason(entry, claim, configured),
        "configured": configured,
    }


def _counts(facts: Facts) -> dict[str, int]:
    found = Counter(entry["verdict"] for entry in facts.claims)
    return {verdict: found[verdict] for verdict in verdicts.VERDICTS if found[verdict]}


def _map(facts: Facts, items: list[Item]) -> list[dict[str, Any]]:
    """Everything that the map of one paper prints, an item a row."""
    judged = {entry["id"]: entry["verdict"] for entry in facts.claims}
    shown = {f"{f.name}/{p.name}": p.title for f in facts.figures for p in f.panels}
    return [
        {
            "item": item,
            "claims": {name: judged.get(name) for name in item.claims},
            "panels": {name: shown.get(name) for name in item.panels},
        }
        for item in items
    ]


def _numbers(facts: Facts) -> dict[str, str]:
    return {f"{f.name}/{p.name}": p.csv for f in facts.figures for p in f.panels if p.csv}


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
