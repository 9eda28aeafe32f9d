"""Which of n candidate rows a layer keeps, and the law of the gain A, the norm of what it keeps.

Given the tail probability p of the first row that is not kept, the kept z are independent normal
numbers beyond the threshold t of p, and p ~ Beta(k+1, n-k). All laws here are averages over p
of closed forms; none is simulated. All of them need 1 <= k <= n and raise a ValueError outside.
"""

from functools import lru_cache

import numpy as np
from scipy.special import erf, erfcx, erfinv, gammainc, log_ndtr, ndtri, psi


def threshold(k: int, n: int) -> float:
    """Threshold t with P(|Z| > t) = k / n; 0 when n = k.

    Parameters
    ----------
    k, n
        Rows kept, and candidates.
    """
    _sizes(k, n)
    return 0.0 if n == k else float(-ndtri(k / (2 * n)))


def gain_asymptotic(k: int, n: int) -> float:
    """Root mean square a of the kept projections for large k: a^2 = 1 + 2 t phi(t) n / k.

    Parameters
    ----------
    k, n
        Rows kept, and candidates; only n / k matters. 1 when n = k.
    """
    t = threshold(k, n)
    return float(np.sqrt(1 + 2 * t * _phi(t) * n / k))


@lru_cache(maxsize=256)
def mean_log_gain(k: int, n: int, weights: str = "top") -> float:
    """E ln A, A the norm of the k kept of n absolute N(0, 1) numbers: exact for every k and n.

    Frullani's integral E ln Y = integral of (exp(-s) - E exp(-s Y)) ds / s for Y = A^2, whose
    Laplace transform is closed given p.

    Parameters
    ----------
    k, n
        Rows kept, and candidates.
    weights
        `top`, `random` (n does not matter) or `minimum`: which rows are kept.
    """
    _sizes(k, n)
    _known(weights, ("top", "random", "minimum"))
    if n == k or weights == "random":
        return float(np.log(2) + psi(k / 2)) / 2
    p, weight = _tail_nodes(k, n)
    size = _threshold_of(p, weights)
    # ln s runs over the axis from where both transforms are 1 to where both are 0.
    scale = k * float(weight @ _second_moment(size, weights))
    x = np.arange(-40.0, 44.0, 0.04)
    s = np.exp(x) / scale
    transform = weight @ np.exp(k * _log_laplace(size[:, None], s, weights))
    integral = 0.04 * float(np.sum(np.exp(-np.exp(x)) - transform))
    log_scale: float = np.log(scale)
    return (log_scale + integral) / 2


@lru_cache(maxsize=64)
def log_gain_nodes(
    k: int, n: int, weights: str = "top", count: int = 16
) -> tuple[np.ndarray, np.ndarray]:
    """Gauss quadrature for the law of ln A: exact means of polynomials up to 2 count - 1.

    Parameters
    ----------
    k, n, weights
        As in `mean_log_gain`.
    count
        Number of nodes.

    Returns
    -------
    nodes, weights
        Values of ln A and their probabilities, each of shape (count,).
    """
    values, probability = log_square_law(k, n, weights)
    nodes, masses = gauss_nodes(values / 2, probability, count)
    # The grid of the convolution shifts the mean by a little that would add up over layers.
    return nodes + mean_log_gain(k, n, weights) - float(nodes @ masses), masses


@lru_cache(maxsize=8)
def log_square_law(k: int, n: int, weights: str = "top") -> tuple[np.ndarray, np.ndarray]:
    """Law of ln A^2 on a fine grid: points, in no order, and their probabilities.

    The k-fold convolution of the law of a kept z^2 given p, by FFT, averaged over p.

    Parameters
    ----------
    k, n, weights
        As in `mean_log_gain`.
    """
    _sizes(k, n)
    _known(weights, ("top", "random", "minimum"))
    if n == k or weights == "random":
        # ln of a chi-square number: its density on a grid, to where it has left float64.
        y = np.log(k) + np.linspace(-80 / k - 9 * np.sqrt(2 / k), 9 * np.sqrt(2 / k) + 4 / k, 4001)
        log_density = k / 2 * (y - np.log(k)) - (np.exp(y) - k) / 2
        return y, np.exp(log_density)
    p, weight = _tail_nodes(k, n)
    keep = weight > 1e-12
    values, probability = [], []
    for tail, mass in zip(p[keep], weight[keep], strict=True):
        y, f = _sum_of_squares(k, float(_threshold_of(tail, weights)), weights)
        kept = (f > 1e-15) & (y > 0)
        values.append(np.log(y[kept]))
        probability.append(mass * f[kept])
    return np.concatenate(values), np.concatenate(probability)


@lru_cache(maxsize=64)
def threshold_nodes(k: int, n: int, count: int = 4) -> tuple[np.ndarray, np.ndarray]:
    """Gauss quadrature for the law of the threshold t that keeps k < n rows.

    Parameters
    ----------
    k, n
        Rows kept, and candidates.
    count
        Number of nodes.

    Returns
    -------
    nodes, weights
        Sizes t of the first row that is not kept and their probabilities, shape (count,).
    """
    _sizes(k, n)
    if n == k:
        raise ValueError(f"n = k = {k}: all rows are kept, there is no threshold to average over")
    p, weight = _tail_nodes(k, n)
    return gauss_nodes(_threshold_of(p, "top"), weight, count)


def gauss_nodes(
    values: np.ndarray, probability: np.ndarray, count: int
) -> tuple[np.ndarray, np.ndarray]:
    """Gauss quadrature of a discrete law, by Stieltjes' procedure and Golub-Welsch.

    Parameters
    ----------
    values, probability
        The law, each of shape (points,).
    count
        Number of nodes.
    """
    mass = probability / np.sum(probability)
    mean = float(mass @ values)
    spread = float(np.sqrt(mass @ (values - mean) ** 2))
    x = (values - mean) / spread
    diagonal, beside = np.zeros(count), np.zeros(count)
    before, now = np.zeros_like(x), np.ones_like(x)
    for i in range(count):
        diagonal[i] = mass @ (x * now**2)
        after = (x - diagonal[i]) * now - beside[i] * before
        size = float(np.sqrt(mass @ after**2))
        before, now = now, after / size
        if i + 1 < count:
            beside[i + 1] = size
    jacobi = np.diag(diagonal) + np.diag(beside[1:], 1) + np.diag(beside[1:], -1)
    nodes, vectors = np.linalg.eigh(jacobi)
    return mean + spread * nodes, vectors[0] ** 2


def _sum_of_squares(k: int, t: float, weights: str) -> tuple[np.ndarray, np.ndarray]:
    """Law of the sum of k squared normal numbers beyond (or within) t, as points and masses."""
    points = 2**14
    if weights == "minimum":
        offset, reach = 0.0, t**2
        second = float(_second_moment(np.asarray(t), weights))
        half_width = k * reach
    else:
        # z^2 - t^2 beyond the threshold falls off at least as fast as exp(-x / 2).
        offset, reach = t**2, 80.0
        second = float(_second_moment(np.asarray(t), weights))
        half_width = 80.0 + 12 * np.sqrt(k * 4.0)
    mean = k * (second - offset)
    width = min(2 * half_width, mean + half_width)
    step = width / points
    # The mass of a cell sits in its middle, so that no sum of k of them is 0.
    edges = np.arange(points + 1) * step
    cumulative = _square_distribution(offset + np.minimum(edges, reach), t, weights)
    masses = np.diff(cumulative)
    f = np.fft.irfft(np.fft.rfft(masses / masses.sum()) ** k, points)
    # The transform is periodic: put its window where the sum lives.
    start = max(0, int(np.floor((mean - width / 2) / step - k / 2)))
    index = start + np.arange(points)
    f = np.maximum(f[index % points], 0.0)
    y = (index + k / 2) * step
    y = y + (mean - float(f @ y) / float(f.sum()))
    return k * offset + y, f / f.sum()


def _square_distribution(y: np.ndarray, t: float, weights: str) -> np.ndarray:
    """P(Z^2 <= y) given that |Z| lies beyond (or within) t."""
    z = np.sqrt(y)
    if weights == "minimum":
        share: np.ndarray = erf(z / np.sqrt(2)) / erf(t / np.sqrt(2))
    else:
        share = -np.expm1(log_ndtr(-z) - log_ndtr(-t))
    return share


def _tail_nodes(k: int, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Trapezoidal rule for p ~ Beta(k+1, n-k) in its logit, where it converges geometrically."""
    a, b = k + 1.0, float(n - k)
    spread = np.sqrt(1 / a + 1 / b)
    y = np.log(a / b) + np.linspace(-9 * spread - 40 / a, 9 * spread + 40 / b, 121)
    log_p, log_q = -np.logaddexp(0.0, -y), -np.logaddexp(0.0, y)
    density = a * log_p + b * log_q
    weight = np.exp(density - density.max())
    return np.exp(log_p), weight / weight.sum()


def _threshold_of(p: np.ndarray | float, weights: str) -> np.ndarray:
    """Size of the first row that is not kept."""
    if weights == "minimum":
        size: np.ndarray = np.sqrt(2) * erfinv(p)
    else:
        size = -ndtri(np.asarray(p) / 2)
    return size


def _second_moment(t: np.ndarray, weights: str) -> np.ndarray:
    """E[Z^2 | |Z| > t], or given |Z| < t."""
    if weights == "minimum":
        # The incomplete gamma functions do not cancel for small t.
        moment: np.ndarray = gammainc(1.5, t**2 / 2) / gammainc(0.5, t**2 / 2)
    else:
        moment = 1 + t * np.sqrt(2 / np.pi) / erfcx(t / np.sqrt(2))
    return moment


def _log_laplace(t: np.ndarray, s: np.ndarray, weights: str) -> np.ndarray:
    """ln E[exp(-s Z^2) | |Z| > t], or given |Z| < t."""
    root = np.sqrt(1 + 2 * s)
    if weights == "minimum":
        kept = np.log(erf(t * root / np.sqrt(2)) / erf(t / np.sqrt(2)))
    else:
        kept = log_ndtr(-t * root) - log_ndtr(-t)
    transform: np.ndarray = kept - np.log(root)
    return transform


def _phi(z: np.ndarray | float) -> np.ndarray | float:
    density: np.ndarray | float = np.exp(-np.square(z) / 2) / np.sqrt(2 * np.pi)
    return density


def _sizes(k: int, n: int) -> None:
    if not k >= 1:
        raise ValueError(f"k = {k}: at least one row is kept")
    if not n >= k:
        raise ValueError(f"n = {n}: give at least k = {k} candidates, as many as rows are kept")


def _known(weights: str, allowed: tuple[str, ...]) -> None:
    if weights not in allowed:
        raise ValueError(f"no law of the gain for weights {weights!r}: give one of {allowed}")
