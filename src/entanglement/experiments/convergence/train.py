"""Networks of Fig. 3, trained on a Gaussian sample each."""

from entanglement.networks.ensemble import train

__all__ = ["train"]
