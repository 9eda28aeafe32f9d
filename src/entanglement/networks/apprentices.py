"""What every ensemble of attention networks is made of and trained with."""

from typing import Literal, Self

from pydantic import Field, model_validator

from entanglement.pipeline.parameters import Integer, Parameters, Real

SMALLEST_CLASS = 174  # pictures of the digit 8, of which there are the fewest


class Schooled(Parameters):
    """Sizes of attention networks and of their training, whatever the product."""

    networks: Integer = Field(
        ge=1,
        le=1000,
        description="Independent trainings: initial weights, split and order of what is shown "
        "all differ.",
    )
    rate: Real = Field(
        gt=0, le=1, description="Initial learning rate of Adam with a cosine schedule."
    )
    width: Integer = Field(ge=2, le=1024, description="Length of a token's vector.")
    head: Integer = Field(ge=1, le=256, description="Entries of a query or key (n of paper B).")


class Apprentices(Schooled):
    """Parameters of networks that learn to attend by one product (paper B, Example 1)."""

    product: Literal["dot", "E", "H"] = Field(
        description="What takes the place of Q K^T: `dot`, `E` (sum of |q - k|) or `H` (sum of "
        "hyperbolic distances)."
    )
    learn_beta: bool = Field(
        default=False,
        description='Whether beta is trained with the weights ("dynamic scaling factor").',
    )


class Recall(Parameters):
    """The task of associative recall: what a sample shows, and how many of them."""

    choices: Integer = Field(
        ge=2, le=10, description="Key pictures of a sample, each of another class, and labels."
    )
    epochs: Integer = Field(
        ge=1, le=10_000, description="Rounds of 25 updates, each on a fresh batch of samples."
    )
    batch: Integer = Field(ge=1, le=4096, description="Samples in a batch.")
    training_each: Integer = Field(
        ge=2, le=SMALLEST_CLASS, description="Pictures of each class to train on."
    )
    test_each: Integer = Field(
        ge=2, le=SMALLEST_CLASS, description="Pictures of each class to hold out."
    )

    @model_validator(mode="after")
    def _splittable(self) -> Self:
        if self.training_each + self.test_each > SMALLEST_CLASS:
            raise ValueError(
                f"training_each = {self.training_each} and test_each = {self.test_each} are more "
                f"than the {SMALLEST_CLASS} pictures of the smallest class: lower one of them"
            )
        return self
