"""`entanglement verdicts` tells claims apart by kind, and marks the ones that flip."""

from collections import Counter
from pathlib import Path

from entanglement.claims import entries, stability
from entanglement.experiments import REGISTRY
from entanglement.pipeline import config

LEDGER = Path(__file__).parents[2] / "workflow" / "claims.yaml"
TABLE = {
    "printed": {"A1.1": Counter({"reproduced": 3})},
    "theorem": {"A1.2": Counter({"proved": 2, "refuted": 1}), "A8.3": Counter({"proved": 3})},
}


def test_each_kind_has_a_heading_with_its_own_count_of_flips():
    text = stability.as_text(TABLE).splitlines()
    assert text[0] == "printed: 1 claim, 0 of them flip"
    assert text[2] == "theorem: 2 claims, 1 of them flip"
    assert [line.split()[:2] for line in (text[1], *text[3:])] == [
        ["A1.1", "stable"], ["A1.2", "FLIPS"], ["A8.3", "stable"],
    ]  # fmt: skip
    assert "proved: 2, refuted: 1" in text[3]


def test_a_single_seed_gives_verdicts_and_says_nothing_of_flips():
    table = {"ours": {"A22": Counter({"supported": 1}), "A23": Counter({"not supported": 1})}}
    assert stability.as_text(table).splitlines() == [
        "ours: 2 claims", "  A22      supported", "  A23      not supported",
    ]  # fmt: skip
    assert not stability.flips(table)


def test_one_verdict_that_differs_is_a_flip():
    assert stability.flips(TABLE)
    assert not stability.flips({"printed": TABLE["printed"]})


def test_other_seeds_are_judged_under_the_kinds_of_the_ledger(tmp_path):
    path = tmp_path / "config.yaml"
    path.write_text(
        "seed: 5\nfigures:\n  gradient_descent:\n"
        "    fixed: {init: uniform, networks: 100, probes: 50}\n"
        "    cases: [{eta: 0.01, scale: [1, 10000]}, {eta: [25, 1000], scale: 1}]\n"
    )
    settings = config.load([path], REGISTRY)
    table = stability.repeat(settings, REGISTRY, ["gradient_descent"], 2, 1, LEDGER)
    kinds = {claim.id: claim.kind for claim in entries.read(LEDGER)}
    found = {
        name: (kind, counts) for kind, claims in table.items() for name, counts in claims.items()
    }
    assert {kinds[name] for name in found} == set(table) == {"printed", "theorem"}
    assert all(kind == kinds[name] for name, (kind, _) in found.items())
    assert all(counts.total() == 2 for _, counts in found.values())
    assert found["A8.1"][1] == {"reproduced": 2}
    assert found["A8.3"][1] == {"refuted": 2}
