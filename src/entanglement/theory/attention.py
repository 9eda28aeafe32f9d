"""Random self-attention: how fast all tokens become one, N2 of docs/theory.md."""

import numpy as np
from scipy.special import psi
from scipy.stats import poisson

from entanglement.theory import domain

# Without skips the difference of tokens is multiplied by its own square: ln residual is tripled.
ORDER = 3.0


def skip_rate(k: int) -> float:
    """Growth of ln residual a layer with skips, when tokens are nearly alike.

    What tokens differ by stays, since attention gives all the same; their mean x becomes x + x W,
    W of independent N(0, 1/k) numbers. So the relative difference falls by |x + x W| / |x|, whose
    square times k is a noncentral chi-square number of k degrees of freedom and noncentrality k.
    Tends to -ln(2) / 2 for large k.

    Parameters
    ----------
    k
        Length of a token, at least 2.
    """
    domain.sizes(k)
    j = np.arange(int(k / 2 + 12 * np.sqrt(k / 2) + 40))
    mean_log = poisson.pmf(j, k / 2) @ (psi(k / 2 + j) + np.log(2))
    return float(-(mean_log - np.log(k)) / 2)
