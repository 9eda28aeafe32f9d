"""U5: the depth at which keys are perfect, of each picture and over a map of n / k and L."""

from functools import cache

import numpy as np
import xarray as xr

from entanglement.experiments.reconciliation.roles import ROLES
from entanglement.statistics.roles import cast, cells, selects, values
from entanglement.theory import keydepth

Cells = list[xr.Dataset]

# Candidates over rows kept along the map.
RATIOS = 1 + np.geomspace(0.02, 4, 40)
BOUNDARIES = ("legible", "half", "all")
HALF = 0.5

_exact_depth = cache(keydepth.depth_for_perfect)


def depth_for_all(cell: xr.Dataset) -> float:
    """Exact depth at which 99 % of a picture's keys are perfect; NaN without selection.

    Read off the law that the cell has beside its keys, where that goes so deep.
    """
    if not selects(cell) or str(cell["weights"].item()) != "top":
        return np.nan
    enough = cell["mean_perfect_theory"].values >= keydepth.ALL
    if enough.any():
        return float(np.argmax(enough))
    return float(_exact_depth(*values(cell, "k", "n"), keydepth.ALL))


def half_depth(share: np.ndarray) -> np.ndarray:
    """Layer at which rising shares, (..., layer), first pass one half, between layers.

    NaN where they do not, or do from the start.
    """
    above = share >= HALF
    after = np.maximum(np.argmax(above, axis=-1), 1)[..., None]
    low, high = (np.take_along_axis(share, after - back, -1)[..., 0] for back in (1, 0))
    with np.errstate(divide="ignore", invalid="ignore"):
        passed = after[..., 0] - (high - HALF) / (high - low)
    return np.where(above.any(axis=-1) & ~above[..., 0], passed, np.nan)


def half_depths(parts: Cells) -> np.ndarray:
    """Perfect shares, (network, picture, layer), of the pictures whose law passes one half.

    Networks are the unit; shallower pictures stay at their last layer.
    """
    parts = passing(parts)
    if not parts:
        return np.empty(0)
    networks = min(cell.sizes["network"] for cell in parts)
    deepest = max(cell.sizes["layer"] for cell in parts)
    rows = [cell["perfect"].transpose("network", "layer").values[:networks] for cell in parts]
    padded = [np.pad(row, ((0, 0), (0, deepest - row.shape[1])), mode="edge") for row in rows]
    return np.stack(padded, axis=1)


def passing(parts: Cells) -> Cells:
    """Pictures whose law passes one half at their own depth."""
    return [cell for cell in parts if cell["mean_perfect_theory"].values[-1] >= HALF]


def exact_halves(parts: Cells) -> np.ndarray:
    """Depths at which T8 has half of the keys perfect."""
    return np.array([half_depth(cell["mean_perfect_theory"].values) for cell in passing(parts)])


def angle_halves(parts: Cells) -> np.ndarray:
    """The same if bits of kept rows differed as often as those of random hyperplanes (Eq. 9)."""
    made = []
    for cell in passing(parts):
        law, depth = (
            keydepth.PhaseLaw(*values(cell, "k", "n")),
            np.arange(1, 4 * int(cell["depth"])),
        )
        made.append(half_depth(np.append(0.0, law.perfect_by_angle(depth))))
    return np.array(made)


def phases(results: xr.Dataset) -> xr.Dataset:
    """Give each picture its depths, and the map of phases at the largest width of the pictures."""
    every = cells(results)
    pictures = cast(results, ROLES)["pictures"]
    names = [cell["cell_name"].item() for cell in pictures]
    needed = [depth_for_all(c) if c["cell_name"].item() in names else np.nan for c in every]
    ends = [keydepth.float64_end(*values(cell, "k", "n")) for cell in every]
    made: dict[str, tuple] = {
        "depth_for_all": (
            "cell", needed, "exact depth at which 99 % of keys are perfect", "layer",
        ),
        "float64_end": ("cell", ends, "depth at which un-normalised float64 ends", "layer"),
        "suffices": (
            "cell", results["depth"].values >= np.array(needed),
            "whether the depth suffices for 99 % of keys", "1",
        ),
        "within_float64": (
            "cell", np.array(needed) < np.array(ends),
            "whether such a depth is reached before float64 ends", "1",
        ),
    }  # fmt: skip
    if pictures:
        k = max(int(cell["k"]) for cell in pictures)
        n = np.maximum(np.round(RATIOS * k).astype(int), k + 1)
        made |= {
            "phase_depth": (
                ("map_ratio", "boundary"), [keydepth.boundaries(k, one) for one in n.tolist()],
                f"depths that part the phases of keys, k = {k}", "layer",
            ),
            "phase_float64_end": (
                "map_ratio", [keydepth.float64_end(k, one) for one in n.tolist()],
                f"depth at which un-normalised float64 ends, k = {k}", "layer",
            ),
            "phase_k": ((), k, "width of the map", "1"),
        }  # fmt: skip
    coordinates = {"map_ratio": RATIOS, "boundary": list(BOUNDARIES)} if pictures else {}
    return xr.Dataset(
        {
            name: (dims, np.asarray(values, dtype=float), {"long_name": words, "units": units})
            for name, (dims, values, words, units) in made.items()
        },
        coords=coordinates,
    )
