"""One family of networks: what Algorithm 1, or the control in its place, fixes."""

# Their projections would fill 130 MB; the evaluation draws them again.
from entanglement.networks.ensemble import sketch as train

__all__ = ["train"]
