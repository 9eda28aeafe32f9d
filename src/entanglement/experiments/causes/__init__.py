"""What causes the collapse: growing norms or a spectral gap? (paper A, II-D, IV; A4, A5)."""

from pydantic import Field

from entanglement.networks.architecture import Architecture as Train
from entanglement.pipeline.parameters import Integer, Parameters, Real

__all__ = ["PAPER", "Evaluate", "Train"]

PAPER = {
    "weights": ("top", "A, Algorithm 1"),
    "k": (2, "A, section IV and the authors' code for Fig. 5"),
    "n": (10, "the authors' code for Fig. 5 f"),
    "depth": (30, "the authors' code for Fig. 5 f"),
    "c": (1000.0, "the authors' code for Fig. 5 f"),
}


class Evaluate(Parameters):
    """Parameters of the test."""

    probes: Integer = Field(
        ge=2,
        le=200,
        description="Unseen Gaussian inputs for each network; all their pairs are compared too.",
    )
    c: Real = Field(
        default=1000.0,
        gt=0,
        le=1e12,
        description="The paper's speed of light: layer l has the time coordinate c l.",
    )
