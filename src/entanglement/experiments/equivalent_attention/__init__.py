"""Equivalent models of self-attention trained with distance products (paper B, Example 1)."""

from typing import Any

from pydantic import Field, model_validator

from entanglement.networks.apprentices import Apprentices
from entanglement.networks.splits import check_split
from entanglement.pipeline.parameters import Integer, Parameters, Real

# Paper B names the example in one sentence and gives no size, data set or value of beta.
PAPER: dict[str, tuple[Any, str]] = {}


class Train(Apprentices):
    """One ensemble of attention networks on the real 8 x 8 digits."""

    beta: Real = Field(
        ge=1e-6,
        le=1e3,
        description="Scaling factor of the logits; its initial value if it is learned.",
    )
    epochs: Integer = Field(ge=1, le=10_000, description="Passes over the training pictures.")
    batch: Integer = Field(ge=1, le=1797, description="Pictures in a batch.")
    training: Integer = Field(ge=10, le=1797, description="Pictures to train on.")
    test: Integer = Field(ge=10, le=1797, description="Pictures to hold out.")
    hidden: Integer = Field(ge=1, le=4096, description="Units of the ReLU layer.")

    @model_validator(mode="after")
    def _splittable(self) -> "Train":
        check_split(self.training, self.test, self.batch)
        return self


class Evaluate(Parameters):
    """What is asked of the trained networks."""

    elements: Integer = Field(
        ge=0,
        le=1_000_000,
        description="Least number of group elements within the arithmetic range, over all "
        "networks and families of a product; 0 leaves the orbit, its nulls, ranks and "
        "spectra out.",
    )
    pictures: Integer = Field(
        default=12, ge=1, le=100, description="Misclassified digits that are kept as pictures."
    )
    null_draws: Integer = Field(
        default=2000,
        ge=100,
        le=1_000_000,
        description="Random matrices behind the Monte-Carlo null of the spectra.",
    )
