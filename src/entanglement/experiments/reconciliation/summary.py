"""What needs several cells of the reconciliation experiment: theory curves, claims' numbers."""

import numpy as np
import xarray as xr

from entanglement.statistics import agreement, estimates

# Below this mean error the few keys that still differ make up all of it, and the mean over some
# hundred keys is no longer near normal: such layers are shown but not tested against T8.
TESTED = 0.01


def summarise(results: xr.Dataset) -> xr.Dataset:
    """Add the theory of every cell, intervals over networks, and the claims' scalars.

    Parameters
    ----------
    results
        All cells, with every parameter a coordinate on `cell`.
    """
    theory = _theory(results)
    curves = [_curves(results.isel(cell=i), theory) for i in range(results.sizes["cell"])]
    layers = results["layer"]
    added = xr.Dataset(
        {
            name: (("cell", "layer"), np.stack([c[name] for c in curves]), _attrs(text))
            for name, text in CURVES
        },
        coords={"layer": layers},
    )
    added["largest_t"] = _per_cell(curves, "largest_t", "largest |t| of the bit error against T8")
    added["largest_t_allowed"] = _per_cell(
        curves, "largest_t_allowed", "its Bonferroni quantile at 1e-3"
    )
    return added.assign(_claims(results, curves))


CURVES = (
    ("bit_error_mean", "mean folded share of differing key bits"),
    ("bit_error_low", "lower end of its 95 % interval over networks"),
    ("bit_error_high", "upper end of its 95 % interval over networks"),
    ("bit_error_theory", "its exact expectation (T8)"),
    ("perfect_theory", "expected share of keys that agree in every bit"),
)


def _theory(results: xr.Dataset) -> dict[tuple[int, int], tuple[np.ndarray, np.ndarray]]:
    """T8 for every k and n: mean error and share of perfect keys, to the largest depth of all."""
    from entanglement.theory import keybits

    cells = [results.isel(cell=i) for i in range(results.sizes["cell"])]
    depths: dict[tuple[int, int], int] = {}
    for cell in cells:
        n, k = _selected_from(cell), int(cell["k"])
        if n is not None:
            depths[k, n] = max(int(cell["depth"]), depths.get((k, n), 1))
    return {
        (k, n): (keybits.error_rate(k, n, depth), keybits.perfect_rate(k, n, depth))
        for (k, n), depth in depths.items()
    }


def _curves(
    cell: xr.Dataset, theories: dict[tuple[int, int], tuple[np.ndarray, np.ndarray]]
) -> dict[str, np.ndarray]:
    """Mean, interval and theory of one cell's error curves, padded to the longest depth."""
    size, depth = cell.sizes["layer"], int(cell["depth"])
    filled = {name: np.full(size, np.nan) for name, _ in CURVES}
    error = cell["bit_error"].values
    error = error[np.isfinite(error[:, 0]), : depth + 1]
    each = [estimates.mean(column) for column in error.T]
    inside = slice(0, depth + 1)
    filled["bit_error_mean"][inside] = [e.value for e in each]
    filled["bit_error_low"][inside] = [e.low for e in each]
    filled["bit_error_high"][inside] = [e.high for e in each]
    curves: dict[str, np.ndarray] = {**filled}
    largest = (np.nan, np.nan)
    n = _selected_from(cell)
    if n is not None and float(cell["threshold"]) == 0:
        error_rate, perfect_rate = theories[int(cell["k"]), n]
        curves["bit_error_theory"][inside] = error_rate[inside]
        curves["perfect_theory"][inside] = perfect_rate[inside]
        if str(cell["arithmetic"].item()) == "log_norm" and len(error) > 1:
            theory = curves["bit_error_theory"][inside]
            largest = agreement.largest_t(error, np.where(theory >= TESTED, theory, np.nan))
    curves["largest_t"], curves["largest_t_allowed"] = np.array(largest)
    return curves


def _selected_from(cell: xr.Dataset) -> int | None:
    """Candidate rows that T8 takes: n for Algorithm 1, k for rows chosen blindly."""
    family = str(cell["weights"].item())
    return {"top": int(cell["n"]), "random": int(cell["k"])}.get(family)


def _claims(results: xr.Dataset, curves: list[dict[str, np.ndarray]]) -> dict[str, xr.DataArray]:
    """Scalars that the claims are judged by; NaN from no networks where a cell is missing."""
    value = {name: results[name].values for name in
             ("k", "n", "depth", "weights", "sampler", "threshold", "arithmetic")}  # fmt: skip
    usual = (value["sampler"] == "exact") & (value["weights"] == "top")
    normal = value["arithmetic"] == "log_norm"
    selected = usual & (value["n"] > value["k"])
    pictures = selected & normal & (value["threshold"] == 0)
    raw = selected & ~normal & (value["threshold"] == 0)
    half = selected & normal & (value["threshold"] == 0.5)
    blind = normal & (value["threshold"] == 0) & (value["weights"] == "random")
    uncollapsed = usual & (value["n"] == value["k"]) & (value["threshold"] == 0)
    overflow = _overflow_layer(results)
    deep = _at_last(curves, "perfect_theory", value["depth"]) > 0.999

    def last(name: str, cells: np.ndarray) -> estimates.Estimate:
        return estimates.mean(_one_per_network(results[name], value["depth"], cells))

    def theory(name: str, cells: np.ndarray) -> float:
        at_last = _at_last(curves, name, value["depth"])[cells]
        return float(np.mean(at_last)) if at_last.size else np.nan

    # An exact share of networks: what the few with a nearby start do is a plain proportion.
    near = results["complement_near"].values[pictures]
    near = near[np.isfinite(near)]
    complement = _one_per_network(results["complement"], None, pictures)
    half_k = [(int(k), int(n)) for k, n in zip(value["k"][half], value["n"][half])]
    made = {
        "bit_error_last": (last("bit_error", pictures), "folded share of wrong key bits at the "
                           "published depths, mean over the pictures"),
        "bit_error_last_random": (last("bit_error", blind), "the same with rows chosen blindly"),
        "perfect_last": (last("perfect", pictures), "share of Bob's keys right in every bit at "
                         "the published depths, mean over the pictures"),
        "perfect_last_deep": (last("perfect", pictures & deep), "the same for the pictures whose "
                              "depth makes at least 99.9 % of keys perfect in theory"),
        "perfect_last_random": (last("perfect", blind), "the same with rows chosen blindly"),
        "complement_rate": (estimates.mean(complement), "share of Bob's inputs that give the "
                            "complement of the message"),
        "complement_rate_near": (estimates.proportion(int(near.sum()), near.size), "the same for "
                                 "inputs close to Alice's"),
        "ones_last": (last("ones", pictures), "share of ones in Alice's key at the published "
                      "depths, threshold 0, normalised outputs"),
        "ones_raw_last": (last("ones", raw), "the same in un-normalised float64 arithmetic"),
        "ones_raw_shallow": (last("ones", raw & (value["depth"] < overflow)), "the same for "
                             "pictures whose depth stays below the overflow"),
        "ones_half": (last("ones", half), "share of ones in the key at threshold 1/2"),
        "in_clear_half": (estimates.mean(_one_per_network(results["in_clear"], None, half)),
                          "share of the cipher's bits that equal the message's, threshold 1/2"),
        "in_clear_last": (estimates.mean(_one_per_network(results["in_clear"], None, pictures)),
                          "share of the cipher's bits that equal the message's, threshold 0"),
        "artefact_bit_error": (last("bit_error", uncollapsed & ~normal), "share of wrong bits "
                               "without selection (no collapse) in raw arithmetic: an artefact"),
        "uncollapsed_bit_error": (last("bit_error", uncollapsed & normal), "folded share of wrong "
                                  "bits without selection in arithmetic that does not overflow"),
    }  # fmt: skip
    ones = [_ones_at_half(k, n) for k, n in half_k]
    predicted = {
        "bit_error_last_theory": (theory("bit_error_theory", pictures), "its expectation (T8)"),
        "perfect_last_theory": (theory("perfect_theory", pictures), "its expectation (T8)"),
        "complement_rate_theory": (0.5, "its expectation: w' and -w' give opposite signs"),
        "ones_raw_last_theory": (
            float(np.mean(np.where(value["depth"][raw] < overflow[raw], 0.5, 0.0)))
            if raw.any() else np.nan,
            "1/2 where the depth stays below the overflow, else 0",
        ),
        "ones_half_theory": (float(np.mean(ones)) if ones else np.nan, "its expectation"),
        "in_clear_half_theory": (1 - float(np.mean(ones)) if ones else np.nan, "its expectation"),
        "uncollapsed_bit_error_theory": (
            theory("bit_error_theory", uncollapsed & normal), "its expectation (T8)",
        ),
    }  # fmt: skip
    return {
        **{name: estimates.scalar(*given) for name, given in made.items()},
        **{name: xr.DataArray(v, attrs=_attrs(text)) for name, (v, text) in predicted.items()},
    }


def _one_per_network(
    values: xr.DataArray, depth: np.ndarray | None, cells: np.ndarray
) -> np.ndarray:
    """Mean over cells of what network i of each gives (at the last layer): one number per i.

    Cells are different networks, so this is a stratified mean: the differences between the
    pictures do not widen its interval.
    """
    rows = []
    for i in np.flatnonzero(cells):
        row = values.isel(cell=i)
        row = row if depth is None else row.sel(layer=int(depth[i]))
        rows.append(row.values[np.isfinite(row.values)])
    shortest = min((row.size for row in rows), default=0)
    if shortest == 0:
        return np.empty(0)
    return np.mean([row[:shortest] for row in rows], axis=0)


def _at_last(curves: list[dict[str, np.ndarray]], name: str, depth: np.ndarray) -> np.ndarray:
    return np.array([c[name][int(d)] for c, d in zip(curves, depth)])


def _overflow_layer(results: xr.Dataset) -> np.ndarray:
    """Layer after which |w| is expected to exceed the largest float64, by cell."""
    from entanglement.theory.selection import mean_log_gain

    k, n = (results[name].values.astype(int).tolist() for name in ("k", "n"))
    growth = np.array([mean_log_gain(rows, candidates) for rows, candidates in zip(k, n)])
    return np.asarray((np.log(np.finfo(float).max) - np.log(k) / 2) / growth)


def _ones_at_half(k: int, n: int) -> float:
    from entanglement.theory import keybits

    # At the published k it is 1e-190: no key has ever had a one.
    return round(keybits.one_rate(k, n, 0.5), 12)


def _per_cell(curves: list[dict[str, np.ndarray]], name: str, text: str) -> xr.DataArray:
    return xr.DataArray([float(c[name]) for c in curves], dims="cell", attrs=_attrs(text))


def _attrs(long_name: str) -> dict[str, str]:
    return {"long_name": long_name, "units": "1"}
