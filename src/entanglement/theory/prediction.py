"""What the exact theory says of one network family, in words."""

import numpy as np

from entanglement.theory import laws, rates, recovery, selection

CHAINS, SEED = 10_000, 0
LEVELS = (0.05, 0.5, 0.95)


def prediction(k: int, n: int, depth: int, alpha: float | None = None) -> str:
    """Predict collapse, the law of the angle and the depth that a recovery needs (T1-T8).

    Parameters
    ----------
    k, n
        Rows kept, and candidates.
    depth
        Layers L.
    alpha
        Amplitude of the noise of Fig. 9; without it nothing is said about recovery.

    Returns
    -------
    Lines of text. Quantiles are over networks, one probe each.
    """
    gamma = rates.rate(k, n)
    chain = laws.scalar_chain(k, n, depth, CHAINS, np.random.default_rng(SEED))
    folded = np.arctan2(1.0, np.abs(chain[:, -1])) / np.pi
    low, middle, high = np.quantile(folded, LEVELS)
    crossing = laws.crossing_probability(k, n, depth)
    lines = [
        f"Algorithm 1 with k = {k}, n = {n}, L = {depth} (theory only, nothing simulated but T1)",
        f"norm growth per layer, large k     a = {selection.gain_asymptotic(k, n):.6g}",
        f"rate of collapse (T2)              Gamma = {gamma:.6g} per layer: the tangent shrinks "
        f"{np.exp(gamma):.4g}-fold",
        f"without selection (T4, n = k)      Gamma = {rates.rate_without_selection(k):.4g}",
        f"folded angle at L (T1)             median {_size(middle)} pi, 5 % {_size(low)}, "
        f"95 % {_size(high)}; mean {_size(laws.mean_folded_loss(k, n, depth)[-1])}",
        "sign of the limit                  each of two with probability 1/2 (T9)",
        f"sign changes up to L (T7)          from layer 0: {crossing[0]:.3g} of probes, from layer 1: "
        f"{crossing[1]:.3g}",
    ]
    if alpha is not None:
        errors = recovery.error(chain, alpha, k)
        needed = np.quantile(recovery.layers_needed(errors), LEVELS, method="inverted_cdf")
        text = ", ".join(
            f"{name} {layer:.0f}" if np.isfinite(layer) else f"{name} more than {depth}"
            for name, layer in zip(("5 %", "median", "95 %"), needed)
        )
        lines += [
            f"error per pixel at L, alpha = {alpha:g}   median {np.median(errors[:, -1]):.3g} "
            "(right sign; with the wrong one the picture is lost)",
            f"layers until it stays below {recovery.RECOVERED}    {text}",
        ]
    return "\n".join(lines)


def _size(angle: float) -> str:
    """Write an angle; a float holds none below about 1e-308."""
    return f"{angle:.3g}" if angle > 0 else "below 1e-308"
