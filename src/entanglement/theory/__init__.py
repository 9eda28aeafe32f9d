"""Exact theory of Algorithms 1 and 2, an oracle that knows nothing of the simulation.

The laws, T1 to T9 and U1 to U10, are stated and proved in docs/theory.md.

| law | function |
|---|---|
| threshold t, root mean square a | `selection.threshold`, `selection.gain_asymptotic` |
| E ln A; law of ln A | `selection.mean_log_gain`; `selection.log_gain_nodes`, `selection.log_square_law` |
| T1, one probe | `laws.scalar_chain` (Monte-Carlo); `laws.mean_over_chain`, `laws.mean_folded_loss`, `laws.mean_log_cotangent`, `laws.folded_distribution` (quadrature) |
| T2, rate | `rates.rate` |
| T3, Lyapunov spectrum | `rates.lyapunov_spectrum` |
| T4, no selection | `rates.rate_without_selection` |
| T5, width 2 | `rates.rate_width_two` |
| T6, large width | `laws.spread`, `laws.angle_density` |
| T7, crossing | `laws.crossing_probability` |
| T8, key bits | `keybits.key_bit_error`, `keybits.error_rate`, `keybits.perfect_rate` |
| Algorithm 2; the law of its loss | `descent.trained`, `descent.contraction`; `descent.mean_loss`, `descent.mean_folded_loss`, `descent.loss_cdf` |
| Eq. 6's second root | `likelihood.other_root`, `likelihood.mean_distance` |
| T9, unfolded loss | `laws.mean_unfolded_loss` |
| U1, any rule that sees the projections | `rates.rate`, `rates.RULES` |
| U2, spread and depth | `rates.spread`; `depth.share_above`, `depth.layers_needed`, `depth.layers_by_clt` |
| U3, gap | `rates.lyapunov_spectrum`, `laws.mean_log_cotangent` |
| N1, wide nonlinear networks | `meanfield.evolve`, `meanfield.stability` |
| N2, attention | `attention.ORDER`, `attention.skip_rate` |
| where the laws hold | `domain.sizes`, `domain.between` |
| which law a family of weights follows | `candidates` |
"""


def candidates(weights: str, k: int, n: int) -> int | None:
    """From how many candidates the laws of Algorithm 1 take a family's rows to be the largest.

    Rows chosen blindly are the rows of a Gaussian matrix, as all are where none is left out:
    no selection, n = k. Rescaling a layer moves no angle.

    Parameters
    ----------
    weights
        `top`, `top_unit`, `random`, `minimum` or `orthogonal`.
    k, n
        Rows kept, and candidates.

    Returns
    -------
    n, k, or None for a family that is not of this kind: the smallest rows, orthogonal matrices.
    """
    if weights == "orthogonal":
        return None
    if weights == "random" or n == k:
        return k
    return None if weights == "minimum" else n
