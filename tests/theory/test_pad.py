"""U6: one network is one pad, in bits."""

import itertools

import numpy as np
import pytest

from entanglement.theory import pad
from entanglement.theory.keybits import error_rate, key_bit_error
from entanglement.theory.laws import scalar_chain


def counted(k, messages, fresh, known=0):
    """H(M | Y) by listing every message, key and sign."""
    joint: dict = {}
    words = list(itertools.product((0, 1), repeat=k))
    keys = itertools.product(words, repeat=messages) if fresh else ((w,) * messages for w in words)
    signs = list(itertools.product((0, 1), repeat=messages))
    for pads in keys:
        for sign in signs:
            for sent in itertools.product(words, repeat=messages):
                seen = tuple(
                    tuple(m ^ p ^ s for m, p in zip(message, key, strict=True))
                    for message, key, s in zip(sent, pads, sign, strict=True)
                )
                given = (seen, sent[0][:known])
                joint.setdefault(given, {}).setdefault(sent, 0)
                joint[given][sent] += 1
    total = sum(sum(row.values()) for row in joint.values())
    bits = 0.0
    for row in joint.values():
        share = np.array(list(row.values())) / sum(row.values())
        bits -= sum(row.values()) / total * float(share @ np.log2(share))
    return bits


@pytest.mark.parametrize(
    ("k", "messages", "fresh", "known"),
    [(3, 1, False, 0), (2, 2, False, 0), (2, 2, True, 0), (2, 2, False, 1), (2, 2, False, 2)],
)
def test_the_equivocation_is_that_of_all_messages_listed(k, messages, fresh, known):
    assert pad.equivocation(k, messages, fresh, known) == pytest.approx(
        counted(k, messages, fresh, known)
    )


def test_a_fresh_network_keeps_every_bit_and_a_reused_one_does_not():
    assert pad.equivocation(2500, 1) == 2500
    assert pad.equivocation(2500, 7, fresh=True) == 7 * 2500
    assert pad.equivocation(2500, 7) == 2506
    assert pad.equivocation(2500, 7, known=2500) == 6
    assert pad.equivocation(2500, 7, known=2499, reference=True) == 0


@pytest.mark.parametrize(("ink", "right"), [(0.3, True), (0.4, False)])
def test_what_ciphers_leave_of_a_message_is_what_bayes_rule_leaves(ink, right):
    """Messages of ink 0.3 against the law of this ink and of another."""
    rng, j, places = np.random.default_rng(1), 6, 200_000
    messages = rng.random((j, places)) < 0.3
    ciphers = messages ^ (rng.random(places) < 0.5)
    s = ciphers.sum(axis=0)
    odds = (0.3 / 0.7) ** (j - 2.0 * s)  # of key bit 1
    belief = odds / (1 + odds)
    one = np.where(ciphers[0], 1 - belief, belief)  # of message bit 1
    loss = -np.log2(np.where(messages[0], one, 1 - one))
    error = loss.std() / np.sqrt(places)
    assert (abs(loss.mean() - pad.message_left(ink, j)) < 4 * error) == right


def test_one_cipher_takes_nothing_and_fair_messages_never_lose_anything():
    ink = np.array([0.0, 0.1, 0.3, 1.0])
    for p in ink:
        np.testing.assert_allclose(pad.message_left(p, 1), pad.binary_entropy(p), atol=1e-12)
    np.testing.assert_allclose(pad.message_left(0.5, [1, 5, 40]), 1.0)
    assert np.all(np.diff(pad.message_left(0.3, np.arange(1, 20))) < 0)


def test_right_layers_leave_the_entropy_of_the_bits_error():
    k, n, depth = 64, 96, 12
    left = pad.key_left_after(k, n, depth)
    c = scalar_chain(k, n, depth, 40_000, np.random.default_rng(2))
    for layer in (1, 6, 12):
        drawn = pad.binary_entropy(key_bit_error(k, n, c[:, layer - 1]))
        assert abs(drawn.mean() - left[layer]) < 4.5 * drawn.std() / np.sqrt(drawn.size)
    assert left[0] == 1
    # Control: the entropy of the mean error is another number.
    assert left[6] < pad.binary_entropy(error_rate(k, n, depth)[6]) - 0.02


def test_binary_entropy_keeps_its_digits():
    np.testing.assert_allclose(pad.binary_entropy([0, 0.5, 1]), [0, 1, 0], atol=1e-15)
    q = 1e-12
    np.testing.assert_allclose(pad.binary_entropy(q), q * (1 - np.log(q)) / np.log(2), rtol=1e-10)


def test_the_cost_is_counted_in_bits():
    assert pad.shared_bits(2500, 100) == {"network": 1.6e7, "pad": 1.0, "seed": 128 / 2500}


@pytest.mark.parametrize(
    ("call", "named"),
    [
        (lambda: pad.binary_entropy(1.1), "rate"),
        (lambda: pad.binary_entropy(float("nan")), "rate"),
        (lambda: pad.equivocation(4, 0), "messages = 0"),
        (lambda: pad.equivocation(4, 1, known=5), "known = 5"),
        (lambda: pad.message_left(-0.1, 1), "ink"),
        (lambda: pad.message_left(0.1, 0), "messages"),
        (lambda: pad.key_left_after(4, 3, 1), "n = 3"),
        (lambda: pad.shared_bits(4, 0), "depth = 0"),
    ],
)
def test_parameters_outside_the_domain_are_named(call, named):
    with pytest.raises(ValueError, match=named):
        call()
