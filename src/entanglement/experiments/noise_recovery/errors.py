"""The error of Fig. 9's recovered picture for the better sign, measured and by the exact law."""

import functools

import numpy as np
import xarray as xr

from entanglement.statistics.roles import values
from entanglement.theory import candidates, laws, recovery

KINDS = ("image", "noise", "constant", "other")  # the first probes; further ones are noise too
CHAINS, SEED = 20_000, 2309


def cotangent(cell: xr.Dataset) -> np.ndarray:
    """One probe of each kind, (network, layer, kind)."""
    return cell["cotangent"].values[..., : len(KINDS)]


def better(cell: xr.Dataset) -> np.ndarray:
    """Error of the better sign, (network, layer, kind).

    Half of the networks end with the wrong sign, y + alpha u instead of y - alpha u; whoever
    looks at both pictures sees which one is right. So the share of right signs is counted by
    itself.
    """
    return recovery.error(cotangent(cell), *values(cell, "alpha", "k"))


def right(cell: xr.Dataset) -> np.ndarray:
    """Whether the sign is right at the last layer, (network, kind)."""
    return cotangent(cell)[:, -1] > 0


@functools.cache
def _law(weights: str, k: int, n: int, depth: int) -> np.ndarray:
    """|u - v| / sqrt k of the better sign under the exact law T1, (chain, layer); error / alpha."""
    drawn = candidates(weights, k, n)
    if drawn is None:
        return np.full((1, depth + 1), np.nan)
    chain = laws.scalar_chain(k, drawn, depth, CHAINS, np.random.default_rng(SEED))
    return recovery.distance(chain) / k**0.5


def expected(cell: xr.Dataset) -> np.ndarray:
    """Draws of the error under the exact law, (chain, layer)."""
    return float(cell["alpha"]) * _law(*values(cell, "weights", "k", "n", "depth"))


def law_map(cell: xr.Dataset) -> xr.Dataset:
    """Median error under the exact law at each of many strengths of the noise and each layer."""
    each = np.median(_law(*values(cell, "weights", "k", "n", "depth")), axis=0)
    alpha = np.geomspace(1, 1e5, 41)
    words = {"long_name": "median error by the exact law, better sign", "units": "1"}
    return xr.Dataset(
        {"error_map": (("alpha_map", "layer"), alpha[:, None] * each, words)},
        coords={"alpha_map": alpha, "layer": cell["layer"].values},
    )
