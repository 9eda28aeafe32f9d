"""Attack the scheme of VI-A, and set a real reconciler beside it."""

from collections import deque

import numpy as np
import xarray as xr

from entanglement.experiments.secrecy import Evaluate, Train
from entanglement.experiments.secrecy.cascade import cascade
from entanglement.networks import ensemble
from entanglement.pipeline.images import load
from entanglement.pipeline.parameters import Cell
from entanglement.pipeline.seeds import Seeds
from entanglement.theory.pad import binary_entropy

# Rates at which the reconciler's two strings differ.
ERROR_RATES = (0.01, 0.02, 0.03, 0.05, 0.08, 0.11)
# Layers that an eavesdropper has wrong: this many, spread from the first to the last.
WRONG_LAYERS = 21
# Numbers of ciphers that an eavesdropper has seen, up to the inputs and the networks there are.
SEEN = (1, 2, 3, 4, 6, 8, 10, 12)
# Share of the cipher's bits that are flipped on the line.
FLIPPED = 0.1
NAMES = {
    "identity_rate": "share of bits in which y1 xor y2 is m1 xor m2 (or its complement)",
    "identity_rate_fresh": "the same if every message had a network of its own",
    "known_plaintext_error": "wrong bits in the other messages, read with one known pair",
    "known_plaintext_error_fresh": "the same if every message had a network of its own",
    "insider_error": "wrong bits with the network and any input",
    "guess_error": "wrong bits without the network: a guessed key",
    "wrong_seed_error": "wrong bits with a network of a wrong seed",
    "distinct_keys": "different keys, complements taken as equal",
    "key_entropy": "entropy of the key over inputs, without its sign",
    "leaked": "bits of the key that Cascade reveals, each",
    "efficiency": "f: bits revealed over the least number possible",
    "frame_error": "share of strings that still differ",
    "message_bits": "first message",
    "other_bits": "second message",
    "cipher": "cipher of the first message",
    "other_cipher": "cipher of the second message",
    "xor_ciphers": "y1 xor y2",
    "xor_messages": "m1 xor m2",
    "known_plaintext": "second cipher, read with one known pair",
    "insider": "first cipher, read with another input",
    "guess": "first cipher, read with a guessed key",
    "wrong_seed": "first cipher, read with a wrong network",
    "tampered_exactly": "whether the bits that were flipped on the line, and no other, flip in m",
    "tampered_shuffled": "the same under a cipher that shuffles the pixels by a key",
    "messages_seen": "ciphers that the eavesdropper has seen",
    "ink": "share of ones in the random messages",
    "left_reused": "bits left of each bit of message 1, one network for all messages",
    "left_fresh": "bits left of each bit of message 1, a network for each message",
    "left_wrong_layer": "bits left of each key bit with one layer wrong",
    "wrong_layer": "which layer is wrong",
    "wrong_layer_error": "wrong key bits of an eavesdropper who has one layer wrong, folded",
    "error_rate": "share of differing bits",
}


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
    a, asked = cell.train, cell.evaluate
    first, second = (_bits(load(picture)) for picture in (asked.message, asked.other_message))
    model = ensemble.whole(model)
    keys = _keys(model, seeds, asked.probes)  # (networks, probes, k)
    # The neighbour's keys: right algorithm, wrong seed. Also what a fresh network for each
    # message would give.
    foreign = np.roll(keys, -1, axis=0)
    guess = np.stack(
        [seeds.generator(i, "guess").standard_normal(a.k) > 0 for i in range(a.networks)]
    )
    cipher, other_cipher = first ^ keys[:, 0], second ^ keys[:, 1]
    stolen = cipher ^ first  # one message becomes known: its key
    together = cipher ^ other_cipher
    distinct, entropy = zip(*(_count(bits) for bits in keys), strict=True)
    seen, left_reused, left_fresh = _messages_seen(keys, first.mean(), seeds)
    tampered, shuffled = _tampered(first, keys[:, 0], seeds)
    layers = np.unique(np.linspace(1, a.depth, min(WRONG_LAYERS, a.depth)).round().astype(int))
    wrong, left_wrong = zip(
        *(_wrong_layer(model, a, seeds, layer, asked.eavesdroppers) for layer in layers.tolist()),
        strict=True,
    )
    leaked, failed = _reconcile(a.k, a.networks, asked.frames, seeds)
    per_network = {
        "identity_rate": 1 - _error(together, first ^ second),
        "identity_rate_fresh": 1 - _error(cipher ^ second ^ foreign[:, 1], first ^ second),
        "known_plaintext_error": _error(stolen[:, None], keys[:, 1:]).mean(axis=1),
        "known_plaintext_error_fresh": _error(stolen[:, None], foreign[:, 1:]).mean(axis=1),
        "insider_error": _error(keys[:, 1], keys[:, 0]),
        "guess_error": _error(guess, keys[:, 0]),
        "wrong_seed_error": _error(foreign[:, 1], keys[:, 0]),
        "distinct_keys": np.array(distinct, float),
        "tampered_exactly": tampered,
        "tampered_shuffled": shuffled,
        "key_entropy": np.array(entropy),
    }
    per_rate = {
        "leaked": leaked,
        "efficiency": leaked / [binary_entropy(rate) for rate in ERROR_RATES],
        "frame_error": failed,
    }
    pictures = {
        "message_bits": first,
        "other_bits": second,
        "cipher": cipher[0],
        "other_cipher": other_cipher[0],
        "xor_ciphers": together[0],
        "xor_messages": first ^ second,
        "known_plaintext": other_cipher[0] ^ stolen[0],
        "insider": cipher[0] ^ keys[0, 1],
        "guess": cipher[0] ^ guess[0],
        "wrong_seed": cipher[0] ^ foreign[0, 1],
    }
    result = xr.Dataset(
        {
            **{name: ("network", found) for name, found in per_network.items()},
            **{name: (("network", "rate"), found) for name, found in per_rate.items()},
            **{name: ("pixel", bits.astype(np.uint8)) for name, bits in pictures.items()},
            "wrong_layer": ("position", layers),
            "wrong_layer_error": (("network", "position"), np.stack(wrong, axis=1)),
            "left_wrong_layer": (("network", "position"), np.stack(left_wrong, axis=1)),
            "messages_seen": ("seen", seen),
            "left_reused": (("network", "seen"), left_reused),
            "left_fresh": (("network", "seen"), left_fresh),
            "ink": ((), first.mean()),
            "error_rate": ("rate", np.array(ERROR_RATES)),
        },
        coords={"network": np.arange(a.networks)},
    )
    for name, words in NAMES.items():
        units = "bit" if name.startswith(("key_", "left_")) else "1"
        result[name].attrs = {"long_name": words, "units": units}
    return result


def _keys(model: xr.Dataset, seeds: Seeds, count: int) -> np.ndarray:
    """Sign bits of the last layer's outputs, shape (networks, inputs, k)."""
    probes = ensemble.gaussian_probes(model, seeds, count)
    inputs = np.stack([probes(i) for i in range(model.sizes["network"])])
    for layer in ensemble.walk(model, inputs):
        last = layer
    return np.asarray(last.probe_directions() > 0)


def _messages_seen(
    keys: np.ndarray, ink: float, seeds: Seeds
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Bits left of each bit of message 1 after 1, 2, ... ciphers of random messages with ink.

    Both sides multiply by the sign of output 1, so that one network has one key.

    Returns
    -------
    Numbers of ciphers, (seen,); bits left with one network for all messages and with a network
    for each, as many as there are, (networks, seen).
    """
    networks, inputs, k = keys.shape
    pads = keys ^ ~keys[..., :1]
    most = min(inputs, networks)
    seen = np.array([count for count in SEEN if count <= most])
    left = np.empty((2, networks, seen.size))
    for i in range(networks):
        messages = seeds.generator(i, "messages").random((most, k)) < ink
        others = pads[(i + np.arange(most)) % networks, 0]
        for row, used in enumerate((pads[i, :most], others)):
            ciphers = messages ^ used
            ones = np.cumsum(ciphers, axis=0)
            for at, count in enumerate(seen):
                left[row, i, at] = _left(messages[0], ciphers[0], ones[count - 1])
    return seen, *left


def _left(message: np.ndarray, cipher: np.ndarray, ones: np.ndarray) -> float:
    """Entropy of a message bit given its cipher and the ones of all ciphers, from counts.

    No model of the ciphers is used; Miller and Madow's term makes up for the counts' noise.
    """
    place = 2 * ones + cipher
    every = np.bincount(place)
    ink = np.bincount(place, message, every.size)[every > 0] / every[every > 0]
    mixed = np.sum((ink > 0) & (ink < 1)) / (2 * np.log(2))
    return float((every[every > 0] @ binary_entropy(ink) + mixed) / message.size)


def _tampered(message: np.ndarray, keys: np.ndarray, seeds: Seeds) -> tuple[np.ndarray, np.ndarray]:
    """Whether flipping bits of the cipher flips these bits of the message and no other, (networks,).

    Also for a cipher that shuffles the pixels by a secret before it adds the key.
    """
    exact, shuffled = np.empty((2, len(keys)))
    for i, key in enumerate(keys):
        rng = seeds.generator(i, "tampering")
        flipped, order = rng.random(key.size) < FLIPPED, rng.permutation(key.size)
        flipped[rng.integers(key.size)] = True
        back = np.argsort(order)
        exact[i] = np.array_equal((message ^ key) ^ flipped ^ key, message ^ flipped)
        read = ((message[order] ^ key) ^ flipped ^ key)[back]
        shuffled[i] = np.array_equal(read, message ^ flipped)
    return exact, shuffled


def _wrong_layer(
    model: xr.Dataset, a: Train, seeds: Seeds, wrong: int, eavesdroppers: int
) -> tuple[np.ndarray, np.ndarray]:
    """Error and entropy of keys made with fresh N(0, 1) weights in one layer, (networks,) each.

    Whatever enters that layer leaves it as N(0, 1) numbers that know nothing of Alice's vector;
    the layers after it are the right ones and pull it towards hers again.
    """
    noise = [seeds.generator(i, "wrong layer", wrong) for i in range(a.networks)]
    entering = np.stack([rng.standard_normal((eavesdroppers, a.k)) for rng in noise])
    if wrong == a.depth:
        alice = model["projection"].values[:, wrong] > 0
        error = (alice[:, None] != (entering > 0)).mean(axis=-1)
        return error.mean(axis=1), binary_entropy(error).mean(axis=1)
    # The two last layers only: the sign before the last one turns complements round.
    before, last = deque(ensemble.walk(ensemble.after(model, wrong), entering), maxlen=2)
    alice = last.direction > 0
    error = (alice[:, None] != (last.probe_directions() > 0)).mean(axis=-1)
    error = np.where(before.cotangent < 0, 1 - error, error)
    return error.mean(axis=1), binary_entropy(error).mean(axis=1)


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
