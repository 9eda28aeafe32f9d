"""Networks of Fig. 9, trained on a Gaussian sample each."""

from entanglement.networks.ensemble import train

__all__ = ["train"]
