"""What the cells of Fig. 9 say together: medians, the exact law, pictures, statistics."""

import functools

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike

from entanglement.experiments.noise_recovery import errors, mends, needed, visibility
from entanglement.statistics import agreement, curves, estimates, medians, roles
from entanglement.statistics.curves import Curve
from entanglement.statistics.roles import values
from entanglement.statistics.table import Statistic
from entanglement.theory import laws, recovery

QUANTILES = (0.05, 0.5, 0.95)
SHOWN = (0, 10, 20, 30, 40, 60, 100)  # layers whose pictures are drawn
ERROR = "root mean square error, better sign"
NEEDED = f"median layers until the error stays below {recovery.RECOVERED}"


def _wilson(happened: ArrayLike) -> curves.Band:
    """Share of networks with Wilson's interval, of a table (network, kind)."""
    each = [estimates.share(outcomes) for outcomes in np.transpose(happened)]
    value, low, high = np.array([(e.value, e.low, e.high) for e in each]).T
    return value, low, high


def _quality(name: str, words: str, units: str, right: bool) -> Curve:
    """Median of one of the picture's scores over the networks of one sign."""

    def of_sign(cell: xr.Dataset) -> np.ndarray:
        return cell[name].values[errors.right(cell)[:, 0] == right]

    words = f"median {words} over the networks of {'right' if right else 'wrong'} sign"
    return Curve(of_sign, words, units=units, interval=curves.median)


KIND = {"kind": list(errors.KINDS)}
PSNR, SSIM = "peak signal-to-noise ratio", "structural similarity"
CORRELATION = "correlation with the message"


def _wilson_one(happened: ArrayLike) -> curves.Band:
    """Share of networks with Wilson's interval."""
    found = estimates.share(happened)
    return np.array(found.value), np.array(found.low), np.array(found.high)


CURVES = {
    "visible": Curve(
        visibility.correlation,
        "correlation of the noisy picture with the message at the last layer",
        dims=(),
        theory=visibility.of_zscored(recovery.visibility),
    ),
    "detected": Curve(
        visibility.detected,
        "how often a matched filter tells the noisy picture from noise, last layer",
        dims=(),
        theory=visibility.of_zscored(recovery.detection),
    ),
    "subtraction_recovers": Curve(
        mends.subtracted,
        "share of networks where subtraction recovers the message at the last layer",
        dims=(),
        interval=_wilson_one,
    ),
    "reference_recovers": Curve(
        mends.mended,
        "share of networks where subtraction and one reference bit recover it",
        dims=(),
        interval=_wilson_one,
    ),
    "error": Curve(
        errors.better, f"median {ERROR}", ("layer", "kind"), coords=KIND, interval=curves.median
    ),
    "layers_needed": Curve(
        needed.layers, NEEDED, ("kind",), "layer", coords=KIND, interval=curves.median
    ),
    "right_sign": Curve(
        errors.right,
        "share of networks of the right sign",
        ("kind",),
        coords=KIND,
        interval=_wilson,
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
    return errors.better(cell)[:, layer, 0] < recovery.RECOVERED


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
        theory=lambda cell: np.mean(errors.expected(cell)[:, -1] < recovery.RECOVERED),
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
        mends.mended,
        "share of networks where subtraction and one reference bit recover the message",
        theory=lambda cell: np.mean(errors.expected(cell)[:, -1] < recovery.RECOVERED),
        estimator=estimates.share,
    ),
    "recovered_subtracted": Statistic(
        "paper",
        mends.subtracted,
        "share of networks where subtraction recovers the message",
        theory=lambda cell: 0.5,
        estimator=estimates.share,
    ),
    "visible_paper": Statistic(
        "paper",
        visibility.correlation,
        "correlation of the noisy picture with the message",
        theory=visibility.of_zscored(recovery.visibility),
    ),
    "visible_strongest": Statistic(
        "strongest",
        visibility.correlation,
        "correlation of the noisy picture with the message",
        theory=visibility.of_zscored(recovery.visibility),
    ),
    "depth_slope": Statistic(
        "sweep",
        lambda cells: needed.medians([needed.of_image(cell) for cell in cells], cells),
        "slope of the median layers needed against ln alpha",
        units="layer",
        theory=needed.slope_law,
        estimator=needed.slope,
    ),
    "depth_slope_relabelled": Statistic(
        ("sweep", "shown"),
        lambda cells, cell: needed.medians(
            np.array_split(needed.of_image(cell), len(cells)), cells
        ),
        "the same where networks at one strength carry the labels of all",
        units="layer",
        estimator=needed.slope,
    ),
    "depth_needed": Statistic(
        "paper", needed.of_image, IMAGE, "layer", theory=needed.of_law, estimator=needed.median
    ),
    "depth_needed_control": Statistic(
        "paper", needed.of_control, CONTROL, "layer", estimator=needed.median
    ),
    "depth_needed_strongest": Statistic(
        "strongest", needed.of_image, IMAGE, "layer", theory=needed.of_law, estimator=needed.median
    ),
    "depth_needed_strongest_control": Statistic(
        "strongest", needed.of_control, CONTROL, "layer", estimator=needed.median
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
    made = roles.join([_single(cell) for cell in roles.cells(results)])
    deepest = max(roles.cells(results), key=lambda cell: int(cell["depth"]))
    return made.merge(visibility.law(results)).merge(errors.law_map(deepest))


def _single(cell: xr.Dataset) -> xr.Dataset:
    expected = errors.expected(cell)
    gap, curve_gap = medians.differences(errors.better(cell), expected)
    layers_needed = np.where(np.isnan(expected[:, 0]), np.nan, recovery.layers_needed(expected))
    depth, alpha = values(cell, "depth", "alpha")
    layers = [layer for layer in SHOWN if layer <= depth]
    at = cell.sel(layer=layers)
    noisy = cell["message_picture"].values + alpha * at["training_direction"].values.astype(float)
    recovered = noisy - alpha * at["probe_direction"].values.astype(float)
    ratio = np.array([needed.ratio(cell, kind) for kind in range(len(errors.KINDS))])
    picture, picked = ("pixel",), ("example", "shown_layer", "pixel")
    made = {
        "error_theory": (
            ("layer", "quantile"), np.quantile(expected, QUANTILES, axis=0).T,
            f"{ERROR}, exact law", "1",
        ),
        "layers_needed_theory": (
            ("quantile",), np.quantile(layers_needed, QUANTILES, method="higher"), f"{NEEDED}, exact law", "layer",
        ),
        "gap": (
            ("layer", "kind"), gap,
            "ln of the median error less the picture's", "standard errors of the difference",
        ),
        "curve_gap": (
            ("kind",), curve_gap,
            "mean of that difference over the layers", "standard errors of the mean",
        ),
        **{
            f"needed_ratio{end}": (
                ("kind",), ratio[:, number], f"median layers needed over the picture's{words}", "1",
            )
            for number, (end, words) in enumerate(
                (("", ""), ("_low", ": lower end"), ("_high", ": upper end"))
            )
        },
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
            "kind": list(errors.KINDS),
            "quantile": list(QUANTILES),
            "shown_layer": layers,
        },
    )


def _grey(picture: np.ndarray) -> np.ndarray:
    """Clip as the authors' code does."""
    return np.clip(picture, 0, 1).astype(np.float32)
