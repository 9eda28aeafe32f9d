"""A figure's dataset: one row per cell, every parameter on it, ragged dimensions padded."""

import json

import numpy as np
import pytest
import xarray as xr

import entanglement
from entanglement.pipeline import store
from entanglement.pipeline.results import concatenate


def evaluation(n, sampler, networks):
    attrs = {"long_name": "loss", "units": "1"}
    parameters = {"n": n, "sampler": sampler, "k": 4, "image": {"path": "a.png", "sha256": "1"}}
    made = xr.Dataset(
        {"loss": (("network", "layer"), np.full((networks, 3), float(n)), attrs)},
        attrs={"parameters": json.dumps(parameters)},
    )
    return made.assign_coords(layer=("layer", [0, 1, 2], {"long_name": "layer", "units": "1"}))


@pytest.fixture
def cells():
    return {
        "b": evaluation(1000, "exact", 3),
        "a": evaluation(20, "exact", 3),
        "c": evaluation(20, "literal", 2),
        "d": evaluation(1000, "literal", 2),
    }


def test_rows_are_sorted_by_value_and_padded(cells):
    joined = concatenate(cells)
    assert joined["n"].values.tolist() == [20, 20, 1000, 1000]
    assert joined["cell_name"].values.tolist() == ["a", "c", "b", "d"]
    assert joined["image"].values.tolist() == ["a.png"] * 4
    assert joined.sizes == {"cell": 4, "network": 3, "layer": 3}
    assert np.isnan(joined["loss"].values[1, 2]).all()
    assert joined["loss"].attrs == {"long_name": "loss", "units": "1"}
    assert concatenate(dict(reversed(cells.items()))).identical(joined)


def test_results_are_selected_by_parameter_and_unstacked(cells, tmp_path):
    store.write(concatenate(cells), tmp_path / "data" / "toy.nc")
    results = entanglement.open_results("toy", directory=tmp_path)
    assert float(results.sel(n=1000, sampler="literal")["loss"][0, 0]) == 1000
    assert results.unstack("cell").sizes["n"] == 2


def test_missing_results_say_what_exists(cells, tmp_path):
    store.write(concatenate(cells), tmp_path / "data" / "toy.nc")
    with pytest.raises(store.DataError, match=r"snakemake .*other\.nc.*made so far: toy"):
        entanglement.open_results("other", directory=tmp_path)


def test_one_varying_parameter_is_selected_too(tmp_path):
    cells = {"a": evaluation(20, "exact", 3), "b": evaluation(30, "exact", 3)}
    store.write(concatenate(cells), tmp_path / "data" / "toy.nc")
    results = entanglement.open_results("toy", directory=tmp_path)
    assert float(results.sel(n=30)["loss"].values.flat[0]) == 30


def test_names_of_different_lengths_are_kept_whole(tmp_path):
    cells = {}
    for name, labels in (("a", ["short"]), ("b", ["quite a long name"])):
        made = xr.Dataset(
            {"x": ("family", [1.0], {"long_name": "x", "units": "1"})},
            coords={"family": ("family", labels)},
            attrs={"parameters": json.dumps({"p": name})},
        )
        store.write(made, tmp_path / f"{name}.nc")
        cells[name] = store.read(tmp_path / f"{name}.nc")
    store.write(concatenate(cells), tmp_path / "joined.nc")
    assert store.read(tmp_path / "joined.nc")["family"].values.tolist() == [
        "quite a long name",
        "short",
    ]
