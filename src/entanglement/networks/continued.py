"""Training on from equivalent starts, in float64: does an equivalent model learn differently?"""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax

from entanglement.networks.attention import (
    Weights,
    class_scores,
    embed,
    logits,
    queries_keys,
    read_out,
)
from entanglement.networks.product import PRODUCTS, Product, half_plane
from entanglement.networks.training import distances, held

# Rates at which each optimiser lowers the loss of a trained network on the new pictures that it is
# shown; at higher ones what it forgets of the others varies too much between networks.
OPTIMISERS = {
    "SGD": optax.sgd(0.01),
    "Adam": optax.adam(3e-4),
    "AdamW": optax.adamw(3e-4, weight_decay=1e-2),
}
TABLE_RATE = 1e-4
TABLE_STEPS = ("Euclidean step", "Riemannian step")
PART = 16  # starts that are trained side by side


def descend(
    starts: Sequence[Weights],
    angles: np.ndarray,
    images: np.ndarray,
    labels: np.ndarray,
    order: np.ndarray,
    exam: np.ndarray,
    product: Product,
) -> tuple[np.ndarray, np.ndarray]:
    """Train on from several starts with the same batches, by every optimiser.

    Parameters
    ----------
    starts
        Weights of each start.
    angles
        Frozen rotations about i behind Q and K, (starts, head); zeros where there is no layer.
    images, labels
        All pictures and their digits.
    order
        Which of them make each batch of new data, (starts, steps, batch).
    exam
        Which of them no start has seen, nor will, (starts, pictures).
    product
        What takes the place of Q K^T.

    Returns
    -------
    Loss on each batch before its step, (optimisers, starts, steps), and on the exam before the
    first step and after the last, (optimisers, starts, 2); in the order of `OPTIMISERS`.
    """
    with jax.enable_x64(True):
        count, steps, _ = order.shape
        stacked = {name: np.stack([start[name] for start in starts]) for name in starts[0]}
        found = np.empty((len(OPTIMISERS), count, steps))
        examined = np.empty((len(OPTIMISERS), count, 2))
        for part in _parts(count):
            state, memories = _begin({name: value[part] for name, value in stacked.items()})
            unseen = angles[part], images[exam[part]], labels[exam[part]], product
            examined[:, part, 0] = _examine(state, *unseen)
            for step in range(steps):
                batch = order[part, step]
                state, memories, error = _follow(
                    state, memories, angles[part], images[batch], labels[batch], product
                )
                found[:, part, step] = error
            examined[:, part, 1] = _examine(state, *unseen)
        return found, examined


def descend_tables(
    tables: np.ndarray,
    weights: Sequence[Weights],
    images: np.ndarray,
    labels: np.ndarray,
    order: np.ndarray,
) -> np.ndarray:
    """Train tables of points of the half-plane, one per position of Q and of K; the rest is frozen.

    Here the paper's M acts on the parameters themselves. A Euclidean step z - rate * gradient
    depends on where the points lie; the Riemannian step moves along the geodesic by the exact
    exponential map and commutes with every isometry.

    Parameters
    ----------
    tables
        Complex points, (starts, 2, 8, n): queries, then keys.
    weights
        Of the network around them, one for each start.
    images, labels, order
        As in `descend`.

    Returns
    -------
    Loss on each batch before its step, (2, starts, steps), in the order of `TABLE_STEPS`.
    """
    with jax.enable_x64(True):
        count, steps, _ = order.shape
        stacked = {name: np.stack([w[name] for w in weights]) for name in weights[0]}
        found = np.empty((len(TABLE_STEPS), count, steps))
        for part in _parts(count):
            here = np.stack([tables[part]] * len(TABLE_STEPS))
            points = (here.real, here.imag)
            state = {name: value[part] for name, value in stacked.items()}
            for step in range(steps):
                batch = order[part, step]
                points, error = _step_tables(points, state, images[batch], labels[batch])
                found[:, part, step] = error
        return found


def _parts(count: int) -> Iterator[np.ndarray]:
    """Indices of starts, PART at a time; the last are repeated to fill the last part.

    Together their tables would fill gigabytes, and each shape costs a compilation.
    """
    for first in range(0, count, PART):
        yield np.minimum(np.arange(first, first + PART), count - 1)


@jax.jit
def _begin(start: Any) -> Any:
    """States and memories of a part's starts, (optimisers, starts), before the first step."""

    def one(state: Any) -> Any:
        return state, tuple(rule.init(state) for rule in OPTIMISERS.values())

    made = jax.vmap(one)(jax.tree.map(jnp.asarray, start))
    return jax.tree.map(lambda value: jnp.stack([value] * len(OPTIMISERS)), made)


@partial(jax.jit, static_argnames="product")
def _follow(
    states: Any, memories: Any, angles: Any, pictures: Any, digits: Any, product: Product
) -> Any:
    """One step of every optimiser from every start: states, memories, loss before the step."""

    def one(which: Any, state: Any, memories: Any, *given: Any) -> Any:
        error, gradient = jax.value_and_grad(partial(_loss, product))(state, *given)
        # Every rule sees the gradient and one is followed: compiling the gradient, which costs
        # more than running it, happens once.
        rules = OPTIMISERS.values()
        made = [rule.update(gradient, m, state) for rule, m in zip(rules, memories)]
        update = jax.tree.map(
            lambda *each: jnp.select([which == i for i in range(len(rules))], each),
            *(update for update, _ in made),
        )
        return optax.apply_updates(state, update), tuple(m for _, m in made), error

    starts = jax.vmap(one, (None, 0, 0, 0, 0, 0))
    every = jax.vmap(starts, (0, 0, 0, None, None, None))
    return every(jnp.arange(len(OPTIMISERS)), states, memories, angles, pictures, digits)


@partial(jax.jit, static_argnames="product")
def _examine(states: Any, angles: Any, pictures: Any, digits: Any, product: Product) -> Any:
    """Loss of every optimiser's state of every start, (optimisers, starts)."""
    starts = jax.vmap(partial(_loss, product))
    return jax.vmap(starts, (0, None, None, None))(states, angles, pictures, digits)


def _loss(product: Product, state: Any, angle: Any, pictures: Any, digits: Any) -> jax.Array:
    tokens = embed(state, pictures)
    queries, keys = queries_keys(state, tokens)
    if product.table is None:
        points = [_rotate(angle, *half_plane(side)) for side in (queries, keys)]
        table = distances(*points)
    else:
        table = product.table(queries, keys)
    # beta stays: what is compared is the training of the weights.
    return _cross_entropy(class_scores(held(state), tokens, table, product), digits)


@jax.jit
def _step_tables(points: Any, state: Any, pictures: Any, digits: Any) -> Any:
    """One step of each kind from every start: points, (kinds, starts), and loss before the step."""

    def loss(points: Any, state: Any, pictures: Any, digits: Any) -> jax.Array:
        (x, y), tokens = points, embed(state, pictures)
        scaled = logits(state, distances((x[0], y[0]), (x[1], y[1])), PRODUCTS["H"])
        spread = jnp.broadcast_to(scaled, (len(pictures), *scaled.shape))
        return _cross_entropy(read_out(state, tokens, spread), digits)

    def one(geodesic: Any, points: Any, *given: Any) -> Any:
        error, slopes = jax.value_and_grad(loss)(points, *given)
        (x, y), (dx, dy) = points, slopes
        straight = (x - TABLE_RATE * dx, y - TABLE_RATE * dy)
        # The gradient by the metric |dz|^2 / y^2 is y^2 times the plain one.
        curved = _exponential(x, y, -TABLE_RATE * y**2 * dx, -TABLE_RATE * y**2 * dy)
        return jax.tree.map(lambda a, b: jnp.where(geodesic, a, b), curved, straight), error

    starts = jax.vmap(one, (None, 0, 0, 0, 0))
    every = jax.vmap(starts, (0, 0, None, None, None))
    return every(jnp.array([False, True]), points, state, pictures, digits)


def _cross_entropy(scores: jax.Array, digits: jax.Array) -> jax.Array:
    return jnp.mean(optax.softmax_cross_entropy_with_integer_labels(scores, digits))


def _rotate(angle: jax.Array, x: jax.Array, y: jax.Array) -> tuple[jax.Array, jax.Array]:
    """Turn x + i y about i: (cos z + sin) / (cos - sin z)."""
    cos, sin = jnp.cos(angle), jnp.sin(angle)
    down = cos - sin * x
    norm = down**2 + (sin * y) ** 2
    return ((cos * x + sin) * down - sin * cos * y**2) / norm, y / norm


def _exponential(x: Any, y: Any, dx: Any, dy: Any) -> tuple[Any, Any]:
    """Exact exponential map of the half-plane: the geodesic from z along (dx, dy), by its length.

    From i along a unit vector (u, v) it is (u sinh s + i) / (cosh s - v sinh s); z = x + y i moves
    it to where it starts.
    """
    speed = jnp.sqrt(dx**2 + dy**2)
    moving = speed > 0
    safe = jnp.where(moving, speed, 1.0)
    u, v, s = dx / safe, dy / safe, speed / y
    below = jnp.cosh(s) - v * jnp.sinh(s)
    return x + y * u * jnp.sinh(s) / below, y / below
