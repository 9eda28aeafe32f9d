"""U2: how many layers until probes agree, exactly and by the master curve.

The cotangent of T1 is c_L = exp(S_L) Y_L, where S_L is a sum of L independent ln A - ln X and Y_L
converges. So ln |c_L| is Gamma L + sigma sqrt(L) N(0, 1) and a number that stays bounded, with
Gamma of `rates.rate` and sigma of `rates.spread`.
"""

import numpy as np
from scipy.special import erf, ndtri

from entanglement.theory import domain, rates
from entanglement.theory.laws import SMALLEST_ANGLE
from entanglement.theory.quadrature import backward, log_variances

DEEPEST = 20_000
# Mean and variance of ln |N(0, 1)|.
LOG_NORMAL, JITTER = -(np.euler_gamma + np.log(2)) / 2, np.pi**2 / 8


def share_above(k: int, n: int, depth: int, angle: float, weights: str = "top") -> np.ndarray:
    """T1: P(folded angle > x) at every layer; it falls from layer to layer.

    Parameters
    ----------
    k, n, depth, weights
        As in `laws.scalar_chain`.
    angle
        x in units of pi, more than 1e-12 and less than 1/2.

    Returns
    -------
    Shape (L + 1,), with full relative precision where it is small.

    Raises
    ------
    ValueError
        Outside this domain.
    """
    domain.sizes(k, n, depth)
    domain.between("angle", angle, SMALLEST_ANGLE, 0.5)
    cotangent = 1 / np.tan(np.pi * angle)
    start = erf(cotangent * np.exp(-log_variances(k) / 2) / np.sqrt(2))
    return backward(k, n, depth, start[:, None], weights)[:, 0]


def layers_needed(k: int, n: int, angle: float, delta: float, weights: str = "top") -> int:
    """U2: the least depth L(eps, delta) with P(folded angle > eps) <= delta, by quadrature.

    Parameters
    ----------
    k, n, weights
        As in `laws.scalar_chain`; the rate must be positive.
    angle
        eps in units of pi, as in `share_above`.
    delta
        Share of networks that may stay above it, in (0, 1).

    Raises
    ------
    ValueError
        Outside this domain, for a family that does not collapse, and where more than 20 000
        layers are needed.
    """
    domain.between("delta", delta, 0.0, 1.0)
    guess = layers_by_clt(k, n, angle, delta, weights)
    depth = int(min(max(1.3 * guess, 0.0) + 20, DEEPEST))
    while True:
        enough = share_above(k, n, depth, angle, weights) <= delta
        if enough[-1]:
            return int(np.argmax(enough))
        if depth == DEEPEST:
            raise ValueError(
                f"more than {DEEPEST} layers are needed at k = {k}, n = {n}: give a larger angle "
                "or delta, or more candidates"
            )
        depth = min(2 * depth, DEEPEST)


def normal(k: int, n: int, depth: int, weights: str = "top") -> tuple[float, float]:
    """U2: mean and standard deviation of the normal law that ln |c_L| tends to.

    The mean is ln s_L + E ln |N(0, 1)|, s_L being that of T6 with exp(Gamma) for a, so that it is
    right for wide networks at any depth; the variance is sigma^2 L + Var ln |N(0, 1)|.

    Parameters
    ----------
    k, n, depth, weights
        As in `laws.scalar_chain`; the rate must be positive.

    Raises
    ------
    ValueError
        Outside this domain, and for a family that does not collapse.
    """
    domain.sizes(k, n, depth)
    gamma, sigma = _constants(k, n, weights)
    grown = -np.expm1(-2 * gamma * depth) / np.expm1(2 * gamma)
    mean = gamma * depth + (np.log1p(grown) - np.log(k)) / 2 + LOG_NORMAL
    return float(mean), float(np.sqrt(sigma**2 * depth + JITTER))


def layers_by_clt(k: int, n: int, angle: float, delta: float, weights: str = "top") -> float:
    """U2: L(eps, delta) in closed form, by the central limit theorem.

    ln |c_L| is taken as in `normal` for large L: mean Gamma L + m, variance sigma^2 L + pi^2 / 8,
    where m = -ln(k (1 - exp(-2 Gamma))) / 2 - (gamma_E + ln 2) / 2. With z the (1-delta)-quantile of N(0, 1) and
    h = ln cot(pi eps) - m it solves (Gamma L - h)^2 = z^2 (sigma^2 L + pi^2 / 8). The error stays
    bounded as eps goes to 0; docs/theory.md has it measured.

    Parameters
    ----------
    k, n, angle, delta, weights
        As in `layers_needed`; any eps in (0, 1/2).

    Returns
    -------
    Layers, not rounded; 0 where none is needed.

    Raises
    ------
    ValueError
        Outside this domain, and for a family that does not collapse.
    """
    domain.between("angle", angle, 0.0, 0.5)
    domain.between("delta", delta, 0.0, 1.0)
    gamma, sigma = _constants(k, n, weights)
    z, square = float(ndtri(1 - delta)), sigma**2
    h = -np.log(np.tan(np.pi * angle)) + np.log(-k * np.expm1(-2 * gamma)) / 2 - LOG_NORMAL
    linear = 2 * gamma * h + z**2 * square
    under = z**2 * (z**2 * square**2 + 4 * gamma * (h * square + gamma * JITTER))
    return float(max(0.0, (linear + np.sign(z) * np.sqrt(max(under, 0.0))) / (2 * gamma**2)))


def _constants(k: int, n: int, weights: str) -> tuple[float, float]:
    """Gamma and sigma of a family that collapses."""
    gamma = rates.rate(k, n, weights)
    if not gamma > 0:
        raise ValueError(f"weights = {weights}: no depth is enough at a rate of {gamma:.3g}")
    return gamma, rates.spread(k, n, weights)
