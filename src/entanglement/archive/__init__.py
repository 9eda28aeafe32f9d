"""Carry a finished run away: one file that others can check, byte by byte and number by number."""

from entanglement.archive.pack import pack
from entanglement.archive.verify import rerun, verify

__all__ = ["pack", "rerun", "verify"]
