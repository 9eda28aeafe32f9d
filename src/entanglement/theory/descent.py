"""Algorithm 2 in closed form, and the exact law of its loss on Gaussian probes.

Gradient descent on |G w_0 - w_L|^2 multiplies the error by q = 1 - 2 eta |w_0|^2 in each step, so

    G_T = G_0 + (1 - q^T) (w_L - G_0 w_0) w_0^T / |w_0|^2,      e_T = q^T e_0.

A Gaussian probe leaves any 2x2 matrix G with a direction whose doubled angle is wrapped Cauchy
distributed about the doubled angle of the largest singular direction, with resultant
r = (1 - rho) / (1 + rho), where rho = s_2 / s_1 is the ratio of the singular values. Two probes of
one matrix differ by a doubled angle of resultant r^2. Everything else follows from r and from the
angle between target and singular direction.
"""

import numpy as np
from numpy.typing import ArrayLike

# Of the average over one normal number: nodes, and where its law ends in double precision.
NODES, FARTHEST = 40, 8.0


def contraction(eta: float, start: ArrayLike) -> float:
    """Factor q = 1 - 2 eta |w_0|^2 of the training error in each step.

    Parameters
    ----------
    eta
        Learning rate; q = 0 at 1 / (2 |w_0|^2), and above 1 / |w_0|^2 training diverges.
    start
        w_0.
    """
    return float(1 - 2 * eta * np.sum(np.square(start)))


def trained(
    initial: ArrayLike, start: ArrayLike, aim: ArrayLike, eta: float, steps: int
) -> np.ndarray:
    """Matrix G_T after T steps.

    Parameters
    ----------
    initial
        G_0, shape (..., 2, 2).
    start, aim
        w_0 and w_L, shape (2,).
    eta, steps
        Learning rate and number of steps T.
    """
    g, w, target = (np.asarray(value, dtype=float) for value in (initial, start, aim))
    with np.errstate(over="ignore", invalid="ignore"):
        matrix: np.ndarray = g + _learnt(w, eta, steps) * (target - g @ w)[..., :, None] * w
    return matrix


def _learnt(start: np.ndarray, eta: float, steps: int) -> float:
    """(1 - q^T) / |w_0|^2, infinite where that overflows."""
    learnt: float = (1 - np.float64(contraction(eta, start)) ** steps) / np.sum(start**2)
    return learnt


def axis(matrix: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    """Ratio s_2 / s_1 of the singular values and the angle of the larger left singular vector.

    Parameters
    ----------
    matrix
        G, shape (..., 2, 2). NaN for a zero matrix, which has no direction.
    """
    g = np.asarray(matrix, dtype=float)
    (a, b), (c, d) = (g[..., 0, 0], g[..., 0, 1]), (g[..., 1, 0], g[..., 1, 1])
    turning, mirroring = np.hypot(a + d, c - b) / 2, np.hypot(a - d, c + b) / 2
    with np.errstate(invalid="ignore", over="ignore"):
        largest = turning + mirroring
        # By the determinant: the difference of two large numbers would lose a small ratio.
        ratio = np.abs((a / largest) * (d / largest) - (b / largest) * (c / largest))
    direction = (np.arctan2(c + b, a - d) + np.arctan2(c - b, a + d)) / 2
    return ratio, np.where(largest > 0, direction, np.nan)


def pair_ratio(ratio: ArrayLike) -> np.ndarray:
    """Ratio that belongs to the angle between two probes of one matrix: resultant r^2.

    Parameters
    ----------
    ratio
        rho = s_2 / s_1.
    """
    rho = np.asarray(ratio, dtype=float)
    both: np.ndarray = 2 * rho / (1 + rho**2)
    return both


def mean_loss(ratio: ArrayLike, offset: ArrayLike = 0.0) -> np.ndarray:
    """Mean of Eq. 32 over Gaussian probes: 2/pi without collapse, 1/2 after it.

    A probe and its negative have losses sin(x/2) and cos(x/2). The Fourier series of their mean in
    the doubled angle, sum z^m / (16 m^2 - 1), has the closed form of `_series`.

    Parameters
    ----------
    ratio
        rho = s_2 / s_1, or `pair_ratio` of it for two probes.
    offset
        Angle between the target and the larger left singular vector; 0 for two probes.
    """
    return 2 / np.pi - 4 / np.pi * _series(_resultant(ratio, offset))


def mean_folded_loss(ratio: ArrayLike, offset: ArrayLike = 0.0) -> np.ndarray:
    """Mean of Eq. 32 against the nearer of target and its negative: .373 without collapse, 0 after.

    Parameters
    ----------
    ratio, offset
        As for `mean_loss`.
    """
    z = _resultant(ratio, offset)
    flat = 4 / np.pi * (1 - np.sqrt(0.5))
    loss: np.ndarray = np.maximum(flat - 8 / np.pi * (_series(z) - np.sqrt(0.5) * _series(-z)), 0.0)
    return loss


def mean_loss_of_wanderers(spread: ArrayLike, offset: ArrayLike = 0.0) -> np.ndarray:
    """Mean folded loss over Gaussian probes and over what a matrix does across w_0.

    Training fixes G w_0. Where G w_perp is a Gaussian vector beside it, a probe (x, s) along and
    across w_0 leaves as x u + rho s n, n and x being normal. Given s that is a Gaussian vector with
    singular values sqrt(1 + rho^2 s^2) along u and rho |s| across it, the case of
    `mean_folded_loss`; what is left is its average over one normal number s.

    Parameters
    ----------
    spread
        rho: standard deviation of G w_perp / |w_perp| over |G w_0| / |w_0|.
    offset
        Angle between the target and u = G w_0 / |G w_0|, broadcast against the first.
    """
    node, weight = np.polynomial.legendre.leggauss(NODES)
    s = FARTHEST * (node + 1) / 2
    mass = weight * FARTHEST * np.exp(-(s**2) / 2) / np.sqrt(2 * np.pi)
    across = np.asarray(spread, dtype=float)[..., None] * s
    found = mean_folded_loss(across / np.hypot(1, across), np.asarray(offset)[..., None])
    return np.asarray(found @ mass)


def loss_cdf(loss: ArrayLike, ratio: ArrayLike, offset: ArrayLike = 0.0) -> np.ndarray:
    """P(loss of Eq. 32 <= x) over Gaussian probes.

    Parameters
    ----------
    loss
        x in [0, 1], broadcast against the others.
    ratio, offset
        As for `mean_loss`.
    """
    angle = 2 * np.arcsin(np.asarray(loss, dtype=float))
    delta, rho = np.asarray(offset, dtype=float), np.asarray(ratio, dtype=float)
    share: np.ndarray = (_wound(delta + angle, rho) - _wound(delta - angle, rho)) / 2
    return share


def _wound(angle: np.ndarray, ratio: np.ndarray) -> np.ndarray:
    """Fraction of axes between 0 and `angle` (unwrapped; 1 for each half turn)."""
    turns = np.round(angle / np.pi)
    rest = angle - np.pi * turns
    with np.errstate(divide="ignore"):
        wound: np.ndarray = turns + np.arctan2(np.sin(rest), ratio * np.cos(rest)) / np.pi
    return wound


def _resultant(ratio: ArrayLike, offset: ArrayLike) -> np.ndarray:
    rho = np.asarray(ratio, dtype=float)
    resultant: np.ndarray = (1 - rho) / (1 + rho) * np.exp(2j * np.asarray(offset, dtype=float))
    return resultant


def _series(z: np.ndarray) -> np.ndarray:
    """Real part of the sum of z^m / (16 m^2 - 1) over m >= 1, for |z| <= 1."""
    y = np.asarray(z, dtype=complex) ** 0.25
    small = np.abs(y) < 1e-3
    safe = np.where(small | (y == 1), 0.5, y)
    hyperbolic, circular = np.arctanh(safe) / 2, np.arctan(safe) / 2
    with np.errstate(invalid="ignore"):  # NaN, for a zero matrix, stays NaN
        total = safe * (hyperbolic - circular) - (hyperbolic + circular - safe) / safe
    total = np.where(y == 1, 1 - np.pi / 4, total)
    # The first term of the series is exact where the closed form would divide by almost nothing.
    return np.where(small, np.real(z) / 15, np.real(total) / 2)
