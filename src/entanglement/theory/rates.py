"""How fast an ensemble collapses: T2 to T5, U1 and U2 of docs/theory.md.

The rate Gamma is the mean growth of ln |c| per layer, c the cotangent of the angle between the
training sample and a probe: the tangent shrinks by exp(-Gamma).
"""

import numpy as np
from scipy.special import polygamma, psi

from entanglement.theory import domain
from entanglement.theory.selection import log_gain_nodes, mean_log_gain

# Rules that pick rows by their projections, and so obey T1 (U1), from the fastest on.
RULES = ("top", "random", "minimum")


def rate(k: int, n: int, weights: str = "top") -> float:
    """T2 and U1: Gamma = E ln A - (ln 2 + psi((k-1)/2)) / 2 for any rule; tends to ln a for `top`.

    Parameters
    ----------
    k, n
        Rows kept, and candidates: 2 <= k <= n.
    weights
        `top`, `top_unit` (a common factor leaves angles alone), `random`, `minimum`
        (negative but for the smallest sizes) or `orthogonal` (0). No rule that sees the projections alone is
        faster than `top`.

    Raises
    ------
    ValueError
        Outside this domain.
    """
    domain.sizes(k, n)
    if weights == "orthogonal":
        return 0.0
    return mean_log_gain(k, n, _family(weights)) - float(_mean_log_chi(k - 1))


def spread(k: int, n: int, weights: str = "top") -> float:
    """U2: sigma, the standard deviation of ln |c| per square root of a layer.

    sigma^2 = Var ln A + psi'((k-1)/2) / 4, the variance of ln A - ln X with X ~ chi(k-1).

    Parameters
    ----------
    k, n, weights
        As in `rate`.

    Raises
    ------
    ValueError
        Outside this domain.
    """
    domain.sizes(k, n)
    if weights == "orthogonal":
        return 0.0
    values, mass = log_gain_nodes(k, n, _family(weights))
    of_gain = float(mass @ (values - mass @ values) ** 2)
    return float(np.sqrt(of_gain + spread_at_fixed_gain(k) ** 2))


def spread_at_fixed_gain(k: int) -> float:
    """Standard deviation of ln X, X ~ chi(k-1): sigma where the gain A does not scatter (U2).

    Parameters
    ----------
    k
        Width, at least 2.

    Raises
    ------
    ValueError
        Outside this domain.
    """
    domain.sizes(k)
    return float(np.sqrt(polygamma(1, (k - 1) / 2))) / 2


def lyapunov_spectrum(k: int, n: int, weights: str = "top") -> np.ndarray:
    """T3: lambda_1 = E ln A, lambda_j = (ln 2 + psi((k-j+1)/2)) / 2 for j >= 2 (Newman 1986).

    Selection moves the exponent of the training sample only; the others are those of a random
    Gaussian matrix. With `minimum` rows the first is not the largest.

    Parameters
    ----------
    k, n, weights
        As in `rate`, but neither `top_unit` nor `orthogonal`.

    Returns
    -------
    Shape (k,), the training sample's first, the others descending.

    Raises
    ------
    ValueError
        Outside the domain 2 <= k <= n, and for other weights.
    """
    domain.sizes(k, n)
    others = _mean_log_chi(np.arange(k - 1, 0, -1))
    return np.concatenate([[mean_log_gain(k, n, weights)], others])


def rate_without_selection(k: int) -> float:
    """T4: Gamma = (psi(k/2) - psi((k-1)/2)) / 2 for n = k or random rows.

    About 1 / (2k), ln 2 at k = 2: depth alone collapses.

    Parameters
    ----------
    k
        Width, at least 2.

    Raises
    ------
    ValueError
        Outside this domain.
    """
    domain.sizes(k)
    return float(psi(k / 2) - psi((k - 1) / 2)) / 2


def rate_width_two(n: int) -> float:
    """T5: Gamma at k = 2, E ln A + (gamma_E + ln 2) / 2.

    Parameters
    ----------
    n
        Candidates, at least 2.

    Raises
    ------
    ValueError
        Outside this domain.
    """
    domain.sizes(2, n)
    return mean_log_gain(2, n) + (float(np.euler_gamma) + float(np.log(2))) / 2


def _mean_log_chi(degrees: np.ndarray | int) -> np.ndarray:
    """E ln of a chi-distributed number."""
    mean: np.ndarray = (np.log(2) + psi(np.asarray(degrees) / 2)) / 2
    return mean


def _family(weights: str) -> str:
    return "top" if weights == "top_unit" else weights
