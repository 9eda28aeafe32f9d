"""What the cells of Fig. 9 say together: medians, the exact law, pictures, statistics."""

import numpy as np
import xarray as xr

from entanglement.statistics import curves, estimates
from entanglement.theory import laws, recovery

KINDS = ("image", "noise", "constant", "other")  # the first probes; further ones are noise too
QUANTILES = (0.05, 0.5, 0.95)
SHOWN = (0, 10, 20, 30, 40, 60, 100)  # layers whose pictures are drawn
CHAINS, SEED = 20_000, 2309
NORMAL = 1.959964  # half-width of a normal law's 95 % interval in standard errors


def summarise(results: xr.Dataset) -> xr.Dataset:
    """Add medians over networks, the exact law's quantiles, pictures and what the claims read.

    Half of the networks end with the wrong sign, y + alpha u instead of y - alpha u; whoever
    looks at both pictures sees which one is right. Curves of the error are therefore those of
    the better sign, and the share of right signs is counted by itself.

    Parameters
    ----------
    results
        All evaluations, one for each `cell`, with every parameter a coordinate on it.

    Returns
    -------
    Only the added variables.
    """
    cells = [results.isel(cell=i) for i in range(results.sizes["cell"])]
    law: dict[tuple[str, int, int, int], np.ndarray] = {}
    for cell in cells:
        if _sizes(cell) not in law:
            law[_sizes(cell)] = _law(*_sizes(cell))
    parts = [_summary(cell, law[_sizes(cell)]) for cell in cells]
    summary = xr.concat(parts, "cell", join="outer", combine_attrs="override")
    return summary.assign(_statistics(cells, summary, results["alpha"].values))


def _sizes(cell: xr.Dataset) -> tuple[str, int, int, int]:
    k, n, depth = (int(cell[key]) for key in ("k", "n", "depth"))
    return str(cell["weights"].values), k, n, depth


def _own(cell: xr.Dataset) -> np.ndarray:
    """Cotangents of a cell without padding, (network, layer, probe)."""
    networks, depth, noises = (int(cell[key]) for key in ("networks", "depth", "noises"))
    return cell["cotangent"].values[:networks, : depth + 1, : 3 + noises]


def _law(weights: str, k: int, n: int, depth: int) -> np.ndarray:
    """|u - v| / sqrt k of the better sign under the exact law T1, (chain, layer); error / alpha."""
    if weights not in ("top", "top_unit", "random"):
        return np.full((1, depth + 1), np.nan)
    n = k if weights == "random" else n
    chain = laws.scalar_chain(k, n, depth, CHAINS, np.random.default_rng(SEED))
    return recovery.distance(chain) / k**0.5


def _summary(cell: xr.Dataset, law: np.ndarray) -> xr.Dataset:
    """Medians over the networks of one cell, beside the law's quantiles."""
    cotangent, alpha = _own(cell), float(cell["alpha"])
    k, depth = int(cell["k"]), cotangent.shape[1] - 1
    error = recovery.error(cotangent[..., : len(KINDS)], alpha, k)  # (network, layer, kind)
    needed = recovery.layers_needed(error.swapaxes(1, 2))  # (network, kind)
    expected = alpha * law
    gap, curve_gap = _gaps(error, expected)
    variables = {
        **curves.labelled(
            "error", ("layer", "kind"), curves.median(error),
            "median root mean square error, better sign",
        ),
        "error_theory": (
            ("layer", "quantile"), np.quantile(expected, QUANTILES, axis=0).T,
            _attrs("root mean square error, better sign, exact law"),
        ),
        **curves.labelled(
            "layers_needed", ("kind",), curves.median(needed),
            f"median layers until the error stays below {recovery.RECOVERED}", "layer",
        ),
        "layers_needed_theory": (
            ("quantile",), np.quantile(recovery.layers_needed(expected), QUANTILES, method="higher"),
            _attrs(f"layers until the error stays below {recovery.RECOVERED}, exact law", "layer"),
        ),
        "gap": (
            ("layer", "kind"), gap,
            _attrs("ln of the median error less the picture's", "standard errors of the difference"),
        ),
        "curve_gap": (
            ("kind",), curve_gap,
            _attrs("mean of that difference over the layers", "standard errors of the mean"),
        ),
        **_signs(cotangent[..., : len(KINDS)]),
        **_qualities(cell, cotangent),
    }  # fmt: skip
    coordinates = {"layer": np.arange(depth + 1), "kind": list(KINDS), "quantile": list(QUANTILES)}
    return xr.Dataset(variables, coords=coordinates).assign(_pictures(cell, alpha))


def _gaps(error: np.ndarray, expected: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Difference of each probe's median error from the picture's, in standard errors.

    In logarithms, where errors spread evenly. Around its true value a median is the mean over
    networks of (1/2 - [error < median]) / density (Bahadur 1966), with the exact law's median and
    density; the spread of the difference of two such terms over networks is its standard error,
    whatever the two probes have in common.

    Parameters
    ----------
    error
        Errors (network, layer, probe), the picture's first.
    expected
        Draws of the exact law (chain, layer).

    Returns
    -------
    (layer, probe) for each layer by itself; (probe,) for the mean of the difference over the
    layers, the one number that says whether two curves are the same. Zero for the picture, NaN
    for a single network.
    """
    if len(error) < 2:
        return np.full(error.shape[1:], np.nan), np.full(error.shape[2:], np.nan)
    step = 0.5 / len(error) ** 0.5
    low, middle, high = np.quantile(np.log(expected), [0.5 - step, 0.5, 0.5 + step], axis=0)
    spread = (high - low) / (2 * step)  # 1 / density
    terms = (0.5 - (np.log(error) < middle[:, None])) * spread[:, None]
    terms -= terms[..., :1]
    medians = np.log(np.median(error, axis=0))
    difference = medians - medians[:, :1]

    def standard(value: np.ndarray, parts: np.ndarray) -> np.ndarray:
        errors = parts.std(axis=0, ddof=1) / len(parts) ** 0.5
        with np.errstate(divide="ignore"):  # two networks may leave no spread
            return np.divide(value, errors, out=np.zeros_like(value), where=value != 0)

    return standard(difference, terms), standard(difference.mean(axis=0), terms.mean(axis=1))


def _signs(cotangent: np.ndarray) -> dict[str, tuple]:
    """Share of networks whose limit has the right sign, for each kind of probe."""
    right = (cotangent[:, -1] > 0).sum(axis=0)
    each = [estimates.proportion(int(count), len(cotangent)) for count in right]
    value, low, high = np.array([(e.value, e.low, e.high) for e in each]).T
    return curves.labelled(
        "right_sign", ("kind",), (value, low, high), "share of networks of the right sign"
    )


def _qualities(cell: xr.Dataset, cotangent: np.ndarray) -> dict[str, tuple]:
    """Medians of the picture scores over the networks of each sign."""
    variables: dict[str, tuple] = {}
    right = cotangent[:, -1, 0] > 0
    for name in ("psnr", "ssim", "correlation"):
        scores = cell[name].values[: len(cotangent), : cotangent.shape[1]]
        for words, chosen in (("right", right), ("wrong", ~right)):
            nothing = (np.full(scores.shape[1], np.nan),) * 3
            band = curves.median(scores[chosen]) if chosen.any() else nothing
            variables |= curves.labelled(
                f"{name}_{words}", ("layer",), band,
                f"median over the networks of {words} sign of the {cell[name].long_name}",
                cell[name].units,
            )  # fmt: skip
    return variables


def _pictures(cell: xr.Dataset, alpha: float) -> dict[str, tuple]:
    """Noisy and recovered pictures of the example networks, clipped as the authors' code does."""
    depth = int(cell["depth"])
    layers = [layer for layer in SHOWN if layer <= depth]
    u = cell["training_direction"].sel(layer=layers).values.astype(float)
    v = cell["probe_direction"].sel(layer=layers).values.astype(float)
    noisy = cell["message_picture"].values + alpha * u
    dims = ("example", "shown_layer", "pixel")
    about = {"shown_layer": (("shown_layer",), layers, _attrs("layer of a drawn picture"))}
    return about | {
        "noisy_picture": (
            dims, np.clip(noisy, 0, 1).astype(np.float32),
            _attrs("noisy picture y = m + alpha u, clipped to [0, 1]"),
        ),
        "recovered_picture": (
            dims, np.clip(noisy - alpha * v, 0, 1).astype(np.float32),
            _attrs("recovered picture y - alpha v, clipped to [0, 1]"),
        ),
        "shown_message": (
            ("pixel",), np.clip(cell["message_picture"].values, 0, 1).astype(np.float32),
            _attrs("hidden picture, clipped to [0, 1]"),
        ),
        "shown_probe": (
            ("pixel",), np.clip(cell["probe_picture"].values, 0, 1).astype(np.float32),
            _attrs("picture used as the probe, clipped to [0, 1]"),
        ),
    }  # fmt: skip


def _statistics(
    cells: list[xr.Dataset], summary: xr.Dataset, alpha: np.ndarray
) -> dict[str, xr.DataArray]:
    """The scalars that the claims read: at the paper's alpha, and at the largest one."""
    scalars: dict[str, xr.DataArray] = {}
    main = _nearest(cells, alpha, 100.0)
    share = {name: np.empty(0) for name in ("all", "right", "input")}
    if main is not None:
        cotangent = _own(cells[main])
        recovered = cells[main]["rms"].values[: len(cotangent), :, : cotangent.shape[2]]
        success = recovered[:, int(cells[main]["depth"])] < recovery.RECOVERED  # (network, probe)
        right = cotangent[:, -1] > 0
        share["all"], share["input"] = (
            success.mean(1),
            (recovered[:, 0] < recovery.RECOVERED).mean(1),
        )
        some = right.any(axis=1)
        share["right"] = (success & right).sum(1)[some] / right.sum(1)[some]
    for name, words in (
        ("all", "share of probes, over networks, that recover the message at the last layer"),
        ("right", "the same, of the probes whose sign is right"),
        ("input", "the same, without any layer"),
    ):
        suffix = "" if name == "all" else f"_{name}"
        estimate = estimates.mean(share[name])
        scalars[f"recovered_share{suffix}"] = estimates.scalar(estimate, words)
    scalars["recovered_share_theory"] = _theory(0.5, "either sign of the limit is equally likely")
    strongest = _nearest(cells, alpha, float(alpha.max()))
    for suffix, number in (("", main), ("_strongest", strongest)):
        for kind, name in (("image", ""), (_most_different(summary, number), "_control")):
            scalars[f"depth_needed{suffix}{name}"] = _depth(cells, summary, number, kind)
        value = np.nan
        if number is not None:
            value = float(summary["layers_needed_theory"].isel(cell=number).sel(quantile=0.5))
        scalars[f"depth_needed{suffix}_theory"] = _theory(value, "median under the exact law")
    return scalars


def _most_different(summary: xr.Dataset, number: int | None) -> str:
    """The control probe whose depth is the farthest from the picture's."""
    if number is None:
        return KINDS[1]
    needed = summary["layers_needed"].isel(cell=number).values
    with np.errstate(invalid="ignore"):  # two infinite depths differ by nothing
        distance = np.nan_to_num(np.abs(needed[1:] - needed[0]))
    return KINDS[1 + int(np.argmax(distance))]


def _depth(
    cells: list[xr.Dataset], summary: xr.Dataset, number: int | None, kind: str
) -> xr.DataArray:
    words = f"median layers until the error stays below {recovery.RECOVERED}, {kind} probe"
    if number is None:
        nothing = estimates.Estimate(np.nan, np.nan, np.nan, np.nan, 0, "order statistics")
        return estimates.scalar(nothing, words, "layer")
    at = summary.isel(cell=number).sel(kind=kind)
    value, low, high = (float(at[f"layers_needed{end}"]) for end in ("", "_low", "_high"))
    networks = int(cells[number]["networks"])
    error = (high - low) / (2 * NORMAL)
    estimate = estimates.Estimate(value, low, high, error, networks, "order statistics")
    return estimates.scalar(estimate, words, "layer")


def _nearest(cells: list[xr.Dataset], alpha: np.ndarray, wanted: float) -> int | None:
    """The cell nearest to the paper's alpha, of Algorithm 1 and standardised pixels."""
    plain = [
        i
        for i, cell in enumerate(cells)
        if str(cell["weights"].values) == "top" and str(cell["pixels"].values) == "zscore"
    ]
    if not plain:
        return None
    return min(plain, key=lambda i: abs(np.log(float(alpha[i])) - np.log(wanted)))


def _theory(value: float, long_name: str) -> xr.DataArray:
    return xr.DataArray(value, attrs=_attrs(long_name))


def _attrs(long_name: str, units: str = "1") -> dict[str, str]:
    return {"long_name": long_name, "units": units}
