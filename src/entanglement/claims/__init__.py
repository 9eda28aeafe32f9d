"""Frozen tests of the claims, and their verdicts."""

from entanglement.claims.document import DocumentError
from entanglement.claims.entries import Claim, read
from entanglement.claims.judge import judge, write

__all__ = ["Claim", "DocumentError", "judge", "read", "write"]
