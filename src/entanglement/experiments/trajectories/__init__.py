"""Paper A, Figs. 4 and 5 a-e: paths of the training sample and of probes through spacetime."""

from pydantic import Field

from entanglement.networks.architecture import Architecture as Train
from entanglement.pipeline.parameters import Integer, Parameters, Real

__all__ = ["PAPER", "Evaluate", "Train"]


class Evaluate(Parameters):
    """What is followed, and how a layer counts as time."""

    c: Real = Field(
        default=100.0,
        gt=0,
        le=1e12,
        description="Speed of light: layer l is the time coordinate c l of Eq. 27.",
    )
    probes: Integer = Field(default=6, ge=1, le=1000, description="N(0, 1) probes of each network.")


PAPER = {
    "k": (2, "IV, Figs. 4 and 5"),
    "n": (100, "authors' code, Fig. 5"),
    "depth": (12, "authors' code, Fig. 5"),
    "c": (100.0, "authors' code, Fig. 5"),
    "probes": (1, "one pair of samples"),
    "networks": (1, "one network"),
    "sampler": ("literal", "Algorithm 1"),
    "row_order": ("sorted", "authors' code"),
    "weights": ("top", "Algorithm 1, line 7"),
}
