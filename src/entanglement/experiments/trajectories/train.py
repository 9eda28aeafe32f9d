"""Networks of Figs. 4 and 5, trained on a Gaussian sample each."""

from entanglement.networks.ensemble import train

__all__ = ["train"]
