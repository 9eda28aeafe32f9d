"""The verdict hangs on what is claimed to matter: other rows, another verdict, a theory missed."""

import math
from dataclasses import replace
from pathlib import Path

from entanglement import claims
from entanglement.claims import verdicts
from entanglement.experiments import REGISTRY
from entanglement.networks import projections, propagation
from entanglement.pipeline import config, stages, store
from entanglement.pipeline.seeds import Seeds

PROJECT = Path(__file__).parents[2]
DECIDED = {*verdicts.POSITIVE.values(), verdicts.PARTLY, *verdicts.NEGATIVE.values()}
FEWER_PROBES = (
    "seed: 2309\nfigures:\n  convergence:\n"
    "    fixed: {k: 256, n: 16384, depth: 15, probes: 20, networks: 30}\n"
    "    cases: [{weights: top}, {weights: random}]\n"
)


def ledger(tmp_path, monkeypatch, text=FEWER_PROBES):
    """All claims of convergence, as they stand at their declared sizes."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.yaml").write_text(text)
    settings = config.load(["config.yaml"], REGISTRY)
    made = stages.simulate(settings, REGISTRY, "convergence")
    store.write(made, tmp_path / "data" / "convergence.nc")
    found = claims.judge(PROJECT / "workflow/claims.yaml", tmp_path / "data", ["convergence"])
    return {claim["id"]: claim for claim in found if claim["figure"] == "convergence"}


def flipped(before, after):
    """Claims whose verdict is another."""
    return {name for name in before if before[name]["verdict"] != after[name]["verdict"]}


def judged(tmp_path, monkeypatch, text=FEWER_PROBES):
    return ledger(tmp_path, monkeypatch, text)["A1.1"]


def test_the_largest_rows_reproduce_the_collapse_and_meet_the_theory(tmp_path, monkeypatch):
    claim = judged(tmp_path, monkeypatch)
    assert claim["verdict"] == "reproduced"
    assert abs(claim["theory_z"]) < 4


def test_an_altered_variable_flips_the_claims_that_read_it_and_no_other(tmp_path, monkeypatch):
    before = ledger(tmp_path, monkeypatch)
    path = tmp_path / "data" / "convergence.nc"
    with store.read(path) as dataset:
        mutated = dataset.load()
    about = mutated["folded_loss_last"].attrs | {"ci_low": 0.39, "ci_high": 0.41}
    mutated["folded_loss_last"] = ((), 0.4, about)
    store.write(mutated, path)
    found = claims.judge(PROJECT / "workflow/claims.yaml", path.parent, ["convergence"])
    after = {claim["id"]: claim for claim in found}
    # A3 holds in part by it.
    assert flipped(before, after) == {"A1.1", "A3"}


def test_random_rows_in_their_place_flip_the_verdict_and_miss_the_theory(tmp_path, monkeypatch):
    largest = projections.kept_projections

    def blind(architecture, generators):
        return largest(architecture.model_copy(update={"weights": "random"}), generators)

    monkeypatch.setattr(projections, "kept_projections", blind)
    claim = judged(tmp_path, monkeypatch)
    assert claim["verdict"] in ("not reproduced", "inconclusive (control failed)")
    # The report paints the theory column red beyond four standard errors.
    assert abs(claim["theory_z"]) > 4


def test_a_swapped_sign_flips_what_asks_for_sides_and_nothing_else(tmp_path, monkeypatch):
    """With -A for A in T1 every layer turns a probe round: no size knows, its side does.

    Fifteen layers turn it an odd number of times from the input (A2.1); fourteen from layer 1
    (A2.2) turn it back.
    """
    before = ledger(tmp_path, monkeypatch)
    honest = propagation._next

    def turned(architecture, layer, *rest):
        probes = replace(layer.probes, cotangent=-layer.probes.cotangent)
        return honest(architecture, replace(layer, probes=probes), *rest)

    monkeypatch.setattr(propagation, "_next", turned)
    after = ledger(tmp_path, monkeypatch)
    assert flipped(before, after) == {"A2.1"}
    assert abs(after["A2.1"]["theory_z"]) > 4 > abs(before["A2.1"]["theory_z"])


def test_another_root_seed_changes_every_number_and_no_verdict(tmp_path, monkeypatch):
    # As many probes as shares need to be decided at either seed.
    text = FEWER_PROBES.replace("probes: 20", "probes: 300")
    before = ledger(tmp_path, monkeypatch, text)
    after = ledger(tmp_path, monkeypatch, text.replace("2309", "2310"))
    assert flipped(before, after) == set()
    known = [name for name in before if not math.isnan(before[name]["measured"])]
    assert len(known) > 4
    assert all(before[name]["measured"] != after[name]["measured"] for name in known)


def test_one_seed_for_all_networks_leaves_nothing_that_is_measured_decided(tmp_path, monkeypatch):
    """Thirty times the same network is one: its interval has no width and counts as none."""
    before = ledger(tmp_path, monkeypatch)
    honest = Seeds.generator
    monkeypatch.setattr(Seeds, "generator", lambda self, network, *rest: honest(self, 0, *rest))
    after = ledger(tmp_path, monkeypatch)
    measured = {name for name in before if before[name]["kind"] != "theorem"}
    decided = {name for name in measured if before[name]["verdict"] in DECIDED}
    assert decided
    assert decided <= flipped(before, after)
    assert not {name for name in measured if after[name]["verdict"] in DECIDED}


def test_a_large_control_does_not_open_the_gate_of_a_small_papers_cell(tmp_path, monkeypatch):
    """A1.1 asks for n = 16384: only the control has so many candidates here."""
    text = (
        "seed: 2309\nfigures:\n  convergence:\n"
        "    fixed: {k: 256, depth: 15, probes: 4, networks: 30}\n"
        "    grid: {n: [256, 512]}\n"
        "    cases: [{n: 16384, weights: random}]\n"
    )
    claim = judged(tmp_path, monkeypatch, text)
    assert claim["verdict"] == "not testable at this size"
