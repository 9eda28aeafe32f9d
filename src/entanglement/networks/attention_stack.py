"""Stacks of random self-attention: do all tokens become one? (paper A, VIII-A; arXiv:2103.03404).

A layer is X' = P X W, P = softmax of the logits, row by row: Q K^T / sqrt(k), or paper B's distance
products with a minus sign. Tokens are carried as their mean x and what each differs from it by, R.
Whatever of the logits is the same for all queries moves all tokens alike; only the rest E, which
is left when the means over rows and columns are taken away, keeps them apart:

    P = 1 p + D,   D_st = p_t (expm1 E_st - sum_t p_t expm1 E_st) / (1 + sum_t p_t expm1 E_st),

and R' = D R W less its mean. Nothing is subtracted from anything large, so that a collapse of
dot-product attention keeps its digits down to 1e-300.
"""

from collections.abc import Iterator

import numpy as np

from entanglement.geometry.products import euclidean_product, hyperbolic_product
from entanglement.networks.stack_architecture import Stack
from entanglement.pipeline.seeds import Seeds

# Numbers of hidden units per entry of a token.
HIDDEN = 4


def walk(a: Stack, seeds: Seeds) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Push random tokens through the stacks.

    After every layer each stack's tokens are rescaled together to the length that they had at
    the input, so that logits neither grow nor die out.

    Parameters
    ----------
    a
        What the stacks are made of.
    seeds
        Streams "tokens" and "weights" of each network.

    Yields
    ------
    mean, rest
        x (networks, 1, k) and R (networks, tokens, k), for l = 0..L.
    between
        Share of the indices in which some queries lie above and others below some keys (of
        points: by their real parts), on the way to this layer; NaN for l = 0. Shape (networks,).
    """
    networks = range(a.networks)
    shape = a.tokens, a.k
    start = np.stack([seeds.generator(i, "tokens").standard_normal(shape) for i in networks])
    streams = [seeds.generator(i, "weights") for i in networks]
    x = start.mean(axis=1, keepdims=True)
    x, rest = _rescaled(x, start - x)
    yield x, rest, np.full(a.networks, np.nan)

    def drawn(*sizes: int) -> np.ndarray:
        return np.stack([rng.standard_normal(sizes) for rng in streams]) / np.sqrt(sizes[0])

    for _ in range(a.depth):
        weights = [drawn(a.k, a.k) for _ in range(4 if a.product == "H" else 2)]
        common, mixed, between = logits(a.product, x, rest, weights)
        moved, apart = attend(x, rest, common, mixed)
        value = drawn(a.k, a.k)
        moved, apart = moved @ value, apart @ value
        x, rest = (x + moved, rest + apart) if a.skip else (moved, apart)
        if a.mlp:
            moved, apart = _hidden(x, rest, drawn(a.k, HIDDEN * a.k), drawn(HIDDEN * a.k, a.k))
            x, rest = (x + moved, rest + apart) if a.skip else (moved, apart)
        x, rest = _rescaled(x, rest)
        yield x, rest, between


def logits(
    product: str, x: np.ndarray, rest: np.ndarray, weights: list[np.ndarray]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Logits, less what is the same along a row: what all queries share, and what they do not.

    Parameters
    ----------
    product
        `dot`, `E` or `H`.
    x, rest
        Mean of the tokens and what they differ from it by.
    weights
        Of queries and keys; for `H` also of the heights: points are x + i exp(y).

    Returns
    -------
    common, mixed
        (networks, 1, tokens), and (networks, tokens, tokens) with means 0 over rows and columns.
    between
        As `walk` gives it.
    """
    root = np.sqrt(x.shape[-1])
    tokens = x + rest
    queries, keys = tokens @ weights[0], tokens @ weights[1]
    below = queries[:, :, None] < keys[:, None]
    between = (below.any(axis=(1, 2)) & ~below.all(axis=(1, 2))).mean(axis=1)
    if product == "dot":
        turned = (rest @ weights[1]).swapaxes(1, 2) / root
        return x @ weights[0] @ turned, rest @ weights[0] @ turned, between
    if product == "E":
        table = euclidean_product(queries, keys.swapaxes(1, 2))
    else:
        queries = queries + 1j * np.exp(tokens @ weights[2])
        keys = keys + 1j * np.exp(tokens @ weights[3])
        table = hyperbolic_product(queries, keys.swapaxes(1, 2))
    table = -table / root
    table = table - table.mean(axis=2, keepdims=True)
    common = table.mean(axis=1, keepdims=True)
    return common, table - common, between


def attend(
    x: np.ndarray, rest: np.ndarray, common: np.ndarray, mixed: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Attention of every token to all: the mean of the outputs, and what they differ from it by.

    Parameters
    ----------
    x, rest, common, mixed
        As `logits` takes and gives them.
    """
    p = _softmax(common)
    small = np.abs(mixed).max(axis=(1, 2), keepdims=True) < 0.5
    growth = np.expm1(np.where(small, mixed, 0.0))
    total = np.sum(p * growth, axis=2, keepdims=True)
    careful = p * (growth - total) / (1 + total)
    plain = _softmax(common + mixed) - p
    out = np.where(small, careful, plain) @ rest
    centre = out.mean(axis=1, keepdims=True)
    return x + p @ rest + centre, out - centre


def _hidden(
    x: np.ndarray, rest: np.ndarray, inner: np.ndarray, outer: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """A hidden layer of ReLUs, for every token by itself."""
    at, step = x @ inner, rest @ inner
    out = (np.maximum(at + step, 0.0) - np.maximum(at, 0.0)) @ outer
    centre = out.mean(axis=1, keepdims=True)
    return np.maximum(at, 0.0) @ outer + centre, out - centre


def _rescaled(x: np.ndarray, rest: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Both over the root mean square of the tokens' entries; what is 0 stays so."""
    square = np.mean(rest**2, axis=(1, 2), keepdims=True) + np.mean(x**2, axis=2, keepdims=True)
    size = np.sqrt(square)
    size = np.where(size > 0, size, 1.0)
    return x / size, rest / size


def _softmax(values: np.ndarray) -> np.ndarray:
    made = np.exp(values - values.max(axis=-1, keepdims=True))
    return made / made.sum(axis=-1, keepdims=True)
