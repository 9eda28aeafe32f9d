"""Datasets appear whole or not at all, and equal data give equal bytes."""

import numpy as np
import pytest
import xarray as xr

from entanglement.pipeline import store


def dataset(values):
    attrs = {"long_name": "a value", "units": "1"}
    return xr.Dataset({"value": ("network", np.asarray(values, dtype=float), attrs)})


def test_equal_data_give_equal_bytes(tmp_path):
    for name in ("one.nc", "two.nc"):
        store.write(dataset(np.arange(1000)), tmp_path / name)
    assert (tmp_path / "one.nc").read_bytes() == (tmp_path / "two.nc").read_bytes()
    store.write(dataset(np.arange(1000) + 1), tmp_path / "three.nc")
    assert (tmp_path / "one.nc").read_bytes() != (tmp_path / "three.nc").read_bytes()


def fail_halfway(path):
    with store.replacing(path) as temporary:
        temporary.write_bytes(b"half")
        raise RuntimeError


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "kept.nc"
    store.write(dataset([1, 2]), path)
    before = path.read_bytes()
    with pytest.raises(RuntimeError):
        fail_halfway(path)
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["kept.nc"]


def test_a_variable_without_units_is_refused(tmp_path):
    with pytest.raises(store.DataError, match="value has no long_name and no units"):
        store.write(xr.Dataset({"value": ("network", [1.0])}), tmp_path / "x.nc")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("keep", [0, 4, 40, 1000, -1])
def test_a_truncated_file_is_named(tmp_path, keep):
    path = tmp_path / "short.nc"
    store.write(dataset(np.random.default_rng(0).normal(size=1000)), path)
    assert store.damage(path) is None
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(store.DataError, match=r"short\.nc is (truncated|no netCDF|damaged)"):
        store.read(path)
