"""Texts take their numbers from the data: none that was measured is typed."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import xarray as xr
from ruamel.yaml import YAML

from entanglement import report
from entanglement.claims import verdicts
from entanglement.pipeline import places
from entanglement.report import filling

WORDS = Path(report.__file__).parents[3] / "workflow" / "report.yaml"
CLAIMS = WORDS.with_name("claims.yaml")


def results(value: float, **attrs: Any) -> xr.Dataset:
    made = {"ci_low": value - 0.02, "ci_high": value + 0.02, "networks": 30, "k": 64} | attrs
    cells = {"n": ("cell", [512.0, 256.0, 512.0]), "weights": ("cell", ["top", "random", "top"])}
    variables = {
        "loss": xr.DataArray(value, attrs=made),
        "gone": xr.DataArray(float("nan")),
        "curve": ("layer", [1.0, 2.0]),
    }
    return xr.Dataset(variables, cells)


def fill(text: str, value: float = 0.3141) -> str:
    known = filling.values(results(value)) | {"A1.1": "the loss collapses"}
    return filling.filled(text, known)


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("It is {loss}.", "It is 0.31."),
        ("It is {loss:3}.", "It is 0.314."),
        ("It is {loss:percent}.", "It is 31\u00a0%."),
        ("It is {loss:interval}.", "It is 0.314 (0.294 to 0.334)."),
        ("Of {loss.networks} at k = {loss.k}.", "Of 30 at k = 64."),
        ("For n = {n}, {weights}.", "For n = 256 and 512, random and top."),
        ("From {n:least} to {n:most}: {n:count}.", "From 256 to 512: 2."),
        ("{A1.1}; see $x_{loss}$.", "The loss collapses; see $x_{loss}$."),
        ("No place in $\\sum_{n}$ here.", "No place in $\\sum_{n}$ here."),
    ],
)
def test_a_place_is_filled(text: str, made: str) -> None:
    assert fill(text) == made


@pytest.mark.parametrize("place", ["gone", "curve", "unknown", "loss.depth", "depth", "B1"])
def test_a_sentence_that_nothing_fills_is_left_out(place: str) -> None:
    text = f"Look at Fig. 3 e first. There {{{place}}} was found. It is {{loss}}."
    assert fill(text) == "Look at Fig. 3 e first. It is 0.31."
    assert fill(f"{{{place}}}") == ""


def test_another_dataset_gives_another_text() -> None:
    assert fill("It is {loss}.", 0.1) != fill("It is {loss}.", 0.2)


def test_a_verdict_without_words_means_nothing() -> None:
    claims = [
        {"id": "A1", "means": {"reproduced": "it does"}, "verdict": "reproduced"},
        {"id": "A2", "means": {"reproduced": "it does"}, "verdict": verdicts.TOO_SMALL},
    ]
    assert filling.meanings(claims) == {"A1": "it does"}


def texts() -> Iterator[tuple[str, str, str]]:
    """Figure, key (of a panel: its name) and text, of everything that is said of figures."""
    for figure, words in YAML(typ="safe").load(WORDS)["figures"].items():
        yield figure, "title", words["title"]
        yield figure, "intro", words.get("intro", "")
        for key, why in (words.get("deviations") or {}).items():
            yield figure, key, why
        for name, panel in words["panels"].items():
            for text in panel.values():
                yield figure, name, text


# What is no measurement: places in the papers, names with digits, and whole numbers below three,
# which are poles, halves and squares.
REFERENCE = re.compile(
    r"\b(?:Figs?\.|Eqs?\.|Remark|Algorithm|[Ss]ections?|Definition|Example|claims?)\s*[\dIVX][\w.-]*"
    r"(?:\s*(?:,|and|-|to)\s*\d[\w.]*)*"
)
NAMED = re.compile(r"\b[A-Za-z]\w*\d\w*")
NUMBER = re.compile(r"(?<!\w)\d+(?:\.\d+)*(?:e[-−]?\d+)?")
SMALL = {"0", "1", "2"}
# And why every other number may be typed.
TYPED: dict[tuple[str, str], dict[str, str]] = {
    ("convergence", "histograms"): {"10": "the deepest histogram of Fig. 3"},
    ("convergence", "deviation"): {"999": "the band's level", "1000": "the band's level"},
    ("noise_recovery", "pictures"): {"0.1": "what counts as recovered (theory.recovery)"},
    ("noise_recovery", "error_map"): {"0.1": "what counts as recovered"},
    ("noise_recovery", "error_curves"): {"90": "the band drawn"},
    ("noise_recovery", "controls"): {"95": "a normal law's share", "100": "of so many"},
    ("light_speed", "space_and_time"): {"100": "what counts as fallen: 1/100"},
    ("gradient_descent", "intro"): {"4": "an exact mean"},
    ("gradient_descent", "histograms"): {"0.01": "the paper's rate"},
    ("optimisers", "intro"): {"10": "the authors' scale", "4": "its power of ten"},
    ("optimisers", "training"): {"4": "a closed form"},
    ("reconciliation", "bit_error"): {"95": "the interval's level"},
    ("reconciliation", "pictures"): {
        "40": "wrong bits at which pictures are drawn; pixels of the authors' code",
        "20": "wrong bits at which pictures are drawn",
        "5": "wrong bits at which pictures are drawn",
    },
    ("reconciliation", "phases"): {"40": "pixels of the authors' code"},
    ("reconciliation", "mends"): {"95": "the interval's level"},
    ("secrecy", "wrong_layer"): {"95": "the interval's level"},
    ("secrecy", "reconciler"): {
        "0.73": "Cascade's first blocks", "1.18": "what cascade-cpp reports",
        "5": "at this error rate", "8": "bytes of a number", "16": "bytes of a seed",
    },
    ("secrecy", "cost"): {"11": "per cent of errors that Cascade is made for"},
    ("causes", "spacetime"): {"1000": "the paper's c"},
    ("causes", "n"): {"8": "config.yaml's n over k"},
    ("collapse_rate", "spectrum"): {"4": "config.yaml's n over k"},
    ("collapse_rate", "gap"): {"100": "the gain in the legend"},
    ("nonlinear", "angles"): {
        "60": "where the probe starts", "120": "where the other starts", "2500": "config.yaml's k",
    },
    ("nonlinear", "additions"): {"60": "where the probe starts", "120": "where the other starts"},
    ("nonlinear", "poles"): {"0.05": "what counts as one direction"},
    ("nonlinear", "stability"): {"0.06": "where the probe starts"},
    ("rank_collapse", "intro"): {"2103.03404": "an arXiv number"},
    ("rank_collapse", "residual"): {"36": "ln of float64's rounding"},
    ("sign_hash", "estimate"): {"95": "the interval's level"},
    ("distance_products", "translation"): {"95": "the interval's level"},
    ("equivalent_attention", "accuracy"): {"95": "the interval's level"},
    ("equivalent_attention", "fakes"): {"0.1": "the bound that was chosen"},
    ("associative_recall", "beta"): {"95": "the interval's level"},
    ("associative_recall", "learning"): {"25": "updates in an epoch"},
    ("equivalent_attention", "training"): {"99": "what counts as converged"},
    ("equivalent_attention", "spectra"): {"99": "the band drawn"},
    ("barriers", "ways_down"): {"0.01": "nat: how far above the ways were laid"},
    ("barriers", "better"): {"95": "the interval's level"},
    ("barriers", "gains"): {"95": "the interval's level"},
    ("barriers", "further_training"): {"1e-15": "the jitter that is put in"},
}  # fmt: skip


def typed(text: str) -> set[str]:
    for pattern in (places.PLACE, REFERENCE, NAMED):
        text = pattern.sub(" ", text)
    return set(NUMBER.findall(text)) - SMALL


def test_no_measured_number_is_typed() -> None:
    for figure, key, text in texts():
        found = typed(text) - set(TYPED.get((figure, key), ()))
        assert not found, (
            f"workflow/report.yaml: {figure}.{key} has {sorted(found)}: write a place such as "
            "{statistic}, or say in TYPED why the number is no measurement"
        )


def test_a_typed_measurement_would_be_seen() -> None:
    said = "Some 40 layers, 11.8 % cross, 9e7-fold, see Eqs. 33-34 and T8; half is 1/2, {loss:3}."
    assert typed(said) == {"40", "11.8", "9e7"}


def test_every_reason_is_needed() -> None:
    used = {(figure, key): set[str]() for figure, key, _ in texts()}
    for figure, key, text in texts():
        used[figure, key] |= typed(text)
    for place, reasons in TYPED.items():
        assert set(reasons) <= used[place], place


def test_quick_and_full_differ_wherever_a_number_stands() -> None:
    claims = {c["id"]: list(c["means"].values()) for c in YAML(typ="safe").load(CLAIMS)}
    changed = 0
    for figure, key, text in texts():
        names = set(places.names(text))
        if not names:
            continue
        known: list[dict[str, Any]] = [{}, {}]
        for number, name in enumerate(sorted(names)):
            statistic, _, size = name.partition(".")
            for run in (0, 1):
                if name in claims:
                    known[run][name] = claims[name][run]
                    continue
                value = 0.1 + 0.37 * run + 0.01 * number
                before = known[run].get(statistic, xr.DataArray(value)).attrs
                attrs = before | ({size: 7 + run} if size else {})
                known[run][statistic] = xr.DataArray(value, attrs=attrs)
        # A parameter is a list of values.
        for run in (0, 1):
            for name in names:
                if re.search(rf"\{{{name}:(least|most|count)\}}", text):
                    known[run][name] = [3.0 + run, 9.0 + run] + [11.0] * run
        quick, full = (filling.filled(text, one) for one in known)
        assert quick != full, f"{figure}.{key}: {quick}"
        changed += 1
    assert changed > 20
