"""Flat directions of a head whose logits are sums of |q_i - k_i|, from the signs of q - k alone (U10)."""

import numpy as np

# Ranks are taken modulo this prime: the elimination of whole numbers then rounds nothing.
PRIME = 2**31 - 1
SPARE = 16  # random rows beyond the columns: a rank is missed with probability PRIME^-SPARE


def flat_directions(signs: np.ndarray, inputs: np.ndarray) -> int:
    r"""Count the directions of the parameters of Q and K that move no logit, exactly.

    Near a network where no q_i equals a k_i, the logits sum_i |q_i(s) - k_i(t)| are linear in the
    parameters: with q_i(s) = a_i . x(s) and k_i(t) = b_i . x(t) they are
    sum_i sigma_i(s, t) (a_i . x(s) - b_i . x(t)), sigma_i the sign of q_i - k_i. A direction is
    flat if this sum does not depend on t (softmax ignores what it adds to a whole row). So
    nothing but the signs and the inputs counts: U10 (c) of docs/theory.md, which also says what
    an index adds where the signs agree.

    Parameters
    ----------
    signs
        sigma, the sign of q_i(s) - k_i(t) for each picture, shape (m, s, t, n).
    inputs
        x, what Q and K are affine maps of, in whole numbers, a constant among their span, shape
        (m, s, r). Directions that no input reaches do not count.

    Raises
    ------
    ValueError
        If the inputs are not whole numbers, or too large for exact sums.
    """
    whole = np.rint(inputs)
    if not np.array_equal(whole, inputs):
        raise ValueError("inputs must be whole numbers: a rank in floating point is not exact")
    x = whole.astype(np.int64)
    # Each row of logits less its first entry, which a sum that is constant along t leaves 0.
    sigma = np.rint(signs).astype(np.int64)
    change, first = sigma[:, :, 1:] - sigma[:, :, :1], sigma[:, :, :1]
    by_query = np.einsum("mstn,msr->mstnr", change, x)
    by_key = np.einsum("mstn,mtr->mstnr", sigma[:, :, 1:], x[:, 1:])
    by_key = by_key - np.einsum("mstn,mtr->mstnr", first, x[:, :1])
    rows = np.prod(change.shape[:3], dtype=int)
    equations = np.concatenate([by_query.reshape(rows, -1), by_key.reshape(rows, -1)], axis=1)
    n: int = sigma.shape[-1]
    return 2 * n * exact_rank(x.reshape(-1, x.shape[-1])) - exact_rank(equations)


def exact_rank(matrix: np.ndarray) -> int:
    """Rank of a matrix of whole numbers, by elimination modulo a prime.

    The rank modulo a prime is never larger, and smaller only if the prime divides every minor of
    full size, which happens to one matrix in 2^31.

    Parameters
    ----------
    matrix
        Whole numbers, shape (rows, columns).

    Raises
    ------
    ValueError
        If an entry is so large that sums over the rows leave the exact range of float64.
    """
    left = np.asarray(matrix, dtype=np.int64) % PRIME
    left = left[:, left.any(0)]
    rows, columns = left.shape
    if rows > columns + SPARE:
        largest = int(np.abs(matrix).max())
        if largest * rows * 2**31 >= 2**53:
            raise ValueError(
                f"entries up to {largest} in {rows} rows add up beyond 2^53: scale them down"
            )
        # Random combinations keep the rank and are few; products of float64 are exact here.
        mix = np.random.default_rng(0).integers(PRIME, size=(columns + SPARE, rows))
        kept = np.asarray(matrix)[:, np.asarray(matrix).any(0)]
        left = (mix.astype(float) @ kept.astype(float)).astype(np.int64) % PRIME
    rank = 0
    while left.size:
        found = np.flatnonzero(left[:, 0])
        if not len(found):
            left = left[:, 1:]
            continue
        pivot = left[found[0]] * pow(int(left[found[0], 0]), -1, PRIME) % PRIME
        left = np.delete(left, found[0], axis=0)
        left = (left[:, 1:] - left[:, :1] * pivot[1:]) % PRIME
        rank += 1
    return rank
