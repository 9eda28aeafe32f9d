"""Real over-parameterised linear networks fit noise: what do they say of unseen inputs?"""

from typing import Literal, Self

from pydantic import Field, model_validator

from entanglement.pipeline.parameters import Integer, Parameters, Real

PAPER = {
    "samples": (1, "A, VIII: a single input sample"),
    "optimiser": ("selection", "A, Algorithm 1"),
}
WORK = 1e13  # multiplications, about a day of one core
HELD = 2.5e7  # numbers in the layers of all networks, of which training keeps some copies


class Evaluate(Parameters):
    """Networks of one kind; cells share noise, masks and initial weights, network by network."""

    optimiser: Literal["descent", "sgd", "momentum", "adam", "selection"] = Field(
        default="descent",
        description="What trains; `sgd` sees a quarter of the samples at a time. `selection` is "
        'Algorithm 1: no training, but the rows that one sample excites most ("dropout").',
    )
    k: Integer = Field(ge=4, le=256, description="Width: inputs, hidden units and outputs.")
    samples: Integer = Field(ge=1, le=256, description="Training samples N, at most the width.")
    depth: Integer = Field(default=1, ge=1, le=30, description="Number of layers L.")
    scale: Real = Field(
        default=0.0,
        ge=0,
        le=2,
        description="Initial weights are N(0, scale^2 / k); with `start: balanced` every mode of "
        "every layer starts at scale. Deeper networks need it above 0.",
    )
    start: Literal["random", "balanced"] = Field(
        default="random",
        description="`balanced`: orthonormal inputs, and layers aligned with the labels' modes.",
    )
    dropout: Real = Field(
        default=0.0,
        ge=0,
        le=0.99,
        description="Chance that an input of a layer is dropped in a step; of `selection`, the "
        "share of candidate rows that is dropped.",
    )
    rate: Real = Field(
        default=0.3, gt=0, le=1, description="Learning rate; times 1 - dropout if there is some."
    )
    steps: Integer = Field(ge=1, le=100_000, description="Steps of training.")
    networks: Integer = Field(ge=1, le=1000, description="Independent draws of noise and weights.")
    probes: Integer = Field(ge=2, le=10_000, description="Unseen noise samples of each network.")

    @model_validator(mode="after")
    def _overparameterised(self) -> Self:
        if self.samples > self.k:
            raise ValueError(
                f"samples = {self.samples} are more than the width k = {self.k}: such a network "
                "is not over-parameterised"
            )
        return self

    @model_validator(mode="after")
    def _moving(self) -> Self:
        if self.depth > 1 and self.scale == 0 and self.optimiser != "selection":
            raise ValueError("scale: a deep network that starts at 0 stays there: give some")
        if self.start == "balanced" and self.scale == 0:
            raise ValueError("scale: balanced modes start above 0: give some")
        return self

    @model_validator(mode="after")
    def _within_a_day(self) -> Self:
        work = float(self.k) ** 2 * self.samples * self.depth * self.steps * self.networks
        if work > WORK:
            raise ValueError(
                f"training would take {work:.0e} multiplications, more than a day of one core: "
                "lower k, samples, depth, steps or networks"
            )
        if (held := float(self.k) ** 2 * self.depth * self.networks) > HELD:
            raise ValueError(
                f"the layers hold {held:.0e} numbers, more than {HELD:.0e}: lower k, depth or "
                "networks"
            )
        return self
