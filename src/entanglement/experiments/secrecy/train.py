"""Networks of Algorithm 1 that are shared as a secret."""

from entanglement.networks.ensemble import train

__all__ = ["train"]
