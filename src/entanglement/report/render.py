"""Facts to one HTML file that asks for nothing from outside."""

import base64
import gzip
import hashlib
import json
import re
from collections import Counter
from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from entanglement.claims import confirmation, verdicts
from entanglement.claims.coverage import Item
from entanglement.report import benchmarks, filling, markdown, phrasing, summary, whisker
from entanglement.report.differences import shown
from entanglement.report.facts import Facts
from entanglement.statistics import agreement

HERE = Path(__file__).parent
SIDES = (b"width", b"height")
# Of several claims about one statement, what its cell on the map shows.
_WORST = (*verdicts.NEGATIVE.values(), verdicts.PARTLY, *verdicts.VERDICTS)
# Of these the row's numbers say why; the sentence that says it waits in the fold.
DECIDED = (*verdicts.POSITIVE.values(), *verdicts.NEGATIVE.values())
# Probability of a chi-square below which theory and simulation are said to differ.
UNLIKELY = 0.01
# One script in all: each of these uses what stands before it.
SCRIPTS = (
    "app.js",
    "claims.js",
    "figures.js",
    "explore.js",
    "special.js",
    "gains.js",
    "laws.js",
    "sampler.js",
    "canvas.js",
    "tryit.js",
)
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
        "address": whisker.address,
        "base64": lambda data: base64.b64encode(data).decode(),
        "shown": shown,
        "slug": slug,
        "whisker": whisker.draw,
        "dimensions": dimensions,
        "wide": wide,
        "begun": filling.begun,
        "demoted": demoted,
        "island": island,
    }
    return environment


def render(facts: Facts) -> str:
    """Give the report's HTML."""
    environment = _environment()
    style, script = _joined(STYLES), _compact(_joined(SCRIPTS))
    papers = facts.words.papers
    panels = {f"{f.name}/{p.name}": p for f in facts.figures for p in f.panels if p.svg}
    return environment.get_template("report.html").render(
        facts=facts,
        papers=PAPERS | {key: paper.title for key, paper in papers.items()},
        answers={key: summary.answers(paper, facts.claims) for key, paper in papers.items()},
        heroes={key: panels.get(paper.picture) for key, paper in papers.items()},
        tallies={key: summary.tallies(facts.claims, key) for key in papers},
        groups=_groups(facts),
        maps={"A": _map(facts, facts.coverage.A), "B": _map(facts, facts.coverage.B)},
        found=[v for v in verdicts.VERDICTS if any(e["verdict"] == v for e in facts.claims)],
        agreements=_agreements(facts),
        overall=_overall(facts),
        ledger=_ledger(facts) if facts.claims else None,
        readings=_readings(facts),
        smaller=[figure for figure in facts.figures if any(d.smaller for d in figure.differences)],
        holes=[figure for figure in facts.figures if figure.state],
        numbers=packed(_numbers(facts)),
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
    """Whether a picture needs the whole width of the page to be read: half of it is 530 pixels."""
    return size is not None and size[0] > 620


def demoted(html: Markup) -> Markup:
    """Lower a text's headings by two levels: it stands inside a section."""
    return Markup(re.sub(r"(</?h)([1-4])", lambda m: f"{m[1]}{int(m[2]) + 2}", html))


def island(data: Any) -> Markup:
    """Write JSON for a script element; an escaped < cannot end the element."""
    text = json.dumps(data, ensure_ascii=False, allow_nan=False)
    return Markup(text.replace("<", "\\u003c"))


def packed(data: Any) -> str:
    """Write JSON gzipped and in base64, the same bytes each time: a sixth of it as it is."""
    text = json.dumps(data, ensure_ascii=False, allow_nan=False)
    return base64.b64encode(gzip.compress(text.encode(), mtime=0)).decode()


def _groups(facts: Facts) -> list[dict[str, Any]]:
    """Claims by what they ask together."""
    return [
        {
            "name": name,
            "question": group[0]["question"],
            "rows": [_row(facts, entry) for entry in group],
            "counts": summary.in_order(Counter(entry["verdict"] for entry in group)),
        }
        for name, group in (
            (name, list(found)) for name, found in groupby(facts.claims, lambda e: e["group"])
        )
    ]


def _row(facts: Facts, entry: dict[str, Any]) -> dict[str, Any]:
    """Everything that one row of the claims table prints."""
    values = [entry[key] for key in ("measured", "ci_low", "ci_high")]
    control = entry["control"]
    tone, predicted, distance = phrasing.theory(entry)
    figure = next((f for f in facts.figures if f.name == entry["figure"]), None)
    panels = figure.panels if figure else []
    return {
        "entry": entry,
        "expected": phrasing.expected(entry),
        "measured": phrasing.measured(*values),
        "interval": phrasing.interval(*values[1:]),
        "control": phrasing.measured(control["measured"], control["ci_low"], control["ci_high"]),
        "tone": tone,
        "predicted": predicted,
        "distance": distance,
        "reason": phrasing.reason(entry, figure is not None),
        "far": phrasing.sortable(_outside(entry)),
        "z": phrasing.sortable(abs(entry["theory_z"]) if entry["theory_z"] is not None else None),
        "open": entry["verdict"] not in DECIDED,
        "drawn": next((p.words.title for p in panels if p.name == entry["panel"]), ""),
    }


def _outside(entry: dict[str, Any]) -> float | None:
    """Distance of a measurement from its band in tolerances; below 0 inside."""
    if entry["measured"] is None:
        return None
    off = entry["measured"] - entry["claimed"]["value"]
    beyond = {"equal": abs(off), "at_most": off, "at_least": -off}[entry["rule"]]
    return beyond / entry["tolerance"] - 1


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


def _overall(facts: Facts) -> dict[str, str] | None:
    """Write the chi-square of all claims' statistics against theory, each statistic once."""
    known = [entry for entry in facts.claims if entry["theory_z"] is not None]
    once = {(entry["figure"], entry["statistic"]): entry for entry in known}.values()
    square, freedom, p = agreement.overall(
        [entry["theory_z"] for entry in once], [entry["networks"] for entry in once]
    )
    if freedom == 0:
        return None
    tone = "good" if p > UNLIKELY else "bad"
    value = f"χ² = {phrasing.number(square, 3)}, p = {phrasing.number(p, 2)}"
    return {"statistics": str(freedom), "tone": tone, "value": value}


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
    drawn = {f"{f.name}/{p.name}": p.words.title for f in facts.figures for p in f.panels}
    rows = []
    for item in items:
        verdict = {name: judged.get(name) for name in item.claims}
        panels = {name: drawn.get(name) for name in item.panels}
        links = [f"#claim-{name}" for name in item.claims if name in judged]
        links += [f"#panel-{name.replace('/', '-')}" for name in item.panels if name in drawn]
        worst = [v for v in _WORST if v in verdict.values()]
        rows.append(
            {
                "item": item,
                "short": re.sub(r"^(\d+)$", r"§ \1", item.item.split(",")[0]),
                "claims": verdict,
                "panels": panels,
                "link": next(iter(links), None),
                "verdict": next(iter(worst), None),
            }
        )
    return rows


def _readings(facts: Facts) -> list[dict[str, Any]]:
    """Questions with their two readings and the claim of each; none without both claims."""
    entries = {entry["id"]: entry for entry in facts.claims}
    return [
        {
            "question": asked.question,
            "answers": [(reading.reads, entries[reading.claim]) for reading in asked.readings],
        }
        for asked in facts.words.readings
        if all(reading.claim in entries for reading in asked.readings)
    ]


def _numbers(facts: Facts) -> dict[str, str]:
    return {f"{f.name}/{p.name}": p.csv or "" for f in facts.figures for p in f.panels if p.embeds}


def _joined(names: tuple[str, ...]) -> str:
    return "\n".join((HERE / name).read_text(encoding="utf-8") for name in names)


def _compact(script: str) -> str:
    """Leave out indentation, comments and needless ends of lines: the page carries what runs."""
    bare = re.sub(r"^\s*(//.*)?\n?", "", script, flags=re.MULTILINE)
    return re.sub(r"(?<=[{[(,;])\n", "", bare)


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
