"""The page stays small with as many claims, panels and statements as the project has."""

import shutil
from pathlib import Path
from typing import Any

import html5lib
import pytest
import xarray as xr
from ruamel.yaml import YAML
from toyrun import Run, scalar

from entanglement import claims, report
from entanglement.experiments import REGISTRY
from entanglement.pipeline import names, seal
from entanglement.report import explore, words

WORKFLOW = Path(report.__file__).parents[3] / "workflow"
# Each claim costs 14 (its fold is text until it is opened), each panel 10.
MOST = 5_000


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A report with the project's words and ledger; every statistic is one half."""
    monkeypatch.setattr(explore, "items", lambda *_: [])  # few, and they read whole datasets
    run = Run(tmp_path)
    plots = run.root / "reports" / "figures"
    ledger = YAML(typ="safe").load(WORKFLOW / "claims.yaml")
    sizes = {key: 10**9 for claim in ledger for key in claim["minimum"]}
    for figure, panels in words.read(WORKFLOW / "report.yaml").panels(REGISTRY).items():
        made = {name: scalar(0.5) for name in names.declared(REGISTRY[figure])}
        made = {name: value.assign_attrs(sizes) for name, value in made.items()}
        path = run.root / "data" / f"{figure}.nc"
        cell = {key: ("cell", [size]) for key, size in sizes.items() if key != "networks"}
        xr.Dataset(made, {"cell": ["only"], **cell}, {"fingerprint": "{}"}).to_netcdf(path)
        seal.put(path, {})
        (plots / figure).mkdir()
        for panel in panels:
            svg = plots / figure / f"{panel}.svg"
            svg.write_bytes(seal.content(plots / "toy" / "curves.svg"))
            shutil.copy(plots / "toy" / "curves.csv", svg.with_suffix(".csv"))
            seal.put(svg, {}, svg.with_suffix(".csv"))
    judged = claims.judge(WORKFLOW / "claims.yaml", run.root / "data", list(REGISTRY))
    claims.write(run.root / "reports" / "claims.json", judged)
    config = {"seed": 1, "figures": {name: {"fixed": {}} for name in REGISTRY}}
    report.build(run.root, WORKFLOW, config, None, run.output)
    # With scripts: what a fold holds is text.
    return html5lib.parse(run.output.read_text(), namespaceHTMLElements=False, scripting=True)


def test_the_page_has_few_elements(page: Any) -> None:
    assert len(page.findall(".//figure")) > 80
    whiskers = [e for e in page.iter() if e.get("class") == "whisker"]
    assert len(whiskers) > 100
    assert sum(1 for _ in page.iter()) < MOST
