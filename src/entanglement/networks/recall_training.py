"""Training associative recall with JAX: all networks of a cell in one vectorised process."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from entanglement.networks.product import Product
from entanglement.networks.recall import Samples, label_scores, paid, queries_keys
from entanglement.networks.training import Trained, descend, errors, held, table, together


def fit(
    weights: Sequence[dict[str, np.ndarray]],
    pictures: np.ndarray,
    samples: Sequence[Samples],
    product: Product,
    learn_beta: bool,
    rate: float,
) -> Trained:
    """Train all networks at once by Adam with a cosine schedule, in float32.

    Parameters
    ----------
    weights
        Initial weights of each network, with "log_beta".
    pictures
        All pictures (pictures, 64), grey values in [0, 1].
    samples
        What each network is asked, (epochs, batches, batch).
    product
        What takes the place of Q K^T.
    learn_beta
        Whether beta is trained with the weights; otherwise it keeps its initial value.
    rate
        Learning rate at the start of the cosine.
    """
    asked = Samples(*(np.stack(part, axis=2).astype(np.int32) for part in zip(*samples)))
    shown = pictures.astype(np.float32)
    return Trained.of(*_run(together(weights), asked, shown, product, learn_beta, rate))


@partial(jax.jit, static_argnames="product")
def _run(
    start: Any, asked: Samples, pictures: Any, product: Product, learn_beta: bool, rate: float
) -> Any:
    def loss(state: Any, samples: Samples) -> tuple[jax.Array, jax.Array]:
        state = held(state, learn_beta)
        products = table(product, *queries_keys(state, pictures, samples))
        scores = label_scores(state, paid(state, products, product), samples)
        answers = jnp.take_along_axis(samples.labels, samples.match[:, None], axis=-1)[:, 0]
        return errors(scores, answers)

    return descend(loss, start, asked, rate)
