"""Bring one trained network close to another by symmetries, and the loss on the way between them."""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from entanglement.geometry.isometries import Isometry, euclidean, hyperbolic
from entanglement.networks.attention import (
    Weights,
    class_scores,
    embed,
    logits,
    queries_keys,
    streams,
)
from entanglement.networks.product import Product
from entanglement.networks.symmetries import absorb, products

WEIGHT_TURNS = 10  # rotations and assignments by weights, in turns; they settle within a few


@dataclass(frozen=True)
class Activity:
    """What a network makes of some pictures, one row a token.

    Attributes
    ----------
    stream
        Residual stream before attention, after it and after the hidden layer, (3 m 8, width).
    hidden
        ReLU units (8 m, hidden).
    points
        Channels of Q and of K, one below the other, (2 * 8 m, channels).
    """

    stream: np.ndarray
    hidden: np.ndarray
    points: np.ndarray


def activity(weights: Weights, images: np.ndarray, product: Product) -> Activity:
    """Run a network on pictures (m, 8, 8) and keep what alignment compares."""
    tokens = embed(weights, images)
    scaled = logits(weights, products(weights, tokens, product), product)
    after, hidden, last = streams(weights, tokens, scaled)
    flat = [part.reshape(-1, part.shape[-1]) for part in (tokens, after, last)]
    points = [part.reshape(-1, part.shape[-1]) for part in queries_keys(weights, tokens)]
    return Activity(np.concatenate(flat), hidden.reshape(-1, hidden.shape[-1]),
                    np.concatenate(points))  # fmt: skip


def ordinary(weights: Weights, target: Weights, images: np.ndarray, product: Product) -> dict:
    """Align by the symmetries of every such network: O(width) of the stream, order of hidden units.

    First by what the networks do: Procrustes on their streams, hidden units by correlation; then
    by their weights, in turns (both ways of matching are those of Git Re-Basin, arXiv:2209.04836).

    Parameters
    ----------
    weights, target
        The network to move and the one to come close to.
    images
        Pictures to compare them on.
    product
        What takes the place of Q K^T.

    Returns
    -------
    Weights of the same function, all tensors.
    """
    mine, theirs = activity(weights, images, product), activity(target, images, product)
    moved = _turned(dict(weights), mine.stream, theirs.stream)
    moved = _reordered(moved, _correlation(theirs.hidden, mine.hidden))
    for _ in range(WEIGHT_TURNS):
        moved = _turned(moved, _stream_rows(moved), _stream_rows(target))
        alike = target["hidden"].T @ moved["hidden"] + target["output"] @ moved["output"].T
        moved = _reordered(moved, alike + np.outer(target["hidden_bias"], moved["hidden_bias"]))
    return moved


# Parts of a product's group by which Q and K can be aligned: all of it; signs and order of the
# indices alone; own shifts and dilations of every index; one shift and dilation for all of them,
# the paper's own element.
PARTS = ("all", "signs", "shifts", "one")


def group(
    weights: Weights, target: Weights, images: np.ndarray, product: Product, part: str = "all"
) -> dict:
    """Align Q and K by the product's own group: the paper's equivalent model nearest to `target`.

    E: a sign, a shift and an assignment of indices; H: also a dilation; dot: O(d) and the flat
    shift of the keys. Least squares between the channels of both networks.

    Parameters
    ----------
    weights, target, images, product
        As in `ordinary`.
    part
        One of `PARTS`. Rotations about i, which PSL(2, R) has too, no weight can write.

    Raises
    ------
    ValueError
        For a part that the group does not have: dot moves no entry by itself.
    """
    mine, theirs = (activity(w, images, product).points for w in (weights, target))
    if product.isometry is None:
        return _align_dot(weights, mine, theirs, part)
    head = mine.shape[1] // product.channels
    x, v = theirs[:, :head], mine[:, :head]
    shared = _covariance(x, v)
    mine_spread, their_spread = v.var(0), x.var(0)
    rise = np.zeros((head, head))
    cost = their_spread[:, None] + mine_spread - 2 * np.abs(shared)
    if product.points:
        y, w = theirs[:, head:], mine[:, head:]
        rise = y.mean(0)[:, None] - w.mean(0)
        scale = np.exp(rise)
        cost = their_spread[:, None] + scale**2 * mine_spread - 2 * scale * np.abs(shared)
        # In units of the height, as the metric measures; heights count by their logarithm.
        cost = cost * np.exp(-2 * y.mean(0))[:, None]
        cost += y.var(0)[:, None] + w.var(0) - 2 * _covariance(y, w)
    order, signs = np.arange(head), np.ones(head, dtype=int)
    if part in ("all", "signs"):
        _, order = linear_sum_assignment(cost)
        signs = np.where(shared[np.arange(head), order] < 0, -1, 1)
    scale, shift = np.ones(head), np.zeros(head)
    if part != "signs":
        own = rise[np.arange(head), order]
        scale = np.exp(np.full(head, own.mean()) if part == "one" else own)
        shift = x.mean(0) - signs * scale * v.mean(0)[order]
        shift = np.full(head, shift.mean()) if part == "one" else shift
    isometry: Isometry = euclidean(shift, signs, order)
    if product.points:
        isometry = hyperbolic(shift, scale, mirror=signs < 0, order=order)
    return {**weights, **absorb(weights, isometry).weights}


def path(
    start: Weights, end: Weights, positions: np.ndarray, images: np.ndarray, product: Product
) -> np.ndarray:
    """Class scores along the straight line between two networks, (positions, m, 10)."""
    scores = []
    for t in positions:
        weights = {name: (1 - t) * start[name] + t * end[name] for name in start}
        tokens = embed(weights, images)
        table = products(weights, tokens, product)
        scores.append(class_scores(weights, tokens, table, product))
    return np.stack(scores)


def cross_entropy(scores: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Mean cross-entropy in nats: scores (..., m, 10), labels (m,) -> (...)."""
    highest = scores.max(-1)
    total = highest + np.log(np.exp(scores - highest[..., None]).sum(-1))
    return np.mean(total - scores[..., np.arange(len(labels)), labels], axis=-1)


def _stream_rows(weights: Weights) -> np.ndarray:
    """Every weight that reads or writes the stream outside attention's logits, (rows, width)."""
    wide = [weights[name] for name in ("embedding", "position", "output", "value")]
    tall = [weights[name].T for name in ("hidden", "classes", "value")]
    return np.concatenate(wide + tall)


def _turned(weights: dict, mine: np.ndarray, theirs: np.ndarray) -> dict:
    """Rotate the residual stream by the orthogonal matrix that takes `mine` closest to `theirs`."""
    left, _, right = np.linalg.svd(mine.T @ theirs)
    turn, moved = left @ right, dict(weights)
    for name in ("embedding", "position", "output", "output_bias", "value"):
        moved[name] = moved[name] @ turn
    for name in ("query", "key", "value", "hidden", "classes"):
        moved[name] = turn.T @ moved[name]
    return moved


def _reordered(weights: dict, alike: np.ndarray) -> dict:
    """Put the hidden units in the order that is most alike, (target units, own units)."""
    _, order = linear_sum_assignment(-alike)
    return {
        **weights,
        "hidden": weights["hidden"][:, order],
        "hidden_bias": weights["hidden_bias"][order],
        "output": weights["output"][order],
    }


def _align_dot(weights: Weights, mine: np.ndarray, theirs: np.ndarray, part: str) -> dict:
    if part == "one":
        raise ValueError("part = one: the dot product has no element that moves every entry alike")
    rows, head = len(mine) // 2, mine.shape[1]
    mean_mine, mean_theirs = mine[rows:].mean(0), theirs[rows:].mean(0)
    one = np.concatenate([mine[:rows], mine[rows:] - mean_mine])
    two = np.concatenate([theirs[:rows], theirs[rows:] - mean_theirs])
    alike, turn = one.T @ two, np.eye(head)
    if part == "all":
        left, _, right = np.linalg.svd(alike)
        turn = left @ right
    elif part == "signs":
        kept = linear_sum_assignment(-np.abs(alike))
        turn = np.zeros((head, head))
        turn[kept] = np.where(alike[kept] < 0, -1.0, 1.0)
    moved = {name: weights[name] @ turn for name in ("query", "query_bias", "key", "key_bias")}
    if part != "signs":
        moved["key_bias"] = moved["key_bias"] - mean_mine @ turn + mean_theirs
    return {**weights, **moved}


def _covariance(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    return (first - first.mean(0)).T @ (second - second.mean(0)) / len(first)


def _correlation(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    spread = np.outer(first.std(0), second.std(0))
    shared = _covariance(first, second)
    return np.divide(shared, spread, out=np.zeros_like(shared), where=spread > 0)
