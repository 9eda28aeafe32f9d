"""Sign hashes, their binomial law and the likelihood (paper A, section II, Eqs. 5-13; claim A15)."""

from pydantic import Field

from entanglement.networks.architecture import Architecture as Train
from entanglement.pipeline.parameters import Integer, Parameters

__all__ = ["PAPER", "Evaluate", "Train"]

PAPER = {
    "k": (256, "the authors' code for Fig. 3"),
    "n": (16384, "the authors' code for Fig. 3"),
    "depth": (15, "the authors' code for Fig. 3 e"),
}


class Evaluate(Parameters):
    """Parameters of the test; one probe a network, so that networks are independent."""

    hashes: Integer = Field(
        ge=1,
        le=1_000_000,
        description="Random hyperplanes of Eq. 9 drawn for each network and layer (the n of "
        "Eqs. 9-11).",
    )
