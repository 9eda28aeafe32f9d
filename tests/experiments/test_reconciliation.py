"""Fig. 8: keys, pictures, thresholds and the overflow of the published depths."""

import numpy as np
import pytest
from PIL import Image
from pydantic import ValidationError

from entanglement.experiments.reconciliation import Evaluate, Train, check
from entanglement.experiments.reconciliation.evaluate import evaluate, message_bits
from entanglement.experiments.reconciliation.explore import explore
from entanglement.experiments.reconciliation.overflow import literal_layers
from entanglement.experiments.reconciliation.roles import ROLES
from entanglement.experiments.reconciliation.summary import CURVES, STATISTICS
from entanglement.experiments.reconciliation.train import train
from entanglement.networks import ensemble
from entanglement.pipeline.images import load
from entanglement.pipeline.parameters import Cell
from entanglement.pipeline.seeds import Seeds
from entanglement.statistics.agreement import largest_t
from entanglement.statistics.curves import over_networks
from entanglement.statistics.table import table
from entanglement.theory.keybits import error_rate

LAPTOP = "data/images/laptop.png"
SEEDS = Seeds(2309)


def run(train_keys, evaluate_keys):
    trained = Train(**{"k": 256, "n": 384, "depth": 40, "networks": 6, **train_keys})
    size = round(trained.k**0.5)
    told = {"message": {"path": LAPTOP, "size": size}, "probes": 10, "keys": 5, **evaluate_keys}
    parameters = Evaluate(**told)
    check(trained, parameters)
    return evaluate(train(trained, SEEDS), Cell(trained, parameters), SEEDS)


@pytest.mark.parametrize("sampler", ["exact", "literal"])
def test_key_bits_obey_t8_and_not_another_law(sampler):
    made = run({"k": 64, "n": 96, "depth": 8, "networks": 80, "sampler": sampler}, {})
    error = made["bit_error"].values
    largest, allowed = largest_t(error, error_rate(64, 96, 8))
    assert largest < allowed
    # Control: the law of a network without selection.
    largest, allowed = largest_t(error, error_rate(64, 64, 8))
    assert largest > allowed


def test_after_the_collapse_every_input_recovers_the_message_or_its_complement():
    made = run({"depth": 120}, {})
    message = made["message_bits"].values
    np.testing.assert_array_equal(made["recovered"][-1], message)
    np.testing.assert_array_equal(made["recovered_complement"], 1 - message)
    assert np.all(made["perfect"][:, -1] == 1)
    assert 0.3 < float(made["complement"].mean()) < 0.7
    assert np.all(made["complement_near"] == 0)


def test_the_cipher_is_the_key_xor_the_message():
    made = run({}, {})
    model = ensemble.train(Train(k=256, n=384, depth=40, networks=6), SEEDS)
    key = model["projection"].values[0, -1] > 0
    np.testing.assert_array_equal(made["cipher"][-1], key ^ (made["message_bits"] == 1))


def test_the_negative_of_an_input_recovers_the_complement():
    model = ensemble.train(Train(k=256, n=384, depth=6, networks=1), SEEDS)
    x = np.random.default_rng(1).standard_normal(256)
    for layer in ensemble.walk(model, np.stack([x, -x])):
        bits = layer.probe_directions()[0] > 0
        np.testing.assert_array_equal(bits[0], ~bits[1])


def test_at_the_printed_threshold_the_cipher_is_the_message():
    made = run({"depth": 20}, {"threshold": 0.5})
    assert np.all(made["ones"][:, -1] == 0)
    assert np.all(made["in_clear"] == 1)
    np.testing.assert_array_equal(made["cipher"][-1], made["message_bits"])
    # Control: threshold 0.
    assert abs(float(run({"depth": 20}, {})["in_clear"].mean()) - 0.5) < 0.1


def test_raw_arithmetic_is_the_same_until_it_overflows_and_all_zero_after():
    raw = run({"depth": 270}, {"arithmetic": "raw"})
    normal = run({"depth": 270}, {})
    np.testing.assert_array_equal(raw["ones"][:, :200], normal["ones"][:, :200])
    first = raw["nonfinite"].values.argmax(axis=1)
    begins = np.array([np.flatnonzero(row)[0] for row in raw["nonfinite"].values])
    assert np.all(np.abs(begins - raw["first_overflow"].values) <= 1)
    assert np.all(first - begins <= 3)
    assert np.all(raw["nonfinite"][:, -1] == 256)
    assert np.all(raw["ones"][:, -1] == 0)
    np.testing.assert_array_equal(raw["cipher"][-1], raw["message_bits"])
    assert np.all(normal["nonfinite"] == 0)
    assert abs(float(normal["ones"][:, -1].mean()) - 0.5) < 0.05


def test_an_uncollapsed_network_recovers_only_where_float64_overflows():
    assert np.all(run({"n": 256, "depth": 270}, {"arithmetic": "raw"})["bit_error"][:, -1] == 0)
    assert float(run({"n": 256, "depth": 270}, {})["bit_error"][:, -1].mean()) > 0.1


def test_one_infinity_becomes_infinities_and_then_no_number():
    w = np.ones((2, 8))
    w[:, 0] = np.inf
    after = literal_layers(w, 12, np.random.default_rng(0))
    assert np.all(np.isinf(next(after)))
    assert np.all(np.isnan(next(after)))
    assert np.all(np.isnan(next(after)))


@pytest.mark.parametrize(("grey", "bit"), [(0, 1), (255, 0)])
def test_a_picture_of_one_colour_is_a_message_of_equal_bits(tmp_path, grey, bit):
    path = tmp_path / "plain.png"
    Image.new("L", (30, 30), grey).save(path)
    made = run({"depth": 80}, {"message": {"path": str(path), "size": 16}})
    assert np.all(made["message_bits"] == bit)
    np.testing.assert_array_equal(made["recovered"][-1], made["message_bits"])
    assert abs(float(made["ones"][:, -1].mean()) - 0.5) < 0.1


def test_a_grey_picture_of_odd_size_is_cut_at_half_way_grey(tmp_path):
    ramp = np.tile(np.linspace(0, 255, 60).astype(np.uint8), (45, 1))
    Image.fromarray(ramp).save(tmp_path / "ramp.png")
    parameters = Evaluate(message={"path": str(tmp_path / "ramp.png"), "size": 15})
    bits = message_bits(load(parameters.message)).reshape(15, 15)
    assert np.all(bits[:, :7])
    assert not bits[:, 8:].any()
    check(Train(k=225, n=300, depth=3, networks=2), parameters)


@pytest.mark.parametrize("threshold", [1.0001, -2, float("nan"), "0.5", True])
def test_thresholds_that_no_unit_entry_can_reach_are_errors(threshold):
    with pytest.raises(ValidationError, match="threshold"):
        Evaluate(message=LAPTOP, threshold=threshold)


def test_messages_that_do_not_fit_are_named_with_both_sizes():
    with pytest.raises(ValueError, match=r"50 x 50 = 2500 pixels, the network k = 400"):
        check(Train(k=400, n=500, depth=3, networks=2), Evaluate(message=LAPTOP))


def test_more_keys_than_inputs_is_an_error():
    with pytest.raises(ValidationError, match="keys = 8"):
        Evaluate(message=LAPTOP, probes=4, keys=8)


def test_raw_arithmetic_is_for_algorithm_1_only():
    parameters = Evaluate(message={"path": LAPTOP, "size": 20}, arithmetic="raw")
    with pytest.raises(ValueError, match="use arithmetic: log_norm"):
        check(Train(k=400, n=500, depth=3, networks=2, weights="random"), parameters)


def test_a_stored_model_of_another_seed_is_refused():
    trained = Train(k=64, n=96, depth=3, networks=2)
    other = train(trained, SEEDS).assign_attrs(entropy=hex(7))
    asked = Evaluate(message={"path": LAPTOP, "size": 8}, probes=2, keys=2)
    with pytest.raises(ValueError, match="train again"):
        evaluate(other, Cell(trained, asked), SEEDS)


def as_results(made, **keys):
    values = {"k": 256, "n": 384, "weights": "top", "sampler": "exact", "threshold": 0.0,
              "arithmetic": "log_norm", "reference": False, "message": LAPTOP, **keys}  # fmt: skip
    cell = made.expand_dims("cell")
    return cell.assign_coords({key: ("cell", [value]) for key, value in values.items()})


def block(*cases, **fixed):
    picture = {"path": LAPTOP, "size": 8}
    sizes = {
        "message": picture,
        "k": 64,
        "n": 96,
        "depth": 6,
        "networks": 4,
        "probes": 5,
        "keys": 3,
    }
    return {"fixed": {**sizes, **fixed}, "cases": list(cases)}


def test_a_grid_without_controls_gives_statistics_from_no_network(collected):
    made = collected("reconciliation", block({"depth": 4}))
    assert made["in_clear_half"].attrs["networks"] == 0
    assert np.isnan(made["in_clear_half"])
    assert made["bit_error_last"].attrs["networks"] == 4


def test_pictures_are_averaged_network_by_network_and_judged_by_the_smallest(collected):
    made = collected("reconciliation", block({"depth": 4}, {"depth": 6, "networks": 3}))
    rows = [made["bit_error"].isel(cell=i).sel(layer=4 + 2 * i).values[:3] for i in range(2)]
    assert float(made["bit_error_last"]) == pytest.approx(np.mean(rows))
    assert made["bit_error_last"].attrs["networks"] == 3
    assert made["bit_error_last"].attrs["depth"] == 4
    theory = [error_rate(64, 96, depth)[-1] for depth in (4, 6)]
    assert float(made["bit_error_last_theory"]) == pytest.approx(np.mean(theory))


def test_a_model_that_only_says_it_keeps_the_largest_rows_is_found_out(collected):
    sizes = {"networks": 60, "depth": 8}
    assert collected("reconciliation", block({}, **sizes))["largest_t_over_limit"] < 1
    honest = collected("reconciliation", block({"weights": "random"}, **sizes))
    assert honest["largest_t_over_limit"] < 1
    mutant = honest.isel(cell=[0]).assign_coords(weights=("cell", ["top"]))
    law = over_networks(mutant, {"mean_bit_error": CURVES["mean_bit_error"]})
    made = table(mutant.assign(law), ROLES, STATISTICS)
    assert made["largest_t_over_limit"] > 5


def test_readers_move_through_message_cipher_and_recovered_picture():
    made = run({"depth": 120}, {})
    offered = explore(as_results(made, depth=120))["pictures"]
    layers = offered["axes"][1]["values"]
    assert layers[0] == 0
    assert layers[-1] == 120
    last = offered["frames"][0, -1]
    assert offered["frames"].shape == (1, len(layers), 16, 3 * 16 + 2 * 3)
    np.testing.assert_array_equal(last[:, :16], last[:, -16:])  # message = recovered
    assert np.mean(last[:, 19:35] != last[:, :16]) > 0.3  # but not the cipher
    assert explore(as_results(made, depth=120, threshold=0.5)) == {}


def test_a_reference_bit_ends_complements_and_spends_one_bit():
    told = {"depth": 120, "networks": 12}
    mended, plain = run(told, {"reference": True}), run(told, {})
    assert np.all(mended["complement"] == 0)
    # Control: the same networks and inputs, without the bit.
    assert np.all(plain["complement"] > 0)
    assert np.all(mended["bit_error"][:, -1] == 0)
    np.testing.assert_array_equal(mended["recovered"][-1], mended["message_bits"])
    np.testing.assert_array_equal(mended["recovered_complement"], mended["message_bits"])
    # The first key bit is 1, so that the cipher's first bit is the message's negative.
    assert np.all(mended["cipher"][:, 0] == 1 - mended["message_bits"].values[0])
    np.testing.assert_array_equal(mended["perfect"], plain["perfect"])


def test_a_reference_bit_is_refused_where_keys_are_no_signs():
    for other in ({"threshold": 0.1}, {"arithmetic": "raw"}):
        with pytest.raises(ValueError, match="reference: true"):
            run({}, {"reference": True, **other})


def test_the_depth_of_half_of_the_keys_is_t8s_and_not_that_of_another_n(collected):
    made = collected("reconciliation", block({"depth": 40}, networks=60, keys=5))
    ratio = made["half_depth_ratio"]
    assert ratio.attrs["ci_low"] - 0.05 < 1 < ratio.attrs["ci_high"] + 0.05
    assert made["half_depth_ratio_angle"].attrs["ci_high"] < 0.8
    mutant = made.assign_coords(n=("cell", [200]))
    law = over_networks(mutant, {"mean_perfect": CURVES["mean_perfect"]})
    wrong = table(mutant.assign(law), ROLES, STATISTICS)["half_depth_ratio"]
    assert wrong.attrs["ci_low"] > 1.3


def test_the_words_of_the_phases_follow_from_the_law(collected):
    made = collected("reconciliation", block({"depth": 6}, {"depth": 60}))
    np.testing.assert_array_equal(made["suffices"], [0, 1])
    np.testing.assert_array_equal(made["within_float64"], [1, 1])
    assert made["depth_for_all"].values[0] == made["depth_for_all"].values[1] < 60
