"""What needs several cells of the secrecy experiment: theory and the claims' numbers."""

import numpy as np
import xarray as xr

from entanglement.statistics import agreement, estimates


def summarise(results: xr.Dataset) -> xr.Dataset:
    """Add theory for one wrong layer, its intervals, and the claims' scalars.

    Parameters
    ----------
    results
        All cells, with every parameter a coordinate on `cell`.
    """
    cells = [results.isel(cell=i) for i in range(results.sizes["cell"])]
    curves = [_wrong_layer(cell) for cell in cells]
    added = xr.Dataset(
        {
            name: (("cell", "position"), np.stack([c[name] for c in curves]), _attrs(text))
            for name, text in CURVES
        },
        coords={"position": results["position"]},
    )
    largest = np.array([c["largest_t"] for c in curves])
    for column, text in enumerate(("largest |t| against T8", "its Bonferroni quantile at 1e-3")):
        name = ("largest_t", "largest_t_allowed")[column]
        added[name] = ("cell", largest[:, column], _attrs(text))
    return added.assign(_claims(results))


CURVES = (
    ("wrong_layer_mean", "mean wrong key bits with one wrong layer"),
    ("wrong_layer_low", "lower end of its 95 % interval over networks"),
    ("wrong_layer_high", "upper end of its 95 % interval over networks"),
    ("wrong_layer_theory", "its expectation (T8 at the number of right layers that follow)"),
)


def _wrong_layer(cell: xr.Dataset) -> dict[str, np.ndarray]:
    from entanglement.theory import keybits

    error = cell["wrong_layer_error"].values
    used = np.isfinite(error[0])
    error = error[np.isfinite(error[:, 0])][:, used]
    curves = {name: np.full(used.size, np.nan) for name, _ in CURVES}
    each = [estimates.mean(column) for column in error.T]
    curves["wrong_layer_mean"][used] = [e.value for e in each]
    curves["wrong_layer_low"][used] = [e.low for e in each]
    curves["wrong_layer_high"][used] = [e.high for e in each]
    curves["largest_t"] = np.full(2, np.nan)
    depth, k = int(cell["depth"]), int(cell["k"])
    n = {"top": int(cell["n"]), "random": k}.get(str(cell["weights"].item()))
    if n is not None:
        follow = depth - cell["wrong_layer"].values[used].astype(int)
        theory = keybits.error_rate(k, n, depth)[follow]
        curves["wrong_layer_theory"][used] = theory
        # A mean error that hangs on a few keys is not near normal: shown, but not tested.
        if len(error) > 1:
            tested = np.where(theory >= 0.02, theory, np.nan)
            curves["largest_t"] = np.array(agreement.largest_t(error, tested))
    return curves


def _claims(results: xr.Dataset) -> dict[str, xr.DataArray]:
    """Scalars that the claims are judged by; NaN from no networks where a cell is missing."""
    top = (results["weights"] == "top").values
    selected = top & (results["n"] > results["k"]).values
    unselected = top & (results["n"] == results["k"]).values
    k, probes = results["k"].values, results["probes"].values
    large = selected & (k == np.max(k, where=selected, initial=0))
    most = selected & (probes == np.max(probes, where=selected, initial=0))
    most_blind = unselected & (probes == np.max(probes, where=unselected, initial=0))

    def over_networks(name: str, cells: np.ndarray) -> estimates.Estimate:
        values = results[name].values[cells].ravel()
        return estimates.mean(values[np.isfinite(values)])

    text = {
        "identity_rate": "share of bits in which y1 xor y2 is m1 xor m2 or its complement",
        "identity_rate_fresh": "the same if every message had a network of its own",
        "known_plaintext_error": "wrong bits in the other messages, read with one known pair",
        "known_plaintext_error_fresh": "the same if every message had a network of its own",
        "insider_error": "wrong bits for an eavesdropper with the network and any input",
        "guess_error": "wrong bits for an eavesdropper who guesses a key",
        "wrong_seed_error": "wrong bits for an eavesdropper with a network of another seed",
    }
    claims = {f"{n}_mean": estimates.scalar(over_networks(n, large), t) for n, t in text.items()}
    claims["distinct_keys_mean"] = estimates.scalar(
        over_networks("distinct_keys", most), "different keys among all inputs, up to complement"
    )
    claims["distinct_keys_unselected"] = estimates.scalar(
        over_networks("distinct_keys", most_blind), "the same without selection (no collapse)"
    )
    size = int(np.max(k, where=large, initial=1))
    # Two random strings of k bits differ in k/2 +- sqrt(k)/2; the better sign takes the mean
    # of |N(0, 1/(4 k))| off.
    folded = 0.5 - 1 / np.sqrt(2 * np.pi * size)
    theory = {
        "random_error_theory": (folded, "expected error of a random key"),
        "random_identity_theory": (1 - folded, "expected identity rate of random keys"),
        "distinct_keys_theory": (1.0, "one key up to complement, after complete collapse"),
        "known_plaintext_theory": (0.0, "expected error after complete collapse"),
        "identity_rate_theory": (1.0, "expected identity rate after complete collapse"),
        "bytes_per_key_bit": (8.0 * size * _depth(results, large), "shared weights per key bit"),
    }
    for name, (value, long_name) in theory.items():
        units = "byte" if name.startswith("bytes") else "1"
        claims[name] = xr.DataArray(value, attrs=_attrs(long_name, units))
    return claims


def _depth(results: xr.Dataset, cells: np.ndarray) -> float:
    depths = results["depth"].values[cells]
    return float(depths.max()) if depths.size else np.nan


def _attrs(long_name: str, units: str = "1") -> dict[str, str]:
    return {"long_name": long_name, "units": units}
