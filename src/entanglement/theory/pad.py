"""U6: what is secret in the scheme of paper A, VI-A, in bits.

The signs of z_L are independent fair coins, whatever came before: selection looks at |z| only. So
the key is a one-time pad, and Shannon's equivocation of messages given their ciphers is a count.
"""

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import entr, xlog1py
from scipy.stats import binom

from entanglement.theory.keybits import key_bit_error
from entanglement.theory.laws import mean_over_chain


def binary_entropy(rate: ArrayLike) -> np.ndarray:
    """h(q) = -q log2 q - (1-q) log2(1-q), in bits, exact for small q.

    Parameters
    ----------
    rate
        q in [0, 1], any shape.

    Raises
    ------
    ValueError
        A rate outside [0, 1].
    """
    q = np.asarray(rate, dtype=float)
    if np.any(~((q >= 0) & (q <= 1))):
        raise ValueError(f"rate = {q}: a share of bits is in [0, 1]")
    return np.asarray((entr(q) - xlog1py(1 - q, -q)) / np.log(2))


def equivocation(
    k: int, messages: int, fresh: bool = False, known: int = 0, reference: bool = False
) -> int:
    """U6: bits that all ciphers leave open about uniformly random messages, H(M_1..M_j | Y_1..Y_j).

    A network of its own for each message: j k, all that there is (Shannon's perfect secrecy).
    One network for all: k for the key and one for each further message, whose key may be the
    complement; known bits of one message come off the k.

    Parameters
    ----------
    k
        Bits of a message.
    messages
        Number j >= 1 of messages seen.
    fresh
        Whether every message has a network of its own.
    known
        Bits of the first message that the eavesdropper knows, 0..k.
    reference
        Whether both sides multiply by the sign of output 1 (U4): no complement is left, and the
        first key bit is no secret.

    Raises
    ------
    ValueError
        k < 1, no message, or known outside 0..k.
    """
    if k < 1 or messages < 1:
        raise ValueError(f"k = {k}, messages = {messages}: give 1 or more of each")
    if not 0 <= known <= k:
        raise ValueError(f"known = {known}: a message has k = {k} bits")
    if fresh:
        left = messages * (k - reference) - known
    else:
        left = k - reference - known + (0 if reference else messages - 1)
    return max(left, 0)


def message_left(ink: float, messages: ArrayLike) -> np.ndarray:
    """U6: bits left of each bit of message 1 after j ciphers under one key, H(M_1 | Y_1..Y_j) / k.

    Message bits are independent, and 1 with probability p. Of j bits of cipher at one place s are
    1: the key bit is then 1 with odds (p/(1-p))^(j - 2s), and the message bit is their sum with
    the cipher's. The mean of h over s: h(p) after one cipher, as before any (perfect secrecy);
    1 at p = 1/2, whatever j; falling exponentially in j else. The signs are agreed on (U4); with a
    key for each message it stays h(p).

    Parameters
    ----------
    ink
        p in [0, 1].
    messages
        Numbers j >= 1, any shape.

    Raises
    ------
    ValueError
        p outside [0, 1], or j < 1.
    """
    count = np.asarray(messages, dtype=int)
    if not 0 <= ink <= 1 or np.any(count < 1):
        raise ValueError(f"ink = {ink}, messages = {count}: give 0 <= ink <= 1, messages >= 1")
    j, s = count[..., None], np.arange(int(count.max(initial=0)) + 1)
    clear, turned = binom.pmf(s, j, ink), binom.pmf(s, j, 1 - ink)  # key bit 0, and 1
    both = clear + turned
    share = np.divide(turned, both, out=np.full(both.shape, 0.5), where=both > 0)
    return np.asarray(np.sum(both / 2 * binary_entropy(share), axis=-1))


def key_left_after(k: int, n: int, depth: int) -> np.ndarray:
    """U6: bits left of each key bit for whoever lacks one layer but has the l that follow it.

    E h(q(c_(l-1))), q being T8's error of a bit: what her own key, taken bit by bit, leaves open
    (up to the one bit of the sign). The sizes of her outputs would tell her more.

    Parameters
    ----------
    k, n
        Rows kept, and candidates.
    depth
        Right layers up to L.

    Returns
    -------
    Shape (L + 1,), entry l for l right layers; entry 0, the last layer is the wrong one, is 1.
    """
    if depth < 0 or n < k or k < 2:
        raise ValueError(f"k = {k}, n = {n}, depth = {depth}: give 2 <= k <= n and depth >= 0")
    if depth == 0:
        return np.ones(1)
    left = mean_over_chain(k, n, depth - 1, lambda c: binary_entropy(key_bit_error(k, n, c)))
    return np.append(1.0, left)


def shared_bits(k: int, depth: int) -> dict[str, float]:
    """U6: secret bits that two sides must share beforehand for each key bit.

    Parameters
    ----------
    k, depth
        Width, and layers L.

    Returns
    -------
    `network`: k^2 L numbers of 64 bits for k key bits; `pad`: the signs of z_L, all that the key
    depends on; `seed`: a seed of 128 bits that makes the weights (secret by computation only).

    Raises
    ------
    ValueError
        k < 1 or L < 1.
    """
    if k < 1 or depth < 1:
        raise ValueError(f"k = {k}, depth = {depth}: give 1 or more of each")
    return {"network": 64.0 * k * depth, "pad": 1.0, "seed": 128 / k}
