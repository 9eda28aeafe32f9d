"""Do all tokens of random self-attention become one? (paper A, VIII-A; paper B's products; A16)."""

from entanglement.networks.stack_architecture import Stack as Evaluate

__all__ = ["PAPER", "Evaluate"]

# Neither paper runs attention stacks.
PAPER: dict[str, tuple[object, str]] = {}
