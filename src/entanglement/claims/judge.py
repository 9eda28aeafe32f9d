"""Read the statistics of every claim from the datasets and judge them."""

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import xarray as xr

from entanglement.claims import verdicts
from entanglement.claims.document import DocumentError
from entanglement.claims.entries import Claim, read
from entanglement.claims.verdicts import Measurement
from entanglement.pipeline import seal, store
from entanglement.pipeline.checks import nearest

NOTHING = Measurement(math.nan, math.nan, math.nan)
# Largest |t| of a figure's curves against their theory, over what it may be (`statistics.agreement`).
AGREEMENT = "largest_t_over_limit"

Scalars = dict[str, xr.Variable]


def judge(claims_yaml: Path, data_dir: Path, figures: Sequence[str]) -> list[dict[str, Any]]:
    """Judge every claim by what was measured.

    Parameters
    ----------
    claims_yaml
        The claims.
    data_dir
        Directory that holds `<figure>.nc`.
    figures
        Figures of the configuration. A claim whose figure is not among them, or has no
        dataset because its cells failed, gets the verdict "not run".

    Returns
    -------
    One dict a claim, in the order of the file: the content of claims.json.

    Raises
    ------
    DocumentError
        A claim names a statistic or a coordinate that its dataset does not have.
    """
    claims = read(claims_yaml)
    questions = {claim.group: claim.question for claim in claims if claim.question}
    judged: dict[str, dict[str, Any]] = {}
    problems: list[str] = []
    for figure in dict.fromkeys(claim.figure for claim in claims):
        mine = [claim for claim in claims if claim.figure == figure]
        path = data_dir / f"{figure}.nc"
        if figure not in figures or not path.exists():
            judged |= {claim.id: _entry(claim, questions[claim.group]) for claim in mine}
            continue
        with store.read(path) as dataset:
            scalars = _scalars(dataset)
            sizes = _sizes(dataset)
        for claim in mine:
            missing = _missing(claim, scalars, sizes)
            if missing:
                problems += [f"{claims_yaml}: {claim.id}: {path} {text}" for text in missing]
            else:
                judged[claim.id] = _judged(claim, questions[claim.group], scalars)
    if problems:
        raise DocumentError("\n".join(problems))
    return [judged[claim.id] for claim in claims]


def write(
    path: Path, entries: Sequence[dict[str, Any]], made: Mapping[str, str] | None = None
) -> None:
    """Write claims.json at once or not at all; what is not a finite number becomes null.

    Parameters
    ----------
    path
        Where to.
    entries
        As `judge` gives them.
    made
        For each figure, what its claims were judged from; see `pipeline.seal`.
    """
    known = made or {}
    sealed = [seal.put_entry(_finite(entry), known.get(entry["figure"], "")) for entry in entries]
    text = json.dumps(sealed, indent=1, ensure_ascii=False, allow_nan=False)
    store.write_text(path, text + "\n")


def _scalars(dataset: xr.Dataset) -> Scalars:
    """All single numbers of a figure, loaded."""
    names = [str(name) for name in dataset.data_vars]
    return {
        name: dataset.variables[name].load() for name in names if dataset.variables[name].ndim == 0
    }


def _sizes(dataset: xr.Dataset) -> list[str]:
    """Names of the numeric parameters of the cells."""
    numeric = [n for n in dataset.coords if dataset.variables[n].dtype.kind in "iuf"]
    return [str(name) for name in numeric if dataset.variables[name].dims == ("cell",)]


def _judged(claim: Claim, question: str, scalars: Scalars) -> dict[str, Any]:
    measured = _measurement(scalars[claim.statistic])
    control = _measurement(scalars[claim.control.statistic])
    part = _measurement(scalars[claim.partly.statistic]) if claim.partly else None
    passed = verdicts.control_passes(
        measured, control, claim.control.must, claim.band, claim.tolerance
    )
    predicted = _measurement(scalars[claim.predicted]) if claim.predicted else NOTHING
    error = 0.0 if math.isnan(predicted.standard_error) else predicted.standard_error
    result = verdicts.verdict(claim.kind, measured, claim.band, passed, part)
    if _too_small(claim, scalars[claim.statistic].attrs, measured):
        result = verdicts.TOO_SMALL
    return _entry(claim, question) | {
        **_numbers(measured),
        "networks": measured.networks,
        "predicted": predicted.value,
        "theory_z": verdicts.theory_z(measured, predicted.value, error),
        "control": {**claim.control.model_dump(), **_numbers(control), "passed": passed},
        "verdict": result,
        "agreement": {
            name: float(value) for name, value in scalars.items() if name.startswith(AGREEMENT)
        },
    }


def _entry(claim: Claim, question: str) -> dict[str, Any]:
    """Everything that is known of a claim before it is judged."""
    return {
        **claim.model_dump(),
        "question": question,
        "paper": claim.paper,
        "group": claim.group,
        **_numbers(NOTHING),
        "networks": 0,
        "predicted": math.nan,
        "theory_z": math.nan,
        "control": {**claim.control.model_dump(), **_numbers(NOTHING), "passed": None},
        "verdict": verdicts.NOT_RUN,
        "agreement": {},
    }


def _numbers(measured: Measurement) -> dict[str, float]:
    return {"measured": measured.value, "ci_low": measured.low, "ci_high": measured.high}


def _measurement(variable: xr.Variable) -> Measurement:
    value = float(variable)
    attrs = variable.attrs
    return Measurement(
        value,
        # A deterministic value (a rank, a count of bytes) is its own interval.
        float(attrs.get("ci_low", value)),
        float(attrs.get("ci_high", value)),
        float(attrs.get("standard_error", math.nan)),
        int(attrs.get("networks", 0)),
        attrs.get("ci_kind", "exact") == "exact",
    )


def _too_small(claim: Claim, attrs: Mapping[str, Any], measured: Measurement) -> bool:
    # A statistic whose cells are missing says so by networks = 0.
    if not measured.known and attrs.get("networks") == 0:
        return True
    # The sizes of the statistic's own cells; another cell of the grid opens no gate.
    for name, least in claim.minimum.items():
        size = measured.networks if name == "networks" else attrs.get(name, math.nan)
        if not size >= least:
            return True
    return False


def _missing(claim: Claim, scalars: Scalars, sizes: Sequence[str]) -> list[str]:
    wanted = [claim.statistic, claim.control.statistic]
    wanted += [claim.predicted] if claim.predicted else []
    wanted += [claim.partly.statistic] if claim.partly else []
    problems = [
        f"has no scalar {name!r}{nearest(name, list(scalars))}; it has: "
        f"{', '.join(scalars) or 'none'}"
        for name in wanted
        if name not in scalars
    ]
    problems += [
        f"has no numeric coordinate {name!r} for `minimum`; it has: networks, {', '.join(sizes)}"
        for name in claim.minimum
        if name != "networks" and name not in sizes
    ]
    return problems


def _finite(node: Any) -> Any:
    if isinstance(node, dict):
        return {key: _finite(value) for key, value in node.items()}
    if isinstance(node, list):
        return [_finite(value) for value in node]
    if isinstance(node, float) and not math.isfinite(node):
        return None
    return node
