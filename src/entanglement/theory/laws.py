"""The law of the cotangent c_l of a probe: T1, T6, T7 and T9 of docs/theory.md.

T1 is exact at any width: c' = (A c + g) / X with A the layer's gain, g ~ N(0, 1) and
X ~ chi(k-1), independent, and c_0 = g / X. Given all A and X, c_l is a normal number of
variance v_l, where v_0 = 1/X^2 and v' = (A^2 v + 1) / X^2. So means of even functions of c_l are
means over a chain in ln v alone, computed here by quadrature, without Monte-Carlo error.
"""

from collections.abc import Callable

import numpy as np
from scipy.special import erf, erfcx

from entanglement.theory import domain
from entanglement.theory.quadrature import SPACING, backward, family, log_variances, remaining
from entanglement.theory.selection import gain_asymptotic, log_square_law

# Below, the lattice of ln v ends too soon: at ln |c| = 30.
SMALLEST_ANGLE = 1e-12


def scalar_chain(
    k: int, n: int, depth: int, samples: int, rng: np.random.Generator, weights: str = "top"
) -> np.ndarray:
    """T1 by Monte-Carlo: c' = (A c + g) / X, drawn number by number.

    Parameters
    ----------
    k, n
        Rows kept, and candidates: 2 <= k <= n.
    depth
        Layers L, at least 0.
    samples
        Independent chains: one probe through one network each.
    rng
        Source of randomness.
    weights
        `top`, `top_unit`, `random` or `minimum`.

    Returns
    -------
    Cotangents c_0 .. c_L, shape (samples, L + 1).

    Raises
    ------
    ValueError
        Outside this domain, as all functions of this module.
    """
    domain.sizes(k, n, depth)
    values, probability = log_square_law(k, n, family(weights))
    cumulative = np.cumsum(probability)
    c = np.empty((samples, depth + 1))
    c[:, 0] = rng.standard_normal(samples) / _chi(k - 1, samples, rng)
    for layer in range(depth):
        drawn = np.searchsorted(cumulative, cumulative[-1] * rng.random(samples))
        gain = np.exp(values[np.minimum(drawn, len(values) - 1)] / 2)
        with np.errstate(over="ignore"):
            moved = gain * c[:, layer] + rng.standard_normal(samples)
            c[:, layer + 1] = moved / _chi(k - 1, samples, rng)
    return c


def mean_over_chain(
    k: int,
    n: int,
    depth: int,
    function: Callable[[np.ndarray], np.ndarray],
    weights: str = "top",
) -> np.ndarray:
    """T1 by quadrature: E f(|c_l|) at every layer, for a positive decreasing function f.

    Parameters
    ----------
    k, n, depth, weights
        As in `scalar_chain`.
    function
        f of |c|, smooth in ln |c|: from shape (points,) to (points,), or to (m, points) for
        several functions at once.

    Returns
    -------
    Shape (L + 1,), or (m, L + 1), to about 1e-7 of each value.
    """
    domain.sizes(k, n, depth)
    # f on a lattice of ln |c| = y/2 + ln |g| serves all y at once, g being N(0, 1).
    y = log_variances(k)
    log_g = np.arange(-80.0, 2.4, SPACING / 2)
    mass = 2 * np.exp(log_g - np.exp(2 * log_g) / 2) / np.sqrt(2 * np.pi) * SPACING / 2
    log_c = y[0] / 2 + log_g[0] + SPACING / 2 * np.arange(len(y) + len(log_g) - 1)
    values = np.asarray(function(np.exp(log_c)))
    rows = [np.convolve(row, mass[::-1], mode="valid") for row in np.atleast_2d(values)]
    means = backward(k, n, depth, np.stack(rows, axis=1), weights).T
    return means[0] if values.ndim == 1 else means


def mean_folded_loss(k: int, n: int, depth: int, weights: str = "top") -> np.ndarray:
    """T1: mean over networks of the folded angle arctan(1/|c_l|) / pi, l = 0..L.

    Parameters
    ----------
    k, n, depth, weights
        As in `scalar_chain`.

    Returns
    -------
    Shape (L + 1,).
    """
    return mean_over_chain(k, n, depth, lambda c: np.arctan2(1.0, c) / np.pi, weights)


def mean_log_cotangent(k: int, n: int, depth: int, weights: str = "top") -> np.ndarray:
    """T1: E ln |c_l|, l = 0..L.

    The statistic to compare deep layers by: the mean folded loss there hangs on the few networks
    that have not collapsed, which an ensemble of any practical size does not hold.

    Parameters
    ----------
    k, n, depth, weights
        As in `scalar_chain`.

    Returns
    -------
    Shape (L + 1,).
    """
    domain.sizes(k, n, depth)
    # E ln |g| of a N(0, 1) number is -(gamma_E + ln 2) / 2.
    start = (log_variances(k) - np.euler_gamma - np.log(2)) / 2
    return backward(k, n, depth, start[:, None], weights, decaying=False)[:, 0]


def folded_distribution(
    k: int, n: int, depth: int, angle: np.ndarray, weights: str = "top"
) -> np.ndarray:
    """T1: P(folded angle <= x) at every layer; the law of the angle is symmetric about 1/2.

    Parameters
    ----------
    k, n, depth, weights
        As in `scalar_chain`.
    angle
        Folded angles x in units of pi, more than 1e-12 and less than 1/2, shape (points,).

    Returns
    -------
    Shape (L + 1, points).
    """
    domain.sizes(k, n, depth)
    domain.between("angle", angle, SMALLEST_ANGLE, 0.5)
    cotangent = 1 / np.tan(np.pi * np.asarray(angle, dtype=float))
    start = erf(cotangent * np.exp(-log_variances(k)[:, None] / 2) / np.sqrt(2))
    return 1 - backward(k, n, depth, start, weights)


def spread(k: int, n: int, depth: int) -> np.ndarray:
    """T6: for large k, c_l ~ N(0, s_l^2), s_l^2 = [a^(2l) + (a^(2l) - 1)/(a^2 - 1)] / k.

    Asymptotic: at k=256, n=16384, l=10 it is 3.3 % too narrow in the median of |c|, 6.4 % in the
    standard deviation.

    Parameters
    ----------
    k, n, depth
        As in `scalar_chain`.

    Returns
    -------
    s_l, shape (L + 1,).
    """
    domain.sizes(k, n, depth)
    square, layer = gain_asymptotic(k, n) ** 2, np.arange(depth + 1)
    if n == k:
        return np.sqrt((1 + layer) / k)
    log_power = layer * np.log(square)
    deviation: np.ndarray = np.sqrt((np.exp(log_power) + np.expm1(log_power) / (square - 1)) / k)
    return deviation


def angle_density(angle: np.ndarray, spread: np.ndarray | float) -> np.ndarray:
    """T6: density of the angle x = arccot(c) / pi when c ~ N(0, s^2).

    Parameters
    ----------
    angle
        x in (0, 1), in units of pi.
    spread
        s, broadcast against `angle`.
    """
    domain.between("angle", angle, 0.0, 1.0)
    domain.between("spread", spread, 0.0, np.inf)
    c = 1 / np.tan(np.pi * np.asarray(angle, dtype=float))
    normal = np.exp(-((c / spread) ** 2) / 2)
    density: np.ndarray = np.sqrt(np.pi / 2) * (1 + c**2) / spread * normal
    return density


def crossing_probability(
    k: int, n: int, depth: int, weights: str = "top", first: int | None = None
) -> np.ndarray:
    """T7, exact: P(the sign of c changes between layer l and layer L), l = 0..L.

    Given all A and X the chain is Gaussian, and c_L = sqrt(P) (c_l + sqrt(S) g) with P a product
    of A^2 / X^2 and S = (1 + X^2 S') / A^2, S' being that of the layers after the next and 0 at L:
    the chain of v with gain and residual exchanged, independent of v_l. Two normal numbers of
    correlation sqrt(v / (v + S)) differ in sign with probability arctan(sqrt(S / v)) / pi.
    For large k and L it is arcsin(a^-(l+1)) / pi.

    Parameters
    ----------
    k, n, depth, weights
        As in `scalar_chain`; also `orthogonal`, where no sign changes.
    first
        How many of the first layers are wanted; all of them if left out.

    Returns
    -------
    Shape (L + 1,) or (first,), 0 at l = L.
    """
    domain.sizes(k, n, depth)
    wanted = depth + 1 if first is None else min(first, depth + 1)
    crossing = np.zeros(wanted)
    if weights == "orthogonal":
        return crossing
    y, (s, mass, step) = log_variances(k), remaining(k, n, weights)
    start = np.arctan(np.exp((s - y[:, None]) / 2)) / np.pi
    given = backward(k, n, wanted - 1, start, weights)  # (layer, s)
    for layer in range(depth - 1, -1, -1):
        if layer < wanted:
            crossing[layer] = mass @ given[layer]
        mass = mass @ step
    return crossing


def mean_unfolded_loss(depth: int) -> np.ndarray:
    """T9: the mean of Eq. 21 over a symmetric law of probes is 1/2 at every layer and any n.

    w' and -w' give l and 1 - l.

    Parameters
    ----------
    depth
        Layers L.

    Returns
    -------
    Shape (L + 1,).
    """
    domain.sizes(2, depth=depth)
    return np.full(depth + 1, 0.5)


def mean_time_share(time: float) -> float:
    """Mean of time / |[time; w]| (paper A, Eq. 27) where w keeps the length of a Gaussian input.

    At width 2, |w|^2 is exponential with mean 2.

    Parameters
    ----------
    time
        c l, in units of the input's standard deviation.
    """
    return float(time * np.sqrt(np.pi / 2) * erfcx(time / np.sqrt(2)))


def _chi(degrees: int, samples: int, rng: np.random.Generator) -> np.ndarray:
    return np.sqrt(2 * rng.standard_gamma(degrees / 2, samples))
