"""What the cells of Fig. 9 say together: medians, the exact law, pictures, statistics."""

import functools
from collections.abc import Callable, Sequence

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike

from entanglement.statistics import agreement, curves, estimates, medians, roles
from entanglement.statistics.curves import Curve
from entanglement.statistics.estimates import Estimate
from entanglement.statistics.roles import values
from entanglement.statistics.table import Statistic
from entanglement.theory import candidates, laws, rates, recovery

KINDS = ("image", "noise", "constant", "other")  # the first probes; further ones are noise too
QUANTILES = (0.05, 0.5, 0.95)
SHOWN = (0, 10, 20, 30, 40, 60, 100)  # layers whose pictures are drawn
CHAINS, SEED = 20_000, 2309
NORMAL = 1.959964  # half-width of a normal law's 95 % interval in standard errors
ERROR = "root mean square error, better sign"
NEEDED = f"median layers until the error stays below {recovery.RECOVERED}"


def _cotangent(cell: xr.Dataset) -> np.ndarray:
    """One probe of each kind, (network, layer, kind)."""
    return cell["cotangent"].values[..., : len(KINDS)]


def _error(cell: xr.Dataset) -> np.ndarray:
    """Error of the better sign, (network, layer, kind).

    Half of the networks end with the wrong sign, y + alpha u instead of y - alpha u; whoever
    looks at both pictures sees which one is right. So the share of right signs is counted by
    itself.
    """
    return recovery.error(_cotangent(cell), *values(cell, "alpha", "k"))


def _right(cell: xr.Dataset) -> np.ndarray:
    return _cotangent(cell)[:, -1] > 0  # (network, kind)


def _needed(cell: xr.Dataset) -> np.ndarray:
    """Layers needed, (network, kind)."""
    return recovery.layers_needed(_error(cell).swapaxes(1, 2))


@functools.cache
def _law(weights: str, k: int, n: int, depth: int) -> np.ndarray:
    """|u - v| / sqrt k of the better sign under the exact law T1, (chain, layer); error / alpha."""
    drawn = candidates(weights, k, n)
    if drawn is None:
        return np.full((1, depth + 1), np.nan)
    chain = laws.scalar_chain(k, drawn, depth, CHAINS, np.random.default_rng(SEED))
    return recovery.distance(chain) / k**0.5


def _expected(cell: xr.Dataset) -> np.ndarray:
    """Draws of the error under the exact law, (chain, layer)."""
    return float(cell["alpha"]) * _law(*values(cell, "weights", "k", "n", "depth"))


def _wilson(happened: ArrayLike) -> curves.Band:
    """Share of networks with Wilson's interval, of a table (network, kind)."""
    each = [estimates.share(outcomes) for outcomes in np.transpose(happened)]
    value, low, high = np.array([(e.value, e.low, e.high) for e in each]).T
    return value, low, high


def _quality(name: str, words: str, units: str, right: bool) -> Curve:
    """Median of one of the picture's scores over the networks of one sign."""

    def of_sign(cell: xr.Dataset) -> np.ndarray:
        return cell[name].values[_right(cell)[:, 0] == right]

    words = f"median {words} over the networks of {'right' if right else 'wrong'} sign"
    return Curve(of_sign, words, units=units, interval=curves.median)


KIND = {"kind": list(KINDS)}
PSNR, SSIM = "peak signal-to-noise ratio", "structural similarity"
CORRELATION = "correlation with the message"


def _mended(cell: xr.Dataset) -> np.ndarray:
    """Whether subtraction recovers the message if both turn their output by the sign of entry 1."""
    cotangent = cell["cotangent"].values[:, -1, 0] * cell["reference_sign"].values[:, -1]
    half = np.arctan2(1.0, cotangent) / 2
    alpha, k = values(cell, "alpha", "k")
    return alpha * 2 * np.sin(half) / np.sqrt(k) < recovery.RECOVERED


def _subtracted(cell: xr.Dataset) -> np.ndarray:
    """Whether subtraction of the picture's output recovers the message."""
    return cell["rms"].values[:, -1, 0] < recovery.RECOVERED


def _wilson_one(happened: ArrayLike) -> curves.Band:
    """Share of networks with Wilson's interval."""
    found = estimates.share(happened)
    return np.array(found.value), np.array(found.low), np.array(found.high)


def _detected(cell: xr.Dataset) -> np.ndarray:
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


def _seen(law: Callable[[float, int], np.ndarray]) -> Callable[[xr.Dataset], float]:
    """A law of z-scored pictures; raw ones are not of length sqrt k."""

    def theory(cell: xr.Dataset) -> float:
        alpha, k, pixels = values(cell, "alpha", "k", "pixels")
        return float(law(alpha, k)) if pixels == "zscore" else np.nan

    return theory


def _correlation_noisy(cell: xr.Dataset) -> np.ndarray:
    return cell["correlation_noisy"].values[:, -1]


CURVES = {
    "visible": Curve(
        _correlation_noisy,
        "correlation of the noisy picture with the message at the last layer",
        dims=(),
        theory=_seen(recovery.visibility),
    ),
    "detected": Curve(
        _detected,
        "how often a matched filter tells the noisy picture from noise, last layer",
        dims=(),
        theory=_seen(recovery.detection),
    ),
    "subtraction_recovers": Curve(
        _subtracted,
        "share of networks where subtraction recovers the message at the last layer",
        dims=(),
        interval=_wilson_one,
    ),
    "reference_recovers": Curve(
        _mended,
        "share of networks where subtraction and one reference bit recover it",
        dims=(),
        interval=_wilson_one,
    ),
    "error": Curve(
        _error, f"median {ERROR}", ("layer", "kind"), coords=KIND, interval=curves.median
    ),
    "layers_needed": Curve(
        _needed, NEEDED, ("kind",), "layer", coords=KIND, interval=curves.median
    ),
    "right_sign": Curve(
        _right, "share of networks of the right sign", ("kind",), coords=KIND, interval=_wilson
    ),
    "psnr_right": _quality("psnr", PSNR, "dB", right=True),
    "psnr_wrong": _quality("psnr", PSNR, "dB", right=False),
    "ssim_right": _quality("ssim", SSIM, "1", right=True),
    "ssim_wrong": _quality("ssim", SSIM, "1", right=False),
    "correlation_right": _quality("correlation", CORRELATION, "1", right=True),
    "correlation_wrong": _quality("correlation", CORRELATION, "1", right=False),
}


def _recovered(cell: xr.Dataset, layer: int) -> np.ndarray:
    return cell["rms"].values[:, layer] < recovery.RECOVERED  # (network, probe)


def _either(cell: xr.Dataset, layer: int) -> np.ndarray:
    """Whether the picture's output recovers the message by subtraction or by addition."""
    return _error(cell)[:, layer, 0] < recovery.RECOVERED


def _needed_image(cell: xr.Dataset) -> np.ndarray:
    return _needed(cell)[:, 0]


def _needed_control(cell: xr.Dataset) -> np.ndarray:
    """Layers needed by the control probe whose median is the farthest from the picture's."""
    needed = cell["layers_needed"].values
    with np.errstate(invalid="ignore"):  # two infinite depths differ by nothing
        distance = np.nan_to_num(np.abs(needed[1:] - needed[0]))
    return _needed(cell)[:, 1 + int(np.argmax(distance))]


def _needed_law(cell: xr.Dataset) -> float:
    return float(cell["layers_needed_theory"].sel(quantile=0.5))


def _median(samples: np.ndarray) -> Estimate:
    value, low, high = (float(end) for end in curves.median(samples))
    error = (high - low) / (2 * NORMAL)
    return Estimate(value, low, high, error, len(samples), "order statistics")


def _slope_of_medians(needed: Sequence[np.ndarray], cells: list[xr.Dataset]) -> tuple:
    """Layers needed of as many networks at every strength, (network, strength), and ln alpha."""
    fewest = min(map(len, needed))
    log_alpha = np.log([float(cell["alpha"]) for cell in cells])
    return np.stack([layers[:fewest] for layers in needed], axis=1), log_alpha


def _slope(needed: np.ndarray, log_alpha: np.ndarray) -> Estimate:
    """Least-squares slope of the medians; none where a median has no layer, or alpha one value."""
    x = log_alpha - log_alpha.mean()
    if len(needed) < 2 or not x.any() or not np.isfinite(np.median(needed, axis=0)).all():
        return estimates.NOTHING
    return estimates.bootstrap(needed, lambda drawn: np.median(drawn, axis=0) @ x / (x @ x))


def _slope_law(cells: list[xr.Dataset]) -> float:
    """Layers per e-fold at the rate T2 of the collapse, in the end: 1 / Gamma."""
    k, n, weights = values(cells[0], "k", "n", "weights")
    gamma = rates.rate(k, n, weights)
    return 1 / gamma if gamma > 0 else np.nan


# Cells that differ in alpha have the same law.
_log_cotangent = functools.cache(laws.mean_log_cotangent)


def _worst(cells: list[xr.Dataset]) -> tuple[float, int]:
    """Largest |t| of ln |cotangent| over its limit, and the least networks of any cell."""
    ratios = [
        agreement.over_limit(
            np.log(np.abs(cell["cotangent"].values)).mean(axis=-1),
            _log_cotangent(*values(cell, "k", "n", "depth", "weights")),
        )
        for cell in cells
    ]
    return agreement.worst(ratios), min(cell.sizes["network"] for cell in cells)


IMAGE = f"{NEEDED}, picture as the probe"
CONTROL = f"{NEEDED}, control probe that differs most"

STATISTICS = {
    "recovered_share": Statistic(
        "paper",
        lambda cell: _recovered(cell, -1).mean(1),
        "share of probes, over networks, that recover the message at the last layer",
        theory=lambda cell: 0.5,  # either sign of the limit is equally likely
    ),
    "recovered_share_input": Statistic(
        "paper", lambda cell: _recovered(cell, 0).mean(1), "the same, without any layer"
    ),
    "recovered_either": Statistic(
        "paper",
        lambda cell: _either(cell, -1),
        "share of networks whose picture recovers the message by the better sign",
        theory=lambda cell: np.mean(_expected(cell)[:, -1] < recovery.RECOVERED),
        estimator=estimates.share,
    ),
    "recovered_either_input": Statistic(
        "paper",
        lambda cell: _either(cell, 0),
        "the same, without any layer",
        estimator=estimates.share,
    ),
    "recovered_mended": Statistic(
        "paper",
        _mended,
        "share of networks where subtraction and one reference bit recover the message",
        theory=lambda cell: np.mean(_expected(cell)[:, -1] < recovery.RECOVERED),
        estimator=estimates.share,
    ),
    "recovered_subtracted": Statistic(
        "paper",
        _subtracted,
        "share of networks where subtraction recovers the message",
        theory=lambda cell: 0.5,
        estimator=estimates.share,
    ),
    "visible_paper": Statistic(
        "paper",
        _correlation_noisy,
        "correlation of the noisy picture with the message",
        theory=_seen(recovery.visibility),
    ),
    "visible_strongest": Statistic(
        "strongest",
        _correlation_noisy,
        "correlation of the noisy picture with the message",
        theory=_seen(recovery.visibility),
    ),
    "depth_slope": Statistic(
        "sweep",
        lambda cells: _slope_of_medians([_needed_image(cell) for cell in cells], cells),
        "slope of the median layers needed against ln alpha",
        units="layer",
        theory=_slope_law,
        estimator=_slope,
    ),
    "depth_slope_relabelled": Statistic(
        ("sweep", "shown"),
        lambda cells, cell: _slope_of_medians(
            np.array_split(_needed_image(cell), len(cells)), cells
        ),
        "the same where networks at one strength carry the labels of all",
        units="layer",
        estimator=_slope,
    ),
    "depth_needed": Statistic(
        "paper", _needed_image, IMAGE, "layer", theory=_needed_law, estimator=_median
    ),
    "depth_needed_control": Statistic(
        "paper", _needed_control, CONTROL, "layer", estimator=_median
    ),
    "depth_needed_strongest": Statistic(
        "strongest", _needed_image, IMAGE, "layer", theory=_needed_law, estimator=_median
    ),
    "depth_needed_strongest_control": Statistic(
        "strongest", _needed_control, CONTROL, "layer", estimator=_median
    ),
    "largest_t_over_limit": Statistic(
        "all",
        _worst,
        "largest |t| of a mean ln |cotangent| against T1, over its Bonferroni quantile",
        estimator=estimates.exact,
    ),
}


def summarise(results: xr.Dataset) -> xr.Dataset:
    """Add the exact law's quantiles, differences between probes, pictures; and U7 over alpha."""
    k = int(results["k"].max())
    chance = recovery.invisible(k)
    grid = np.geomspace(min(1.0, float(results["alpha"].min())), 10 * chance, 100)
    law = {
        "visible_law": (recovery.visibility(grid, k), "correlation of y with m (U7)"),
        "detected_law": (recovery.detection(grid, k), "how often a matched filter is right (U7)"),
    }
    seen = xr.Dataset(
        {
            name: ("alpha_law", found, {"long_name": words, "units": "1"})
            for name, (found, words) in law.items()
        }
        | {"invisible": ((), chance, {"long_name": "alpha of 55 % right choices", "units": "1"})},
        coords={"alpha_law": grid},
    )
    return roles.join([_single(cell) for cell in roles.cells(results)]).merge(seen)


def _single(cell: xr.Dataset) -> xr.Dataset:
    expected = _expected(cell)
    gap, curve_gap = medians.differences(_error(cell), expected)
    needed = np.where(np.isnan(expected[:, 0]), np.nan, recovery.layers_needed(expected))
    depth, alpha = values(cell, "depth", "alpha")
    layers = [layer for layer in SHOWN if layer <= depth]
    at = cell.sel(layer=layers)
    noisy = cell["message_picture"].values + alpha * at["training_direction"].values.astype(float)
    recovered = noisy - alpha * at["probe_direction"].values.astype(float)
    picture, picked = ("pixel",), ("example", "shown_layer", "pixel")
    made = {
        "error_theory": (
            ("layer", "quantile"), np.quantile(expected, QUANTILES, axis=0).T,
            f"{ERROR}, exact law", "1",
        ),
        "layers_needed_theory": (
            ("quantile",), np.quantile(needed, QUANTILES, method="higher"), f"{NEEDED}, exact law", "layer",
        ),
        "gap": (
            ("layer", "kind"), gap,
            "ln of the median error less the picture's", "standard errors of the difference",
        ),
        "curve_gap": (
            ("kind",), curve_gap,
            "mean of that difference over the layers", "standard errors of the mean",
        ),
        "curves_within": (
            (), (np.abs(curve_gap[1:]) <= 2).sum(), "control probes with |curve_gap| <= 2", "1",
        ),
        "noisy_picture": (picked, _grey(noisy), "noisy picture y = m + alpha u, in [0, 1]", "1"),
        "recovered_picture": (picked, _grey(recovered), "picture y - alpha v, in [0, 1]", "1"),
        "shown_message": (
            picture, _grey(cell["message_picture"].values), "hidden picture, in [0, 1]", "1"
        ),
        "shown_probe": (
            picture, _grey(cell["probe_picture"].values), "picture used as the probe, in [0, 1]", "1"
        ),
    }  # fmt: skip
    return xr.Dataset(
        {
            name: (dims, array, {"long_name": words, "units": units})
            for name, (dims, array, words, units) in made.items()
        },
        coords={
            "layer": cell["layer"].values,
            "kind": list(KINDS),
            "quantile": list(QUANTILES),
            "shown_layer": layers,
        },
    )


def _grey(picture: np.ndarray) -> np.ndarray:
    """Clip as the authors' code does."""
    return np.clip(picture, 0, 1).astype(np.float32)
