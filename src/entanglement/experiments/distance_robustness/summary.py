"""Accuracies under attack, differences between products network by network, and the claims' numbers."""

from collections.abc import Callable

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike

from entanglement.statistics import curves, estimates
from entanglement.statistics.curves import Curve
from entanglement.statistics.table import Statistic

Measure = Callable[[xr.Dataset], np.ndarray]
DISTANCES = ["E", "H"]
HALF, FULL = 0.5, 1.0  # norms at which products are compared, and at which all are fooled


def _gaps(cell: xr.Dataset) -> np.ndarray:
    """Accuracy of dot less that of each product under PGD, network by network."""
    under = cell["accuracy_under"].sel(change="PGD")
    gap = under.sel(product="dot") - under
    return gap.transpose("network", "product", "target", "norm").values


def _rejected(name: str) -> Measure:
    """Share of the fakes made against a product's networks, all pictures changed, that are rejected."""

    def share(cell: xr.Dataset) -> np.ndarray:
        both = cell[[name, "fooled"]].sel(target="both")
        # A norm that fools nobody has nothing to reject.
        found = both[name] / both["fooled"].where(both["fooled"] > 0)
        order = [d for d in ("network", "product", "other", "norm") if d in found.dims]
        return found.transpose(*order).values

    return share


def _of_known(interval: Callable[[ArrayLike], curves.Band]) -> Callable[[ArrayLike], curves.Band]:
    """Means over the networks that have a number: that were fooled, or did not overflow."""

    def known(samples: ArrayLike) -> curves.Band:
        x = np.asarray(samples, dtype=float)
        ends = np.full((3, *x.shape[1:]), np.nan)
        for place in np.ndindex(x.shape[1:]):
            column = x[:, *place]
            ends[:, *place] = interval(column[np.isfinite(column)])
        return ends[0], ends[1], ends[2]

    return known


UNDER = "accuracy on changed samples of held-out pictures"
CURVES = {
    "mean_accuracy_under": Curve(
        "accuracy_under", UNDER, ("product", "target", "change", "norm"), interval=curves.share
    ),
    "mean_clean_accuracy": Curve(
        "clean_accuracy", "accuracy on held-out pictures", ("product",), interval=curves.share
    ),
    "mean_gap": Curve(
        _gaps, "accuracy of dot less that of a product under PGD", ("product", "target", "norm")
    ),
    "mean_rejected": Curve(
        _rejected("rejected"),
        "share of fakes that a network of another product rejects",
        ("product", "other", "norm"),
        interval=_of_known(curves.share),
    ),
    "mean_slope": Curve(
        "slope",
        "largest slope of attention over the Euclidean bound",
        ("product", "stretch"),
        interval=_of_known(curves.band),
    ),
    "mean_slope_bound": Curve(
        "slope_bound",
        "bound of the slope over the Euclidean one",
        ("product", "stretch"),
        interval=_of_known(curves.band),
    ),
}


def _at(cell: xr.Dataset, norm: float, change: str) -> xr.DataArray:
    """Accuracy (network, product) at a norm of all pictures together; of no network without it."""
    under = cell["accuracy_under"].sel(change=change, target="both")
    near = under.isel(norm=np.flatnonzero(np.isclose(cell["size"], norm)))
    rows = near.transpose("norm", "network", "product")
    return rows[0] if len(rows) else under.isel(network=slice(0)).sum("norm")


def _distances(change: str) -> Measure:
    return lambda cell: _at(cell, FULL, change).sel(product=DISTANCES).mean("product").values


def _gap(product: str) -> Measure:
    """Of dot less a product under the same attack, network by network."""

    def gap(cell: xr.Dataset) -> np.ndarray:
        under = _at(cell, HALF, "PGD")
        return (under.sel(product="dot") - under.sel(product=product)).values

    return gap


def _noise_gap(product: str) -> Measure:
    """Of dot under attack less a product under noise of that norm."""

    def gap(cell: xr.Dataset) -> np.ndarray:
        attacked, noisy = (_at(cell, HALF, change) for change in ("PGD", "noise"))
        return (attacked.sel(product="dot") - noisy.sel(product=product)).values

    return gap


def _clean(product: str, cell: xr.Dataset) -> np.ndarray:
    return cell["clean_accuracy"].sel(product=product).values


def _trained_gap(product: str) -> Measure:
    return lambda cell: _clean("dot", cell) - _clean(product, cell)


def _harm(product: str) -> Callable[..., tuple[np.ndarray, np.ndarray]]:
    """Dot learned from noise against a product that learned from what is true."""
    return lambda noisy, clean: (_clean("dot", noisy), _clean(product, clean))


def _by_others(cell: xr.Dataset) -> np.ndarray:
    """Share of fakes against E and against H that each of the other two products rejects."""
    place = np.flatnonzero(np.isclose(cell["size"], HALF))
    shares = xr.DataArray(_rejected("rejected")(cell), dims=("network", "product", "other", "norm"))
    shares = shares.assign_coords(product=cell["product"], other=cell["other"])
    apart = shares.where(shares["product"] != shares["other"]).sel(product=DISTANCES)
    return _of_any(apart.isel(norm=place))


def _by_equivalents(cell: xr.Dataset) -> np.ndarray:
    place = np.flatnonzero(np.isclose(cell["size"], HALF))
    shares = xr.DataArray(
        _rejected("rejected_isometric")(cell), dims=("network", "product", "norm")
    )
    apart = shares.assign_coords(product=cell["product"]).sel(product=DISTANCES)
    return _of_any(apart.isel(norm=place))


def _of_any(shares: xr.DataArray) -> np.ndarray:
    """Mean of each network's shares; of no network that is never fooled."""
    found = shares.stack(row=[d for d in shares.dims if d != "network"]).values
    return np.array([row[np.isfinite(row)].mean() for row in found if np.isfinite(row).any()])


def _steepest(product: str) -> Callable[[xr.Dataset], tuple[float, int]]:
    return lambda cell: (float(cell["slope"].sel(product=product).max()), cell.sizes["network"])


def _by_pixels(product: str) -> Measure:
    return lambda cell: cell["slope_pixels"].sel(product=product).values


ATTACKED = "difference of accuracy from the dot product's networks, "
REJECTED = "share of fakes made against distance networks that is rejected by"
PIXELS = "mean largest slope of attention by the query's pixels"
SLOPE = "largest slope of attention by its query, keys as trained and stretched, over E's bound"

STATISTICS = {
    "accuracy_fake": Statistic("clean", _distances("PGD"), f"{UNDER}, PGD, E and H"),
    "accuracy_noise": Statistic("clean", _distances("noise"), f"{UNDER}, noise, E and H"),
    "clean_gap_E": Statistic("clean", _trained_gap("E"), f"{ATTACKED}E, no attack"),
    "clean_gap_H": Statistic("clean", _trained_gap("H"), f"{ATTACKED}H, no attack"),
    "gap_E": Statistic("clean", _gap("E"), f"{ATTACKED}E, both under PGD"),
    "gap_H": Statistic("clean", _gap("H"), f"{ATTACKED}H, both under PGD"),
    "noise_gap_E": Statistic("clean", _noise_gap("E"), f"{ATTACKED}E, which has noise instead"),
    "noise_gap_H": Statistic("clean", _noise_gap("H"), f"{ATTACKED}H, which has noise instead"),
    "rejected_others": Statistic("clean", _by_others, f"{REJECTED} networks of another product"),
    "rejected_equivalents": Statistic("clean", _by_equivalents, f"{REJECTED} equivalent networks"),
    "slope_E": Statistic("clean", _steepest("E"), SLOPE, estimator=estimates.exact),
    "slope_dot": Statistic("clean", _steepest("dot"), SLOPE, estimator=estimates.exact),
    "pixel_slope_dot": Statistic("clean", _by_pixels("dot"), f"{PIXELS}, dot"),
    "pixel_slope_E": Statistic("clean", _by_pixels("E"), f"{PIXELS}, E"),
    "pixel_slope_H": Statistic("clean", _by_pixels("H"), f"{PIXELS}, H"),
    "label_gap_E": Statistic("labels", _trained_gap("E"), f"{ATTACKED}E, wrong labels"),
    "label_gap_H": Statistic("labels", _trained_gap("H"), f"{ATTACKED}H, wrong labels"),
    "label_harm_E": Statistic(
        ("labels", "clean"), _harm("E"), f"{ATTACKED}E with true labels", estimator=estimates.welch
    ),
    "label_harm_H": Statistic(
        ("labels", "clean"), _harm("H"), f"{ATTACKED}H with true labels", estimator=estimates.welch
    ),
    "picture_gap_E": Statistic("pictures", _trained_gap("E"), f"{ATTACKED}E, noisy pictures"),
    "picture_gap_H": Statistic("pictures", _trained_gap("H"), f"{ATTACKED}H, noisy pictures"),
    "picture_harm_E": Statistic(
        ("pictures", "clean"), _harm("E"), f"{ATTACKED}E with clear ones", estimator=estimates.welch
    ),
    "picture_harm_H": Statistic(
        ("pictures", "clean"), _harm("H"), f"{ATTACKED}H with clear ones", estimator=estimates.welch
    ),
}
