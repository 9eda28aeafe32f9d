"""What the cells of Fig. 3 say together: means over networks, the exact laws, statistics."""

from collections.abc import Callable

import numpy as np
import xarray as xr
from scipy.special import ndtr

from entanglement import bands, inference
from entanglement.geometry.angles import angle, loss_fold, loss_minus
from entanglement.theory import laws, rates, selection

BINS = 40
SHOWN = 40  # probes of the first network whose angles are drawn as curves


def summarise(results: xr.Dataset) -> xr.Dataset:
    """Add what is drawn and what the claims read: means over networks, laws, deviations.

    Parameters
    ----------
    results
        All evaluations, one for each `cell`, with every parameter a coordinate on it.

    Returns
    -------
    Only the added variables.
    """
    cells = [results.isel(cell=i) for i in range(results.sizes["cell"])]
    summary = xr.concat([_summary(cell) for cell in cells], "cell", join="outer")
    return summary.assign(_statistics(cells))


def _own(cell: xr.Dataset) -> np.ndarray:
    """Cotangents of a cell without the padding of shorter dimensions, (network, layer, probe)."""
    networks, depth, probes = (int(cell[key]) for key in ("networks", "depth", "probes"))
    return cell["cotangent"].values[:networks, : depth + 1, :probes]


def _crossed(cotangent: np.ndarray) -> np.ndarray:
    """Share of probes on another side of 1/2 than at the last layer, (network, layer)."""
    return (np.signbit(cotangent) != np.signbit(cotangent[:, -1:])).mean(axis=-1)


def _summary(cell: xr.Dataset) -> xr.Dataset:
    """Means over the networks of one cell, with its laws."""
    cotangent = _own(cell)
    depth = cotangent.shape[1] - 1
    fold = loss_fold(cotangent)
    folded = fold.mean(axis=-1)  # (network, layer)
    minus = np.where(cotangent < 0, fold, 1 - fold)  # its mean needs no digits near 1
    law = _laws(str(cell["weights"].values), int(cell["k"]), int(cell["n"]), depth)
    variables: dict[str, tuple] = {}
    for name, dims, samples, words, units in (
        ("folded_loss", ("layer",), folded, "mean distance of the angle from its pole", "1"),
        (
            "mean_loss", ("layer",), minus.mean(axis=-1),
            "mean of Eq. 21 over probes and networks", "1",
        ),
        (
            "crossing", ("layer",), _crossed(cotangent),
            "share of probes that leave their side of 1/2 after this layer", "1",
        ),
        ("share", ("layer", "bin"), _shares(minus), "share of probes in a bin", "1"),
        ("rate", (), _rates(cotangent), "growth of ln |cotangent| per layer", "1/layer"),
    ):  # fmt: skip
        variables |= bands.labelled(name, dims, bands.band(samples), words, units)
        about = {"long_name": f"{words}, theory", "units": units}
        variables[f"{name}_theory"] = (dims, law[name], about)
    error = folded.std(axis=0, ddof=1) / len(folded) ** 0.5 if len(folded) > 1 else np.nan
    deviation = (variables["folded_loss"][1] - law["folded_loss"]) / error
    largest, bound = np.nan, np.nan
    if len(folded) > 1 and np.isfinite(law["folded_loss"]).all():
        largest, bound = inference.largest_t(folded, law["folded_loss"])
    variables |= {
        "large_k_share": (
            ("layer", "bin"), law["large_k_share"], _attrs("share of probes in a bin, large-k law"),
        ),
        "deviation": (
            ("layer",), deviation, _attrs("folded loss less its exact law", "standard errors"),
        ),
        "largest_t": (
            (), largest, _attrs("largest |deviation| over the layers", "standard errors"),
        ),
        "largest_t_bound": (
            (), bound,
            _attrs("largest |deviation| of 999 in 1000 ensembles under the law", "standard errors"),
        ),
        "angle_shown": (
            ("layer", "shown"), angle(cotangent[0, :, :SHOWN]),
            _attrs("angle of probes of network 0", "pi rad"),
        ),
    }  # fmt: skip
    coordinates = {
        "layer": np.arange(depth + 1),
        "bin": (np.arange(BINS) + 0.5) / BINS,
        "shown": np.arange(min(SHOWN, cotangent.shape[-1])),  # else other numbers cannot be joined
    }
    return xr.Dataset(variables, coords=coordinates)


def _shares(minus: np.ndarray) -> np.ndarray:
    """Share of probes in each bin of the angle, 1 - `minus`; shape (network, layer, bin)."""
    number = BINS - 1 - np.minimum((minus * BINS).astype(np.int64), BINS - 1)
    rows = np.arange(number[..., 0].size)[:, None] * BINS
    counts = np.bincount((number.reshape(len(rows), -1) + rows).ravel(), minlength=rows.size * BINS)
    return counts.reshape(*number.shape[:2], BINS) / number.shape[-1]


def _rates(cotangent: np.ndarray) -> np.ndarray:
    """Growth of ln |c| per layer over the second half of the layers, one for each network."""
    last = cotangent.shape[1] - 1
    first = last // 2
    growth = np.log(np.abs(cotangent[:, last])) - np.log(np.abs(cotangent[:, first]))
    return growth.mean(axis=-1) / (last - first)


def _laws(weights: str, k: int, n: int, depth: int) -> dict[str, np.ndarray]:
    """T1 (exact), T2, T6, T7 and T9 of one cell; NaN for families of weights that have none."""
    if weights == "orthogonal":
        nothing = np.full(depth + 1, np.nan)
        bins = np.full((depth + 1, BINS), np.nan)
        return {
            "folded_loss": nothing, "mean_loss": laws.mean_unfolded_loss(depth),
            "crossing": nothing, "share": bins, "large_k_share": bins, "rate": np.asarray(0.0),
        }  # fmt: skip
    inner = np.arange(1, BINS // 2) / BINS
    below = laws.folded_distribution(k, n, depth, inner, weights)
    ends = np.zeros((depth + 1, 1)), np.ones((depth + 1, 1))
    half = np.diff(np.concatenate([ends[0], below, ends[1]], axis=1), axis=1) / 2
    crossing, large_k = np.full(depth + 1, np.nan), np.full((depth + 1, BINS), np.nan)
    if weights != "minimum":
        # Rows chosen at random are Gaussian rows: no selection.
        candidates = k if weights == "random" else n
        spread = laws.spread(k, candidates, depth)
        growth = selection.gain_asymptotic(k, candidates) ** (depth - np.arange(depth + 1.0))
        # For large k, c_l and c_L are jointly Gaussian; T7 is the limit of an infinite depth.
        crossing = np.arccos(np.minimum(growth * spread / spread[-1], 1.0)) / np.pi
        cotangent = np.concatenate([[np.inf], 1 / np.tan(np.pi * inner), [0.0]])
        tail = ndtr(-cotangent / spread[:, None])
        large_k = _both_sides(np.diff(tail, axis=1))
    return {
        "folded_loss": laws.mean_folded_loss(k, n, depth, weights),
        "mean_loss": laws.mean_unfolded_loss(depth),
        "crossing": crossing,
        "share": _both_sides(half),
        "large_k_share": large_k,
        "rate": np.asarray(rates.rate(k, n, weights)),
    }


def _both_sides(half: np.ndarray) -> np.ndarray:
    """Shares of all bins from those below 1/2: the law is symmetric."""
    return np.concatenate([half, half[:, ::-1]], axis=1)


def _statistics(cells: list[xr.Dataset]) -> dict[str, xr.DataArray]:
    """The scalars that the claims read, from the paper's cell and its controls."""
    by = {name: _pick(cells, name) for name in ("paper", "fewest", "random", "plain", "literal")}

    def samples(name: str, statistic: Callable[[np.ndarray], np.ndarray]) -> np.ndarray:
        cell = by[name]
        return np.empty(0) if cell is None else statistic(_own(cell))

    scalars: dict[str, xr.DataArray] = {}
    for statistic, (measure, words) in {
        "folded_loss_last": (lambda c: loss_fold(c[:, -1]).mean(-1), "last mean folded loss"),
        "upper_group": (lambda c: (c[:, -1] < 0).mean(-1), "share of probes that end beyond 1/2"),
        "crossing_input": (lambda c: _crossed(c)[:, 0], "share that leaves the input's side"),
        "crossing_first": (lambda c: _crossed(c)[:, 1], "share that leaves layer 1's side"),
        "mean_loss_last": (lambda c: loss_minus(c[:, -1]).mean(-1), "last mean of Eq. 21"),
        "rate_last": (_rates, "rate of the collapse"),
    }.items():
        for cell, suffix, detail in (
            ("paper", "", ""), ("random", "_random", ", random rows"),
            ("fewest", "_fewest", ", fewest candidate rows"), ("plain", "_plain", ", n = k"),
            ("literal", "_literal", ", literal sampler"),
        ):  # fmt: skip
            estimate = inference.mean(samples(cell, measure))
            scalars[statistic + suffix] = inference.scalar(estimate, words + detail)
    nothing = np.full(2, np.nan)
    folded, crossing, rate = nothing, nothing, np.nan
    if (paper := by["paper"]) is not None:
        k, n, depth = (int(paper[key]) for key in ("k", "n", "depth"))
        folded, rate = laws.mean_folded_loss(k, n, depth), rates.rate(k, n)
        # The claim is about the far end of the line: T7, not its value at depth L.
        crossing = laws.crossing_probability(k, n, np.arange(2))
    for statistic, value, words in (
        ("folded_loss_last", folded[-1], "exact law T1"),
        ("upper_group", 0.5, "symmetry of the probes' law"),
        ("crossing_input", crossing[0], "large-k law T7"),
        ("crossing_first", crossing[1], "large-k law T7"),
        ("mean_loss_last", 0.5, "symmetry T9"),
        ("rate_last", rate, "exact rate T2"),
    ):
        scalars[f"{statistic}_theory"] = xr.DataArray(float(value), attrs=_attrs(words))
    return scalars


def _pick(cells: list[xr.Dataset], role: str) -> xr.Dataset | None:
    """The cell of a role: the paper's own is Algorithm 1 with the most candidate rows."""
    found: list[tuple[int, int, xr.Dataset]] = []
    for cell in cells:
        weights, sampler = str(cell["weights"].values), str(cell["sampler"].values)
        k, n = int(cell["k"]), int(cell["n"])
        selected = weights == "top" and n > k
        if {
            "paper": selected and sampler == "exact",
            "fewest": selected and sampler == "exact",
            "literal": selected and sampler == "literal",
            "random": weights == "random",
            "plain": weights == "top" and n == k,
        }[role]:
            found.append((-n if role == "fewest" else n, len(found), cell))
    return max(found, key=lambda entry: entry[:2])[2] if found else None


def _attrs(long_name: str, units: str = "1") -> dict[str, str]:
    return {"long_name": long_name, "units": units}
