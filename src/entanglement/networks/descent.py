"""Paper A's Algorithm 2: a few steps of gradient descent on one point, many networks at once."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Descent:
    """What gradient descent did.

    Parameters
    ----------
    iterate
        The whole map G after t = 0..T steps (the product of the factors), shape
        (networks, T + 1, 2, 2).
    error
        e_t = G w_0 - w_L, shape (networks, T + 1, 2).
    """

    iterate: np.ndarray
    error: np.ndarray


def product(factors: np.ndarray) -> np.ndarray:
    """Multiply the factors of each network, G = G_F ... G_1.

    Parameters
    ----------
    factors
        Shape (..., F, 2, 2), the first factor acting first.
    """
    whole = factors[..., 0, :, :]
    for index in range(1, factors.shape[-3]):
        whole = factors[..., index, :, :] @ whole
    return whole


def gradient(factors: np.ndarray, start: np.ndarray, aim: np.ndarray) -> np.ndarray:
    """Gradient of the squared distance |G_F ... G_1 w_0 - w_L|^2 by each factor.

    dG_j = 2 (G_F ... G_{j+1})^T e (G_{j-1} ... G_1 w_0)^T. With one factor this is
    the outer product 2 e w_0^T of Algorithm 2, line 7 (printed there as 2 e w_0).

    Parameters
    ----------
    factors
        G_1 ... G_F, shape (networks, F, 2, 2).
    start
        w_0, shape (2,).
    aim
        w_L, shape (2,).

    Returns
    -------
    Shape (networks, F, 2, 2).
    """
    count = factors.shape[1]
    # inputs[j] = G_j ... G_1 w_0, shape (networks, 2)
    inputs = [np.broadcast_to(start, (len(factors), 2))]
    for index in range(count):
        inputs.append(np.einsum("nij,nj->ni", factors[:, index], inputs[-1]))
    back = 2 * (inputs[-1] - aim)
    slopes = np.empty_like(factors)
    for index in reversed(range(count)):
        slopes[:, index] = back[:, :, None] * inputs[index][:, None, :]
        back = np.einsum("nij,ni->nj", factors[:, index], back)
    return slopes


def descend(
    factors: np.ndarray, start: np.ndarray, aim: np.ndarray, eta: float, steps: int
) -> Descent:
    """Run Algorithm 2 (paper A, section V), every factor being trained.

    The pseudo-code and the authors' programme train one 2x2 matrix; the text speaks of three,
    G = G_3 G_2 G_1. Both are this function. Numbers that overflow stay in the
    result as infinities and NaN: divergence is an outcome, not an error.

    Parameters
    ----------
    factors
        Initial matrices, shape (networks, F, 2, 2).
    start, aim
        w_0 and w_L, shape (2,).
    eta
        Learning rate.
    steps
        Number T of steps.
    """
    current = factors.astype(float)
    iterates = [product(current)]
    with np.errstate(over="ignore", invalid="ignore"):
        for _ in range(steps):
            current = current - eta * gradient(current, start, aim)
            iterates.append(product(current))
        iterate = np.stack(iterates, axis=1)
        error = np.einsum("ntij,j->nti", iterate, start) - aim
    return Descent(iterate, error)


def turn(outputs: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """Angle from a reference direction to outputs in the plane, in [0, pi].

    From cross and dot product: exact near both poles, where an arccos floors at 1.5e-8.

    Parameters
    ----------
    outputs, reference
        Vectors of any length but 0, shape (..., 2), broadcast against each other.
    """
    cross = outputs[..., 0] * reference[..., 1] - outputs[..., 1] * reference[..., 0]
    return np.arctan2(np.abs(cross), np.sum(outputs * reference, axis=-1))


def loss(angle: np.ndarray) -> np.ndarray:
    """Summand of paper A's Eq. 32, half the chord between two unit vectors: sin(angle / 2).

    Parameters
    ----------
    angle
        Angle between target and output, in [0, pi].
    """
    return np.sin(angle / 2)


def folded_loss(angle: np.ndarray) -> np.ndarray:
    """Eq. 32's summand against the nearer of the target and its negative, in [0, 0.707].

    Parameters
    ----------
    angle
        Angle between target and output, in [0, pi].
    """
    return np.sin(np.minimum(angle, np.pi - angle) / 2)
