"""Fake pictures for associative recall: queries, keys or both changed so that a network errs."""

from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax

from entanglement.networks.adversary import Attack, climb
from entanglement.networks.ascent import Climb
from entanglement.networks.attention import Weights
from entanglement.networks.product import Product
from entanglement.networks.recall import PIXELS, Samples, label_scores, paid, queries_keys
from entanglement.networks.training import table

ATTACKS = ("FGSM", "PGD")
TARGETS = ("query", "keys", "both")
STEPS = 10  # of projected gradient descent


def scenes(pictures: np.ndarray, samples: Samples) -> tuple[np.ndarray, Samples]:
    """Give every sample pictures of its own, the query's first.

    Parameters
    ----------
    pictures
        All pictures, (pictures, 64).
    samples
        m of them.

    Returns
    -------
    Scenes (m, 1 + choices, 64), and the samples with numbers of the scenes' rows.
    """
    numbers = np.concatenate([samples.asked[:, None], samples.shown], axis=1)
    own = np.arange(numbers.size).reshape(numbers.shape)
    return pictures[numbers], samples._replace(asked=own[:, 0], shown=own[:, 1:])


def craft(
    weights: Weights,
    scene: np.ndarray,
    samples: Samples,
    product: Product,
    target: str,
    sizes: np.ndarray,
) -> np.ndarray:
    """Change pictures of each sample so that the network's loss rises, in float64.

    FGSM takes one step by the sign of the gradient, PGD `STEPS` steps; both stay within the
    Euclidean ball of the given radius around all that may change in a sample (the sign step by
    moving each pixel by the radius over the root of their number), and pixels within [0, 1].

    Parameters
    ----------
    weights
        Of one network.
    scene, samples
        As `scenes` gives them.
    product
        What takes the place of Q K^T.
    target
        One of `TARGETS`: which pictures may change.
    sizes
        Radii, (norms,).

    Returns
    -------
    Changed scenes, (attacks, norms, m, 1 + choices, 64).
    """
    free = np.ones((scene.shape[1], 1))
    if target != "both":
        free[:] = [[float(target == "query")], *[[float(target == "keys")]] * (len(free) - 1)]
    made = np.empty((len(ATTACKS), len(sizes), *scene.shape))
    with jax.enable_x64(True):
        for number, size in enumerate(sizes):
            each = float(size / np.sqrt(PIXELS * free.sum()))
            attacks = Attack(each, 1), Attack(float(size), STEPS, euclidean=True)
            for which, attack in enumerate(attacks):
                found = _craft(dict(weights), scene, samples, free, attack.climb, product)
                made[which, number] = found
    return made


# One program for all attacks: compiling costs more than running.
@partial(jax.jit, static_argnames="product")
def _craft(
    state: Any, start: Any, samples: Samples, free: Any, how: Climb, product: Product
) -> Any:
    answers = jnp.take_along_axis(samples.labels, samples.match[:, None], axis=-1)[:, 0]

    def loss(scene: Any) -> jax.Array:
        products = table(product, *queries_keys(state, scene.reshape(-1, PIXELS), samples))
        scores = label_scores(state, paid(state, products, product), samples)
        # A sum, so that each sample has its own gradient.
        return jnp.sum(optax.softmax_cross_entropy_with_integer_labels(scores, answers))

    def slope(scene: Any) -> Any:
        return free * jax.grad(loss)(scene)

    return climb(slope, start, how)


def noise(rng: np.random.Generator, scene: np.ndarray, changed: np.ndarray) -> np.ndarray:
    """Change pictures in random directions by as much as others were changed.

    Parameters
    ----------
    rng
        Source of the directions, N(0, 1) in every pixel that was changed in any sample.
    scene, changed
        Pictures (m, 1 + choices, 64) in [0, 1], and changed ones.

    Returns
    -------
    Noisy pictures (m, 1 + choices, 64) in [0, 1], each sample as far from its original in the
    Euclidean norm as the changed one.
    """
    moved = changed - scene
    free = np.any(moved != 0, axis=(0, 2))  # pictures that may change
    wanted = np.sum(moved**2, axis=(1, 2), keepdims=True)
    start = scene[:, free]
    direction = rng.normal(size=scene.shape)[:, free]
    room = np.where(direction > 0, 1 - start, start)
    factor, stopped = np.zeros_like(wanted), np.zeros(start.shape, dtype=bool)
    # Pixels that reach 0 or 1 stay there, and the others make up for it: more and more stop.
    while True:
        rest = wanted - np.sum(room**2 * stopped, axis=(1, 2), keepdims=True)
        going = np.sum(direction**2 * ~stopped, axis=(1, 2), keepdims=True)
        found = np.sqrt(np.maximum(rest, 0) / np.where(going > 0, going, 1.0))
        factor = np.where(going > 0, np.maximum(factor, found), factor)
        more = factor * np.abs(direction) > room
        if not np.any(more & ~stopped):
            break
        stopped |= more
    noisy = scene.copy()
    noisy[:, free] = np.clip(start + factor * direction, 0, 1)
    return noisy
