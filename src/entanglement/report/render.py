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

from entanglement.claims import confirmation, verdicts
from entanglement.claims.coverage import Item
from entanglement.report import benchmarks, markdown, phrasing, whisker
from entanglement.report.collect import Facts
from entanglement.report.differences import shown

HERE = Path(__file__).parent
SIDES = (b"width", b"height")
# One script in all: each of these uses what stands before it.
SCRIPTS = ("app.js", "figures.js", "explore.js", "special.js", "laws.js", "sampler.js", "tryit.js")
STYLES = ("style.css", "interactive.css")
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
    style, script = _joined(STYLES), _compact(_joined(SCRIPTS))
    return environment.get_template("report.html").render(
        facts=facts,
        papers=PAPERS | {key: paper.title for key, paper in facts.words.papers.items()},
        rows=[_row(facts, entry) for entry in sorted(facts.claims, key=_in_order)],
        maps={"A": _map(facts, facts.coverage.A), "B": _map(facts, facts.coverage.B)},
        tallies=_tallies(facts),
        found=[v for v in verdicts.VERDICTS if any(e["verdict"] == v for e in facts.claims)],
        agreements=_agreements(facts),
        ledger=_ledger(facts) if facts.claims else None,
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
    style = _joined(STYLES)
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
    values = [entry[key] for key in ("measured", "ci_low", "ci_high")]
    control = entry["control"]
    tone, predicted, distance = phrasing.theory(entry)
    figure = next((f for f in facts.figures if f.name == entry["figure"]), None)
    configured = figure is not None
    return {
        "entry": entry,
        "expected": phrasing.expected(entry),
        "measured": phrasing.measured(*values),
        "interval": phrasing.interval(*values[1:]),
        "control": phrasing.measured(control["measured"], control["ci_low"], control["ci_high"]),
        "tone": tone,
        "predicted": predicted,
        "distance": distance,
        "reason": phrasing.reason(entry, configured),
        "configured": configured,
        "drawn": figure is not None and any(p.name == entry["panel"] for p in figure.panels),
    }


def _tallies(facts: Facts) -> dict[tuple[str, str], dict[str, int]]:
    """Count the verdicts of each paper and kind: never both papers, or two kinds, in one sum."""
    found: dict[tuple[str, str], Counter[str]] = {}
    for entry in facts.claims:
        found.setdefault((entry["paper"], entry["kind"]), Counter())[entry["verdict"]] += 1
    return {
        (paper, kind): {
            v: found[paper, kind][v] for v in verdicts.VERDICTS if found[paper, kind][v]
        }
        for paper in PAPERS
        for kind in verdicts.POSITIVE
        if (paper, kind) in found
    }


def _agreements(facts: Facts) -> list[dict[str, str]]:
    """Write the worst deviation of each figure's curves from their theory: below 1, they agree."""
    rows = []
    for figure in facts.figures:
        found = [t for claim in figure.claims[:1] for t in claim["agreement"].values()]
        known = [t for t in found if t is not None]
        if found:
            tone = "none" if not known else "good" if max(known) < 1 else "bad"
            value = phrasing.number(max(known, default=None), 2)
            title = figure.words.title
            rows.append({"figure": figure.name, "title": title, "tone": tone, "value": value})
    return rows


def _ledger(facts: Facts) -> dict[str, Any]:
    """Say whether this run's seed is the one that the ledger names."""
    digest = confirmation.digest(facts.claims)
    return {
        "digest": digest[:12],
        "seed": confirmation.seed(digest),
        "confirmatory": confirmation.seed(digest) == facts.seed,
        "changes": confirmation.changes_after_data(facts.claims),
    }


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


def _joined(names: tuple[str, ...]) -> str:
    return "\n".join((HERE / name).read_text(encoding="utf-8") for name in names)


def _compact(script: str) -> str:
    """Leave out indentation and the lines that are comments: the page carries what runs."""
    return re.sub(r"^\s*(//.*)?\n?", "", script, flags=re.MULTILINE)


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
