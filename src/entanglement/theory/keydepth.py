"""U5: how many layers until keys agree in every bit, and where arithmetic ends.

Exact from T8 (`perfect_share`, `depth_for_perfect`), and for large k in a form that costs nothing,
from which maps over many n and L are made (`PhaseLaw`). In the order of depth a pair of keys is
noise, agrees in part, is perfect; un-normalised float64 arithmetic ends at a depth of its own.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr, owens_t, polygamma

from entanglement.theory.keybits import perfect_rate
from entanglement.theory.rates import rate
from entanglement.theory.selection import gain_asymptotic, mean_log_gain, threshold
from entanglement.theory.spacetime import mean_log_norm

# A picture of fewer wrong bits than this can be made out; a share of keys that counts as all.
LEGIBLE, ALL = 0.25, 0.99
DEEPEST = 20_000
# Lattice of ln |c| on which errors are tabulated; beyond it they are those of its ends.
_LOG_C = np.arange(-30.0, 60.0, 0.02)


def perfect_share(k: int, n: int, depth: int) -> float:
    """U5, exact: share of keys of layer L that agree in all bits or in none.

    Parameters
    ----------
    k, n
        Rows kept, and candidates, k <= n.
    depth
        Layers L >= 0.

    Returns
    -------
    E (1 - q)^k with q the error T8 of a bit, over the law T1 of c_(L-1); to about 1e-7.

    Raises
    ------
    ValueError
        k < 2, n < k or L < 0.
    """
    _sizes(k, n, selecting=False)
    if depth < 0:
        raise ValueError(f"depth = {depth}: a network has 0 layers or more")
    return 2.0 ** (1 - k) if depth == 0 else float(perfect_rate(k, n, depth)[-1])


def depth_for_perfect(k: int, n: int, share: float = ALL) -> int:
    """U5, exact: the least depth L at which this share of keys is perfect.

    Parameters
    ----------
    k, n
        Rows kept, and candidates, k < n.
    share
        In (0, 1); above 1 - 1e-6 the quadrature has no digits left.

    Raises
    ------
    ValueError
        A parameter outside its domain, or a depth beyond DEEPEST layers.
    """
    _sizes(k, n)
    if not 0 < share <= 1 - 1e-6:
        raise ValueError(f"share = {share}: give a share of keys in (0, 1 - 1e-6]")
    # From where the closed form puts half of the keys, to where they are enough.
    depth = int(2 * max(depth_large(k, n), 8.0)) + 16
    while depth <= DEEPEST:
        enough = perfect_rate(k, n, depth) >= share
        if enough.any():
            return int(np.argmax(enough))
        depth *= 2
    raise ValueError(f"k = {k}, n = {n}: more than {DEEPEST} layers for a share of {share}")


def depth_large(k: int, n: int) -> float:
    """U5 for large k: [ln sqrt k + ln(2 ln k) / 2 - ln t] / ln a, of the order of L* for half of all keys.

    Where |c| t = sqrt(2 ln k), the smallest kept projection, of size t, keeps its sign with a
    failure of order 1/k. The sharper `PhaseLaw` says how far it is off.

    Parameters
    ----------
    k, n
        Rows kept, and candidates, k < n; t and a as in `selection`.

    Raises
    ------
    ValueError
        k < 2 or n <= k.
    """
    _sizes(k, n)
    needed = np.log(k) / 2 + np.log(2 * np.log(k)) / 2 - np.log(threshold(k, n))
    return float(max(needed, 0.0) / np.log(gain_asymptotic(k, n)))


def float64_end(k: int, n: int) -> float:
    """U5: the depth at which the mean ln |w_L| = E ln |w_0| + L E ln A passes the largest float64.

    Parameters
    ----------
    k, n
        Rows kept, and candidates, k <= n. w_0 is a N(0, 1) vector of length k.

    Returns
    -------
    Layers, not rounded: the first layer beyond it is where un-normalised arithmetic overflows;
    +inf where the norm does not grow.

    Raises
    ------
    ValueError
        k < 2 or n < k.
    """
    _sizes(k, n, selecting=False)
    gain = mean_log_gain(k, n)
    start = float(mean_log_norm(k, n, 0)[0])
    return (np.log(np.finfo(float).max) - start) / gain if gain > 0 else np.inf


@dataclass(frozen=True)
class PhaseLaw:
    """U5 for large k: the law of keys at every depth for one n / k, in milliseconds.

    c_l = sqrt(v_l) g with g ~ N(0, 1) and ln v_l normal, of mean
    2 Gamma l - ln k + ln(1 + (1 - a^(-2l)) / (a^2 - 1)) (T6 at the exact rate T2) and variance
    4 sigma^2 l (U2), and t at its mean, where T8 is Owen's function:
    q(c) = (2n/k) (Phi(-t)/2 - T(t, |c|)). At k = 2500 and the published n its depths
    are within two layers of the exact ones (a test).

    Parameters
    ----------
    k, n
        Rows kept, and candidates, k < n.

    Raises
    ------
    ValueError
        k < 2 or n <= k.
    """

    k: int
    n: int

    def __post_init__(self) -> None:
        """Refuse sizes outside the domain."""
        _sizes(self.k, self.n)

    def error(self, depth: ArrayLike) -> np.ndarray:
        """Mean share of wrong key bits, folded, at depths L >= 1."""
        return self._mean(lambda q: q, depth)

    def perfect(self, depth: ArrayLike) -> np.ndarray:
        """Share of perfect keys at depths L >= 1."""
        return 1 - self._mean(lambda q: -np.expm1(self.k * np.log1p(-q)), depth)

    def perfect_by_angle(self, depth: ArrayLike) -> np.ndarray:
        """What `perfect` would be if each bit erred with probability angle / pi, as in Eq. 9."""
        angle = np.arctan2(1.0, np.exp(_LOG_C)) / np.pi
        return 1 - self._over_cotangents(-np.expm1(self.k * np.log1p(-angle)), depth)

    def _mean(self, function: Callable[[np.ndarray], np.ndarray], depth: ArrayLike) -> np.ndarray:
        t, k, n = threshold(self.k, self.n), self.k, self.n
        wrong = 2 * n / k * (ndtr(-t) / 2 - owens_t(t, np.exp(_LOG_C)))
        return self._over_cotangents(function(np.maximum(wrong, 0.0)), depth)

    def _over_cotangents(self, f: np.ndarray, depth: ArrayLike) -> np.ndarray:
        """Mean over the law of |c_(L-1)| of a function given on the lattice of ln |c|."""
        layer = np.asarray(depth, dtype=float) - 1
        if np.any(layer < 0):
            raise ValueError("depth: the law of keys begins at L = 1")
        k, n, square = self.k, self.n, gain_asymptotic(self.k, self.n) ** 2
        mean = 2 * rate(k, n) * layer - np.log(k)
        mean = mean + np.log1p(-np.expm1(-layer * np.log(square)) / (square - 1))
        spread = 2 * np.sqrt(_variance(k, n) * layer)
        node, mass = np.polynomial.hermite_e.hermegauss(9)
        log_g = np.arange(-16.0, 2.0, 0.05)
        density = 2 * np.exp(log_g - np.exp(2 * log_g) / 2) / np.sqrt(2 * np.pi) * 0.05
        log_v = mean[..., None] + spread[..., None] * node
        log_c = log_v[..., None] / 2 + log_g
        found = np.interp(log_c, _LOG_C, f) @ density / density.sum()
        return np.asarray(found @ mass / mass.sum())


def boundaries(k: int, n: int) -> tuple[float, float, float]:
    """U5 for large k: depths, not rounded, that part the phases of keys.

    Parameters
    ----------
    k, n
        As in `PhaseLaw`.

    Returns
    -------
    Where a quarter of the bits is wrong (above it a picture is noise), where half of the keys are
    right in every bit, and where 99 % are (below it keys are perfect).
    """
    law, deepest = PhaseLaw(k, n), 8 * max(depth_large(k, n), 4.0)
    log_depth = np.linspace(0.0, np.log(deepest), 160)
    error, perfect = law.error(np.exp(log_depth)), law.perfect(np.exp(log_depth))
    # Both are monotonic in the depth; the error falls.
    legible = np.interp(-LEGIBLE, -error, log_depth)
    half, all_of_them = np.interp([0.5, ALL], perfect, log_depth)
    return float(np.exp(legible)), float(np.exp(half)), float(np.exp(all_of_them))


def _variance(k: int, n: int) -> float:
    """Variance of ln(A / X) for large k; A^2 is the sum of the k largest of n squares.

    Its variance is k Var(z^2 | |z| > t), and (a^2 - t^2)^2 k (1 - k/n) for the threshold's own.
    """
    t, square = threshold(k, n), gain_asymptotic(k, n) ** 2
    fourth = 3 * square + (square - 1) * t**2  # E[z^4 | |z| > t]
    of_sum = k * (fourth - square**2) + k * (1 - k / n) * (square - t**2) ** 2
    return float(of_sum / (2 * k * square) ** 2 + polygamma(1, (k - 1) / 2) / 4)


def _sizes(k: int, n: int, selecting: bool = True) -> None:
    if k < 2:
        raise ValueError(f"k = {k}: a network has width 2 or more")
    if n < k or (selecting and n == k):
        bound = "n > k (without selection no depth is told by t = 0)" if selecting else "n >= k"
        raise ValueError(f"n = {n} candidates for k = {k} rows: give {bound}")
