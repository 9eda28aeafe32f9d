"""Training distance attention with JAX: all networks of a cell in one vectorised process."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax

from entanglement.networks.attention import class_scores, embed, queries_keys
from entanglement.networks.product import Product, excess, half_plane


@jax.custom_jvp
def length(q: jax.Array) -> jax.Array:
    """Hyperbolic distance from q = cosh d - 1.

    The distance is not smooth where both points coincide; its gradient is taken as 0 there. No
    epsilon is added under the root: it would break the invariance that is under test.
    """
    return jnp.log1p(q + jnp.sqrt(q * (q + 2)))


@length.defjvp
def _length_jvp(primals: Any, tangents: Any) -> Any:
    (q,), (dq,) = primals, tangents
    apart = q > 0
    slope = jnp.where(apart, jax.lax.rsqrt(jnp.where(apart, q * (q + 2), 1.0)), 0.0)
    return length(q), slope * dq


def table(product: Product, queries: Any, keys: Any) -> jax.Array:
    """Q (.) K^T of real channels in JAX, differentiable everywhere."""
    if product.table is not None:
        return product.table(queries, keys)
    return distances(half_plane(queries), half_plane(keys))


def distances(queries: Any, keys: Any) -> jax.Array:
    """Q (.)_H K^T of points, each side its real and its imaginary parts."""
    return jnp.sum(length(excess(queries, keys)), axis=-1)


def held(state: Any, learns: Any = False) -> Any:
    """The same weights with a beta that does not learn, unless it shall."""
    beta = state["log_beta"]
    return {**state, "log_beta": jnp.where(learns, beta, jax.lax.stop_gradient(beta))}


@dataclass(frozen=True)
class Trained:
    """What training leaves behind; the leading axis of every array is the network.

    Attributes
    ----------
    weights
        Trained weights, float32, with "log_beta" (networks,) among them.
    loss, accuracy
        Cross-entropy (nats) and hit rate on the batches of each epoch, (networks, epochs).
    """

    weights: dict[str, np.ndarray]
    loss: np.ndarray
    accuracy: np.ndarray

    @classmethod
    def of(cls, state: Any, history: Any) -> "Trained":
        """What `descend` leaves, out of JAX."""
        error, right = history
        weights = {name: np.asarray(value) for name, value in state.items()}
        return cls(weights, np.asarray(error).T, np.asarray(right).T)


def together(weights: Sequence[dict[str, np.ndarray]]) -> dict[str, np.ndarray]:
    """Stack the weights of all networks along a leading axis, in float32."""
    return {n: np.stack([w[n] for w in weights]).astype(np.float32) for n in weights[0]}


def fit(
    weights: Sequence[dict[str, np.ndarray]],
    images: np.ndarray,
    labels: np.ndarray,
    order: np.ndarray,
    product: Product,
    learn_beta: bool,
    rate: float,
) -> Trained:
    """Train all networks at once by Adam with a cosine schedule, in float32.

    Parameters
    ----------
    weights
        Initial weights of each network, with "log_beta".
    images, labels
        All pictures (m, 8, 8) in [0, 1] and their digits (m,).
    order
        Index of every picture shown, (networks, epochs, batches, batch).
    product
        What takes the place of Q K^T.
    learn_beta
        Whether beta is trained with the weights; otherwise it keeps its initial value.
    rate
        Learning rate at the start of the cosine.
    """
    start = together(weights)
    pictures, shown = images.astype(np.float32), order.transpose(1, 2, 0, 3)
    return Trained.of(*_run(start, shown, pictures, labels, product, learn_beta, rate))


@partial(jax.jit, static_argnames="product")
def _run(
    start: Any,
    order: Any,
    pictures: Any,
    digits: Any,
    product: Product,
    learn_beta: bool,
    rate: float,
) -> Any:
    def loss(state: Any, chosen: jax.Array) -> tuple[jax.Array, jax.Array]:
        state = held(state, learn_beta)
        tokens = embed(state, pictures[chosen])
        scores = class_scores(state, tokens, table(product, *queries_keys(state, tokens)), product)
        return errors(scores, digits[chosen])

    return descend(loss, start, order, rate)


def errors(scores: jax.Array, answers: jax.Array) -> tuple[jax.Array, jax.Array]:
    """Mean cross-entropy (nat) and hit rate of scores (m, classes) against answers (m,)."""
    right = jnp.mean(jnp.argmax(scores, -1) == answers)
    return jnp.mean(optax.softmax_cross_entropy_with_integer_labels(scores, answers)), right


def descend(loss: Any, start: Any, shown: Any, rate: float) -> Any:
    """Minimise a loss by Adam with a cosine schedule, all networks at once; to be compiled.

    Parameters
    ----------
    loss
        `loss(state, batch)` of one network gives what falls and a hit rate.
    start
        Initial weights by name, each with a leading network axis.
    shown
        Batches: an array or a tree of them, each (epochs, batches, networks, ...).
    rate
        Learning rate at the start of the cosine.

    Returns
    -------
    The last weights, and loss and hit rate averaged over the batches of each epoch, (epochs,
    networks).
    """
    epochs, batches = jax.tree.leaves(shown)[0].shape[:2]
    adam = optax.adam(optax.cosine_decay_schedule(rate, epochs * batches))

    def step(carry: Any, batch: Any) -> tuple[Any, Any]:
        state, memory = carry
        measured, gradient = jax.value_and_grad(loss, has_aux=True)(state, batch)
        update, memory = adam.update(gradient, memory)
        return (optax.apply_updates(state, update), memory), measured

    def epoch(carry: Any, batch: Any) -> tuple[Any, Any]:
        carry, (error, right) = jax.lax.scan(jax.vmap(step), carry, batch)
        return carry, (error.mean(0), right.mean(0))

    carry, history = jax.lax.scan(epoch, (start, jax.vmap(adam.init)(start)), shown)
    return carry[0], history
