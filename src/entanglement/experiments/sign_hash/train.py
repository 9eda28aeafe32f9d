"""Networks of Algorithm 1 whose layers are looked at as hashes."""

from entanglement.networks.ensemble import train

__all__ = ["train"]
