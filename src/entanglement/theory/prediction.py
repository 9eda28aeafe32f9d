"""What the exact theory says of one network family, in words; nothing is simulated."""

import numpy as np

from entanglement.theory import depth as depths
from entanglement.theory import domain, keybits, keydepth, laws, rates, recovery, selection

# Folded angles (in units of pi) and shares of networks above them that a depth is named for.
ANGLES, SHARES = (1e-2, 1e-6), (0.5, 0.01)
# Beyond, a depth is named by the central limit theorem alone.
EXACT = 1000


def prediction(k: int, n: int, depth: int, alpha: float | None = None) -> str:
    """Predict collapse, the depth that it needs, keys and recovery (T1 to T9, U2, U5).

    Parameters
    ----------
    k, n
        Rows kept, and candidates: 2 <= k <= n.
    depth
        Layers L, at least 1.
    alpha
        Amplitude of the noise of Fig. 9, more than 0; without it nothing is said about recovery.

    Returns
    -------
    Lines of text. Shares are of networks, one probe each.

    Raises
    ------
    ValueError
        Outside this domain.
    """
    domain.sizes(k, n)
    domain.between("depth", depth, 0, np.inf)
    gamma, sigma = rates.rate(k, n), rates.spread(k, n)
    log_c = laws.mean_log_cotangent(k, n, depth)[-1]
    width = np.sqrt(sigma**2 * depth + np.pi**2 / 8)
    crossing = laws.crossing_probability(k, n, depth, first=2)
    lines = [
        f"Algorithm 1 with k = {k}, n = {n}, L = {depth} (theory only, nothing simulated)",
        f"norm growth per layer, large k     a = {selection.gain_asymptotic(k, n):.6g}",
        f"rate of collapse (T2)              Gamma = {gamma:.6g} per layer: the tangent shrinks "
        f"{np.exp(gamma):.4g}-fold",
        f"without selection (T4, n = k)      Gamma = {rates.rate_without_selection(k):.4g}",
        f"spread (U2)                        sigma = {sigma:.4g} per square root of a layer",
        f"folded angle at L (T1)             typically {_angle(log_c)} pi, within a factor of "
        f"{_factor(width)} for two networks in three",
        f"mean folded angle at L (T1)        {_size(laws.mean_folded_loss(k, n, depth)[-1])} pi",
        *(
            f"layers for an angle below {angle:g} pi (U2)   "
            + ", ".join(f"{1 - share:.0%} of networks: {_layers(k, n, angle, share)}" for share in SHARES)
            for angle in ANGLES
        ),
        "sign of the limit                  each of two with probability 1/2 (T9)",
        f"sign changes up to L (T7)          from layer 0: {crossing[0]:.3g} of probes, from "
        f"layer 1: {crossing[1]:.3g}",
        *_keys(k, n, depth),
    ]  # fmt: skip
    if alpha is not None:
        lines += _recovery(k, n, alpha, log_c)
    return "\n".join(lines)


def _keys(k: int, n: int, depth: int) -> list[str]:
    """T8 in the last layer, and U5; one pass through the layers gives all of it."""

    def functions(c: np.ndarray) -> np.ndarray:
        law = keybits.by_threshold(k, n, c)
        wrong = sum(p * q for p, q in law)
        return np.stack([wrong, sum(p * -np.expm1(k * np.log1p(-q)) for p, q in law)])

    about = keydepth.boundaries(k, n)[2] if n > k else np.inf
    deepest = max(depth, int(1.3 * about) + 20) if about < EXACT else depth
    wrong, flawed = laws.mean_over_chain(k, n, deepest - 1, functions)
    perfect = max(float(1 - flawed[depth - 1]), 0.0)
    enough = flawed <= 1 - keydepth.ALL
    layers = f"{1 + np.argmax(enough)}" if enough.any() else f"about {about:.0f}"
    return [
        f"wrong key bits at L (T8)           {_size(float(wrong[depth - 1]))}, once the complement is folded away",
        f"perfect keys at L (T8)             {perfect:.4g} of networks; half of them as the complement",
        *([f"layers for {keydepth.ALL:.0%} perfect keys (U5)   {layers}"] if n > k or enough.any() else []),
    ]  # fmt: skip


def _recovery(k: int, n: int, alpha: float, log_c: float) -> list[str]:
    domain.between("alpha", alpha, 0, np.inf)
    error = float(recovery.error(np.exp(min(log_c, 700.0)), alpha, k))
    # |u - v| = 2 sin(phi / 2) must be at most the bound times sqrt(k) / alpha.
    sine = recovery.RECOVERED * k**0.5 / alpha / 2
    angle = 2 * np.arcsin(min(sine, 1.0)) / np.pi
    words = [f"{1 - share:.0%} {_layers(k, n, angle, share)}" for share in (0.95, 0.5, 0.05)]
    return [
        f"error per pixel at L               typically {error:.3g} at alpha = {alpha:g} (right sign; "
        "with the wrong one the picture is lost)",
        f"layers until it is below {recovery.RECOVERED}       of networks: {', '.join(words)}",
    ]


def _layers(k: int, n: int, angle: float, share: float) -> str:
    """L(eps, delta) of U2, exactly where that takes a moment."""
    if angle >= 0.5:
        return "0"
    about = depths.layers_by_clt(k, n, angle, share)
    if about > EXACT or angle <= laws.SMALLEST_ANGLE:
        return f"about {about:.0f}"
    return str(depths.layers_needed(k, n, angle, share))


def _angle(log_cotangent: float) -> str:
    """Write the folded angle of a cotangent, however large."""
    if log_cotangent < 600:
        return f"{np.arctan(np.exp(-log_cotangent)) / np.pi:.3g}"
    digits = -(log_cotangent + np.log(np.pi)) / np.log(10)
    return f"{10 ** (digits % 1):.2f}e{np.floor(digits):.0f}"


def _factor(width: float) -> str:
    return f"{np.exp(width):.2g}" if width < 600 else f"1e{width / np.log(10):.0f}"


def _size(value: float) -> str:
    """Write a number; a float holds none below about 1e-308."""
    return f"{value:.3g}" if value > 0 else "below 1e-308"
