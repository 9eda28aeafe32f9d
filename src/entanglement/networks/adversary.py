"""Adversarial inputs: pictures changed within a bound so that a network errs (FGSM and PGD)."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax

from entanglement.networks import ascent
from entanglement.networks.attention import Weights, class_scores, embed, queries_keys
from entanglement.networks.product import Product
from entanglement.networks.training import table


@dataclass(frozen=True)
class Attack:
    """Bound of a change of a picture, and the steps uphill that are taken within it.

    Attributes
    ----------
    size
        Largest change: of any pixel, or the Euclidean length of all.
    steps
        1 is the fast gradient sign method (Goodfellow, Shlens and Szegedy, arXiv:1412.6572), more
        are projected gradient descent (Madry et al., arXiv:1706.06083), from the picture itself.
    euclidean
        Whether the size is a Euclidean length.
    """

    size: float
    steps: int
    euclidean: bool = False

    @property
    def climb(self) -> ascent.Climb:
        """The attack in numbers."""
        rate = ascent.rate(self.size, self.steps)
        return ascent.Climb(self.size, rate, self.steps, self.euclidean)


def craft(
    weights: Sequence[Weights],
    images: np.ndarray,
    labels: np.ndarray,
    product: Product,
    attack: Attack,
) -> np.ndarray:
    """Change pictures so that the loss of the network that reads them rises, in float64.

    Parameters
    ----------
    weights
        Of each network.
    images, labels
        Each network's own pictures, (networks, m, 8, 8) in [0, 1], and their digits.
    product
        What takes the place of Q K^T.
    attack
        Bound and steps; every pixel stays in [0, 1].
    """
    with jax.enable_x64(True):
        stacked = {name: np.stack([w[name] for w in weights]) for name in weights[0]}
        return np.asarray(_craft(stacked, images, labels, attack.climb, product))


# One program for all attacks: compiling costs more than running.
@partial(jax.jit, static_argnames="product")
def _craft(stacked: Any, images: Any, labels: Any, how: ascent.Climb, product: Product) -> Any:
    def loss(pictures: Any, state: Any, digits: Any) -> jax.Array:
        tokens = embed(state, pictures)
        scores = class_scores(state, tokens, table(product, *queries_keys(state, tokens)), product)
        # A sum, so that each picture has its own gradient.
        return jnp.sum(optax.softmax_cross_entropy_with_integer_labels(scores, digits))

    def one(state: Any, start: Any, digits: Any) -> Any:
        def slope(pictures: Any) -> Any:
            return jax.grad(loss)(pictures, state, digits)

        return climb(slope, start, how)

    return jax.vmap(one)(stacked, images, labels)


def climb(slope: Any, start: Any, how: ascent.Climb) -> Any:
    """Change pictures uphill within a bound; to be compiled.

    Parameters
    ----------
    slope
        Gradient of the loss by the pictures; 0 keeps a pixel as it is.
    start
        Pictures (..., rows, columns) in [0, 1], where every pixel stays. One bound holds for the
        last two axes together.
    how
        Bound and steps.
    """

    def step(_: int, pictures: Any) -> Any:
        change = pictures + how.rate * ascent.uphill(slope(pictures), how.euclidean) - start
        return jnp.clip(start + ascent.bounded(change, how.size, how.euclidean), 0.0, 1.0)

    return jax.lax.fori_loop(0, how.steps, step, start)
