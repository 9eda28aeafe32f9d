"""Accuracy and attention over networks beside what uniform attention can do, and the claims' numbers."""

from collections.abc import Callable

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike

from entanglement.experiments.associative_recall.roles import usual
from entanglement.statistics import agreement, estimates
from entanglement.statistics.curves import Band, Curve, band
from entanglement.statistics.table import Statistic


def _guess(cell: xr.Dataset) -> float:
    """Chance of a guess among the labels: all that uniform attention can do, trained or not.

    Labels are permuted independently of the pictures, and the mean of all labels' vectors is the
    same in every sample.
    """
    return 1 / int(cell["choices"]) if float(cell["beta"]) == 0 else np.nan


def _guesses(*dims: str) -> Callable[[xr.Dataset], np.ndarray]:
    return lambda cell: np.full([cell.sizes[dim] for dim in dims], _guess(cell))


def _of_finite(samples: ArrayLike) -> Band:
    """Means at each beta over the networks whose weights did not overflow, with their intervals."""
    columns = [column[np.isfinite(column)] for column in np.asarray(samples).T]
    value, low, high = (np.array(ends) for ends in zip(*map(band, columns)))
    return value, low, high


RECALLED, DIFFERENCE = "accuracy on held-out pictures", "difference of held-out accuracy"

CURVES = {
    "mean_test_accuracy": Curve(
        "test_accuracy", RECALLED, dims=("step",), theory=_guesses("step")
    ),
    "mean_match_attention": Curve(
        "match_attention", "attention paid to the matching picture", dims=("step",),
        theory=_guesses("step"), interval=_of_finite,
    ),
    "mean_accuracy": Curve(
        "accuracy", "training accuracy of an epoch", dims=("step", "epoch"),
        theory=_guesses("step", "epoch"),
    ),
}  # fmt: skip


def _at(place: Callable[[xr.Dataset], np.ndarray]) -> Callable[..., np.ndarray]:
    """Accuracy of every network of one cell or several at one beta of the sweep, if it is there."""
    return lambda *cells: np.concatenate(
        [cell["test_accuracy"].isel(step=place(cell)).values.ravel() for cell in cells]
    )


def _next(cell: xr.Dataset) -> np.ndarray:
    """The value of beta after the usual one."""
    after = usual(cell) + 1
    return after[after < cell.sizes["step"]]


def _first(cell: xr.Dataset) -> np.ndarray:
    return np.array([0])


def _last(cell: xr.Dataset) -> np.ndarray:
    return np.array([cell.sizes["step"] - 1])


def _within(place: Callable[[xr.Dataset], np.ndarray]) -> Callable[..., np.ndarray]:
    """Accuracy at one beta less that at the usual one, network by network."""

    def difference(*cells: xr.Dataset) -> np.ndarray:
        found, ordinary = _at(place)(*cells), _at(usual)(*cells)
        there = len(found) == len(ordinary)
        return found - ordinary if there else np.array([])

    return difference


def _gap(
    some: tuple[str, ...],
    others: tuple[str, ...],
    place: Callable[[xr.Dataset], np.ndarray] = usual,
) -> Statistic:
    """Difference of accuracy at one beta between networks of some cells and of others."""

    def accuracies(*cells: xr.Dataset) -> tuple[np.ndarray, ...]:
        return _at(place)(*cells[: len(some)]), _at(place)(*cells[len(some) :])

    return Statistic((*some, *others), accuracies, DIFFERENCE, estimator=estimates.welch)


def _against_uniform(dot: xr.Dataset, uniform: xr.Dataset) -> tuple[np.ndarray, ...]:
    return _at(_first)(uniform), _at(usual)(dot)


def _worst(cell: xr.Dataset) -> tuple[float, int]:
    """Largest |t| of the null's accuracies, in training and held out, over its limit."""
    first = cell.isel(step=0)
    curves = np.column_stack([first["accuracy"].values, first["test_accuracy"].values])
    guess = np.full(curves.shape[1], _guess(cell))
    return agreement.over_limit(curves, guess), cell.sizes["network"]


DISTANCES, LEARNED = ("E", "H"), ("learned_E", "learned_H")
STATISTICS = {
    "accuracy_E": Statistic("E", _at(usual), RECALLED),
    "accuracy_H": Statistic("H", _at(usual), RECALLED),
    "accuracy_dot": Statistic("dot", _at(usual), RECALLED),
    "accuracy_uniform": Statistic("uniform", _at(_first), RECALLED, theory=_guess),
    "accuracy_distances": Statistic(DISTANCES, _at(usual), RECALLED),
    "accuracy_largest": Statistic(DISTANCES, _at(_last), f"{RECALLED} at the largest beta"),
    "gap_E": _gap(("E",), ("dot",)),
    "gap_H": _gap(("H",), ("dot",)),
    "gap_uniform": Statistic(
        ("dot", "uniform"), _against_uniform, DIFFERENCE, estimator=estimates.welch
    ),
    "gap_next": Statistic(DISTANCES, _within(_next), f"{DIFFERENCE}, a step of beta up"),
    "gap_largest": Statistic(DISTANCES, _within(_last), f"{DIFFERENCE}, at the largest beta"),
    "gain_learned": _gap(LEARNED, DISTANCES),
    "gain_learned_largest": _gap(LEARNED, DISTANCES, _last),
    "gain_learned_least": _gap(LEARNED, DISTANCES, _first),
    "largest_t_over_limit": Statistic(
        "uniform",
        _worst,
        "largest |t| of accuracies with uniform attention against a guess, over its Bonferroni "
        "quantile",
        estimator=estimates.exact,
    ),
}
