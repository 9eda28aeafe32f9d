"""A small finished run with invented numbers: what the report is built from."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from entanglement import claims, report
from entanglement.drawing import numbers, style
from entanglement.pipeline import seal

CLAIMS = """\
- id: A{number}
  question: "Does it?"
  kind: printed
  quote: "the angle collapses for large values"
  sentence: "The folded angle $\\\\theta_L$ collapses & stays."
  where: "III-A, Fig. 3"
  figure: {figure}
  panel: curves
  statistic: folded
  rule: {rule}
  claimed: {{value: {claimed}, source: "Eq. 22", whose: paper}}
  tolerance: 0.1
  predicted: folded_theory
  control: {{name: random rows, statistic: folded_random, must: differ}}
  minimum: {{networks: {networks}}}
  means: {{reproduced: "it does", not reproduced: "it does not"}}
"""
WORDS: dict[str, Any] = {
    "title": "Two papers put to the test",
    "introduction": "What *was* claimed.",
    "papers": {"A": {"title": "Paper A: entanglement", "reference": "Someone, 2023"}},
    "methods": "Means over networks, $\\bar x \\pm t\\,s/\\sqrt{m}$.",
    "bibtex": "@article{a, title={A & B}}",
    "figures": {
        "toy": {
            "title": "The collapse",
            "paper": "A, Fig. 3",
            "intro": "Angles against $L$.",
            "panels": {
                "curves": {"title": "Angle", "caption": "The line is theory, $a^{-2L}$."},
                "never": {"title": "Not there", "caption": "A panel that was not made."},
            },
            "deviations": {"networks": "The paper shows one network."},
        },
    },
}


def scalar(value: float, half: float = 0.01) -> xr.DataArray:
    interval = {"ci_low": value - half, "ci_high": value + half, "standard_error": half / 2}
    return xr.DataArray(value, attrs={"networks": 30, **interval})


def toy_results() -> xr.Dataset:
    attrs = {
        "title": "Toy",
        "source": "paper A, Eq. 21",
        "parameters": "{}",
        "fingerprint": json.dumps({"entanglement.toy": "0123456789abcdef"}),
        "libraries": json.dumps({"numpy": "2.4.6"}),
    }
    variables = {
        "folded": scalar(0.02),
        "folded_theory": xr.DataArray(0.021),
        "folded_random": scalar(0.5),
    }
    cells = {"cell": ["n=256", "n=512"], "n": ("cell", [256, 512]), "depth": ("cell", [10, 10])}
    return xr.Dataset(variables, coords=cells, attrs=attrs)


COVERAGE: dict[str, Any] = {
    "A": [
        {"item": "Eq. 22", "says": "The loss <i>is</i> zero.", "claims": ["A1", "A9"],
         "panels": ["toy/curves", "absent/curves"]},
        {"item": "Fig. 3", "says": "Angles.", "panels": ["toy/never"]},
        {"item": "Fig. 2", "says": "An overview.", "why": "A diagram."},
    ],
    "B": [{"item": "4", "says": "Discussion.", "why": "Empty in the paper."}],
}  # fmt: skip


class Run:
    """A directory with results, the workflow's words, and `build`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.workflow = root / "workflow"
        self.output = root / "reports" / "report.html"
        self.config: dict[str, Any] = {
            "seed": 2309,
            "figures": {"toy": {"fixed": {"depth": 10, "networks": 30}, "grid": {"n": [256, 512]}}},
        }
        self.words = json.loads(json.dumps(WORDS))
        self.coverage = json.loads(json.dumps(COVERAGE))
        self.claims = [
            CLAIMS.format(number=i, figure=figure, rule=rule, claimed=value, networks=n)
            for i, (figure, rule, value, n) in enumerate(
                [
                    ("toy", "at_most", 0, 30),
                    ("toy", "equal", 0.5, 30),
                    ("toy", "at_least", 0.12, 30),
                    ("toy", "equal", 0, 31),
                    ("absent", "equal", 0, 30),
                ],
                start=1,
            )
        ]
        self._results()

    def _results(self) -> None:
        data, plots = self.root / "data", self.root / "reports" / "figures" / "toy"
        for directory in (data, plots / "cells", self.workflow, self.root / "data" / "images"):
            directory.mkdir(parents=True, exist_ok=True)
        toy_results().to_netcdf(data / "toy.nc")
        seal.put(data / "toy.nc", {})
        made, axes = style.figure()
        x = np.arange(1, 6)
        style.theory(axes, x, 1 / x, "theory")
        style.dots(axes, x, 1 / x, 0.8 / x, 1.2 / x, "simulation")
        axes.set(xlabel="layer", ylabel="angle")
        style.save_svg(made, str(plots / "curves.svg"), embedded=True)
        (plots / "curves.csv").write_text(numbers.plotted_numbers(made))
        self.seal_panel("curves")
        style.save_svg(made, str(plots / "cells" / "n=256.svg"))
        (data / "images" / "ATTRIBUTION.md").write_text("# Attribution\n\nA panda by *J. K.*\n")
        jobs = self.root / "reports" / "benchmarks"
        for rule, seconds in (("train", 61.5), ("evaluate", 2.0)):
            (jobs / rule / "toy").mkdir(parents=True)
            text = f"s\th:m:s\tmax_rss\tcpu_time\n{seconds}\t0:01:01\t120.5\t60\n"
            (jobs / rule / "toy" / "n=256.tsv").write_text(text)

    def seal_panel(self, name: str) -> None:
        svg = self.root / "reports" / "figures" / "toy" / f"{name}.svg"
        seal.put(svg, {}, svg.with_suffix(".csv"))

    def judge(self) -> None:
        path = self.workflow / "claims.yaml"
        path.write_text("".join(self.claims), encoding="utf-8")
        figures = list(self.config["figures"])
        entries = claims.judge(path, self.root / "data", figures)
        claims.write(self.root / "reports" / "claims.json", entries)

    def build(self, status: dict[str, Any] | None = None) -> str:
        self.judge()
        # JSON is YAML: the words go through the same readers as the project's own.
        (self.workflow / "report.yaml").write_text(json.dumps(self.words), encoding="utf-8")
        (self.workflow / "coverage.yaml").write_text(json.dumps(self.coverage), encoding="utf-8")
        report.build(self.root, self.workflow, self.config, status, self.output)
        return self.output.read_text(encoding="utf-8")
