"""The ledger: what each paper claims, what would count, and the verdicts."""

from entanglement.claims.confirmation import digest, seed
from entanglement.claims.document import DocumentError
from entanglement.claims.entries import Claim, read
from entanglement.claims.judge import judge, write

__all__ = ["Claim", "DocumentError", "digest", "judge", "read", "seed", "write"]
