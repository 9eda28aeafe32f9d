"""Numbers, formulas and benchmark files in words."""

import math
from pathlib import Path

import pytest

from entanglement.claims import DocumentError
from entanglement.report import benchmarks, differences, markdown, phrasing


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "–"),
        (math.nan, "–"),
        (-math.inf, "−∞"),
        (0.0, "0"),
        (-3, "−3"),
        (2309, "2309"),
        (0.123456, "0.1235"),
        (1e-5, "1\u00a0×\u00a010⁻⁵"),
        (-1.5e20, "−1.5\u00a0×\u00a010²⁰"),
        (123456.0, "123456"),
        (123456.7, "123500"),
    ],
)
def test_numbers_for_readers(value: float | None, text: str) -> None:
    assert phrasing.number(value) == text


def test_digits_follow_the_interval() -> None:
    assert phrasing.measured(0.123456, 0.12, 0.13) == "0.1235"
    assert phrasing.measured(0.5, 0.49, 0.51) == "0.500"
    assert phrasing.measured(1.0, 0.0, 2.0) == "1.0"
    assert phrasing.measured(2e-7, 1.9e-7, 2.1e-7) == "2.00\u00a0×\u00a010⁻⁷"
    assert phrasing.measured(123456.7, 123000, 124000) == "123460"
    assert phrasing.measured(0.25, None, None) == "0.25"
    assert phrasing.measured(None, None, None) == "–"
    assert phrasing.interval(0.5, 1.51) == "0.50 to 1.51"
    assert phrasing.interval(0.0, 0.02) == "0.000 to 0.020"
    assert phrasing.interval(3.0, 3.0) == "exact"
    assert phrasing.interval(9.02241999, 9.02241999 * (1 + 1e-14)) == "exact"
    assert phrasing.measured(0.998, 0.998, 0.998 * (1 + 1e-14)) == "0.998"
    assert phrasing.interval(None, None) == "–"
    # Seven digits are enough for any reader, whatever rounding leaves of an interval.
    assert phrasing.measured(0.99999999975, 0.999999999747, 0.999999999753) == "1.0000000"
    assert phrasing.interval(0.0, 3e-12) == "0 to 3.0\u00a0×\u00a010⁻¹²"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.04, "0.0 s"),
        (9.96, "10 s"),
        (59.6, "1 min 00 s"),
        (3600, "1 h 00 min"),
        (184, "3 min 04 s"),
    ],
)
def test_durations(seconds: float, text: str) -> None:
    assert phrasing.duration(seconds) == text


def test_formulas_become_mathml_and_prices_stay() -> None:
    assert "<math" in markdown.render(r"the rate $\sqrt{a}$")
    assert "<math" not in markdown.render("from 5 $ to 6 $ each")
    assert 'display="block"' in markdown.render("$$x = y$$")
    assert markdown.plain("The **line** is $a^2$.") == "The line is a^2."


@pytest.mark.parametrize("latex", [r"\begin{aligned}a&=b\\c&=d\end{aligned}", r"\nosuchthing x"])
def test_a_formula_that_cannot_be_shown_is_an_error(latex: str) -> None:
    with pytest.raises(DocumentError, match="cannot be shown"):
        markdown.mathml(latex)


def test_formulas_take_few_elements() -> None:
    text = markdown.mathml(r"\sqrt{a} + \frac{b}{c_L}")
    assert "<mrow" not in text
    assert text.count("<msqrt>") == text.count("<mfrac>") == 1
    assert "<mrow" in markdown.mathml(r"\frac{a + b}{c}")  # this one groups something


@pytest.mark.parametrize(
    ("latex", "shown"),
    [
        (r"y = m + \alpha u_L", "<i>y</i>\u00a0=\u00a0<i>m</i>\u00a0+\u00a0<i>αu</i><sub><i>L</i></sub>"),
        ("a^{-2L}", "<i>a</i><sup>−2<i>L</i></sup>"),
        ("-[1, 1]", "−[1,\u00a01]"),
        (r"c^\prime = 3", "<i>c</i>′\u00a0=\u00a03"),
        ("a < b", "<i>a</i>\u00a0&lt;\u00a0<i>b</i>"),
    ],
)  # fmt: skip
def test_a_formula_of_one_line_is_text(latex: str, shown: str) -> None:
    assert markdown.mathml(latex) == shown


def test_pictures_in_texts_are_not_requests() -> None:
    assert "<img" not in markdown.render("![x](https://example.org/x.png)")


def test_benchmarks_of_cells_figures_and_the_whole(tmp_path: Path) -> None:
    header = "s\th:m:s\tmax_rss\n"
    for name, row in (
        ("train/toy/n=1.tsv", "2.0\t0:00:02\t100\n"),
        ("train/toy/n=2.tsv", "4.0\t0:00:04\tNA\n"),
        ("collect/toy.tsv", "1.0\t0:00:01\t-\n"),
        ("claims.tsv", "0.5\t0:00:00\t10\n"),
    ):
        path = tmp_path / "benchmarks" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(header + row)
    log = tmp_path / "logs/collect/toy.log"
    log.parent.mkdir(parents=True)
    log.write_text(
        "{}\ndone: data/toy.nc in 0.9 s, 1.3 s of a processor, at most 177 MB of memory\n"
    )
    jobs = benchmarks.read(tmp_path)
    rules = {total.name: total for total in benchmarks.totals(jobs, "rule")}
    assert (rules["train"].jobs, rules["train"].seconds, rules["train"].longest) == (2, 6.0, 4.0)
    assert rules["train"].memory == 100 * 2**20
    assert rules["collect"].memory == 177e6
    assert rules["claims"].memory == 10 * 2**20
    figures = {total.name: total.seconds for total in benchmarks.totals(jobs, "figure")}
    assert figures == {"toy": 7.0, "": 0.5}


def test_differences_need_a_value_that_was_not_run() -> None:
    block = {"fixed": {"k": 256, "m": True}, "grid": {"n": [512, 256]}, "cases": [{"k": 64}]}
    values = differences.parameters(block)
    assert values == {"k": [64, 256], "m": [True], "n": [256, 512]}
    paper = {"k": (256.0, "text"), "n": ([512, 1024], "code"), "m": (1, "code")}
    found = {d.key: d for d in differences.differences(values, paper, {"networks": "more"})}
    assert set(found) == {"n", "m", "networks"}
    assert found["n"].smaller
    assert not found["m"].smaller
    assert found["networks"].paper == "not stated"


def test_parameters_that_cells_have_by_default_are_shown_too() -> None:
    values = differences.parameters({"fixed": {"k": 8}, "cases": [{"weights": ["random"]}]})
    made = {"k": [8, 8], "weights": ["top", "random", ""], "gain": [1.0, float("nan")]}
    joined = differences.extended(values, made)
    assert joined == {"gain": [1.0], "k": [8], "weights": ["random", "top"]}
    paper = {"k": ({"cross": 8, "dog": 9}, "code"), "weights": ("top", "text")}
    (found,) = differences.differences(joined, paper, {})
    assert found.paper == "cross: 8, dog: 9"
    assert found.smaller
