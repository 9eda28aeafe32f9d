"""Attack the scheme of VI-A, and set a real reconciler beside it."""

import numpy as np
import xarray as xr

from entanglement.experiments.secrecy import Evaluate, Train
from entanglement.experiments.secrecy.cascade import binary_entropy, cascade
from entanglement.networks import ensemble
from entanglement.networks.architecture import Architecture
from entanglement.pipeline.images import load
from entanglement.pipeline.parameters import Cell
from entanglement.pipeline.seeds import Seeds

# Rates at which the reconciler's two strings differ.
ERROR_RATES = (0.01, 0.02, 0.03, 0.05, 0.08, 0.11)
# Layers that an eavesdropper has wrong: this many, spread from the first to the last.
WRONG_LAYERS = 21
SEED_BYTES = 16


def evaluate(model: xr.Dataset, cell: Cell[Train, Evaluate], seeds: Seeds) -> xr.Dataset:
    """Send two messages under one network and try to read them without it.

    Errors are shares of wrong bits after the better of the two guesses of the sign, min(e, 1 - e),
    since an eavesdropper sees which of two pictures is the negative.

    Parameters
    ----------
    model
        What this experiment's `train` made.
    cell
        Messages and sizes.
    seeds
        Random streams of the model.
    """
    parameters = cell.evaluate
    architecture = cell.train
    networks, k, depth = architecture.networks, architecture.k, architecture.depth
    first, second = (_bits(load(m)) for m in (parameters.message, parameters.other_message))
    keys = _keys(model, seeds, parameters.probes)  # (networks, probes, k)
    # The neighbour's keys: right algorithm, wrong seed. Also what a fresh network for each
    # message would give.
    foreign = np.roll(keys, -1, axis=0)
    guess = np.stack([seeds.generator(i, "guess").standard_normal(k) > 0 for i in range(networks)])
    cipher, other_cipher = first ^ keys[:, 0], second ^ keys[:, 1]
    stolen = cipher ^ first  # one message becomes known: its key
    together = cipher ^ other_cipher
    distinct, entropy = zip(*(_count(bits) for bits in keys), strict=True)
    layers = _wrong_layers(depth)
    wrong = np.stack(
        [_wrong_layer(model, architecture, seeds, j, parameters) for j in layers.tolist()], 1
    )
    leaked, failed = _reconcile(k, networks, parameters.frames, seeds)

    per_network = {
        "identity_rate": (
            1 - _error(together, first ^ second),
            "share of bits in which y1 xor y2 is m1 xor m2 (or its complement)",
        ),
        "identity_rate_fresh": (
            1 - _error(cipher ^ second ^ foreign[:, 1], first ^ second),
            "the same if every message had a network of its own",
        ),
        "known_plaintext_error": (
            _error(stolen[:, None], keys[:, 1:]).mean(axis=1),
            "share of wrong bits in the other messages, decrypted with one known pair",
        ),
        "known_plaintext_error_fresh": (
            _error(stolen[:, None], foreign[:, 1:]).mean(axis=1),
            "the same if every message had a network of its own",
        ),
        "insider_error": (_error(keys[:, 1], keys[:, 0]), "with the network and any input"),
        "guess_error": (_error(guess, keys[:, 0]), "without the network: a guessed key"),
        "wrong_seed_error": (_error(foreign[:, 1], keys[:, 0]), "network of a wrong seed"),
        "distinct_keys": (np.array(distinct, float), "different keys, complements taken as equal"),
        "key_entropy": (np.array(entropy), "entropy of the key over inputs, without its sign"),
    }
    pictures = {
        "message_bits": (first, "first message"),
        "other_bits": (second, "second message"),
        "cipher": (cipher[0], "cipher of the first message"),
        "other_cipher": (other_cipher[0], "cipher of the second message"),
        "xor_ciphers": (together[0], "y1 xor y2"),
        "xor_messages": (first ^ second, "m1 xor m2"),
        "known_plaintext": (other_cipher[0] ^ stolen[0], "second cipher, read with one known pair"),
        "insider": (cipher[0] ^ keys[0, 1], "first cipher, read with another input"),
        "guess": (cipher[0] ^ guess[0], "first cipher, read with a guessed key"),
        "wrong_seed": (cipher[0] ^ foreign[0, 1], "first cipher, read with a wrong network"),
    }
    return xr.Dataset(
        {
            **{
                name: ("network", values, _attrs(text, "bit" if name == "key_entropy" else "1"))
                for name, (values, text) in per_network.items()
            },
            "wrong_layer_error": (
                ("network", "position"), wrong,
                _attrs("wrong key bits of an eavesdropper who has one layer wrong, folded"),
            ),
            "wrong_layer": ("position", layers, _attrs("which layer is wrong")),
            "leaked": (
                ("network", "rate"), leaked, _attrs("bits of the key that Cascade reveals, each"),
            ),
            "efficiency": (
                ("network", "rate"), leaked / [binary_entropy(q) for q in ERROR_RATES],
                _attrs("f: bits revealed over the least number possible"),
            ),
            "frame_error": (
                ("network", "rate"), failed, _attrs("share of strings that still differ"),
            ),
            "error_rate": ("rate", np.array(ERROR_RATES), _attrs("share of differing bits")),
            "model_bytes": (
                (), 8.0 * k * k * depth, _attrs("size of the shared weights", "byte"),
            ),
            "seed_bytes": ((), float(SEED_BYTES), _attrs("size of a seed that makes them", "byte")),
            **{
                name: ("pixel", bits.astype(np.uint8), _attrs(text))
                for name, (bits, text) in pictures.items()
            },
        },
        coords={"network": np.arange(networks)},
    )  # fmt: skip


def _keys(model: xr.Dataset, seeds: Seeds, count: int) -> np.ndarray:
    """Sign bits of the last layer's outputs, shape (networks, inputs, k)."""
    probes = ensemble.gaussian_probes(model, seeds, count)
    inputs = np.stack([probes(i) for i in range(model.sizes["network"])])
    for layer in ensemble.walk(model, inputs):
        last = layer
    return np.asarray(last.probe_directions() > 0)


def _wrong_layers(depth: int) -> np.ndarray:
    return np.unique(np.linspace(1, depth, min(WRONG_LAYERS, depth)).round().astype(int))


def _wrong_layer(
    model: xr.Dataset, architecture: Architecture, seeds: Seeds, wrong: int, parameters: Evaluate
) -> np.ndarray:
    """Error of keys made with fresh N(0, 1) weights in one layer, shape (networks,).

    Whatever enters that layer leaves it as N(0, 1) numbers that know nothing of Alice's vector;
    the layers after it are the right ones and pull it towards hers again.
    """
    networks, k, depth = architecture.networks, architecture.k, architecture.depth
    alice = model["projection"].values[:, depth] > 0
    noise = [seeds.generator(i, "wrong layer", wrong) for i in range(networks)]
    entering = np.stack([rng.standard_normal((parameters.eavesdroppers, k)) for rng in noise])
    if wrong == depth:
        return np.asarray((alice[:, None] != (entering > 0)).mean(axis=(1, 2)))
    rest = _after(model, architecture, wrong)
    before = np.zeros(entering.shape[:2])
    for layer in ensemble.walk(rest, entering):
        if layer.index == rest.sizes["layer"] - 2:
            before = layer.cotangent
        last = layer
    error = (alice[:, None] != (last.probe_directions() > 0)).mean(axis=-1)
    return np.asarray(np.where(before < 0, 1 - error, error).mean(axis=1))


def _after(model: xr.Dataset, architecture: Architecture, layer: int) -> xr.Dataset:
    """Make the network of the layers after one, with Alice's vector there as its sample.

    What its layers do to a vector that knows nothing of Alice's is drawn afresh for every such
    layer, so that the points of the curve are independent given the networks.
    """
    rest = model.isel(layer=slice(layer, None))
    sample = rest["projection"].isel(layer=0, drop=True)
    remaining = architecture.model_copy(update={"depth": architecture.depth - layer})
    return rest.assign(training_sample=sample).assign_attrs(
        {
            **model.attrs,
            "architecture": remaining.model_dump_json(),
            "entropy": hex(int(model.attrs["entropy"], 16) + layer),
        }
    )


def _count(keys: np.ndarray) -> tuple[int, float]:
    """Distinct keys up to complement, and the entropy of the key over the inputs in bits."""
    alike = np.packbits(keys ^ keys[:, :1], axis=1)
    times = np.unique(alike, axis=0, return_counts=True)[1] / len(keys)
    return times.size, float(-np.sum(times * np.log2(times))) + 0.0


def _reconcile(k: int, networks: int, frames: int, seeds: Seeds) -> tuple[np.ndarray, np.ndarray]:
    """Cascade on random strings of the key's length: leaked bits each, share not corrected."""
    leaked, failed = np.zeros((2, networks, len(ERROR_RATES)))
    for i in range(networks):
        for j, rate in enumerate(ERROR_RATES):
            rng = seeds.generator(i, "cascade", j)
            for _ in range(frames):
                alice = rng.integers(0, 2, k)
                done = cascade(alice, alice ^ (rng.random(k) < rate), rate, rng)
                leaked[i, j] += done.leaked / (k * frames)
                failed[i, j] += bool((done.bits != alice).any()) / frames
    return leaked, failed


def _error(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    error = (one != other).mean(axis=-1)
    return np.asarray(np.minimum(error, 1 - error))


def _bits(grey: np.ndarray) -> np.ndarray:
    return grey.ravel() < 0.5


def _attrs(long_name: str, units: str = "1") -> dict[str, str]:
    return {"long_name": long_name, "units": units}
