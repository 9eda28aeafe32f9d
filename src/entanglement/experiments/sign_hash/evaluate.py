"""Hash training sample and probe at every layer, by random hyperplanes and by the kept rows."""

import numpy as np
import xarray as xr

from entanglement.experiments.sign_hash import Evaluate, Train
from entanglement.geometry.angles import cotangent_between, loss_fold, loss_plus
from entanglement.networks import ensemble
from entanglement.networks.architecture import Architecture
from entanglement.pipeline.parameters import Cell
from entanglement.pipeline.seeds import Seeds
from entanglement.statistics import agreement
from entanglement.theory import keybits, laws

HASHES = ("random hyperplanes", "kept rows")
# Points of the T8 curve.
GRID = np.linspace(0.005, 0.5, 60)
# Layers whose mean is below this are not compared by a t test.
LEAST = 0.05
NAMES = {
    "angle": "angle between training sample and probe before hashing, in units of pi",
    "folded_angle": "the same to the nearer pole, in units of pi",
    "disagreement": "fraction of bits that differ, folded for the complement",
    "excess": "disagreement less the folded angle",
    "excess_theory": "exact disagreement less the folded angle, given the angle",
    "dispersion": "squared deviation of the Hamming distance over the variance of Eq. 11",
    "quantile": "randomised quantile of the Hamming distance under Eq. 11",
    "entropy": "binary entropy H2 of the angle, the negative log likelihood of Eq. 13",
    "entropy_theory": "exact mean H2 of the angle, T1",
    "entropy_constant": "H2 of the angle behind a constant map",
    "fold_theory": "exact mean folded angle, T1",
    "bits_theory": "exact disagreement of the kept rows' bits, T8",
    "hash": "hash functions",
    "grid": "folded angle, in units of pi",
    "largest_t": "largest |t| over layers of the disagreement against its law",
    "largest_t_limit": "Bonferroni 1e-3 quantile of the largest |t|",
    "entropy_largest_t": "largest |t| over layers of the mean H2 against T1",
    "entropy_largest_t_limit": "Bonferroni 1e-3 quantile of that |t|",
}


def evaluate(model: xr.Dataset, cell: Cell[Train, Evaluate], seeds: Seeds) -> xr.Dataset:
    """Compare bits of training sample and probe at every layer.

    Layer l of `disagreement` hashes the vectors that enter layer l + 1: by fresh random
    hyperplanes (Eq. 9), and by the rows which that layer keeps (Eqs. 12 and 19).

    Parameters
    ----------
    model
        What `train` made.
    cell
        Of the cell.
    seeds
        Of the model.
    """
    parameters = cell.evaluate
    a = cell.train
    draw = ensemble.gaussian_probes(model, seeds, 1)
    probes = np.stack([draw(i) for i in range(a.networks)])
    cotangents, pairs = [], []
    counts: list[list[np.ndarray]] = []
    for layer in ensemble.walk(model, probes):
        pair = np.stack([layer.direction, layer.probe_directions()[:, 0]], axis=1)
        if layer.index > 0:
            counts[-1].append((np.sign(pair[:, 0]) != np.sign(pair[:, 1])).sum(axis=1))
        if layer.index < a.depth:
            counts.append([_random_hashes(pair, seeds, layer.index, parameters.hashes)])
        cotangents.append(layer.cotangent[:, 0])
        pairs.append(pair)
    cotangent = np.stack(cotangents, axis=1)
    bits = np.array([parameters.hashes, a.k])
    hamming = np.array(counts).transpose(1, 2, 0)  # (hash, network, layer)
    result = _compare(a, cotangent[:, :-1], hamming, bits, seeds)
    # A map to one vector: all inputs leave it at the same place.
    same = cotangent_between(pairs[-1][:, 0], pairs[-1][:, 0])
    entropies = xr.Dataset(
        {
            "entropy": (("network", "layer"), _entropy(loss_fold(cotangent))),
            "entropy_constant": ("network", _entropy(loss_fold(same))),
        },
        coords={"layer": np.arange(a.depth + 1)},
    )
    entropies = entropies.merge(_theory(a, entropies["entropy"]))
    # No layer hashes what leaves the last one: NaN there.
    return _describe(result.merge(entropies, join="outer"))


def _random_hashes(pair: np.ndarray, seeds: Seeds, layer: int, hashes: int) -> np.ndarray:
    """Hamming distances of Eq. 10 for vectors of shape (networks, 2, k)."""
    distance = np.empty(len(pair), dtype=int)
    for network, vectors in enumerate(pair):
        normals = seeds.generator(network, "hashes", layer).standard_normal(
            (hashes, len(vectors[0]))
        )
        signs = np.sign(normals @ vectors.T)
        distance[network] = np.sum(signs[:, 0] != signs[:, 1])
    return distance


def _compare(
    a: Architecture, cotangent: np.ndarray, hamming: np.ndarray, bits: np.ndarray, seeds: Seeds
) -> xr.Dataset:
    from scipy.special import bdtr

    angle, folded, size = loss_plus(cotangent), loss_fold(cotangent), bits[:, None, None]
    share = hamming / size
    share = np.where(cotangent < 0, 1 - share, share)
    unoptimised = a.weights == "random" or a.n == a.k
    kept = folded if unoptimised else keybits.key_bit_error(a.k, a.n, cotangent)
    excess_theory = np.stack([np.zeros_like(folded), kept - folded])
    spread = angle * (1 - angle)
    with np.errstate(divide="ignore", invalid="ignore"):
        dispersion = (hamming - size * angle) ** 2 / (size * spread)
    uniform = np.stack([seeds.generator(i, "quantiles").random(hamming.shape[::2]).T
                        for i in range(a.networks)])  # fmt: skip
    below = np.where(hamming > 0, bdtr(hamming - 1.0, size, angle), 0.0)
    at = bdtr(hamming.astype(float), size, angle) - below
    quantile = below + uniform.transpose(2, 0, 1) * at
    largest, limit = np.empty(2), np.empty(2)
    for number in range(2):
        deviation = share[number] - folded - excess_theory[number]
        # Means that hang on the few networks which are late have no normal law.
        common = share[number].mean(axis=0) > LEAST
        largest[number], limit[number] = agreement.largest_t(
            deviation[:, common], np.zeros(common.sum())
        )
    dims = ("hash", "network", "layer")
    return xr.Dataset(
        {
            "angle": (dims[1:], angle),
            "folded_angle": (dims[1:], folded),
            "disagreement": (dims, share),
            "excess": (dims, share - folded),
            "excess_theory": (dims, excess_theory),
            "dispersion": (dims, dispersion),
            "quantile": (dims, quantile),
            "largest_t": ("hash", largest),
            "largest_t_limit": ("hash", limit),
        },
        coords={"hash": list(HASHES), "layer": np.arange(a.depth)},
    )


def _entropy(share: np.ndarray) -> np.ndarray:
    """Binary entropy H2 in bits, exact for small shares."""
    p = np.asarray(share, dtype=float)
    small = np.where(p > 0, p, 1.0)
    return -(p * np.log2(small) + (1 - p) * np.log1p(-np.minimum(p, 0.5)) / np.log(2))


def _theory(a: Architecture, entropy: xr.DataArray) -> xr.Dataset:
    def of_cotangent(c: np.ndarray) -> np.ndarray:
        return _entropy(np.arctan2(1.0, c) / np.pi)

    expected = laws.mean_over_chain(a.k, a.n, a.depth, of_cotangent, a.weights)
    curves = entropy.transpose("network", "layer").values
    common = expected > LEAST
    largest, limit = agreement.largest_t(curves[:, common], expected[common])
    bits = GRID if a.n == a.k else keybits.key_bit_error(a.k, a.n, 1 / np.tan(np.pi * GRID))
    return xr.Dataset(
        {
            "entropy_theory": ("layer", expected),
            "fold_theory": ("layer", laws.mean_folded_loss(a.k, a.n, a.depth, a.weights)),
            "bits_theory": ("grid", bits),
            "entropy_largest_t": ((), largest),
            "entropy_largest_t_limit": ((), limit),
        },
        coords={"grid": GRID, "layer": np.arange(a.depth + 1)},
    )


def _describe(result: xr.Dataset) -> xr.Dataset:
    for name, words in NAMES.items():
        result[name].attrs = {"long_name": words, "units": "1"}
    return result
