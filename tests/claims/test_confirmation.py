"""The ledger's digest hangs on what decides a verdict and on no prose; it names the root seed."""

import json
from pathlib import Path

import pytest

from entanglement import claims, cli
from entanglement.claims import confirmation
from entanglement.experiments import REGISTRY
from entanglement.pipeline import config

PROJECT = Path(__file__).parents[2]
LEDGER = PROJECT / "workflow" / "claims.yaml"


def entries():
    return [claim.model_dump() for claim in claims.read(LEDGER)]


def test_the_default_configuration_uses_the_seed_that_the_ledger_names(monkeypatch):
    monkeypatch.chdir(PROJECT)
    named = confirmation.seed(confirmation.digest(entries()))
    assert config.load(["config.yaml"], REGISTRY).seed == named, (
        f"the ledger has changed: write `seed: {named}` into config.yaml"
    )


def test_a_command_prints_the_seed(monkeypatch, capsys):
    monkeypatch.chdir(PROJECT)
    assert cli.main(["claims", "--seed"]) == 0
    assert int(capsys.readouterr().out) == confirmation.seed(confirmation.digest(entries()))


def changed(key, value):
    first, *others = entries()
    return confirmation.digest([{**first, key: value}, *others])


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("kind", "ours"), ("figure", "causes"), ("statistic", "x"), ("rule", "equal"),
        ("tolerance", 0.5), ("claimed", {"value": 1.0}), ("minimum", {"networks": 2}),
        ("control", {"statistic": "x", "must": "differ"}), ("partly", {"statistic": "x"}),
        ("control", {"statistic": "folded_loss_last_random", "must": "equal"}),
    ],
)  # fmt: skip
def test_what_decides_a_verdict_changes_the_digest(key, value):
    assert changed(key, value) != confirmation.digest(entries())


@pytest.mark.parametrize(
    "key",
    ["id", "question", "quote", "sentence", "where", "panel", "predicted", "means", "history"],
)
def test_prose_and_names_do_not(key):
    assert changed(key, "other") == confirmation.digest(entries())


def test_neither_do_order_nor_the_way_through_claims_json():
    digest = confirmation.digest(entries())
    assert confirmation.digest(reversed(entries())) == digest
    assert confirmation.digest(json.loads(json.dumps(entries()))) == digest


def test_seeds_have_six_digits():
    for digest in ("0" * 64, "f" * 64, confirmation.digest([])):
        assert len(str(confirmation.seed(digest))) == 6
