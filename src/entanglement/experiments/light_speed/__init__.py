"""Paper A, Fig. 5 f: what the speed of light c does to the loss in spacetime."""

from pydantic import Field

from entanglement.networks.architecture import Architecture as Train
from entanglement.pipeline.parameters import Integer, Parameters, Real

__all__ = ["PAPER", "Evaluate", "Train"]


class Evaluate(Parameters):
    """How a layer counts as time, and how many probes are averaged."""

    c: Real = Field(
        default=1000.0,
        gt=0,
        le=1e12,
        description="Speed of light: layer l is the time coordinate c l of Eq. 27.",
    )
    probes: Integer = Field(
        default=50, ge=1, le=1_000_000, description="N(0, 1) probes of each network."
    )


PAPER = {
    "k": (2, "IV, Fig. 5 f"),
    "n": (10, "authors' code, Fig. 5 f"),
    "depth": (30, "authors' code, Fig. 5 f"),
    "c": (1000.0, "authors' code, Fig. 5 f; others set by hand"),
    "probes": (5000, "authors' code, Fig. 5 f"),
    "networks": (1, "one network"),
    "sampler": ("literal", "Algorithm 1"),
    "row_order": ("sorted", "authors' code"),
    "weights": ("top", "Algorithm 1, line 7"),
}
