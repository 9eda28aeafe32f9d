"""Read keys from the networks' outputs, layer by layer, and recover a picture with them."""

import itertools
from collections.abc import Callable, Iterable, Iterator

import numpy as np
import xarray as xr

from entanglement.experiments.reconciliation import Evaluate, Train
from entanglement.experiments.reconciliation.overflow import (
    LAST_SAFE,
    first_overflow,
    literal_layers,
)
from entanglement.geometry.angles import loss_fold
from entanglement.networks import ensemble
from entanglement.pipeline.images import load
from entanglement.pipeline.parameters import Cell
from entanglement.pipeline.seeds import Seeds

Inputs = Callable[[int], np.ndarray]

# A start close to Alice's, as a control for the sign: the cotangent is about 1/this.
NEAR = 0.03


def evaluate(model: xr.Dataset, cell: Cell[Train, Evaluate], seeds: Seeds) -> xr.Dataset:
    """Compare Bob's keys with Alice's at every layer, and decrypt an example.

    Alice's input is the training sample w_0 (the paper's notation in Eqs. 33-34), Bob's inputs
    are fresh N(0, 1) vectors. Errors are folded for the complement: by the sign of the
    cotangent before the layer, which is what the exact law T8 speaks of, or, where that sign
    means nothing (raw arithmetic, a threshold other than 0), by the smaller of e and 1 - e.
    With a reference bit nothing is folded: an error is a wrong bit.

    Parameters
    ----------
    model
        What this experiment's `train` made.
    cell
        Message, number of inputs, threshold, arithmetic.
    seeds
        Random streams of the model.

    Returns
    -------
    Rates (network, layer) of differing key bits, of perfect keys, of ones; signs (network);
    message, cipher and recovered picture (layer, pixel) of one example, as bits.
    """
    a, asked = cell.train, cell.evaluate
    model = _with_projections(model, a)
    probes = ensemble.gaussian_probes(model, seeds, asked.probes)
    inputs = np.stack([probes(i)[: asked.keys] for i in range(a.networks)])
    cotangents = ensemble.propagate(model, _with_near(model, probes, seeds))["cotangent"].values
    raw = asked.arithmetic == "raw"
    vectors = _raw(model, inputs, a, seeds) if raw else _normalised(model, inputs)
    signs: Iterable[np.ndarray | None] = itertools.repeat(None)
    if not raw and asked.threshold == 0:
        before = np.sign(cotangents[:, :-1, : asked.keys])
        signs = [np.ones_like(before[:, 0]), *before.swapaxes(0, 1)]
    if asked.reference:
        signs = itertools.repeat(np.ones_like(cotangents[:, 0, : asked.keys]))
    rates = []
    keys = np.empty((a.depth + 1, 1 + asked.keys, a.k), dtype=bool)  # of network 0
    for layer, (w, sign) in enumerate(zip(vectors, signs, strict=False)):
        w = w * np.sign(w[..., :1]) if asked.reference else w
        bits = w > asked.threshold  # false for NaN, as `sign(w) == 1` is
        error = _folded(bits[:, :1], bits[:, 1:], sign)
        perfect, infinite = (error == 0).mean(axis=1), np.sum(~np.isfinite(w[:, 0]), axis=1)
        pairs, ones = _pairs(bits[:, 1:], sign), bits[:, 0].mean(axis=1)
        rates.append([error.mean(axis=1), pairs, perfect, ones, infinite])
        keys[layer] = bits[0]
    message = message_bits(load(asked.message))
    complement = (cotangents[:, -1, :-1] < 0).mean(axis=-1)
    if asked.reference:
        complement = (error > 0.5).mean(axis=-1)
    same, opposite = _examples(cotangents[0, -1, : asked.keys])
    cipher = keys[:, 0] ^ message
    per_layer = {
        **dict(zip(RATES, np.array(rates, dtype=float).transpose(1, 2, 0), strict=True)),
        "loss_fold": loss_fold(cotangents[..., :-1]).mean(axis=-1),
    }
    per_network = {
        "first_overflow": first_overflow(model["log_norm"].values),
        "complement": complement,
        "complement_near": (cotangents[:, -1, -1] < 0).astype(float),
        "in_clear": (~bits[:, 0]).mean(axis=1),
    }
    pictures = {
        "message_bits": message,
        "cipher": cipher,
        "recovered": cipher ^ keys[:, 1 + same],
        "recovered_complement": cipher[-1] ^ keys[-1, 1 + opposite],
    }
    result = xr.Dataset(
        {
            **{name: (("network", "layer"), found) for name, found in per_layer.items()},
            **{name: ("network", found) for name, found in per_network.items()},
            **{
                name: (("layer", "pixel")[-found.ndim :], found.astype(np.uint8))
                for name, found in pictures.items()
            },
        },
        coords={"network": np.arange(a.networks), "layer": np.arange(a.depth + 1)},
    )
    for name, words in NAMES.items():
        result[name].attrs = {"long_name": words, "units": "1"}
    return result


RATES = ("bit_error", "bit_error_pairs", "perfect", "ones", "nonfinite")
NAMES = {
    "bit_error": "share of Bob's key bits that differ from Alice's, folded for the complement",
    "bit_error_pairs": "the same between two of Bob's inputs, neither the training sample",
    "perfect": "share of Bob's keys that equal Alice's, or their complement, in every bit",
    "ones": "share of ones in Alice's key",
    "nonfinite": "entries of Alice's vector that are infinite or not a number",
    "loss_fold": "mean folded angle theta/pi between Alice's and Bob's outputs",
    "first_overflow": "first layer at which |w_l| exceeds float64",
    "complement": "share of Bob's inputs that give the complement of the message",
    "complement_near": "whether an input close to Alice's gives the complement",
    "in_clear": "share of the cipher's bits that equal the message's: where the key is 0",
    "message_bits": "bits of the message",
    "cipher": "cipher that network 0 makes at each layer",
    "recovered": "what one of Bob's inputs takes the cipher of network 0 to",
    "recovered_complement": "what an input of the other sign recovers at the last layer",
}


def message_bits(grey: np.ndarray) -> np.ndarray:
    """Turn a picture into bits: 1 where it is darker than half-way grey.

    Parameters
    ----------
    grey
        Grey values in [0, 1], shape (size, size).

    Returns
    -------
    Bits row by row, shape (size * size,).
    """
    return grey.ravel() < 0.5


def _with_projections(model: xr.Dataset, a: Train) -> xr.Dataset:
    """Draw again what the model's file leaves out."""
    whole = ensemble.train(a, Seeds(int(model.attrs["entropy"], 16)))
    if not np.array_equal(whole["log_norm"].values, model["log_norm"].values):
        raise ValueError(
            "the stored model and its seed do not give the same networks: it was made by other "
            "code or another NumPy; remove its file and train again"
        )
    return whole


def _with_near(model: xr.Dataset, probes: Inputs, seeds: Seeds) -> Inputs:
    """Append one probe close to Alice's input to the probes of each network."""
    sample = model["training_sample"].values

    def inputs(network: int) -> np.ndarray:
        noise = seeds.generator(network, "near").standard_normal(sample.shape[1])
        return np.vstack([probes(network), sample[network] + NEAR * noise])

    return inputs


def _normalised(model: xr.Dataset, inputs: np.ndarray) -> Iterator[np.ndarray]:
    """Unit vectors of Alice and of Bob's inputs at each layer, (networks, 1 + keys, k)."""
    for layer in ensemble.walk(model, inputs):
        yield np.concatenate([layer.direction[:, None], layer.probe_directions()], axis=1)


def _raw(model: xr.Dataset, inputs: np.ndarray, a: Train, seeds: Seeds) -> Iterator[np.ndarray]:
    """Un-normalised vectors in float64, past their overflow."""
    w = np.empty((0,))
    going: list[Iterator[np.ndarray]] = []
    for layer in ensemble.walk(model, inputs):
        largest = max(layer.log_norm.max(), layer.log_probe_norm().max())
        if not going and largest < LAST_SAFE:
            unit = np.concatenate([layer.direction[:, None], layer.probe_directions()], axis=1)
            scale = np.concatenate([layer.log_norm[:, None], layer.log_probe_norm()], axis=1)
            w = unit * np.exp(scale)[..., None]
        else:
            if not going:
                going = [
                    literal_layers(w[i], a.n, seeds.generator(i, "overflow"))
                    for i in range(a.networks)
                ]
            w = np.stack([next(vectors) for vectors in going])
        yield w


def _folded(one: np.ndarray, other: np.ndarray, sign: np.ndarray | None) -> np.ndarray:
    """Share of differing bits, folded by a known sign, or else to the smaller of e and 1 - e."""
    error = (one != other).mean(axis=-1)
    if sign is None:
        return np.minimum(error, 1 - error)
    return np.where(sign < 0, 1 - error, error)


def _pairs(bits: np.ndarray, sign: np.ndarray | None) -> np.ndarray:
    """Mean folded error between Bob's inputs 0 and 1, 2 and 3, ...; NaN if there is one."""
    even = bits.shape[1] - bits.shape[1] % 2
    if even == 0:
        return np.full(len(bits), np.nan)
    together = None if sign is None else sign[:, 0:even:2] * sign[:, 1:even:2]
    return _folded(bits[:, 0:even:2], bits[:, 1:even:2], together).mean(axis=1)


def _examples(cotangent: np.ndarray) -> tuple[int, int]:
    """Numbers of an input that ends correlated with Alice's and of one that ends opposite."""
    return int(np.argmax(cotangent > 0)), int(np.argmax(cotangent < 0))
