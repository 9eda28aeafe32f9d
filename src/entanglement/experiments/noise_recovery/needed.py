"""How many layers Fig. 9 needs: measured, by the exact law, and how they grow with the noise."""

from collections.abc import Sequence

import numpy as np
import xarray as xr

from entanglement.experiments.noise_recovery.errors import better
from entanglement.statistics import curves, estimates
from entanglement.statistics.estimates import Estimate
from entanglement.statistics.roles import values
from entanglement.theory import rates, recovery

NORMAL = 1.959964  # half-width of a normal law's 95 % interval in standard errors


def layers(cell: xr.Dataset) -> np.ndarray:
    """Layers needed, (network, kind)."""
    return recovery.layers_needed(better(cell).swapaxes(1, 2))


def of_image(cell: xr.Dataset) -> np.ndarray:
    """Layers needed by the picture as the probe."""
    return layers(cell)[:, 0]


def of_control(cell: xr.Dataset) -> np.ndarray:
    """Layers needed by the control probe whose median is the farthest from the picture's."""
    median = cell["layers_needed"].values
    with np.errstate(invalid="ignore"):  # two infinite depths differ by nothing
        distance = np.nan_to_num(np.abs(median[1:] - median[0]))
    return layers(cell)[:, 1 + int(np.argmax(distance))]


def ratio(cell: xr.Dataset, kind: int) -> tuple[float, float, float]:
    """Median layers needed by one probe over the picture's, with its interval over networks.

    Probes of one network go through it together, so networks are resampled whole. NaN where a
    median is beyond the depth, or without two networks.
    """
    both = layers(cell)[:, [kind, 0]]
    if (
        kind == 0
        or len(both) < 2
        or not np.isfinite(np.median(both, axis=0)).all()
        or not (both[:, 1] > 0).all()
    ):
        return np.nan, np.nan, np.nan
    found = estimates.bootstrap(both, lambda drawn: np.divide(*np.median(drawn, axis=0)))
    return found.value, found.low, found.high


def of_law(cell: xr.Dataset) -> float:
    """Median layers needed under the exact law."""
    return float(cell["layers_needed_theory"].sel(quantile=0.5))


def median(samples: np.ndarray) -> Estimate:
    """Median, with the order statistics that enclose it."""
    value, low, high = (float(end) for end in curves.median(samples))
    error = (high - low) / (2 * NORMAL)
    return Estimate(value, low, high, error, len(samples), "order statistics")


def medians(needed: Sequence[np.ndarray], cells: list[xr.Dataset]) -> tuple:
    """Layers needed of as many networks at every strength, (network, strength), and ln alpha."""
    fewest = min(map(len, needed))
    log_alpha = np.log([float(cell["alpha"]) for cell in cells])
    return np.stack([one[:fewest] for one in needed], axis=1), log_alpha


def slope(needed: np.ndarray, log_alpha: np.ndarray) -> Estimate:
    """Least-squares slope of the medians; none where a median has no layer, or alpha one value."""
    x = log_alpha - log_alpha.mean()
    if len(needed) < 2 or not x.any() or not np.isfinite(np.median(needed, axis=0)).all():
        return estimates.NOTHING
    return estimates.bootstrap(needed, lambda drawn: np.median(drawn, axis=0) @ x / (x @ x))


def slope_law(cells: list[xr.Dataset]) -> float:
    """Layers per e-fold at the rate T2 of the collapse, in the end: 1 / Gamma."""
    k, n, weights = values(cells[0], "k", "n", "weights")
    gamma = rates.rate(k, n, weights)
    return 1 / gamma if gamma > 0 else np.nan
