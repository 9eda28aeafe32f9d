"""Rates and exponents with their laws, every cell's deviation, the slopes of A7, and U1 to U3."""

import numpy as np
import xarray as xr
from scipy.special import ndtri

from entanglement.experiments.collapse_rate import master
from entanglement.experiments.collapse_rate.master import family, sizes, together
from entanglement.experiments.collapse_rate.roles import WIDTH
from entanglement.statistics import agreement, estimates, roles
from entanglement.statistics.curves import Curve
from entanglement.statistics.table import Statistic
from entanglement.theory import laws, rates, selection

# Points of the theory curves drawn between the cells.
CURVE = 33
RULE_RATIO = np.geomspace(1, 100, CURVE)
# Quantiles that are compared with those of a normal number, and as such a number's.
LEVEL = np.arange(1, 20) / 20


def _spectrum(cell: xr.Dataset) -> np.ndarray:
    """T3, where exponents were measured: of the rows as they were kept, before any rescaling."""
    if cell["sampler"] != "literal":
        return np.full(1, np.nan)
    k, n, weights = family(cell)
    return rates.lyapunov_spectrum(k, n, "top" if weights == "top_unit" else weights)


def _growth(cell: xr.Dataset) -> np.ndarray:
    """Growth of ln |cotangent| per layer over the second half of the layers, network by network."""
    last, tangent = int(cell["depth"]), cell["log_tangent"]
    half = last // 2
    return (tangent.sel(layer=half) - tangent.sel(layer=last)).values / (last - half)


def _growth_law(cell: xr.Dataset) -> float:
    """T1, for the families whose growth is drawn."""
    k, n, weights = family(cell)
    if weights == "top":
        return np.nan
    last = int(cell["depth"])
    mean = laws.mean_log_cotangent(k, n, last, weights)
    return float(mean[-1] - mean[last // 2]) / (last - last // 2)


CURVES = {
    "mean_growth": Curve(
        _growth, "growth of ln |cotangent| per layer, second half", (), theory=_growth_law
    ),
    "mean_norm_growth": Curve("norm_growth", "growth of ln |w| per layer", ()),
    "mean_rate": Curve(
        "rate", "rate of the collapse per layer", (), theory=lambda cell: rates.rate(*family(cell))
    ),
    "mean_exponent": Curve("exponent", "Lyapunov exponent per layer", ("order",), theory=_spectrum),
}


def _slopes(cells: list[xr.Dataset], key: str, name: str) -> np.ndarray:
    """Least-squares slope against ln key, network by network as far as all cells have them."""
    x = np.log([float(cell[key]) for cell in cells])
    return _slope(x, [np.atleast_1d(cell[name]) for cell in cells])


def _slope(x: np.ndarray, rows: list[np.ndarray]) -> np.ndarray:
    if len(set(x.tolist())) < 2:
        return np.empty(0)
    centred = x - x.mean()
    return together(rows) @ (centred / np.sum(centred**2))


def _closest(top: list[xr.Dataset], rivals: list[xr.Dataset]) -> list[xr.Dataset]:
    """The largest rows' cell and the rival of the same n / k that theory puts nearest to it."""
    pairs = [(a, b) for a in top for b in rivals if a["n_over_k"] == b["n_over_k"]]
    rate = "mean_rate_theory"
    return list(min(pairs, key=lambda pair: float(pair[0][rate] - pair[1][rate]), default=()))


def _lead(top: list[xr.Dataset], rivals: list[xr.Dataset]) -> list[np.ndarray]:
    """Rates of both, network by network; nothing where no n / k is shared."""
    return [cell["rate"].values for cell in _closest(top, rivals)] or [np.empty(0)] * 2


def _exact_lead(top: list[xr.Dataset], rivals: list[xr.Dataset]) -> float:
    pair = _closest(top, rivals)
    return float(pair[0]["mean_rate_theory"] - pair[1]["mean_rate_theory"]) if pair else np.nan


def _gap_slope(cells: list[xr.Dataset], rows: list[np.ndarray]) -> np.ndarray:
    return _slope(np.array([float(cell["mean_rate_theory"]) for cell in cells]), rows)


def _exact_gap_slope(cells: list[xr.Dataset]) -> float:
    exact = [np.atleast_1d(cell["mean_growth_theory"]) for cell in cells]
    return next(iter(_gap_slope(cells, exact)), np.nan)


def _norm_slope(growing: list[xr.Dataset], constant: list[xr.Dataset]) -> np.ndarray:
    """What the growth of ln |cotangent| gains per unit of norm growth, at equal gaps."""
    pairs = [(a, b) for a in growing for b in constant if a["n_over_k"] == b["n_over_k"]]
    if not pairs:
        return np.empty(0)
    apart = [together([_growth(a), _growth(b)]) @ [1, -1] for a, b in pairs]
    norms = [float(a["mean_norm_growth"] - b["mean_norm_growth"]) for a, b in pairs]
    return np.mean(together(apart) / norms, axis=1)


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
    "rate_lead": Statistic(
        ("rule_top", "rivals"),
        lambda top, rivals: tuple(_lead(top, rivals)),
        "rate of the largest rows less that of the nearest other rule, n/k >= 1.4",
        theory=_exact_lead,
        estimator=estimates.welch,
    ),
    "rate_lead_blind": Statistic(
        ("blind", "unselected"),
        lambda blind, unselected: (blind["rate"].values, unselected["rate"].values),
        "rate of random rows less that of no selection",
        estimator=estimates.welch,
    ),
    "master_square": Statistic(
        "all",
        master.squares,
        "mean square of (S_L - Gamma L) / (sigma sqrt L)",
        theory=lambda cells: 1.0,
    ),
    "master_square_residuals": Statistic(
        "all", master.squares_of_residuals, "the same where sigma leaves out the variance of ln A"
    ),
    "gap_slope": Statistic(
        "gap_constant",
        lambda cells: _gap_slope(cells, [_growth(cell) for cell in cells]),
        "growth of ln |cotangent| per unit of gap, at constant norm",
        theory=_exact_gap_slope,
    ),
    "norm_slope": Statistic(
        ("gap_growing", "gap_constant"),
        _norm_slope,
        "growth of ln |cotangent| per unit of norm growth, at equal gaps",
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
    gaps = [float(cell["mean_rate_theory"]) for cell in cells]
    gap = np.unique([min(gaps), 0.0, max(gaps)])
    # A quantile of so many networks scatters by this much.
    scatter = np.sqrt(LEVEL * (1 - LEVEL) / float(results["networks"].min()))
    normal = ndtri(LEVEL)
    alone = np.unique(np.geomspace(2, max(widths.max(), 3), CURVE).round()).astype(int)
    made = {
        "rate_large_width": (
            "cell",
            [np.log(selection.gain_asymptotic(*sizes(cell))) for cell in cells],
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
        "level": ("level", LEVEL, "probability"),
        "level_normal": ("level", normal, "quantile of N(0, 1)"),
        "level_scatter": (
            "level",
            1.96 * scatter * np.sqrt(2 * np.pi) * np.exp(normal**2 / 2),
            "half-width of the 95 % band of a quantile of the fewest networks",
        ),
        "walk_quantile": (
            ("cell", "level"),
            [np.quantile(master.walk(cell), LEVEL) for cell in cells],
            "quantile of (S_L - Gamma L) / (sigma sqrt L), S_L the sum of ln A - ln X",
        ),
        "cotangent_quantile": (
            ("cell", "level"),
            [np.quantile(master.last(cell), LEVEL) for cell in cells],
            "quantile of ln |c_L|, less the mean of its normal law, over that law's deviation",
        ),
        "gap": ("gap", gap, "gap of the Lyapunov spectrum"),
        "gap_limit": ("gap", np.maximum(gap, 0.0), "limit of ln |cotangent| / layers, U3"),
        "width": ("width", widths, "width k"),
        "ratio": ("ratio", ratio, "candidates per kept row"),
        "width_alone": ("width_alone", alone, "width k"),
        "rate_curve": (
            ("width", "ratio"),
            [[rates.rate(int(k), max(int(k), round(k * r))) for r in ratio] for k in widths],
            "exact rate, T2",
        ),
        "rule_ratio": ("rule_ratio", RULE_RATIO, "candidates per kept row"),
        "rule": ("rule", list(rates.RULES), "rule that picks rows"),
        "rule_curve": (
            ("rule", "rule_ratio"),
            [
                [rates.rate(WIDTH, round(WIDTH * r), rule) for r in RULE_RATIO]
                for rule in rates.RULES
            ],
            f"exact rate of a rule at k = {WIDTH}, U1",
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
