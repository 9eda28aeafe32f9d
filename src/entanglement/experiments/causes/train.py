"""One family of networks: what Algorithm 1, or the control in its place, fixes."""

from entanglement.networks.ensemble import train

__all__ = ["train"]
