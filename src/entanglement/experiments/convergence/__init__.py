"""Paper A, Fig. 3: random probes collapse onto the training sample's axis."""

from pydantic import Field

from entanglement.networks.architecture import Architecture as Train
from entanglement.pipeline.parameters import Integer, Parameters

__all__ = ["PAPER", "Evaluate", "Train"]


class Evaluate(Parameters):
    """What is pushed through the trained networks."""

    probes: Integer = Field(
        default=5000,
        ge=2,
        le=1_000_000,
        description="Unseen N(0, 1) test samples of each network, the N of Eq. 21.",
    )


PAPER = {
    "k": ([2, 256], "III-A and Remark 2 (2); authors' code, Fig. 3 (256)"),
    "n": (16384, "authors' code, Fig. 3"),
    "depth": (15, "authors' code, Fig. 3 e; 2, 4, 6, 8, 10 in a-d"),
    "probes": (5000, "III-A"),
    "networks": (1, "one network for each L"),
    "sampler": ("literal", "Algorithm 1"),
    "row_order": ("sorted", "authors' code"),
    "weights": ("top", "Algorithm 1, line 7"),
}
