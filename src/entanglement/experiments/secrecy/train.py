"""Networks of Algorithm 1 that are shared as a secret."""

# Their projections would fill 42 MB; the evaluation draws them again.
from entanglement.networks.ensemble import sketch as train

__all__ = ["train"]
