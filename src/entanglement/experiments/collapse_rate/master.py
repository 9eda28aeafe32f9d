"""U2: the sums S_L of all cells on one curve, centred and scaled by theory."""

import numpy as np
import xarray as xr

from entanglement.theory import depth, rates


def sizes(cell: xr.Dataset) -> tuple[int, int]:
    """Rows kept, and candidates."""
    return int(cell["k"]), int(cell["candidates"])


def family(cell: xr.Dataset) -> tuple[int, int, str]:
    """Sizes, and the family of weights."""
    return *sizes(cell), str(cell["weights"].item())


def together(rows: list[np.ndarray]) -> np.ndarray:
    """Networks of several cells side by side, as far as all have them: (networks, cells)."""
    fewest = min(map(len, rows))
    return np.stack([row[:fewest] for row in rows], axis=1)


def walk(cell: xr.Dataset) -> np.ndarray:
    """U2: the sum S_L of ln A - ln X, less Gamma L, over sigma sqrt(L)."""
    scale = float(cell["depth"]) ** 0.5 / rates.spread(*family(cell))
    return (cell["rate"].values - float(cell["mean_rate_theory"])) * scale


def last(cell: xr.Dataset) -> np.ndarray:
    """U2: ln |c_L| less the mean of its normal law, over that law's deviation."""
    k, n, weights = family(cell)
    if float(cell["mean_rate_theory"]) <= 0:
        return np.full(cell.sizes["network"], np.nan)
    layer = int(cell["depth"])
    mean, deviation = depth.normal(k, n, layer, weights)
    return (-cell["log_tangent"].sel(layer=layer).values - mean) / deviation


def squares(cells: list[xr.Dataset]) -> np.ndarray:
    """Mean square of the centred and scaled S_L over cells, network by network: 1 by U2."""
    return np.mean(together([walk(cell) for cell in cells]) ** 2, axis=1)


def squares_of_residuals(cells: list[xr.Dataset]) -> np.ndarray:
    """The same with the variance of ln X alone, as if all gains were equal."""
    shares = [(rates.spread(*family(c)) / rates.spread_at_fixed_gain(int(c["k"]))) for c in cells]
    rows = [walk(cell) * share for cell, share in zip(cells, shares, strict=True)]
    return np.mean(together(rows) ** 2, axis=1)
