"""What N1 says of a cell: cosines and tangents of its inputs in an infinitely wide network."""

from functools import lru_cache
from typing import Any

import numpy as np
import xarray as xr

from entanglement.networks.nonlinear import PREPARED
from entanglement.statistics.roles import values
from entanglement.theory import laws, meanfield

# Closer to coincidence than this, 1 - |cosine| has lost its digits.
ROUNDING = 1e-8
# Layers over which the close probe is followed: further on a fast collapse reaches rounding.
STEPS = 2
KEYS = ("activation", "n_over_k", "weight", "bias", "skip", "norm")


def cosines(cell: xr.Dataset) -> dict[str, np.ndarray]:
    """Curves `near`, `far`, `between` and `unseen` (to the training sample), shape (L + 1,) each.

    Unseen probes start at a right angle to the training sample. Where rows are chosen that is an
    unstable point, which they leave at any finite width: no law of theirs then.
    """
    path = meanfield.correlation(_path(cell))
    stays = np.where(float(cell["n_over_k"]) == 1, 1.0, np.nan)
    return {
        "near": path[:, 0, -3],
        "far": path[:, 0, -2],
        "between": path[:, 1, 2] * stays,
        "unseen": path[:, 0, 1] * stays,
    }


def log_tangent(cell: xr.Dataset) -> np.ndarray:
    """Logarithm of the near probe's tangent.

    NaN where the probe has all but arrived, and where its cosine is not large beside those of
    random directions at this width, so that the mean of a logarithm is not that of the mean.
    """
    near = cosines(cell)["near"]
    apart = 1 - near**2
    with np.errstate(divide="ignore", invalid="ignore"):
        found = np.log(apart / near**2) / 2
        seen = near > 10 / np.sqrt(float(cell["k"]))
    return np.where((apart > ROUNDING) & seen, found, np.nan)


def step(cell: xr.Dataset) -> float:
    """Mean of ln(chi_1) / 2 over the first layers; NaN with a skip or normalisation."""
    activation, n_over_k, weight, bias, skip, norm = values(cell, *KEYS)
    if skip or norm != "none":
        return np.nan
    squares = _path(cell)[: min(STEPS, int(cell["depth"])), 0, 0]
    chi = [meanfield.stability(float(q), activation, n_over_k, weight, bias) for q in squares]
    with np.errstate(divide="ignore"):
        return float(np.mean(np.log(chi))) / 2


def fold(cell: xr.Dataset) -> np.ndarray:
    """T1, exact at every width, for the identity; else N1's angle where unseen probes follow it."""
    activation, n_over_k, k, depth = values(cell, "activation", "n_over_k", "k", "depth")
    plain = not cell["skip"] and cell["norm"] == "none" and cell["bias"] == 0
    if activation == "identity" and plain:
        return laws.mean_folded_loss(k, max(k, round(k * n_over_k)), depth)
    cosine = cosines(cell)["unseen"]
    # A mean of angles that scatter round a right angle is not the angle of the mean.
    seen = np.abs(cosine) > 10 / np.sqrt(k)
    return np.where(seen, np.arccos(np.clip(np.abs(cosine), 0, 1)) / np.pi, np.nan)


def _path(cell: xr.Dataset) -> np.ndarray:
    return _products(*(values(cell, "depth", "probes", *KEYS)))


@lru_cache(maxsize=256)
def _products(depth: int, probes: int, *others: Any) -> np.ndarray:
    """Mean products of all inputs with each other; of alike probes two, where no batch counts them."""
    named = dict(zip(KEYS, others, strict=True))
    count = probes if named["norm"] == "batch" else 2
    cosine = np.concatenate([np.zeros(count), PREPARED])
    gram = np.eye(len(cosine) + 1)
    gram[1:, 1:] += np.outer(cosine, cosine) - np.diag(cosine**2)
    gram[0, 1:] = gram[1:, 0] = cosine
    return meanfield.evolve(gram, depth, **named)
