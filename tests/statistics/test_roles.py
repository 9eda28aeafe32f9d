"""Cells of any size are joined, chosen and given back as they were."""

import numpy as np
import pytest
import xarray as xr

from entanglement.statistics import roles
from entanglement.statistics.roles import Role, cast


def cell(k, n, networks, probes, weights="top", step=1):
    values = np.arange(networks * probes, dtype=float).reshape(networks, probes)
    made = xr.Dataset(
        {"x": (("network", "probe"), values), "kind_of": ("kind", [1.0])},
        coords={"kind": ["odd" if k % 2 else "even"]},
    )
    return made, {"k": k, "n": n, "networks": networks, "probes": probes, "weights": weights}


@pytest.fixture(scope="module")
def results():
    made = [cell(2, 8, 3, 5), cell(3, 8, 1, 2), cell(4, 4, 2, 7, "random"), cell(4, 16, 2, 1)]
    joined = roles.join([dataset for dataset, _ in made])
    keys = {key: ("cell", [values[key] for _, values in made]) for key in made[0][1]}
    return joined.assign_coords(keys)


def test_every_ragged_dimension_comes_back_without_padding(results):
    for taken, (k, n, networks, probes) in zip(
        roles.cells(results),
        [(2, 8, 3, 5), (3, 8, 1, 2), (4, 4, 2, 7), (4, 16, 2, 1)],
        strict=True,
    ):
        whole = cell(k, n, networks, probes)[0]
        np.testing.assert_array_equal(taken["x"], whole["x"])
        assert taken["kind"].values.tolist() == whole["kind"].values.tolist()
        assert not [name for name in taken.variables if str(name).startswith("own_")]


def test_a_nan_of_the_cells_own_is_no_padding():
    long, short = (
        xr.Dataset({"x": ("probe", [1.0, np.nan, np.nan])}),
        xr.Dataset({"x": ("probe", [2.0])}),
    )
    first, second = roles.cells(roles.join([long, short]))
    assert first.sizes["probe"] == 3
    assert second.sizes["probe"] == 1


def test_equal_sizes_need_no_notes():
    same = [xr.Dataset({"x": ("probe", [1.0, 2.0])})] * 2
    assert "own_probe" not in roles.join(same).coords


def test_most_and_least_decide_and_an_empty_role_is_none(results):
    parts = cast(
        results,
        {
            "most": Role({"weights": "top"}, most="n"),
            "least": Role({"weights": "top"}, least="n"),
            "either": Role({"k": (2, 3)}, most="k"),
            "nobody": Role({"weights": "minimum"}),
            "sweep": Role({"weights": "top"}, least="n", sweep=True),
            "nothing": Role({"weights": "minimum"}, sweep=True),
            "selecting": Role(when=roles.keeps_all),
        },
    )
    assert roles.values(parts["most"], "n", "k") == (16, 4)
    assert roles.values(parts["least"], "n", "k") == (8, 2)  # of equals the first
    assert parts["either"]["k"] == 3
    assert parts["nobody"] is None
    assert [int(c["n"]) for c in parts["sweep"]] == [8, 8, 16]
    assert parts["nothing"] == []
    assert parts["selecting"]["weights"] == "random"


def test_a_control_is_like_its_paper_in_the_keys_that_it_names(results):
    paper = Role({"weights": "top"}, most="n")
    for same, found in ((("k",), True), (("k", "probes"), False)):
        control = Role({"weights": "random"}, like="paper", same=same)
        parts = cast(results, {"paper": paper, "control": control})
        assert (parts["control"] is not None) == found


def test_numbers_of_cells_stand_beside_each_other_with_their_parameters(results):
    made = [
        one.isel(network=0, probe=-1) for one in cast(results, {"all": Role(sweep=True)})["all"]
    ]
    beside = roles.beside(made)
    np.testing.assert_array_equal(beside["x"], [4, 1, 6, 0])
    np.testing.assert_array_equal(beside["n"], [8, 8, 4, 16])
    assert beside["weights"].values.tolist() == ["top", "top", "random", "top"]
    assert roles.beside(made[:1])["k"].values.tolist() == [2]


def test_of_many_cells_those_with_a_part_and_evenly_spaced_ones_are_kept():
    count = 1000
    many = xr.Dataset({"x": ("cell", np.arange(count))}).assign_coords(
        k=("cell", np.arange(count)), cell_name=("cell", [f"k={k}" for k in range(count)])
    )
    parts = {"paper": Role({"k": 123}), "all": Role(sweep=True), "nobody": Role({"k": -1})}
    assert roles.spread(many, parts, count) is many
    kept = roles.spread(many, parts, 11)["k"].values
    assert 123 in kept
    spaced = np.setdiff1d(kept, [123])
    assert len(spaced) == 11
    assert (spaced[0], spaced[-1]) == (0, count - 1)
    np.testing.assert_allclose(np.diff(spaced), 99.9, atol=1)
