"""Paper A's Algorithm 1 (MaxLikelihood): which rows a layer keeps, literally and in law.

A layer draws an n x k matrix G* of N(0, 1) numbers, keeps the k rows with the largest
|G* u|, u being the direction of the training sample, and maps the sample to z = G u times its
norm. Training fixes nothing but these kept projections z.
"""

from collections.abc import Iterator

import numpy as np
from scipy.special import erfinv, ndtri

from entanglement.networks.architecture import Architecture

# Numbers of G* held at a time by the literal sampler (16 MB).
BLOCK = 2**21


def kept_projections(
    architecture: Architecture, generators: list[np.random.Generator]
) -> np.ndarray:
    """Draw the kept projections of every layer without drawing the candidates.

    The (k+1)-th largest of n absolute N(0, 1) numbers is exceeded with probability
    p ~ Beta(k+1, n-k), and given p the k larger ones are independent: |z| = -ndtri(U p / 2),
    U uniform, signs random (docs/theory.md, fact ii). The uniforms are made in ascending
    order, from exponential spacings, so that descending |z| costs no sorting. The smallest
    rows likewise: P(|Z| < s) ~ Beta(k+1, n-k) for the (k+1)-th smallest.

    Parameters
    ----------
    architecture
        k, n, depth L, `weights` and `row_order`; n may be 10^12.
    generators
        One for each network.

    Returns
    -------
    z, shape (networks, L, k), for a training sample of norm 1.
    """
    k, n, depth = architecture.k, architecture.n, architecture.depth
    shape = (len(generators), depth, k)
    if architecture.weights in ("random", "orthogonal"):
        z = np.empty(shape)
        for row, rng in zip(z, generators, strict=True):
            rng.standard_normal(out=row)
        if architecture.weights == "orthogonal":
            return z * (architecture.gain / np.linalg.norm(z, axis=-1, keepdims=True))
        if architecture.row_order == "sorted":
            z = np.take_along_axis(z, np.argsort(-np.abs(z), axis=-1), axis=-1)
        return z
    spacings = np.empty((len(generators), depth, k + 1))
    beyond = np.ones((len(generators), depth, 1))
    negative = np.empty(shape, dtype=np.int8)
    for i, rng in enumerate(generators):
        if n > k:
            beyond[i, :, 0] = rng.beta(k + 1, n - k, depth)
        rng.standard_exponential(out=spacings[i])
        negative[i] = rng.integers(0, 2, (depth, k), dtype=np.int8)
    np.cumsum(spacings, axis=-1, out=spacings)
    uniform = spacings[..., :k]
    uniform *= beyond / spacings[..., k:]
    if architecture.weights == "minimum":
        size = np.sqrt(2) * erfinv(uniform[..., ::-1])
    else:
        uniform *= 0.5
        size = -ndtri(uniform)
    z = np.where(negative, -size, size)
    if architecture.row_order == "index":
        for row, rng in zip(z, generators, strict=True):
            rng.permuted(row, axis=-1, out=row)
    return z


def literal_layer(
    architecture: Architecture, direction: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Make one layer as Algorithm 1 prints it: draw n rows, keep k of them.

    Parameters
    ----------
    architecture
        k, n, `weights` and `row_order`.
    direction
        Unit vector u of the training sample before the layer, shape (k,).
    rng
        The network's generator; it is advanced by n k numbers.

    Returns
    -------
    weights
        G, shape (k, k), before any rescaling to unit norm.
    projection
        z = G u, shape (k,).
    """
    if architecture.weights == "orthogonal":
        q, r = np.linalg.qr(rng.standard_normal((architecture.k, architecture.k)))
        weights = architecture.gain * q * np.sign(np.diag(r))
        return weights, weights @ direction
    weights, projection = _select(architecture, _candidates(architecture, direction, rng))
    if architecture.row_order == "sorted":
        order = np.argsort(-np.abs(projection), kind="stable")
        weights, projection = weights[order], projection[order]
    return weights, projection


def _candidates(
    architecture: Architecture, direction: np.ndarray, rng: np.random.Generator
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Draw the rows of G* and project the training sample on them, a block at a time."""
    k, left = architecture.k, architecture.n
    while left:
        rows = rng.standard_normal((min(left, max(k, BLOCK // k)), k))
        yield rows, rows @ direction
        left -= len(rows)


def _select(
    architecture: Architecture, candidates: Iterator[tuple[np.ndarray, np.ndarray]]
) -> tuple[np.ndarray, np.ndarray]:
    """Keep k rows, in the order in which they were drawn."""
    k = architecture.k
    kept, projection = next(candidates)
    # The first block has at least k rows. Random rows are any k that do not look at the
    # projections: the first ones, the rows being exchangeable.
    if architecture.weights == "random":
        for _ in candidates:  # the others are drawn all the same: Algorithm 1 has drawn them
            pass
        return kept[:k], projection[:k]
    sign = 1.0 if architecture.weights == "minimum" else -1.0
    kept, projection = _first(k, sign, kept, projection)
    for rows, values in candidates:
        better = sign * np.abs(values) < np.max(sign * np.abs(projection))
        kept, projection = _first(
            k,
            sign,
            np.concatenate([kept, rows[better]]),
            np.concatenate([projection, values[better]]),
        )
    return kept, projection


def _first(
    k: int, sign: float, rows: np.ndarray, projection: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    if len(projection) == k:
        return rows, projection
    chosen = np.sort(np.argpartition(sign * np.abs(projection), k - 1)[:k])
    return rows[chosen], projection[chosen]
