"""The linear classifier's exact share of right labels under noise, at worst, and after recovery."""

import functools

import numpy as np

from entanglement.experiments.adversarial_digits import Evaluate
from entanglement.experiments.adversarial_digits.shown import Shown
from entanglement.networks.classifiers import Weights
from entanglement.theory import laws, misled, recovery

CHAINS, SEED = 2000, 2309
TABLE = np.geomspace(1e-2, 1e6, 81)  # lengths at which the law is tabulated; flat beyond


def shares(weights: Weights, shown: Shown, p: Evaluate) -> dict[str, np.ndarray]:
    """Laws by name: `law` and `worst_law` (norm), `recovered_law` (norm, layer).

    What recovery leaves of the noise has length alpha |u -+ v|, known from T1, and a direction
    that is uniform from layer 1 on; at the input it holds the probe, and no law is given.
    """
    pictures = weights["readout"], shown.images, weights["readout_bias"], shown.digits
    k = shown.images.shape[1]
    left = recovery.distance(_chain(k, max(k, round(k * p.n_over_k)), p.depth))
    known = misled.accuracy(*pictures, TABLE)
    lengths = np.log(np.maximum(shown.norms[:, None, None] * left, TABLE[0]))
    expected = np.interp(lengths, np.log(TABLE), known).mean(axis=1)
    expected[:, 0] = np.nan
    return {
        "law": misled.accuracy(*pictures, shown.norms),
        "worst_law": misled.worst_accuracy(*pictures, shown.norms),
        "recovered_law": expected,
    }


@functools.cache
def _chain(k: int, n: int, depth: int) -> np.ndarray:
    """Cotangents of T1, (chain, layer)."""
    return laws.scalar_chain(k, n, depth, CHAINS, np.random.default_rng(SEED))
