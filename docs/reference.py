"""The reference: what models, ledger, parser and docstrings say, as pages; nothing is typed twice."""

import argparse
import importlib
import pkgutil
import re
from pathlib import Path

import entanglement
from entanglement import claims, cli
from entanglement.experiments import REGISTRY
from entanglement.pipeline import expansion, schema

PROJECT = Path(__file__).parents[1]
# What readers import; experiments are in the page of parameters.
PACKAGES = ("theory", "statistics", "geometry", "networks", "drawing", "claims", "pipeline")
KINDS = {
    "printed": "the paper says it",
    "implied": "it follows from a reading of what the paper says",
    "theorem": "algebra decides it",
    "ours": "neither paper has it",
}


def fill(app, page, source):
    """Put what is made from the code at the end of its page."""
    makers = {
        "reference/parameters": parameters,
        "reference/claims": ledger,
        "reference/commands": commands,
        "reference/python": python,
    }
    if page in makers:
        source[0] += "\n" + makers[page]()


def as_written(app, what, name, thing, options, lines):
    """Show a docstring as it stands: its first paragraph as a sentence, the rest as it is laid out."""
    end = lines.index("") if "" in lines else len(lines)
    first, rest = lines[:end], lines[end:]
    # Plain words: a star, a bar or a final underscore marks nothing up.
    parts = re.split(r"(`+[^`]*`+)", " ".join(first))
    parts[::2] = [re.sub(r"(?<=\w)_(?!\w)|[*|]", r"\\\g<0>", part) for part in parts[::2]]
    lines[:] = ["".join(parts), ""]
    if any(rest):
        lines += [".. code-block:: text", "", *(f"   {line}" for line in rest[1:]), ""]


def cell(text):
    """Write a text as one cell of a table."""
    return " ".join(str(text).split()).replace("|", r"\|")


def parameters():
    """List the keys of config.yaml, experiment by experiment, from their models."""
    known = schema.schema(REGISTRY)["$defs"]
    text = []
    for figure in REGISTRY:
        module = importlib.import_module(REGISTRY[figure])
        kinds = expansion.experiment(REGISTRY, figure)
        text += [f"## `{figure}`", "", module.__doc__.splitlines()[0], ""]
        text += ["| key | values | default | what it is | the paper's |", "|---|---|---|---|---|"]
        for kind in filter(None, (kinds.train, kinds.evaluate)):
            for key, field in kind.model_fields.items():
                place = known[figure]["properties"][key]["$ref"].removeprefix("#/$defs/")
                default = "" if field.is_required() else f"`{field.default!r}`"
                value, source = module.PAPER.get(key, ("", ""))
                paper = f"`{value}` ({source})" if source else ""
                row = (f"`{key}`", allowed(known[place]["anyOf"][0]), default, field.description)
                text.append("| " + " | ".join(map(cell, (*row, paper))) + " |")
        text.append("")
    return "\n".join(text)


ENDS = {"minimum": "≥", "exclusiveMinimum": ">", "maximum": "≤", "exclusiveMaximum": "<"}


def allowed(value):
    """Say which values a key takes, from its JSON schema."""
    if "enum" in value or "const" in value:
        return ", ".join(f"`{one}`" for one in value.get("enum", [value.get("const")]))
    if "anyOf" in value:
        return " or ".join(map(allowed, value["anyOf"]))
    if "$ref" in value:
        return "a picture"
    ends = [f"{sign} {value[key]:g}" for key, sign in ENDS.items() if key in value]
    return ", ".join([value.get("type", "any"), *ends])


def ledger():
    """List the claims, group by group, from claims.yaml."""
    entries = claims.read(PROJECT / "workflow/claims.yaml")
    text = [f"{len(entries)} claims."]
    for claim in entries:
        if claim.question:
            text += ["", f"## {claim.group}. {claim.question}"]
        text += ["", f"**{claim.id}** ({claim.kind}: {KINDS[claim.kind]}; {claim.where}).", ""]
        if claim.quote:
            quote = re.sub(r"([*_$<\[\]\\])", r"\\\1", claim.quote)
            text += [f"> “{quote}”", ""]
        sign = {"equal": "=", "at_most": "≤", "at_least": "≥"}[claim.rule]
        least = ", ".join(f"{key} {value:g}" for key, value in claim.minimum.items())
        text += [
            f"{claim.sentence}",
            "",
            f"- measured: `{claim.statistic}` of `{claim.figure}`, drawn in panel `{claim.panel}`",
            f"- would count: {sign} {claim.claimed.value:g} within {claim.tolerance:g} "
            f"({claim.claimed.source})",
            f"- control: {claim.control.name} (`{claim.control.statistic}`), "
            f"which must {'differ' if claim.control.must == 'differ' else 'be equal'}",
            f"- no verdict below: {least or 'any size'}",
        ]
        text += [f"- *{verdict}*: {means}" for verdict, means in claim.means.items()]
    return "\n".join(text)


def commands():
    """Print what every command says of itself."""
    parser = cli._parser()
    (subparsers,) = (a for a in parser._actions if isinstance(a, argparse._SubParsersAction))
    text = []
    for name, command in subparsers.choices.items():
        command.formatter_class = lambda prog: argparse.HelpFormatter(prog, width=96)
        text += [f"## `entanglement {name}`", "", "```text", command.format_help().rstrip(), "```"]
    return "\n".join([*text, ""])


def python():
    """Name the modules whose docstrings are the reference."""
    text = ["```{eval-rst}", ".. autofunction:: entanglement.open_results", "```"]
    for package in PACKAGES:
        home = importlib.import_module(f"entanglement.{package}")
        text += ["", f"## `entanglement.{package}`", "", home.__doc__.splitlines()[0]]
        for module in sorted(pkgutil.iter_modules(home.__path__), key=lambda found: found.name):
            name = f"{home.__name__}.{module.name}"
            text += ["", f"### `{package}.{module.name}`", ""]
            text += ["```{eval-rst}", f".. automodule:: {name}", "   :members:", "```"]
    return "\n".join(text)


assert entanglement.__all__ == ["open_results"], "the reference begins with what is public"
