"""Claims A1 to A3: the simulation against the exact laws, with controls that must fail."""

import functools
import json

import numpy as np
import pytest

from entanglement.experiments import REGISTRY
from entanglement.experiments.convergence import Evaluate, Train, figures, summary
from entanglement.experiments.convergence import evaluate as stage
from entanglement.experiments.convergence.train import train
from entanglement.pipeline import stages
from entanglement.pipeline.parameters import Cell
from entanglement.pipeline.seeds import Seeds
from entanglement.theory import laws


@functools.cache
def evaluated(networks=40, probes=50, **architecture):
    keys = {"k": 16, "n": 64, "depth": 12, "networks": networks, **architecture}
    parameters, asked = Train(**keys), Evaluate(probes=probes)
    seeds = Seeds.of(1, "convergence", parameters.model_dump())
    made = stage.evaluate(train(parameters, seeds), Cell(parameters, asked), seeds)
    about = {**parameters.model_dump(), **asked.model_dump()}
    return made.assign_attrs(parameters=json.dumps(about))


def collected(*cells):
    return joined([evaluated(**cell) for cell in cells])


def joined(evaluations):
    cells = {str(i): made for i, made in enumerate(evaluations)}
    job = {"figure": "convergence", "cells": list(cells), "code": {}}
    return stages.collect(REGISTRY, job, cells)


CELLS = ({"n": 16}, {"n": 24}, {"n": 64}, {"n": 64, "weights": "random"})


@pytest.mark.parametrize("cell", [*CELLS, {"n": 64, "sampler": "literal"}, {"weights": "minimum"}])
def test_the_folded_loss_follows_its_exact_law_and_no_other(cell):
    made = collected(cell)
    assert made["largest_t_over_limit"] < 1
    wrong = laws.mean_folded_loss(16, 200, 12)
    deviation = (made["folded_loss"] - wrong) / (made["folded_loss_high"] - made["folded_loss_low"])
    assert np.abs(deviation).max() > 2


def test_shares_of_all_bins_add_to_one_and_match_their_law():
    made = collected({"n": 64, "networks": 400})
    np.testing.assert_allclose(made["share"].sum("bin"), 1)
    np.testing.assert_allclose(made["share_theory"].sum("bin"), 1, atol=1e-12)
    np.testing.assert_allclose(made["large_k_share"].sum("bin"), 1, atol=1e-12)
    assert np.abs(made["share"] - made["share_theory"]).max() < 0.02
    # Where the large-k law is visibly not exact, the exact one is what happens.
    late = made.sel(layer=2)
    assert np.abs(late["share"] - late["large_k_share"]).max() > 0.01


def test_the_control_moves_the_claims_that_it_should_move_and_no_other():
    made = collected(*CELLS)
    assert made["folded_loss_last"] < 0.03 < 0.2 < made["folded_loss_last_random"]
    assert float(made["mean_loss_last"]) == pytest.approx(0.5, abs=0.05)
    assert float(made["upper_group"]) == pytest.approx(0.5, abs=0.05)
    # Probes of a law without the symmetry: most of those that start near stay there.
    assert made["mean_loss_last_near"].attrs["ci_low"] > 0.7
    assert made["upper_group_near"].attrs["ci_high"] < 0.3
    assert made["crossing_input"].attrs["ci_low"] > 0.02
    assert made["crossing_input_random"].attrs["ci_low"] > made["crossing_input"].attrs["ci_high"]


def test_keeping_random_rows_for_the_largest_flips_a1():
    """A network that only says it keeps the largest rows is found out by value and by theory."""
    honest, mutant = collected({"n": 64}), evaluated(weights="random")
    about = json.loads(mutant.attrs["parameters"]) | {"weights": "top"}
    made = joined([mutant.assign_attrs(parameters=json.dumps(about))])
    assert honest["folded_loss_last"].attrs["ci_high"] < 0.03
    assert made["folded_loss_last"].attrs["ci_low"] > 0.03
    assert made["largest_t_over_limit"] > 5


def test_cells_of_other_sizes_are_not_read_beyond_their_own():
    alone, beside = collected({"n": 64}), collected({"n": 64}, {"n": 16, "depth": 5, "networks": 7})
    row = beside.isel(cell=int(np.argmax(beside["n"].values)))
    np.testing.assert_array_equal(row["folded_loss"], alone["folded_loss"].isel(cell=0))
    short = beside.isel(cell=int(np.argmin(beside["n"].values)))
    assert np.isnan(short["folded_loss"].sel(layer=6))


def test_missing_cells_leave_holes_and_no_error():
    made = collected({"n": 16, "networks": 1})
    assert np.isnan(made["folded_loss_last"])
    assert made["folded_loss_last"].attrs["networks"] == 0
    assert set(figures.plot_panels(made)) == {
        "histograms", "angle_curves", "folded_loss", "mean_loss", "crossing", "deviation",
    }  # fmt: skip


def test_bins_count_every_probe_once_at_both_poles():
    minus = np.array([[[0.0, 1.0, 0.5, 1e-300]]])
    shares = summary._shares(minus)
    assert shares.sum() == 1
    assert shares[0, 0, -1] == 0.5
    assert shares[0, 0, 0] == 0.25


def test_what_is_only_summarised_is_not_stored_twice(collected):
    made = collected(
        "convergence", {"fixed": {"k": 4, "n": 8, "depth": 2, "probes": 3, "networks": 2}}
    )
    assert "cotangent" not in made
    assert np.isfinite(made["folded_loss"]).all()
