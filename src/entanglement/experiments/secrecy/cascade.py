"""Cascade: what a real reconciler needs to make two correlated strings of bits equal."""

from dataclasses import dataclass

import numpy as np

PASSES = 4


@dataclass(frozen=True)
class Reconciled:
    """Outcome of one run.

    Parameters
    ----------
    bits
        Bob's string afterwards, shape (n,).
    leaked
        Parities that Alice sent in clear: bits of her key that an eavesdropper learns.
    """

    bits: np.ndarray
    leaked: int


def cascade(
    alice: np.ndarray, bob: np.ndarray, error_rate: float, rng: np.random.Generator
) -> Reconciled:
    """Correct Bob's bits by the original Cascade (Brassard and Salvail 1993).

    Each of four passes shuffles the string, cuts it into blocks (0.73/error_rate bits in the
    first pass, twice as many in each further one) and compares parities; a block whose parities
    differ is halved until the wrong bit is found. A corrected bit makes blocks of earlier passes
    odd, which are then searched too, the smallest first.

    Parameters
    ----------
    alice, bob
        Strings of 0 and 1, shape (n,).
    error_rate
        Expected share of differing bits, in (0, 1/2]; it sets the block size.
    rng
        Source of the public shuffles.

    Raises
    ------
    ValueError
        The strings differ in length, or the error rate is outside (0, 1/2].
    """
    if alice.shape != bob.shape:
        raise ValueError(
            f"Alice has {alice.size} bits and Bob {bob.size}: strings must be of one length"
        )
    if not 0 < error_rate <= 0.5:
        raise ValueError(f"error_rate = {error_rate}: must be above 0 and at most 1/2")
    # Bob sees whether Alice's parity differs from his: the parity of this difference.
    wrong = (alice != bob).astype(np.int64)
    leaked = 0
    orders: list[np.ndarray] = []  # of each pass: positions in shuffled order,
    places: list[np.ndarray] = []  # and where each position went
    sizes: list[int] = []
    for number in range(PASSES):
        order = rng.permutation(wrong.size) if number else np.arange(wrong.size)
        size = min(int(np.ceil(0.73 / error_rate)) * 2**number, wrong.size)
        orders.append(order)
        places.append(np.argsort(order))
        sizes.append(size)
        starts = np.arange(0, wrong.size, size)
        leaked += starts.size
        odd = {
            (size, number, int(block))
            for block in np.flatnonzero(np.add.reduceat(wrong[order], starts) % 2)
        }
        while odd:
            chosen = min(odd)  # the smallest block costs the fewest parities
            length, earlier, block = chosen
            members = orders[earlier][block * length : (block + 1) * length]
            position, asked = _find(wrong, members)
            leaked += asked
            wrong[position] = 0
            # The bit's block in every pass so far changes its parity.
            for each in range(number + 1):
                odd ^= {(sizes[each], each, int(places[each][position]) // sizes[each])}
    return Reconciled(alice ^ wrong.astype(alice.dtype), leaked)


def _find(wrong: np.ndarray, members: np.ndarray) -> tuple[int, int]:
    """Halve a block of odd parity down to one wrong bit; also count the parities asked for."""
    asked = 0
    while members.size > 1:
        half = members[: (members.size + 1) // 2]
        asked += 1
        members = half if wrong[half].sum() % 2 else members[half.size :]
    return int(members[0]), asked
