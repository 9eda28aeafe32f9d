"""How fast an ensemble collapses: T2-T5 of SCIENCE.

The rate Gamma is the mean growth of ln |c| per layer, c the cotangent of the angle between the
training sample and a probe: the tangent shrinks by exp(-Gamma).
"""

import numpy as np
from scipy.special import psi

from entanglement.theory.selection import mean_log_gain


def rate(k: int, n: int, weights: str = "top") -> float:
    """T2: Gamma = E ln A - (ln 2 + psi((k-1)/2)) / 2, exact; tends to ln a for large k.

    Parameters
    ----------
    k, n
        Rows kept, and candidates.
    weights
        `top`, `top_unit` (a common factor leaves angles alone), `random`, `minimum`
        (negative) or `orthogonal` (0).
    """
    if weights == "orthogonal":
        return 0.0
    return mean_log_gain(k, n, _family(weights)) - float(_mean_log_chi(k - 1))


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
    """
    others = _mean_log_chi(np.arange(k - 1, 0, -1))
    return np.concatenate([[mean_log_gain(k, n, weights)], others])


def rate_without_selection(k: int) -> float:
    """T4: Gamma = (psi(k/2) - psi((k-1)/2)) / 2 for n = k or random rows.

    About 1 / (2k), ln 2 at k = 2: depth alone collapses.

    Parameters
    ----------
    k
        Width.
    """
    return float(psi(k / 2) - psi((k - 1) / 2)) / 2


def rate_width_two(n: int) -> float:
    """T5: Gamma at k = 2, E ln A + (gamma_E + ln 2) / 2.

    Parameters
    ----------
    n
        Candidates.
    """
    return mean_log_gain(2, n) + (float(np.euler_gamma) + float(np.log(2))) / 2


def _mean_log_chi(degrees: np.ndarray | int) -> np.ndarray:
    """E ln of a chi-distributed number."""
    return (np.log(2) + psi(np.asarray(degrees) / 2)) / 2


def _family(weights: str) -> str:
    return "top" if weights == "top_unit" else weights
