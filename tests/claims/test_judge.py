"""From datasets to claims.json."""

import json
import math
from pathlib import Path
from typing import Any

import pytest
import xarray as xr

from entanglement import claims
from entanglement.claims import verdicts
from entanglement.pipeline import seal

SCHEMA = [
    "id", "question", "kind", "quote", "explains", "sentence", "where", "figure", "panel",
    "statistic", "rule", "claimed", "tolerance", "predicted", "control", "minimum", "partly",
    "means", "history", "paper", "group", "measured", "ci_low", "ci_high", "networks", "theory_z",
    "verdict", "agreement",
]  # fmt: skip
CLAIM = """\
- id: A1.1
  question: "Does it?"
  kind: printed
  quote: "the angle collapses for large values"
  sentence: "The angle collapses."
  where: "III-A"
  figure: toy
  panel: curves
  statistic: folded
  rule: equal
  claimed: {value: 0, source: "Eq. 22", whose: paper}
  tolerance: 0.1
  predicted: folded_theory
  control: {name: random rows, statistic: folded_random, must: differ}
  minimum: {networks: 30, depth: 10}
  means: {reproduced: "it does", not reproduced: "it does not"}
"""


def scalar(value: float, half: float = 0.01, **attrs: Any) -> xr.DataArray:
    interval = {"ci_low": value - half, "ci_high": value + half, "standard_error": half / 2}
    return xr.DataArray(value, attrs={"networks": 30, "depth": 10} | interval | attrs)


def judged(tmp_path: Path, text: str = CLAIM, **changes: xr.DataArray) -> dict[str, Any]:
    variables = {
        "folded": scalar(0.02),
        "folded_theory": xr.DataArray(0.015),
        "folded_random": scalar(0.5),
        **changes,
    }
    dataset = xr.Dataset(variables, coords={"depth": ("cell", [5, 10])})
    dataset.to_netcdf(tmp_path / "toy.nc")
    seal.put(tmp_path / "toy.nc", {})
    path = tmp_path / "claims.yaml"
    path.write_text(text)
    (entry,) = claims.judge(path, tmp_path, ["toy"])
    return entry


def test_an_entry_holds_exactly_the_documented_keys(tmp_path: Path) -> None:
    entry = judged(tmp_path)
    assert list(entry) == SCHEMA
    control = ["name", "statistic", "must", "measured", "ci_low", "ci_high", "passed"]
    assert list(entry["control"]) == control
    assert entry["verdict"] == "reproduced"
    assert entry["theory_z"] == pytest.approx(1.0)
    assert entry["networks"] == 30
    assert entry["control"]["passed"] is True


def test_a_mutated_measurement_flips_the_verdict(tmp_path: Path) -> None:
    entry = judged(tmp_path, folded=scalar(0.3))
    assert entry["verdict"] == "not reproduced"
    assert abs(entry["theory_z"]) > 50


def test_a_failed_control_bars_the_verdict(tmp_path: Path) -> None:
    entry = judged(tmp_path, folded_random=scalar(0.02))
    assert entry["verdict"] == verdicts.CONTROL_FAILED
    assert entry["control"]["passed"] is False


@pytest.mark.parametrize("size", ["networks: 31", "depth: 11"])
def test_below_the_declared_size_nothing_is_judged(tmp_path: Path, size: str) -> None:
    text = CLAIM.replace("networks: 30, depth: 10", size)
    for value in (0.02, 0.3):
        entry = judged(tmp_path, text, folded=scalar(value))
        assert entry["verdict"] == verdicts.TOO_SMALL


def test_the_size_that_counts_is_that_of_the_statistics_own_cell(tmp_path: Path) -> None:
    text = CLAIM.replace("depth: 10", "depth: 8")
    shallow, deep = scalar(0.02, depth=5), scalar(0.02, depth=10)
    assert judged(tmp_path, text, folded=shallow)["verdict"] == verdicts.TOO_SMALL
    assert judged(tmp_path, text, folded=deep)["verdict"] == "reproduced"


def test_a_statistic_of_missing_cells_is_not_testable(tmp_path: Path) -> None:
    nothing = scalar(math.nan, networks=0)
    text = CLAIM.replace("{networks: 30, depth: 10}", "{}")
    assert judged(tmp_path, text, folded=nothing)["verdict"] == verdicts.TOO_SMALL
    unknown = scalar(math.nan)
    assert judged(tmp_path, text, folded=unknown)["verdict"] == verdicts.MORE_NETWORKS


def test_partly_reads_its_own_statistic(tmp_path: Path) -> None:
    part = (
        "  partly: {range: shallow networks, statistic: folded_shallow}\n  means: {partly: some, "
    )
    text = CLAIM.replace("  means: {", part)
    entry = judged(tmp_path, text, folded=scalar(0.3), folded_shallow=scalar(0.02))
    assert entry["verdict"] == verdicts.PARTLY


@pytest.mark.parametrize(
    ("kind", "means", "positive"),
    [
        ("implied", '{holds: "y", does not hold: "n"}', "holds"),
        ("theorem", '{proved: "y", refuted: "n"}', "proved"),
    ],
)
def test_each_kind_has_its_own_words(tmp_path: Path, kind: str, means: str, positive: str) -> None:
    text = CLAIM.replace("printed", kind).replace(CLAIM.split("means: ")[1], means + "\n")
    assert judged(tmp_path, text)["verdict"] == positive


def test_an_interval_without_width_is_evidence_for_theorems_and_counts_only(tmp_path: Path) -> None:
    alike = scalar(0.02, half=0.0, ci_kind="Student t")
    assert judged(tmp_path, folded=alike)["verdict"] == verdicts.MORE_NETWORKS
    count = scalar(0.02, half=0.0, ci_kind="exact")
    assert judged(tmp_path, folded=count)["verdict"] == "reproduced"
    proved = '{proved: "y", refuted: "n"}\n'
    theorem = CLAIM.replace("printed", "theorem").replace(CLAIM.split("means: ")[1], proved)
    assert judged(tmp_path, theorem, folded=alike)["verdict"] == "proved"


def test_every_claim_tells_how_far_its_figures_curves_are_from_theory(tmp_path: Path) -> None:
    found = judged(tmp_path, largest_t_over_limit=xr.DataArray(0.5))["agreement"]
    assert found == {"largest_t_over_limit": 0.5}


def test_theory_without_its_own_error_and_with(tmp_path: Path) -> None:
    noisy = xr.DataArray(0.015, attrs={"standard_error": 0.005})
    assert judged(tmp_path, folded_theory=noisy)["theory_z"] == pytest.approx(0.5**0.5)


def test_a_figure_that_was_not_run_or_failed_gives_not_run(tmp_path: Path) -> None:
    judged(tmp_path)
    path = tmp_path / "claims.yaml"
    (other,) = claims.judge(path, tmp_path, ["another"])
    (tmp_path / "toy.nc").unlink()
    (failed,) = claims.judge(path, tmp_path, ["toy"])
    for entry in (other, failed):
        assert entry["verdict"] == verdicts.NOT_RUN
        assert entry["control"]["passed"] is None
        assert list(entry) == SCHEMA


def test_names_that_the_dataset_lacks_are_all_named(tmp_path: Path) -> None:
    text = CLAIM.replace("statistic: folded\n", "statistic: foldet\n").replace("depth", "dept")
    with pytest.raises(claims.DocumentError) as caught:
        judged(tmp_path, text)
    assert "no scalar 'foldet'; did you mean `folded`?; it has" in str(caught.value)
    assert "no numeric coordinate 'dept'" in str(caught.value)


def test_claims_json_has_null_for_what_is_not_a_number(tmp_path: Path) -> None:
    entry = judged(tmp_path, folded=scalar(math.nan))
    path = tmp_path / "reports" / "claims.json"
    claims.write(path, [entry])
    (read,) = json.loads(path.read_text(), parse_constant=pytest.fail)
    assert read["measured"] is None
    assert read["control"]["measured"] == 0.5
    assert [p.name for p in path.parent.iterdir()] == ["claims.json"]
    before = path.read_bytes()
    claims.write(path, [entry])
    assert path.read_bytes() == before
