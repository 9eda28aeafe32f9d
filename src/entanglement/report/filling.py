"""Texts with places for numbers, filled from a figure's dataset and from the verdicts.

A place is written in braces, outside of formulas:

| place              | becomes                                                                |
|--------------------|------------------------------------------------------------------------|
| `{loss_last}`      | the statistic to two significant digits                                |
| `{loss_last:3}`    | to so many                                                             |
| `{loss_last:percent}` | a share as a percentage: 12 %                                       |
| `{loss_last:interval}` | value and 95 % interval: 0.31 (0.28 to 0.34)                       |
| `{loss_last.k}`    | a size of the cells that the statistic was measured on, or `networks`  |
| `{n}`              | all values of a parameter over the figure's cells: 256, 512 and 4096   |
| `{n:least}`, `{n:most}`, `{n:count}` | the smallest, the largest, how many                  |
| `{A1.1}`           | what the claim's verdict means, in the ledger's words                  |

A sentence with a place that has nothing to fill it (a grid without that cell, a claim without a
verdict) is left out: no text speaks of what is not there.
"""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import xarray as xr

from entanglement.claims import verdicts
from entanglement.pipeline.places import CLAIM, FORMULA, PLACE
from entanglement.report import phrasing

# The end of a sentence: what follows begins like another one, so "Fig. 3" and "e.g. by" do not.
BREAK = re.compile(
    r"(?<=[.!?])(\s+)(?=[A-Z*$({`\d])(?<!Fig\.\s)(?<!Figs\.\s)(?<!Eq\.\s)(?<!Eqs\.\s)"
)

Values = Mapping[str, Any]


def values(results: xr.Dataset) -> dict[str, Any]:
    """What places can be filled with: statistics with their attributes, and parameters of cells.

    Parameters
    ----------
    results
        A figure's dataset, as `data/<figure>.nc` holds it.
    """
    known: dict[str, Any] = {}
    for name, parameter in results.coords.items():
        if parameter.dims == ("cell",) and name not in ("cell", "cell_name"):
            known[str(name)] = _distinct(parameter.values.tolist())
    for name, statistic in results.data_vars.items():
        if statistic.ndim == 0 and statistic.dtype.kind in "iufb":
            known[str(name)] = statistic
    return known


def meanings(judged: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """For each claim that has a verdict in words: half a sentence that says what it means."""
    return {
        claim["id"]: claim["means"][claim["verdict"]]
        for claim in judged
        if claim["verdict"] in claim["means"]
    }


def filled(text: str, known: Values) -> str:
    """Fill every place of a text, and leave out the sentences that cannot be filled.

    Parameters
    ----------
    text
        Markdown with `$formulas$` and `{places}`.
    known
        As `values` and `meanings` give them.
    """
    if not PLACE.search(text):
        return text
    return "".join(made for part in _sentences(text) if (made := _sentence(part, known))).strip()


def _sentences(text: str) -> Iterator[str]:
    """Sentences with the space before them; paragraphs keep their distance."""
    parts = BREAK.split(text)
    yield parts[0]
    for space, sentence in zip(parts[1::2], parts[2::2], strict=True):
        yield space + sentence


def _sentence(text: str, known: Values) -> str:
    parts = FORMULA.split(text)
    for number in range(0, len(parts), 2):
        for name, form in PLACE.findall(parts[number]):
            words = _words(name, form, known)
            if words is None:
                return ""
            parts[number] = PLACE.sub(lambda match, words=words: words, parts[number], count=1)
    made = "".join(parts)
    return begun(made) if text.lstrip().startswith("{") else made


def begun(text: str) -> str:
    """Start a half sentence with a capital letter."""
    start = len(text) - len(text.lstrip())
    return text[:start] + text[start : start + 1].upper() + text[start + 1 :]


def _words(name: str, form: str, known: Values) -> str | None:
    if CLAIM.fullmatch(name):
        return known.get(name)
    name, _, size = name.partition(".")
    found = known.get(name)
    if found is None:
        return None
    if isinstance(found, list):
        return _listed(found, form)
    if size:
        return None if size not in found.attrs else phrasing.number(float(found.attrs[size]), 6)
    return _number(found, form)


def _listed(found: list[Any], form: str) -> str | None:
    """Write the values of a parameter."""
    if not found:
        return None
    if form == "count":
        return str(len(found))
    numeric = not isinstance(found[0], str)
    words = [phrasing.number(float(v), 6) if numeric else str(v) for v in sorted(found)]
    if form in ("least", "most"):
        return words[0 if form == "least" else -1]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _number(found: xr.DataArray, form: str) -> str | None:
    value = float(found)
    if not math.isfinite(value):
        return None
    if form == "percent":
        return f"{phrasing.number(100 * value, 2)}\u00a0%"
    if form == "interval":
        low, high = (float(found.attrs.get(end, math.nan)) for end in ("ci_low", "ci_high"))
        if not (math.isfinite(low) and math.isfinite(high)):
            return phrasing.number(value, 2)
        if verdicts.without_width(low, high):
            return phrasing.number(value)
        return f"{phrasing.measured(value, low, high)} ({phrasing.interval(low, high)})"
    return phrasing.number(value, int(form) if form.isdigit() else 2)


def _distinct(found: list[Any]) -> list[Any]:
    """Different values, without the padding of cells that lack the parameter."""
    kept = [v for v in found if v != "" and not (isinstance(v, float) and np.isnan(v))]
    return list(dict.fromkeys(kept))
