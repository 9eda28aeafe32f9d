"""Networks of Fig. 5 f, trained on a Gaussian sample each."""

from entanglement.networks.ensemble import train

__all__ = ["train"]
