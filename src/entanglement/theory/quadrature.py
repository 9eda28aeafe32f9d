"""The chain of T1 in ln v by quadrature: v_0 = 1/X^2, v' = (A^2 v + 1) / X^2."""

from collections.abc import Callable
from functools import lru_cache

import numpy as np

from entanglement.theory.selection import log_gain_nodes

# Lattice of ln v, and where straight lines take over.
SPACING, _TOP = 0.1, 60.0
# Lattice of ln S, in which all that is averaged is smooth on the scale of 1.
_WIDE = 0.5


def backward(
    k: int, n: int, depth: int, start: np.ndarray, weights: str, decaying: bool = True
) -> np.ndarray:
    """T1: means E F(ln v_l) for l = 0..L, from the functions F on the lattice of ln v.

    F_(j+1)(y) = E F_j(ln(A^2 exp(y) + 1) - ln X^2): first over X, which shifts the argument, then
    over A, each a matrix. A decaying F falls off as exp(-y/2), in proportion to P(|c| < 1);
    what is interpolated is F (1 + exp(y/2)), nearly constant on either side.

    Parameters
    ----------
    k, n, depth, weights
        As in `laws.scalar_chain`; also `orthogonal`, which leaves the law of c as it is.
    start
        F on `log_variances(k)`, shape (points, functions).
    decaying
        Whether F falls off, or grows no faster than y.

    Returns
    -------
    Shape (L + 1, functions).
    """
    scale, at_input, over_x, over_a = _steps(k, n, weights, decaying)
    f = scale[:, None] * start
    means = np.empty((depth + 1, start.shape[1]))
    means[:] = at_input @ f
    if weights == "orthogonal":
        return means
    for layer in range(1, depth + 1):
        f = over_a @ (over_x @ f)
        means[layer] = at_input @ f
    return means


@lru_cache(maxsize=4)
def _steps(k: int, n: int, weights: str, decaying: bool) -> tuple[np.ndarray, ...]:
    """What `backward` repeats: its factor, and matrices of the means at the input, over X and A."""
    y, (log_chi, chi_mass) = log_variances(k), _log_chi_square(k)
    scale: Callable[[np.ndarray], np.ndarray]
    scale = (lambda at: 1 + np.exp(at / 2)) if decaying else np.ones_like
    at_input = _averages(y, -log_chi[None], chi_mass, scale)
    if weights == "orthogonal":
        return scale(y), at_input, at_input, at_input  # no layer moves an angle: unused
    log_gain, gain_mass = log_gain_nodes(k, n, family(weights))
    lifted = np.logaddexp(2 * log_gain + y[:, None], 0.0)
    over_x = scale(y)[:, None] * _averages(y, y[:, None] - log_chi, chi_mass, scale)
    over_a = scale(y)[:, None] * _averages(y, lifted, gain_mass, scale)
    return scale(y), at_input, over_x, over_a


def remaining(k: int, n: int, weights: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The law of S, the variance that later layers add: S = (1 + X^2 S') / A^2, S' = 0 at the end.

    Parameters
    ----------
    k, n, weights
        As in `laws.scalar_chain`.

    Returns
    -------
    lattice, first, step
        Lattice of ln S, shape (points,); masses on it with one layer left; and the matrix that
        takes them, from the right, to those with one layer more.
    """
    log_gain, gain_mass = log_gain_nodes(k, n, family(weights))
    log_chi, chi_mass = _log_chi_square(k)
    s = np.arange(-2 * log_gain.max() - _WIDE, _TOP, _WIDE)
    first = _averages(s, -2 * log_gain[None], gain_mass, np.ones_like, _WIDE)[0]
    over_a = _averages(s, s[:, None] - 2 * log_gain, gain_mass, np.ones_like, _WIDE)
    over_x = _averages(s, np.logaddexp(s[:, None] + log_chi, 0.0), chi_mass, np.ones_like, _WIDE)
    return s, first, over_x @ over_a


def _averages(
    y: np.ndarray,
    at: np.ndarray,
    mass: np.ndarray,
    scale: Callable[[np.ndarray], np.ndarray],
    spacing: float = SPACING,
) -> np.ndarray:
    """Matrix of means of f(x) / scale(x) over weighted points x, from f on the lattice y.

    Parameters
    ----------
    y
        Lattice, shape (points,).
    at
        Points x, shape (rows, nodes): interpolated by six lattice points, and by a straight line
        above the lattice.
    mass
        Weights, shape (nodes,).
    scale
        The divisor.
    spacing
        Of the lattice.

    Returns
    -------
    Shape (rows, points).
    """
    position = (np.minimum(at, y[-1]) - y[0]) / spacing
    first = np.clip(np.floor(position).astype(int) - 2, 0, len(y) - 6)
    step = np.maximum(at - y[-1], 0.0) / spacing
    weight = mass / scale(at)
    row = len(y) * np.arange(len(at))[:, None]
    matrix = np.zeros(len(at) * len(y))

    def add(column: np.ndarray | int, share: np.ndarray) -> None:
        index = np.broadcast_to(row + column, at.shape).ravel()
        matrix[:] += np.bincount(index, (weight * share).ravel(), len(matrix))

    for j in range(6):
        others = [i for i in range(6) if i != j]
        basis = [(position - first - i) / (j - i) for i in others]
        add(first + j, np.prod(basis, axis=0))
    add(len(y) - 1, step)
    add(len(y) - 2, -step)
    return matrix.reshape(len(at), len(y))


def log_variances(k: int) -> np.ndarray:
    """Lattice of ln v from the least value that a layer of width k can give, shape (points,)."""
    log_chi, _ = _log_chi_square(k)
    return np.arange(-log_chi.max() - SPACING, _TOP, SPACING)


def _log_chi_square(k: int) -> tuple[np.ndarray, np.ndarray]:
    """Trapezoidal rule for ln X^2, X ~ chi(k-1): nodes and masses."""
    degrees = k - 1
    deviation = np.sqrt(2 / degrees)
    step = min(SPACING, deviation / 4)
    x = np.arange(-9 * deviation - 60 / degrees, 9 * deviation + 4 / degrees, step)
    mass = np.exp(degrees / 2 * (x - np.expm1(x)))
    kept = mass > 1e-14 * mass.max()
    return np.log(degrees) + x[kept], mass[kept] / mass[kept].sum()


def family(weights: str) -> str:
    """Family of rows whose gain enters T1: rescaling a layer moves no angle."""
    return "top" if weights == "top_unit" else weights
