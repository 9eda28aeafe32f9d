"""Means over networks, what the orbit changes at most, and the statistics of claims B4 to B11.

Statistics are means over *converged* networks, whose number they carry: a cell that did not
converge falls below the claims' minimum and cannot read "reproduced".
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import xarray as xr

from entanglement.statistics import estimates, pairs, roles
from entanglement.statistics.curves import Curve
from entanglement.statistics.table import Statistic

Measure = Callable[[xr.Dataset], np.ndarray]


def _attacked(name: str) -> Measure:
    """A number for every network and attack; none where no cell was attacked."""

    def accuracy(cell: xr.Dataset) -> np.ndarray:
        if name not in cell:
            return np.empty((cell.sizes["network"], 0))
        return cell[name].transpose("network", "attack").values

    return accuracy


CURVES = {
    "mean_fake_accuracy": Curve(
        _attacked("fake_accuracy"), "accuracy on inputs made against the network", ("attack",)
    ),
    "mean_noise_accuracy": Curve(
        _attacked("noise_accuracy"), "accuracy under random changes of that size", ("attack",)
    ),
    "mean_test_accuracy": Curve("test_accuracy", "accuracy on held-out pictures", dims=()),
    "mean_uniform_accuracy": Curve(
        "uniform_accuracy", "held-out accuracy with uniform attention", dims=()
    ),
}


def _converged(cell: xr.Dataset) -> xr.Dataset:
    fine = np.flatnonzero(cell["converged"].values == 1)
    return cell.isel(network=fine, other=fine)


def _of(measure: str | Measure) -> Callable[..., np.ndarray]:
    """One number for each converged network of one cell or several."""
    taken: Measure = (lambda cell: cell[measure].values) if isinstance(measure, str) else measure
    return lambda *cells: np.concatenate([taken(_converged(cell)) for cell in cells])


def _within(cell: xr.Dataset) -> xr.Dataset:
    return cell.isel(size_step=np.flatnonzero(cell["within_range"].values == 1))


def _changed(cell: xr.Dataset) -> np.ndarray:
    worst = _within(cell)["changed"].max(("family", "size_step", "draw"))
    return worst.values / int(cell["test"])


def _changed_null(cell: xr.Dataset) -> np.ndarray:
    mean = _within(cell)["null_changed"].mean(("family", "size_step", "null_draw"))
    return mean.values / int(cell["test"])


def _fixed(name: str, draw: str) -> Measure:
    def share(cell: xr.Dataset) -> np.ndarray:
        errors = (1 - cell["test_accuracy"].values) * int(cell["test"])
        best = _within(cell)[name].max(("family", "size_step", draw))
        return best.values / np.maximum(errors, 1)

    return share


def _spectrum_change(cell: xr.Dataset) -> np.ndarray:
    return cell["spectrum_change"].max("family").values


def _spikes(stage: str) -> Measure:
    return lambda cell: cell["spikes"].sel(stage=stage).sum("matrix").values


def _distinct_seeds(cell: xr.Dataset) -> np.ndarray:
    return 1.0 + ((cell["seed_fixed"] + cell["seed_broken"]).values > 0).sum(1)


def _predicted(cell: xr.Dataset) -> float:
    found = _of("flat_predicted")(cell)
    return float(found.mean()) if len(found) else np.nan


def _least(role: str, name: str, words: str, theory: str | None = None) -> Statistic:
    """Smallest count of any converged network of a product."""

    def fewest(name: str) -> Callable[[xr.Dataset], tuple[float, int]]:
        def count(cell: xr.Dataset) -> tuple[float, int]:
            found = _of(name)(cell)
            return (float(found.min()) if len(found) else np.nan), len(found)

        return count

    return Statistic(
        role,
        fewest(name),
        f"{words}, of the network with the fewest",
        theory=(lambda cell: fewest(theory)(cell)[0]) if theory else None,
        estimator=estimates.exact,
    )


def _apart(theory: str) -> Measure:
    return lambda cell: abs(cell["flat_directions"] - cell[theory]).values


def _exactly(value: float) -> Callable[..., float]:
    return lambda *cells: value


def _gain(*parts: str) -> Callable[[xr.Dataset], tuple[Any, int]]:
    def gain(cell: xr.Dataset) -> tuple[Any, int]:
        spent = sum(cell[f"operations_{part}"] for part in parts)
        return cell["operations_train"] / spent, _converged(cell).sizes["network"]

    return gain


def _other_seeds(name: str, words: str) -> Statistic:
    """What another seed changes, over the errors, of ordered pairs of converged networks."""

    def tables(*cells: xr.Dataset) -> tuple[Any, ...]:
        return tuple((c[name].values, c["seed_errors"].values) for c in map(_converged, cells))

    return Statistic(("E", "H"), tables, words, estimator=pairs.ratio)


def _seeds_of_fakes(*cells: xr.Dataset) -> tuple[Any, ...]:
    """Over ordered pairs: fakes that the second reads rightly, and all that fool the first."""
    chosen = [_converged(cell).sel(attack=ATTACK) for cell in cells]
    return tuple((cell["fake_other"].values, cell["fake_common"].values) for cell in chosen)


def _fakes_fixed(name: str) -> Measure:
    def share(cell: xr.Dataset) -> np.ndarray:
        attacked = cell.sel(attack=ATTACK)
        return (attacked[name] / np.maximum(attacked["fake_errors"], 1)).values

    return share


def _under(name: str) -> Measure:
    return lambda cell: cell[name].sel(attack=ATTACK).values


def _robust_gap(product: str, name: str) -> Statistic:
    """Accuracy under attack less that of the dot product's networks."""

    def accuracies(cell: xr.Dataset, dot: xr.Dataset) -> tuple[np.ndarray, ...]:
        return _of(_under(name))(cell), _of(_under("fake_accuracy"))(dot)

    words = f"difference of {name.replace('_', ' ')} from the dot product's under attack"
    return Statistic((product, "dot"), accuracies, words, estimator=estimates.welch)


def _gap(some: str, others: str, name: str = "test_accuracy") -> Statistic:
    """Between two groups of networks, those of the second as trained."""

    def accuracies(first: list[xr.Dataset], second: list[xr.Dataset]) -> tuple[np.ndarray, ...]:
        return _of(name)(*first), _of("test_accuracy")(*second)

    words = "difference of held-out accuracy"
    return Statistic((some, others), accuracies, words, estimator=estimates.welch)


BOTH = ("E", "H")
ATTACK = "PGD"  # the strongest within a bound for every pixel; see `fake.ATTACKS`
CHANGED = "largest share of predictions that equivalent models change"
CHANGED_NULL = "share of predictions that equal-norm random changes change"
FLAT, ALONE = "flat directions of Q and K", "flat shifts of Q alone"
SPECTRUM = "largest relative change of a singular value by a group element"
FIXED = "share of errors put right by the best"
FAKES = "share of inputs made to fool a network that are put right"
GAIN = "multiply-adds to retrain over those to"
DISTINCT = "different sets of answers among all"
SPIKES = "singular values of W_Q and W_K beyond noise"

STATISTICS = {
    "changed_E": Statistic("E", _of(_changed), CHANGED, theory=_exactly(0.0)),
    "changed_E_null": Statistic("E", _of(_changed_null), CHANGED_NULL),
    "changed_H": Statistic("H", _of(_changed), CHANGED, theory=_exactly(0.0)),
    "changed_H_null": Statistic("H", _of(_changed_null), CHANGED_NULL),
    "flat_dot": Statistic("dot", _of("flat_directions"), FLAT, theory=_predicted),
    "flat_dot_alone": Statistic("dot", _of("flat_shifts_alone"), ALONE),
    "flat_E_least": _least("E", "flat_directions", FLAT, theory="flat_predicted"),
    "flat_E_least_alone": _least("E", "flat_shifts_alone", ALONE),
    "flat_E_apart": Statistic(
        "E",
        _of(_apart("flat_predicted")),
        f"{FLAT}, off those that the signs of q - k predict",
        theory=_exactly(0.0),
    ),
    "flat_E_more": Statistic(
        "E", _of(_apart("group_dimension")), f"{FLAT}, beyond the n translations"
    ),
    "flat_H_least": _least("H", "flat_directions", FLAT, theory="flat_predicted"),
    "flat_H_least_alone": _least("H", "flat_shifts_alone", ALONE),
    "spectrum_change_dot": Statistic("dot", _of(_spectrum_change), SPECTRUM),
    "spectrum_change_E": Statistic("E", _of(_spectrum_change), SPECTRUM),
    "spectrum_change_H": Statistic("H", _of(_spectrum_change), SPECTRUM),
    "derive_gain_E": Statistic("E", _gain("derive"), f"{GAIN} derive", estimator=estimates.exact),
    "verify_gain_E": Statistic(
        "E",
        _gain("derive", "verify"),
        f"{GAIN} derive and to run once on the held-out pictures",
        estimator=estimates.exact,
    ),
    "retrain_gain": Statistic("E", _gain("train"), f"{GAIN} retrain", estimator=estimates.exact),
    "fixed_isometric": Statistic(
        BOTH,
        _of(_fixed("fixed", "draw")),
        f"{FIXED} equivalent model",
        theory=_exactly(0.0),
    ),
    "fixed_null": Statistic(
        BOTH, _of(_fixed("null_fixed", "null_draw")), f"{FIXED} equal-norm random change"
    ),
    "fake_fixed_isometric": Statistic(
        BOTH,
        _of(_fakes_fixed("fake_fixed")),
        f"{FAKES} by the best equivalent model",
        theory=_exactly(0.0),
    ),
    "fake_fixed_null": Statistic(
        BOTH, _of(_fakes_fixed("null_fake_fixed")), f"{FAKES} by the best equal-norm random change"
    ),
    "fake_seed_share": Statistic(
        BOTH, _seeds_of_fakes, f"{FAKES} by another seed", estimator=pairs.ratio
    ),
    "robust_gap_E": _robust_gap("E", "fake_accuracy"),
    "robust_gap_H": _robust_gap("H", "fake_accuracy"),
    "noise_gap_E": _robust_gap("E", "noise_accuracy"),
    "noise_gap_H": _robust_gap("H", "noise_accuracy"),
    "distinct_isometric": Statistic(
        BOTH,
        _of("distinct_answers"),
        f"{DISTINCT} equivalent models",
        theory=_exactly(1.0),
    ),
    "distinct_seeds": Statistic(BOTH, _of(_distinct_seeds), f"{DISTINCT} training seeds"),
    "spikes_trained": Statistic(BOTH, _of(_spikes("trained")), SPIKES),
    "spikes_initial": Statistic(BOTH, _of(_spikes("initial")), f"{SPIKES}, before training"),
    "seed_fixed_share": _other_seeds("seed_fixed", "share of errors that another seed puts right"),
    "seed_broken_share": _other_seeds(
        "seed_broken", "right answers that another seed loses, over the errors"
    ),
    "accuracy_gap_without": _gap("without", "every_dot"),
    "accuracy_gap_off": _gap("every_dot", "every_dot", "uniform_accuracy"),
}


def summarise(results: xr.Dataset) -> xr.Dataset:
    """Add when networks converged and, over networks and draws, what the orbit changes."""
    made = roles.join([_reached(cell) for cell in roles.cells(results)])
    if "changed" not in results:
        return made
    every = ("network", "draw")
    null = results["null_changed"].mean(("network", "null_draw"))
    change = results["spectrum_change"].mean("network")
    for name, values, words in (
        ("largest_product_error", results["product_error"].max(every), "error of Q (.) K^T"),
        ("largest_changed", results["changed"].max(every), "changed predictions"),
        ("largest_fixed", results["fixed"].max(every), "errors put right"),
        ("mean_null_changed", null, "predictions changed by equal-norm random changes"),
        ("mean_spectrum", results["spectrum"].mean("network"), "normalised singular value"),
        ("mean_spectrum_change", change, "largest relative change of a singular value"),
    ):
        kind = name.partition("_")[0]
        made[name] = values.assign_attrs(long_name=f"{words}: {kind} of all", units="1")
    return made


def _reached(cell: xr.Dataset) -> xr.Dataset:
    """Epochs until convergence, ascending, and the share of networks that were as quick."""
    needed = np.sort(cell["epochs_needed"].values)
    share = np.arange(1, len(needed) + 1) / len(needed)
    about = {"long_name": "share of networks that converged until then", "units": "1"}
    return xr.Dataset(
        {
            "reached_epoch": ("place", needed, cell["epochs_needed"].attrs),
            "reached_share": ("place", share, about),
        }
    )
