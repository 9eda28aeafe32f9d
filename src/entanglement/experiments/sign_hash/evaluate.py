"""Hash training sample and probe at every layer, by random hyperplanes and by the kept rows."""

import numpy as np
import xarray as xr
from scipy.special import bdtr

from entanglement.experiments.sign_hash import Evaluate, Train
from entanglement.geometry.angles import cotangent_between, loss_fold, loss_plus
from entanglement.networks import ensemble
from entanglement.pipeline.parameters import Cell
from entanglement.pipeline.seeds import Seeds
from entanglement.theory import candidates, keybits

# Points of the T8 curve.
GRID = np.linspace(0.005, 0.5, 60)
NAMES = {
    "folded_angle": "angle between training sample and probe to the nearer pole, in units of pi",
    "folded_constant": "the same behind a constant map",
    "disagreement": "fraction of bits that differ, folded for the complement",
    "law": "exact disagreement given the angle: Eq. 9, and T8 for the kept rows",
    "dispersion": "squared deviation of the Hamming distance over the variance of Eq. 11",
    "quantile": "randomised quantile of the Hamming distance under Eq. 11",
    "bits_theory": "exact disagreement of the kept rows' bits, T8",
    "hash": "hash functions",
    "grid": "folded angle, in units of pi",
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
    a, hashes = cell.train, cell.evaluate.hashes
    draw = ensemble.gaussian_probes(model, seeds, 1)
    probes = np.stack([draw(i) for i in range(a.networks)])
    cotangents: list[np.ndarray] = []
    counts: list[list[np.ndarray]] = []
    for layer in ensemble.walk(model, probes):
        pair = np.stack([layer.direction, layer.probe_directions()[:, 0]], axis=1)
        if layer.index > 0:
            counts[-1].append((np.sign(pair[:, 0]) != np.sign(pair[:, 1])).sum(axis=1))
        if layer.index < a.depth:
            counts.append([_random_hashes(pair, seeds, layer.index, hashes)])
        cotangents.append(layer.cotangent[:, 0])
    cotangent = np.stack(cotangents, axis=1)
    hamming = np.array(counts).transpose(1, 2, 0)  # (hash, network, layer)
    uniform = [
        seeds.generator(i, "quantiles").random(hamming.shape[::2]) for i in range(a.networks)
    ]
    bits = np.array([hashes, a.k])[:, None, None]
    compared = _compare(a, cotangent[:, :-1], hamming, bits, np.stack(uniform, axis=1))
    # No layer hashes what leaves the last one: NaN there.
    padded = np.pad(compared, [(0, 0)] * 3 + [(0, 1)], constant_values=np.nan)
    names, dims = ("disagreement", "law", "dispersion", "quantile"), ("hash", "network", "layer")
    # A map to one vector: all inputs leave it at the same place.
    same = cotangent_between(pair[:, 0], pair[:, 0])
    result = xr.Dataset(
        {
            "folded_angle": (("network", "layer"), loss_fold(cotangent)),
            "folded_constant": ("network", loss_fold(same)),
            **{name: (dims, array) for name, array in zip(names, padded, strict=True)},
            "bits_theory": ("grid", _kept_law(a, 1 / np.tan(np.pi * GRID))),
        },
        coords={
            "hash": ["random hyperplanes", "kept rows"],
            "layer": np.arange(a.depth + 1),
            "grid": GRID,
        },
    )
    for name, words in NAMES.items():
        result[name].attrs = {"long_name": words, "units": "1"}
    return result


def _random_hashes(pair: np.ndarray, seeds: Seeds, layer: int, hashes: int) -> np.ndarray:
    """Hamming distances of Eq. 10 for vectors of shape (networks, 2, k)."""
    distance = np.empty(len(pair), dtype=int)
    for network, vectors in enumerate(pair):
        rng = seeds.generator(network, "hashes", layer)
        signs = np.sign(rng.standard_normal((hashes, len(vectors[0]))) @ vectors.T)
        distance[network] = np.sum(signs[:, 0] != signs[:, 1])
    return distance


def _compare(
    a: Train, cotangent: np.ndarray, hamming: np.ndarray, bits: np.ndarray, uniform: np.ndarray
) -> list[np.ndarray]:
    """Folded disagreement with its law, dispersion and quantile, each (hash, network, layer)."""
    angle, share = loss_plus(cotangent), hamming / bits
    law = np.stack([loss_fold(cotangent), _kept_law(a, cotangent)])
    with np.errstate(divide="ignore", invalid="ignore"):
        dispersion = (hamming - bits * angle) ** 2 / (bits * (angle * (1 - angle)))
    below = np.where(hamming > 0, bdtr(hamming - 1.0, bits, angle), 0.0)
    at = bdtr(hamming.astype(float), bits, angle) - below
    return [np.where(cotangent < 0, 1 - share, share), law, dispersion, below + uniform * at]


def _kept_law(a: Train, cotangent: np.ndarray) -> np.ndarray:
    """T8; of rows that were not chosen by the sample, orthogonal ones too, it is the angle."""
    rows = a.k if a.weights == "orthogonal" else candidates(a.weights, a.k, a.n)
    if rows is None:
        return np.full_like(cotangent, np.nan)
    return keybits.key_bit_error(a.k, rows, cotangent)
