"""Training classifiers of pictures with JAX: all networks of a kind in one vectorised process."""

from collections.abc import Sequence
from typing import Any

import jax
import numpy as np

from entanglement.networks.classifiers import features, scores
from entanglement.networks.training import Trained, descend, errors, together


def fit(
    weights: Sequence[dict[str, np.ndarray]],
    pictures: np.ndarray,
    labels: np.ndarray,
    order: np.ndarray,
    rate: float,
) -> Trained:
    """Train all networks of one kind at once by Adam with a cosine schedule, in float32.

    Parameters
    ----------
    weights
        Initial weights of each network.
    pictures, labels
        All pictures (m, k) and their digits (m,).
    order
        Index of every picture shown, (networks, epochs, batches, batch).
    rate
        Learning rate at the start of the cosine.
    """
    seen, shown = pictures.astype(np.float32), order.transpose(1, 2, 0, 3)
    return Trained.of(*_run(together(weights), shown, seen, labels, rate))


@jax.jit
def _run(start: Any, shown: Any, pictures: Any, labels: Any, rate: float) -> Any:
    def loss(state: Any, chosen: jax.Array) -> tuple[jax.Array, jax.Array]:
        return errors(scores(state, features(state, pictures[chosen])), labels[chosen])

    return descend(loss, start, shown, rate)
