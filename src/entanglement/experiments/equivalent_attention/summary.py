"""What needs several cells: scalars of the claims, and curves over networks."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import xarray as xr

from entanglement.statistics import estimates, pairs
from entanglement.statistics.estimates import NOTHING, Estimate, scalar


def summarise(results: xr.Dataset) -> xr.Dataset:
    """Give every scalar of the claims and the curves that the panels draw.

    Scalars are means over *converged* networks, whose number they carry: a cell that did not
    converge falls below the claims' minimum and cannot read "reproduced".

    Parameters
    ----------
    results
        All cells; those with elements > 0 hold the orbit.
    """
    orbits = {p: _orbit_cell(results, p) for p in ("dot", "E", "H")}
    distances = (orbits["E"], orbits["H"])
    made: dict[str, Any] = {}

    def add(name: str, cells: Sequence[xr.Dataset | None], statistic: Any, words: str) -> None:
        made[name] = scalar(_over_networks(cells, statistic), words)

    for product, cell in orbits.items():
        kind = f"equivalent models ({product})"
        add(f"changed_{product}", [cell], _changed, f"largest share of predictions changed, {kind}")
        add(f"changed_{product}_null", [cell], _changed_null,
            f"share of predictions changed by equal-norm random changes ({product})")  # fmt: skip
        add(f"flat_{product}", [cell], lambda c: c["flat_directions"].values,
            f"flat directions of Q and K ({product})")  # fmt: skip
        add(f"flat_{product}_alone", [cell], lambda c: c["flat_shifts_alone"].values,
            f"flat shifts of Q alone ({product})")  # fmt: skip
        add(f"flat_{product}_theory", [cell], lambda c: c["group_dimension"].values,
            f"dimension of the known group ({product})")  # fmt: skip
        add(f"spectrum_change_{product}", [cell],
            lambda c: c["spectrum_change"].max("family").values,
            f"largest relative change of a singular value, {kind}")  # fmt: skip
        gain = np.nan if cell is None else cell["operations_train"] / cell["operations_derive"]
        both = np.nan if cell is None else cell["operations_train"] / cell["operations_verify"]
        count = 0 if cell is None else _converged(cell).size
        made[f"derive_gain_{product}"] = _exact(
            gain, count, "multiply-adds to retrain over those to derive"
        )
        made[f"verify_gain_{product}"] = _exact(both, count, "multiply-adds to retrain over those to derive and verify")  # fmt: skip
    made["retrain_gain"] = _exact(1.0, made["derive_gain_E"].attrs["networks"], "multiply-adds to retrain over themselves")  # fmt: skip

    add("fixed_isometric", distances, _fixed("fixed", "draw"),
        "share of errors put right by the best equivalent model (E, H)")  # fmt: skip
    add("fixed_null", distances, _fixed("null_fixed", "null_draw"),
        "share of errors put right by the best equal-norm random change (E, H)")  # fmt: skip
    add("distinct_isometric", distances, lambda c: c["distinct_answers"].values,
        "different sets of answers among all equivalent models (E, H)")  # fmt: skip
    add("distinct_seeds", distances, _distinct_seeds,
        "different sets of answers among the training seeds (E, H)")  # fmt: skip
    add(
        "spikes_trained",
        distances,
        _spikes("trained"),
        "singular values of W_Q and W_K beyond noise",
    )
    add("spikes_initial", distances, _spikes("initial"), "the same before training")
    add("spikes_shuffled", distances, _spikes("shuffled"), "the same with shuffled entries")
    made["seed_fixed_share"] = scalar(
        _seed_share(distances, "seed_fixed"), "share of errors that another seed puts right (E, H)"
    )
    made["seed_broken_share"] = scalar(
        _seed_share(distances, "seed_broken"),
        "right answers that another seed loses, over the errors (E, H)",
    )
    made |= _accuracy_gaps(results)
    return xr.Dataset(made | _curves(results))


def _orbit_cell(results: xr.Dataset, product: str) -> xr.Dataset | None:
    found = (results["product"] == product) & (results["elements"] > 0)
    if not bool(found.any()):
        return None
    cell = results.isel(cell=int(np.argmax(found.values)))
    if "family" in cell.dims:
        cell = cell.sel(family=cell["score_change"].notnull().any(
            ("network", "size_step", "draw")))  # fmt: skip
    return cell.isel(network=cell["converged"].notnull().values)


def _converged(cell: xr.Dataset) -> np.ndarray:
    return np.flatnonzero(cell["converged"].values == 1)


def _over_networks(cells: Sequence[xr.Dataset | None], statistic: Any) -> Estimate:
    """Mean of a statistic over the converged networks of all cells."""
    if any(cell is None for cell in cells):
        return NOTHING
    values = [np.asarray(statistic(cell), float)[_converged(cell)] for cell in cells if cell]
    return estimates.mean(np.concatenate(values))


def _exact(value: Any, networks: int, words: str) -> xr.DataArray:
    value = float(value)
    return scalar(Estimate(value, value, value, 0.0, networks, "exact"), words)


def _within(cell: xr.Dataset) -> xr.Dataset:
    return cell.isel(size_step=np.flatnonzero(cell["within_range"].values == 1))


def _changed(cell: xr.Dataset) -> np.ndarray:
    worst = _within(cell)["changed"].max(("family", "size_step", "draw"))
    return worst.values / cell["test"].item()


def _changed_null(cell: xr.Dataset) -> np.ndarray:
    mean = _within(cell)["null_changed"].mean(("family", "size_step", "null_draw"))
    return mean.values / cell["test"].item()


def _fixed(name: str, draws: str) -> Any:
    def share(cell: xr.Dataset) -> np.ndarray:
        errors = (1 - cell["test_accuracy"].values) * cell["test"].item()
        best = _within(cell)[name].max(("family", "size_step", draws)).values
        return best / np.maximum(errors, 1)

    return share


def _distinct_seeds(cell: xr.Dataset) -> np.ndarray:
    differ = (cell["seed_fixed"] + cell["seed_broken"]).values > 0
    return 1.0 + differ.sum(1)


def _spikes(stage: str) -> Any:
    return lambda cell: cell["spikes"].sel(stage=stage).sum("matrix").values


def _seed_share(cells: Sequence[xr.Dataset | None], name: str) -> Estimate:
    """Ratio of sums over ordered pairs of converged networks."""
    tables = []
    for cell in cells:
        if cell is None:
            return NOTHING
        kept = np.ix_(_converged(cell), _converged(cell))
        tables.append((cell[name].values[kept], cell["seed_errors"].values[kept]))
    return pairs.ratio(*tables)


def _accuracy_gaps(results: xr.Dataset) -> dict[str, xr.DataArray]:
    """Differences of mean held-out accuracy between groups of independent networks (Welch)."""
    fine = results["converged"] == 1
    accuracy, uniform = (
        results["test_accuracy"].where(fine),
        results["uniform_accuracy"].where(fine),
    )
    product = results["product"].values
    learned = np.array([bool(value) for value in results["learn_beta"].values])
    distance = product != "dot"
    gaps = {}
    for name in ("E", "H"):
        gaps[f"accuracy_gap_{name}"] = (accuracy[product == name], accuracy[product == "dot"])
        gaps[f"accuracy_gap_{name}_uniform"] = (
            uniform[product == name],
            accuracy[product == "dot"],
        )
    gaps["accuracy_gap_learned"] = (accuracy[distance & learned], accuracy[distance & ~learned])
    gaps["accuracy_gap_learned_uniform"] = (
        uniform[distance & learned], accuracy[distance & ~learned])  # fmt: skip
    words = "difference of held-out accuracy"
    return {
        name: scalar(estimates.welch(*(g.values[np.isfinite(g.values)] for g in pair)), words)
        for name, pair in gaps.items()
    }


def _curves(results: xr.Dataset) -> dict[str, xr.DataArray]:
    """Largest values and means over networks and draws that the panels show."""
    made: dict[str, xr.DataArray] = {}
    for name in ("test_accuracy", "uniform_accuracy"):
        rows = [estimates.mean(row[np.isfinite(row)]) for row in results[name].values]
        for end in ("value", "low", "high"):
            values = [getattr(row, end) for row in rows]
            words = f"{results[name].attrs['long_name']}: mean over networks, {end}"
            made[f"{name}_{end}"] = xr.DataArray(
                values, dims="cell", attrs={"long_name": words, "units": "1"}
            )
    for name in ("score_change", "product_error", "changed", "fixed"):
        if name not in results:
            return made
        whole = results[name].max(("network", "draw"))
        null = results[f"null_{name}"].mean(("network", "null_draw"))
        words = results[name].attrs["long_name"]
        made[f"largest_{name}"] = whole.assign_attrs(long_name=f"{words}: largest", units="1")
        made[f"null_mean_{name}"] = null.assign_attrs(long_name=f"null: {words}, mean", units="1")
    for name, words in (("spectrum", "mean over networks"), ("jacobian_value", "median")):
        every = results[name]
        reduced = every.mean("network") if name == "spectrum" else every.median("network")
        made[f"{name}_typical"] = reduced.assign_attrs(
            long_name=f"{every.attrs['long_name']}, {words}", units="1"
        )
    return made
