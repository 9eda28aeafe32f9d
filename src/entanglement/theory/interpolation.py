"""Linear networks that fit noise: what they say of unseen inputs, and how modes are learned (U11)."""

import numpy as np
from numpy.typing import ArrayLike


def unseen_loss(k: int, samples: int, scale: float = 0.0) -> float:
    """Mean loss of the fit of least change on unseen noise, over Gaussian inputs and labels.

    1 + N / (k - N - 1) + s^2 (k - N) / k: the unseen label, the fitted noise, and what training
    leaves of the initial weights. Answering nothing has loss 1.

    Parameters
    ----------
    k
        Inputs (and outputs), of variance 1/k each, so that a label has mean square 1.
    samples
        N, at most k - 2: beyond, the mean is infinite.
    scale
        s: initial weights are N(0, s^2 / k).

    Raises
    ------
    ValueError
        For another number of samples.
    """
    if not 0 <= samples <= k - 2:
        raise ValueError(
            f"samples = {samples}: give 0 to k - 2 = {k - 2}; beyond, the mean is infinite"
        )
    return 1 + samples / (k - samples - 1) + scale**2 * (k - samples) / k


def dropout_weights(inputs: ArrayLike, labels: ArrayLike, dropout: float) -> np.ndarray:
    """Weights that dropout on the inputs of linear regression tends to: ridge, column by column.

    Inverted dropout (inputs kept with probability 1 - p and divided by it) has the mean loss
    |Y - X W^T|^2 + p/(1-p) sum_j |X_j|^2 |W_j|^2 over masks. p = 0 is the fit of least norm, the
    limit of small p that of least sum_j |X_j|^2 |W_j|^2.

    Parameters
    ----------
    inputs, labels
        X and Y, (..., samples, k).
    dropout
        p, below 1.

    Returns
    -------
    W, (..., k, k): outputs by inputs.
    """
    x, y = np.asarray(inputs, dtype=float), np.asarray(labels, dtype=float)
    if dropout == 0:
        return np.swapaxes(np.linalg.pinv(x) @ y, -1, -2)
    # Inputs of length 1 over the samples have the ridge p/(1-p) I. By their singular values the
    # smallest p gives its limit, where the normal equations are singular.
    size = np.sqrt(np.sum(x**2, axis=-2, keepdims=True))
    shrink = np.divide(1.0, size, out=np.zeros_like(size), where=size > 0)
    left, s, right = np.linalg.svd(x * shrink, full_matrices=False)
    seen = s > np.finfo(float).eps * max(x.shape[-2:]) * s.max(axis=-1, keepdims=True)
    gain = np.divide(s, s**2 + dropout / (1 - dropout), out=np.zeros_like(s), where=seen)
    fit = np.swapaxes(y, -1, -2) @ (left * gain[..., None, :])
    made: np.ndarray = fit @ (right * shrink)
    return made


def strength(time: ArrayLike, final: ArrayLike, initial: float, depth: int) -> np.ndarray:
    """Strength of a mode of a deep linear network along gradient flow (Saxe, arXiv:1312.6120).

    Layers share it: c = u^(1/L), dc/dt = c^(L-1) (s - c^L). With one layer u = s + (a - s) e^-t,
    with two u = s / (1 + (s/a - 1) e^(-2 s t)); for more layers the equation is solved numerically.

    Parameters
    ----------
    time
        Learning rate times steps, of the loss |Y - X W^T|^2 / 2 with orthonormal inputs, (times,).
    final
        s, singular values of Y^T X, (modes,).
    initial
        a > 0, of every mode.
    depth
        L.

    Returns
    -------
    u, (times, modes).
    """
    t, s = np.asarray(time, dtype=float)[:, None], np.asarray(final, dtype=float)
    if depth == 1:
        shallow: np.ndarray = s + (initial - s) * np.exp(-t)
        return shallow
    if depth == 2:
        logistic: np.ndarray = s / (1 + (s / initial - 1) * np.exp(-2 * s * t))
        return logistic
    from scipy.integrate import solve_ivp

    found = solve_ivp(
        lambda _, c: c ** (depth - 1) * (s - c**depth),
        (0.0, float(t.max(initial=0.0)) or 1.0),
        np.full(s.shape, initial ** (1 / depth)),
        t_eval=t[:, 0],
        rtol=1e-8,
        atol=1e-10,
        method="LSODA",
    )
    solved: np.ndarray = found.y.T**depth
    return solved
