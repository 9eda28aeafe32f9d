"""What needs several cells: rates with intervals, their agreement with T2, slopes for claim A7."""

import numpy as np
import xarray as xr

from entanglement.experiments import cells
from entanglement.statistics import agreement, curves, estimates
from entanglement.theory import rates

# Ranges of the two regressions.
WIDTH, RATIOS = 256, (1.0, 64.0)
RATIO, WIDTHS = 4.0, (64, 10**6)
# Points of the theory curves drawn between the cells.
CURVE = 33


def summarise(results: xr.Dataset) -> xr.Dataset:
    """Add intervals, deviations from theory, slopes and smooth theory curves.

    Parameters
    ----------
    results
        All cells.
    """
    made = curves.means(results, {"rate": "rate of the collapse per layer", "exponent": "exponent"})
    made = made.merge(_agreement(results)).merge(_curves(results))
    exact = cells.matching(results, sampler="exact")
    by_ratio = cells.matching(exact, k=WIDTH).sortby("n_over_k")
    by_ratio = by_ratio.isel(cell=_within(by_ratio.n_over_k.values, RATIOS))
    by_width = cells.matching(exact, n_over_k=RATIO).sortby("k")
    by_width = by_width.isel(cell=_within(by_width.k.values, WIDTHS))
    for name, chosen, axis, words in (
        ("slope_candidates", by_ratio, "n_over_k", f"ln(n/k) at k = {WIDTH}, n/k <= 64"),
        ("slope_width", by_width, "k", f"ln k at n/k = {RATIO:g}, k >= 64"),
    ):
        weight = _slope_weights(np.log(chosen[axis].values))
        rows = chosen["rate"].transpose("network", "cell").values
        rows = rows[np.isfinite(rows).all(axis=1)]
        estimate = estimates.mean(rows @ weight if len(weight) else [])
        made[name] = estimates.scalar(estimate, f"slope of the rate against {words}")
        exactly = float(chosen["rate_theory"].values @ weight) if len(weight) else np.nan
        made[f"{name}_theory"] = xr.DataArray(
            exactly, attrs={"long_name": f"exact slope of the rate against {words}", "units": "1"}
        )
    return made


def _within(values: np.ndarray, bounds: tuple[float, float]) -> np.ndarray:
    return np.flatnonzero((values >= bounds[0]) & (values <= bounds[1]))


def _slope_weights(x: np.ndarray) -> np.ndarray:
    """Weights whose product with the values is the least-squares slope; none for one point."""
    if len(set(x.tolist())) < 2:
        return np.empty(0)
    centred = x - x.mean()
    return centred / np.sum(centred**2)


def _agreement(results: xr.Dataset) -> xr.Dataset:
    """Deviation of every cell from T2 in standard errors, and the largest of all."""
    count = results["rate"].count("network")
    error = results["rate"].std("network", ddof=1) / np.sqrt(count)
    deviation = (results["rate"].mean("network") - results["rate_theory"]) / error
    limit = agreement.limit(count, results.sizes["cell"])
    spread = results["exponent"]
    counts = spread.count("network")
    by_order = (spread.mean("network") - results["exponent_theory"]) / (
        spread.std("network", ddof=1) / np.sqrt(counts)
    )
    points = max(1, int(np.isfinite(by_order).sum()))
    named = {
        "rate_deviation": (deviation, "measured less exact rate, in standard errors"),
        "rate_deviation_limit": (
            xr.zeros_like(deviation) + limit, "Bonferroni 1e-3 quantile of the deviation"
        ),
        "exponent_deviation": (by_order, "measured less exact exponent, in standard errors"),
        "largest_t_over_limit": (
            (np.abs(deviation) / limit).max(), "largest |t| of a rate over its Bonferroni quantile"
        ),
        "largest_t_over_limit_spectrum": (
            (np.abs(by_order) / agreement.limit(counts, points)).max(),
            "largest |t| of an exponent over its Bonferroni quantile",
        ),
    }  # fmt: skip
    return xr.Dataset(
        {k: v.assign_attrs(long_name=words, units="1") for k, (v, words) in named.items()}
    )


def _curves(results: xr.Dataset) -> xr.Dataset:
    """Exact rates between the measured points."""
    low, high = float(results.n_over_k.min()), float(results.n_over_k.max())
    ratio = np.geomspace(low, max(high, low * 1.001), CURVE)
    widths = np.unique(results.k.values)
    rows = [[rates.rate(int(k), max(int(k), round(k * r))) for r in ratio] for k in widths]
    alone = np.unique(np.geomspace(2, max(widths.max(), 3), CURVE).round()).astype(int)
    curves = {
        "rate_curve": (("width", "ratio"), np.array(rows)),
        "rate_curve_no_selection": (
            "width_alone",
            [rates.rate_without_selection(k) for k in alone],
        ),
    }
    made = xr.Dataset(curves, coords={"width": widths, "ratio": ratio, "width_alone": alone})
    words = {
        "rate_curve": "exact rate, T2", "rate_curve_no_selection": "exact rate for n = k, T4",
        "width": "width k", "ratio": "candidates per kept row", "width_alone": "width k",
    }  # fmt: skip
    for name, text in words.items():
        made[name].attrs = {"long_name": text, "units": "1"}
    return made
