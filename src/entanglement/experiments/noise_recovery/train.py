"""Networks of Fig. 9, trained on a Gaussian sample each."""

# Their projections would fill 350 MB; the evaluation draws them again.
from entanglement.networks.ensemble import sketch as train

__all__ = ["train"]
