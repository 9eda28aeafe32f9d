"""U7: how far the noisy picture still shows the message, measured and by law."""

from collections.abc import Callable

import numpy as np
import xarray as xr

from entanglement.statistics.roles import values
from entanglement.theory import recovery


def correlation(cell: xr.Dataset) -> np.ndarray:
    """Correlation of the noisy picture with the message at the last layer, by network."""
    return cell["correlation_noisy"].values[:, -1]


def detected(cell: xr.Dataset) -> np.ndarray:
    """How often the filter prefers y to another network's noise, by network.

    Every network is compared with all others twice, as the one with the picture and as the one
    without: the mean of what it adds to the share of right choices is that share.
    """
    noise = float(cell["alpha"]) * cell["overlap"].values[:, -1]
    if len(noise) < 2:
        return np.empty(0)
    length = np.linalg.norm(cell["message_picture"].values)
    right = (noise[None, :] < noise[:, None] + length).astype(float)  # (with it, without it)
    with_it, without = ((right.sum(axis=axis) - 1) / (len(noise) - 1) for axis in (1, 0))
    return with_it + without - with_it.mean()


def of_zscored(law: Callable[[float, int], np.ndarray]) -> Callable[[xr.Dataset], float]:
    """A law of z-scored pictures; raw ones are not of length sqrt k."""

    def theory(cell: xr.Dataset) -> float:
        alpha, k, pixels = values(cell, "alpha", "k", "pixels")
        return float(law(alpha, k)) if pixels == "zscore" else np.nan

    return theory


def law(results: xr.Dataset) -> xr.Dataset:
    """U7 over alpha, at the widest picture."""
    k = int(results["k"].max())
    chance = recovery.invisible(k)
    grid = np.geomspace(min(1.0, float(results["alpha"].min())), 10 * chance, 100)
    laws = {
        "visible_law": (recovery.visibility(grid, k), "correlation of y with m (U7)"),
        "detected_law": (recovery.detection(grid, k), "how often a matched filter is right (U7)"),
    }
    return xr.Dataset(
        {
            name: ("alpha_law", found, {"long_name": words, "units": "1"})
            for name, (found, words) in laws.items()
        }
        | {"invisible": ((), chance, {"long_name": "alpha of 55 % right choices", "units": "1"})},
        coords={"alpha_law": grid},
    )
