"""One number for each network: what the claims of this experiment read, at which length."""

from collections.abc import Callable
from typing import Any

import numpy as np
import xarray as xr

from entanglement.statistics import agreement
from entanglement.theory import recovery

PAPERS, STRONGEST, FAINT, CLEAR = 100.0, 10_000.0, 3.16228, 10.0
LEAST = 0.1
# Where a law is this near to the accuracy without noise hardly a picture changes sides, and the
# share of networks in which one does is no sample of a normal law.
MOVED = 0.01


def pixels(cell: xr.Dataset) -> int:
    """Number of pixels k."""
    return cell.sizes["pixel"]


def isotropic(cell: xr.Dataset) -> bool:
    """Whether the noise is equally strong in all pixels: sorted rows make it stronger above."""
    return bool(cell["row_order"] == "index")


def at(cell: xr.Dataset, name: str, norm: float | None = None, **labels: Any) -> np.ndarray:
    """One number for each network: a variable at one length, or the mean over all of them.

    The mean is taken over whatever other dimensions there are; empty where the grid has no such
    length.
    """
    found = cell[name].sel(**labels)
    if norm is not None:
        there = np.isclose(cell["norm"].values, norm, rtol=1e-5)
        if not there.any():
            return np.empty(0)
        found = found.isel(norm=int(np.argmax(there)))
    return found.mean([dim for dim in found.dims if dim != "network"]).values


def accuracy(attack: str, norm: float | None) -> Callable[[xr.Dataset], np.ndarray]:
    """Mean over the classifiers, each with the changes that were made for it."""
    return lambda cell: at(cell, "accuracy", norm, attack=attack)


def recovered(way: str, norm: float) -> Callable[[xr.Dataset], np.ndarray]:
    """Mean accuracy over the classifiers after recovery at the last layer."""
    return lambda cell: at(cell, "recovered", norm, way=way)


def less(
    first: Callable[[xr.Dataset], np.ndarray], second: Callable[[xr.Dataset], np.ndarray]
) -> Callable[..., np.ndarray]:
    """Difference within networks, over the networks of all cells."""
    return lambda *cells: np.concatenate([first(cell) - second(cell) for cell in cells])


def same(attack: str, norm: float | None = None) -> Callable[[xr.Dataset], np.ndarray]:
    """Share of pictures with one wrong label by two classifiers."""
    return lambda cell: at(cell, "same_error", norm, attack=attack)


def depth(norm: float) -> Callable[[xr.Dataset], np.ndarray]:
    """What the last two thirds of the layers add to the accuracy after recovery."""

    def gained(cell: xr.Dataset) -> np.ndarray:
        early = int(cell["depth"]) // 3
        at_end = at(cell.isel(layer=-1), "recovered_layer", norm)
        return at_end - at(cell.isel(layer=early), "recovered_layer", norm)

    return gained


def width(norm: float) -> Callable[..., np.ndarray]:
    """What a choice of rows adds to it, classifier by classifier."""

    def gained(some: xr.Dataset, none: xr.Dataset) -> np.ndarray:
        with_it, without = (recovered("better sign", norm)(cell) for cell in (some, none))
        return with_it - without if len(with_it) == len(without) else np.empty(0)

    return gained


def attacked(cell: xr.Dataset) -> np.ndarray:
    """Accuracy after recovery from a noisy picture that was attacked."""
    return at(cell, "recovered_pgd", FAINT)


def detected(norm: float) -> Callable[[xr.Dataset], np.ndarray]:
    """How often a matched filter is right."""
    return lambda cell: at(cell, "detected", norm)


def detection(norm: float) -> Callable[[xr.Dataset], float]:
    """The same by U7."""
    return lambda cell: float(recovery.detection(norm, pixels(cell)))


def worst(cells: list[xr.Dataset]) -> tuple[float, int]:
    """Largest |t| of the linear classifier against its laws, over its Bonferroni quantile."""
    ratios = []
    for cell in cells:
        linear = cell.isel(classifier=0)
        clean = linear["accuracy"].sel(attack="none").mean().item()
        pairs = [(linear["accuracy"].sel(attack="noise"), cell["law"])]
        if isotropic(cell):
            pairs.append((linear["accuracy"].sel(attack="cipher"), cell["law"]))
            pairs.append(
                (linear["recovered_layer"].isel(layer=-1), cell["recovered_law"].isel(layer=-1))
            )
        for found, law in pairs:
            moved = np.abs(law.mean("network").values - clean) > MOVED
            gap = (found.transpose(*law.dims) - law).values
            ratios.append(agreement.over_limit(gap, np.where(moved, 0.0, np.nan)))
    return agreement.worst(ratios), min(cell.sizes["network"] for cell in cells)
