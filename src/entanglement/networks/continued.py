"""Training on from equivalent starts, in float64: does an equivalent model learn differently?"""

from collections.abc import Sequence
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

# Rates at which each optimiser lowers the loss of a trained network on new pictures.
OPTIMISERS = {
    "SGD": optax.sgd(0.05),
    "Adam": optax.adam(1e-3),
    "AdamW": optax.adamw(1e-3, weight_decay=1e-2),
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
    product: Product,
) -> np.ndarray:
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
    product
        What takes the place of Q K^T.

    Returns
    -------
    Loss on each batch before its step, (optimisers, starts, steps), in the order of `OPTIMISERS`.
    """
    with jax.enable_x64(True):
        rules = tuple(OPTIMISERS.values())
        known = (jnp.asarray(images), jnp.asarray(labels))

        def loss(state: Any, angle: jax.Array, pictures: jax.Array, digits: jax.Array) -> jax.Array:
            tokens = embed(state, pictures)
            queries, keys = queries_keys(state, tokens)
            if product.table is None:
                points = [_rotate(angle, *half_plane(side)) for side in (queries, keys)]
                table = distances(*points)
            else:
                table = product.table(queries, keys)
            # beta stays: what is compared is the training of the weights.
            return _cross_entropy(class_scores(held(state), tokens, table, product), digits)

        def run(which: jax.Array, state: Any, angle: jax.Array, batches: jax.Array) -> jax.Array:
            def step(carry: Any, batch: jax.Array) -> tuple[Any, jax.Array]:
                state, memories = carry
                pictures, digits = known[0][batch], known[1][batch]
                error, gradient = jax.value_and_grad(loss)(state, angle, pictures, digits)
                # Every rule sees the gradient and one is followed: compiling the gradient, which
                # costs more than running it, happens once.
                made = [r.update(gradient, m, state) for r, m in zip(rules, memories)]
                update = jax.tree.map(
                    lambda *each: jnp.select([which == i for i in range(len(rules))], each),
                    *(update for update, _ in made),
                )
                return (optax.apply_updates(state, update), tuple(m for _, m in made)), error

            memories = tuple(rule.init(state) for rule in rules)
            return jax.lax.scan(step, (state, memories), batches)[1]

        stacked = {name: jnp.asarray(np.stack([s[name] for s in starts])) for name in starts[0]}
        every = jax.vmap(run, (0, None, None, None))
        found = jax.jit(_by_parts(lambda start: every(jnp.arange(len(rules)), *start)))(
            (stacked, jnp.asarray(angles), jnp.asarray(order))
        )
        return np.asarray(found).swapaxes(0, 1)


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
        known = (jnp.asarray(images), jnp.asarray(labels))

        def loss(table: Any, state: Any, pictures: jax.Array, digits: jax.Array) -> jax.Array:
            (x, y), tokens = table, embed(state, pictures)
            scaled = logits(state, distances((x[0], y[0]), (x[1], y[1])), PRODUCTS["H"])
            spread = jnp.broadcast_to(scaled, (len(pictures), *scaled.shape))
            return _cross_entropy(read_out(state, tokens, spread), digits)

        def run(geodesic: jax.Array, table: Any, state: Any, batches: jax.Array) -> jax.Array:
            def step(table: Any, batch: jax.Array) -> tuple[Any, jax.Array]:
                pictures, digits = known[0][batch], known[1][batch]
                error, slopes = jax.value_and_grad(loss)(table, state, pictures, digits)
                (x, y), (dx, dy) = table, slopes
                straight = (x - TABLE_RATE * dx, y - TABLE_RATE * dy)
                # The gradient by the metric |dz|^2 / y^2 is y^2 times the plain one.
                curved = _exponential(x, y, -TABLE_RATE * y**2 * dx, -TABLE_RATE * y**2 * dy)
                return jax.tree.map(lambda a, b: jnp.where(geodesic, a, b), curved, straight), error

            return jax.lax.scan(step, table, batches)[1]

        stacked = {name: jnp.asarray(np.stack([w[name] for w in weights])) for name in weights[0]}
        points = (jnp.asarray(tables.real), jnp.asarray(tables.imag))
        every = jax.vmap(run, (0, None, None, None))
        found = jax.jit(_by_parts(lambda start: every(jnp.array([False, True]), *start)))(
            (points, stacked, jnp.asarray(order))
        )
        return np.asarray(found).swapaxes(0, 1)


def _by_parts(one: Any) -> Any:
    """Apply to every start, a part of them at a time: together their tables fill gigabytes."""
    return lambda starts: jax.lax.map(one, starts, batch_size=PART)


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
