"""Two pages on each paper, for its authors to read and check, and a macro for every number."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from entanglement import claims
from entanglement.report import phrasing, summary
from entanglement.report.facts import Facts

Claim = Mapping[str, Any]
# What speaks of the paper beside its own claims; what neither paper has is counted, no more.
OTHERS = {"implied": "What its words imply", "theorem": "What algebra decides"}
SPECIAL = re.compile(r"[\\{}$&#%_^~]|[≥≤±×−–“”∞⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+|[\u00a0]")
SYMBOLS = {
    "\\": r"\textbackslash{}",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "\u00a0": "~",
    "≥": r"$\ge$",
    "≤": r"$\le$",
    "±": r"$\pm$",
    "×": r"$\times$",
    "−": "$-$",
    "–": "--",
    "“": "``",
    "”": "''",
    "∞": r"$\infty$",
}
POWERS = dict(zip("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789", strict=True))


def reference(facts: Facts) -> str:
    """BibTeX of this report, and of the papers as report.yaml gives them."""
    ledger = _ledger(facts)
    return (
        f"@misc{{entanglement,\n  title = {{{facts.words.title}}},\n"
        f"  note  = {{commit {facts.commit}, seed {facts.seed}, {ledger}}}\n}}\n"
        f"{facts.words.bibtex}"
    )


def _ledger(facts: Facts) -> str:
    digest = claims.digest(facts.claims)
    kind = "confirmatory" if claims.seed(digest) == facts.seed else "exploratory"
    return f"{kind}, ledger {digest[:12]}"


def markdown(facts: Facts) -> str:
    """Write reports/summary.md.

    Parameters
    ----------
    facts
        What the report holds: words and judged claims.
    """
    text = [
        f"# {facts.words.title}: summary",
        f"Commit {facts.commit}, seed {facts.seed}, {_ledger(facts)}. Made from claims.json; no "
        "number and no verdict is typed. Intervals are at 95 % over independent networks. A "
        "verdict compares the interval with what would count, and is inconclusive where the control "
        "beside it fails; controls, figures and methods are in report.html.",
    ]
    for paper, words in facts.words.papers.items():
        mine = [claim for claim in facts.claims if claim["paper"] == paper]
        text += [f"## {words.title}", words.reference]
        for answer in summary.answers(words, facts.claims):
            names = ", ".join(claim["id"] for claim in answer["claims"])
            text.append(f"- {answer['text'] or 'Undecided: ' + answer['question']} ({names})")
        tallies = summary.tallies(facts.claims, paper)
        text += [_counted(kind, tally) for kind, tally in tallies.items()]
        printed = [claim for claim in mine if claim["kind"] == "printed"]
        text += ["### What the paper says, and what was measured", *map(_judged, printed)]
        for kind, heading in OTHERS.items():
            rows = [_short(claim) for claim in mine if claim["kind"] == kind]
            text += [f"### {heading}", "\n".join(rows)] if rows else []
    return "\n\n".join([*text, f"## To cite\n\n```bibtex\n{reference(facts).rstrip()}\n```\n"])


def _counted(kind: str, tally: Mapping[str, int]) -> str:
    return f"{kind}: " + ", ".join(f"{count} {verdict}" for verdict, count in tally.items()) + "."


def _numbers(claim: Claim) -> str:
    """Say what was measured and what would count."""
    value = phrasing.measured(claim["measured"], claim["ci_low"], claim["ci_high"])
    return (
        f"{value} ({phrasing.interval(claim['ci_low'], claim['ci_high'])}), "
        f"would count: {phrasing.expected(claim)}"
    )


def _judged(claim: Claim) -> str:
    # A control that failed is named by the verdict; the others stand in the report.
    _, predicted, distance = phrasing.theory(claim)
    theory = f"; theory {predicted}" + (f" ({distance})" if distance else "")
    return (
        f"**{claim['id']}, {claim['verdict']}** ({claim['where']}): {_escaped(_said(claim))}. "
        f"Measured {_numbers(claim)}{theory if claim['predicted'] is not None else ''}."
    )


def _said(claim: Claim) -> str:
    """What was found in half a sentence; what is tested, where nothing was."""
    return str(claim["means"].get(claim["verdict"]) or claim["sentence"].rstrip("."))


def _short(claim: Claim) -> str:
    return f"- **{claim['id']}, {claim['verdict']}**: {_escaped(_said(claim))}"


def _escaped(text: str) -> str:
    return re.sub(r"([*_`<\[\]|\\])", r"\\\1", text)


def latex(facts: Facts) -> str:
    r"""Write reports/summary.tex: `\entanglement{A1.1}{measured}`, and a list for each paper.

    Parameters
    ----------
    facts
        What the report holds: words and judged claims.
    """
    text = [
        "% Made from reports/claims.json. In a document: \\input{summary}, then",
        "% \\entanglement{A1.1}{measured}, with low, high, claimed, tolerance, control, theory,",
        "% networks, verdict, where, sentence; \\entanglementpaper{A} lists what paper A says.",
        r"\makeatletter",
        r"\newcommand{\entanglement}[2]{\ifcsname ent@#1@#2\endcsname\csname ent@#1@#2\endcsname"
        r"\else\PackageError{entanglement}{no `#2' of claim `#1'}{}\fi}",
        r"\newcommand{\entanglementpaper}[1]{\csname ent@paper@#1\endcsname}",
        *_define("run", "seed", str(facts.seed)),
        *_define("run", "commit", str(facts.commit)),
        *_define("run", "ledger", _ledger(facts)),
    ]
    for claim in facts.claims:
        for name, value in macros(claim).items():
            text += _define(claim["id"], name, value)
    for paper in facts.words.papers:
        printed = [c for c in facts.claims if c["paper"] == paper and c["kind"] == "printed"]
        text += [rf"\expandafter\def\csname ent@paper@{paper}\endcsname{{%"]
        text += (
            [r"\begin{description}", *map(_item, printed), r"\end{description}}"]
            if printed
            else ["}"]
        )
    bibtex = "\n".join(f"% {line}" for line in reference(facts).rstrip().splitlines())
    return "\n".join([*text, r"\makeatother", bibtex, ""])


def macros(claim: Claim) -> dict[str, str]:
    """Everything of a claim that a text may want, in plain words."""
    control, low, high = claim["control"], claim["ci_low"], claim["ci_high"]
    ends = phrasing.interval(low, high).partition(" to ")
    single = ends[0] if low is not None else phrasing.DASH
    measured = phrasing.measured(claim["measured"], low, high)
    exact = single == "exact"
    return {
        "measured": measured,
        "low": measured if exact else single,
        "high": measured if exact else ends[2] or single,
        "claimed": phrasing.number(claim["claimed"]["value"]),
        "tolerance": phrasing.number(claim["tolerance"], 2),
        "control": phrasing.measured(control["measured"], control["ci_low"], control["ci_high"]),
        "theory": phrasing.number(claim["predicted"]),
        "networks": phrasing.number(claim["networks"]),
        "verdict": claim["verdict"],
        "where": claim["where"],
        "sentence": claim["sentence"],
    }


def _define(claim: str, name: str, value: str) -> list[str]:
    return [rf"\expandafter\def\csname ent@{claim}@{name}\endcsname{{{tex(value)}}}"]


def _item(claim: Claim) -> str:
    name = claim["id"]

    def of(what: str) -> str:
        return rf"\entanglement{{{name}}}{{{what}}}"

    return (
        rf"\item[{name}] {of('sentence')} \emph{{{of('verdict')}}}: {of('measured')} "
        rf"({of('low')} to {of('high')}), control {of('control')}."
    )


def tex(text: str) -> str:
    """Write plain words so that LaTeX prints them."""
    return "".join(_marks(text))


def _marks(text: str) -> Iterator[str]:
    end = 0
    for match in SPECIAL.finditer(text):
        yield text[end : match.start()]
        end = match.end()
        power = ""
        for mark in match[0]:
            if mark in POWERS:
                power += POWERS[mark]
                continue
            yield SYMBOLS.get(mark, f"\\{mark}")
        if power:
            yield f"$^{{{power}}}$"
    yield text[end:]
