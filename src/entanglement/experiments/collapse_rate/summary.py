"""Rates and exponents with their laws, every cell's deviation, and the slopes of claim A7."""

import numpy as np
import xarray as xr

from entanglement.statistics import agreement, estimates, roles
from entanglement.statistics.curves import Curve
from entanglement.statistics.table import Statistic
from entanglement.theory import rates, selection

# Points of the theory curves drawn between the cells.
CURVE = 33


def _sizes(cell: xr.Dataset) -> tuple[int, int]:
    return int(cell["k"]), int(cell["candidates"])


def _spectrum(cell: xr.Dataset) -> np.ndarray:
    """T3, where exponents were measured."""
    measured = cell["sampler"] == "literal"
    return rates.lyapunov_spectrum(*_sizes(cell)) if measured else np.full(1, np.nan)


CURVES = {
    "mean_rate": Curve(
        "rate", "rate of the collapse per layer", (), theory=lambda cell: rates.rate(*_sizes(cell))
    ),
    "mean_exponent": Curve("exponent", "Lyapunov exponent per layer", ("order",), theory=_spectrum),
}


def _slopes(cells: list[xr.Dataset], key: str, name: str) -> np.ndarray:
    """Least-squares slope against ln key, network by network as far as all cells have them."""
    x = np.log([float(cell[key]) for cell in cells])
    rows = [np.atleast_1d(cell[name]) for cell in cells]
    if len(set(x.tolist())) < 2:
        return np.empty(0)
    centred, fewest = x - x.mean(), min(map(len, rows))
    return np.stack([row[:fewest] for row in rows], axis=1) @ (centred / np.sum(centred**2))


def _exact_slope(cells: list[xr.Dataset], key: str) -> float:
    return next(iter(_slopes(cells, key, "mean_rate_theory")), np.nan)


def _slowest(cells: list[xr.Dataset]) -> np.ndarray:
    return min((cell["rate"].values for cell in cells), key=np.mean)


def _worst(cells: list[xr.Dataset], name: str) -> tuple[float, int]:
    """Largest |t| of all cells' points over its limit, and the least networks of any cell."""
    apart = [agreement.deviation(cell[name], cell[f"mean_{name}_theory"]) for cell in cells]
    points = max(1, sum(int(np.isfinite(t).sum()) for t in apart))
    networks = [cell.sizes["network"] for cell in cells]
    limits = agreement.limit(networks, points)
    return agreement.worst(list(map(agreement.worst, map(np.abs, apart))) / limits), min(networks)


STATISTICS = {
    "slope_candidates": Statistic(
        "by_candidates",
        lambda cells: _slopes(cells, "n_over_k", "rate"),
        "slope of the rate against ln(n/k) at k = 256, n/k <= 64",
        theory=lambda cells: _exact_slope(cells, "n_over_k"),
    ),
    "slope_width": Statistic(
        "by_width",
        lambda cells: _slopes(cells, "k", "rate"),
        "slope of the rate against ln k at n/k = 4, k >= 64",
        theory=lambda cells: _exact_slope(cells, "k"),
    ),
    "rate_slowest": Statistic(
        "wider",
        _slowest,
        "rate of the width that collapses slowest, k > 2, n/k = 4",
        theory=lambda cells: min(float(cell["mean_rate_theory"]) for cell in cells),
    ),
    "rate_slowest_unselected": Statistic(
        "wider_unselected", _slowest, "rate of the width that collapses slowest, k > 2, n = k"
    ),
    "largest_t_over_limit": Statistic(
        "all",
        lambda cells: _worst(cells, "rate"),
        "largest |t| of a rate against T2, over its Bonferroni quantile",
        estimator=estimates.exact,
    ),
    "largest_t_over_limit_spectrum": Statistic(
        "literal",
        lambda cells: _worst(cells, "exponent"),
        "largest |t| of an exponent against T3, over its Bonferroni quantile",
        estimator=estimates.exact,
    ),
}


def summarise(results: xr.Dataset) -> xr.Dataset:
    """Add every cell's deviation from T2, the large-width limit, and T2 and T4 between the cells."""
    cells, widths = roles.cells(results), np.unique(results["k"])
    low, high = float(results["n_over_k"].min()), float(results["n_over_k"].max())
    ratio = np.geomspace(low, max(high, low * 1.001), CURVE)
    alone = np.unique(np.geomspace(2, max(widths.max(), 3), CURVE).round()).astype(int)
    made = {
        "rate_large_width": (
            "cell",
            [np.log(selection.gain_asymptotic(*_sizes(cell))) for cell in cells],
            "limit ln a of the rate for large k at the same n / k",
        ),
        "rate_deviation": (
            "cell",
            [agreement.deviation(cell["rate"], cell["mean_rate_theory"]) for cell in cells],
            "measured less exact rate, in standard errors",
        ),
        "rate_deviation_limit": (
            "cell",
            agreement.limit(results["networks"], len(cells)),
            "Bonferroni 1e-3 quantile of the deviation",
        ),
        "width": ("width", widths, "width k"),
        "ratio": ("ratio", ratio, "candidates per kept row"),
        "width_alone": ("width_alone", alone, "width k"),
        "rate_curve": (
            ("width", "ratio"),
            [[rates.rate(int(k), max(int(k), round(k * r))) for r in ratio] for k in widths],
            "exact rate, T2",
        ),
        "rate_curve_no_selection": (
            "width_alone",
            [rates.rate_without_selection(k) for k in alone],
            "exact rate for n = k, T4",
        ),
    }
    return xr.Dataset(
        {n: (dims, x, {"long_name": words, "units": "1"}) for n, (dims, x, words) in made.items()}
    )
