"""Beyond linear networks: activations, biases, skips and normalisation (paper A, VIII-A; A16)."""

from entanglement.networks.nonlinear_architecture import Nonlinear as Evaluate

__all__ = ["PAPER", "Evaluate"]

PAPER = {
    "activation": ("identity", "A, below Eq. 16"),
    "bias": (0.0, "A, below Eq. 16"),
    "k": ([2, 256], "A, Remark 2, and the authors' code for Fig. 3"),
    "n_over_k": (64, "the authors' code for Fig. 3"),
}
