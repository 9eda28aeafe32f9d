"""Declared statistics: values, intervals, theory, and the sizes of their own cells."""

import numpy as np
import pytest
import xarray as xr

from entanglement.statistics import estimates, roles
from entanglement.statistics.curves import Curve, over_networks
from entanglement.statistics.roles import Role
from entanglement.statistics.table import Statistic, table

ROLES = {
    "small": Role({"k": 2}), "large": Role({"k": 4}), "nobody": Role({"k": 9}),
    "all": Role(sweep=True),
}  # fmt: skip


def results(*networks):
    parts = [xr.Dataset({"x": (("network", "layer"), np.arange(2.0 * n).reshape(n, 2))})
             for n in networks]  # fmt: skip
    keys = {"k": [2, 4], "networks": list(networks), "word": ["a", "b"]}
    own = {key: ("cell", values[: len(networks)]) for key, values in keys.items()}
    return roles.join(parts).assign_coords(own)


def last(cell):
    return cell["x"].isel(layer=-1)


def test_a_scalar_has_its_interval_its_theory_and_its_own_sizes():
    made = table(results(3, 5), ROLES, {"last": Statistic("small", last, "x", theory=lambda c: 7)})
    assert float(made["last"]) == 3
    assert made["last"].attrs["networks"] == 3
    assert made["last"].attrs["k"] == 2
    assert made["last"].attrs["long_name"] == "x (small)"
    assert "word" not in made["last"].attrs
    assert float(made["last_theory"]) == 7


def test_an_empty_role_gives_nan_from_no_networks():
    declared = {"last": Statistic("nobody", last, "x", theory=lambda c: float(c["k"]))}
    made = table(results(3), ROLES, declared)
    assert np.isnan(made["last"])
    assert made["last"].attrs["networks"] == 0
    assert np.isnan(made["last_theory"])


@pytest.mark.parametrize("networks", [0, 1])
def test_few_networks_have_no_interval_and_raise_nothing(networks, recwarn):
    made = table(results(3, networks), ROLES, {"last": Statistic("large", last, "x")})["last"]
    assert made.attrs["networks"] == networks
    assert np.isnan(made.attrs["ci_low"])
    assert np.isnan(float(made)) == (networks == 0)
    assert not recwarn


def test_several_roles_give_the_smallest_size_and_several_arguments():
    declared = {
        "gap": Statistic(
            ("large", "small"), lambda a, b: (last(a), last(b)), "gap", estimator=estimates.welch
        ),
        "every": Statistic("all", lambda cells: [float(len(cells))] * 2, "cells"),
    }
    made = table(results(3, 5), ROLES, declared)
    assert float(made["gap"]) == 2
    assert made["gap"].attrs["k"] == 2
    assert float(made["every"]) == 2
    missing = {"gap": Statistic(("large", "nobody"), lambda a, b: 1, "gap")}
    assert made["gap"].attrs["ci_kind"] == "Welch t"
    assert np.isnan(table(results(3, 5), ROLES, missing)["gap"])


def test_theory_with_an_error_of_its_own_keeps_it():
    declared = {"x": Statistic("small", last, "x", theory=lambda c: estimates.mean([1.0, 3.0]))}
    assert table(results(3), ROLES, declared)["x_theory"].attrs["standard_error"] == 1


def test_curves_follow_the_one_rule_for_names_at_any_size(recwarn):
    declared = {
        "mean_x": Curve("x", "x", theory=lambda cell: np.zeros(2)),
        "ends": Curve(lambda c: c["x"].values[:, [0]], "ends", ("end",), coords={"end": ["first"]}),
    }
    made = over_networks(results(3, 1), declared)
    assert {"mean_x", "mean_x_low", "mean_x_high", "mean_x_theory"} <= set(made.data_vars)
    np.testing.assert_array_equal(made["mean_x"], [[2, 3], [0, 1]])
    assert np.isfinite(made["mean_x_low"]).values.tolist() == [[True] * 2, [False] * 2]
    assert made["ends"].dims == ("cell", "end")
    assert not recwarn
