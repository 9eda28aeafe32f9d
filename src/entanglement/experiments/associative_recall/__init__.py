"""Associative recall with distance attention: a task that needs attention, at every beta."""

from typing import Any, Self

from pydantic import Field, model_validator

from entanglement.networks.apprentices import Apprentices, Recall
from entanglement.pipeline.parameters import Integer, Parameters, Real

# Paper B names the example in one sentence and gives no task, size or value of beta.
PAPER: dict[str, tuple[Any, str]] = {}


class Train(Recall, Apprentices):
    """One ensemble of networks that recall the label beside a picture of the query's class."""

    beta: Real = Field(
        ge=0,
        le=100,
        description="Scaling factor of the logits, the first of a sweep; its initial value if it "
        "is learned. 0 keeps attention uniform throughout training.",
    )
    betas: Integer = Field(
        default=1, ge=1, le=10, description="Values of beta, each with all the networks."
    )
    factor: Real = Field(
        default=2.0, ge=1.1, le=10, description="Each value of beta over the one before."
    )

    @model_validator(mode="after")
    def _learnable(self) -> Self:
        if self.learn_beta and self.beta == 0:
            raise ValueError("learn_beta: a beta of 0 has no gradient: let it start above 0")
        return self


class Evaluate(Parameters):
    """What is asked of the trained networks."""

    probes: Integer = Field(
        ge=1, le=100_000, description="Samples of held-out pictures that each network is asked."
    )
