"""What an ensemble of networks with an activation is made of."""

from typing import Literal, Self

from pydantic import Field, model_validator

from entanglement.networks.architecture import Architecture
from entanglement.pipeline.parameters import Integer, Parameters, Real


class Nonlinear(Parameters):
    """Parameters of an ensemble of networks with an activation."""

    k: Integer = Field(ge=2, le=100_000, description="Width.")
    n_over_k: Real = Field(
        ge=1,
        le=1e6,
        description="Candidate rows per kept row; n is k n_over_k, rounded, and 1 means no "
        "selection.",
    )
    # Lengths are carried as they are: deeper, those of unbounded activations leave float64.
    depth: Integer = Field(ge=1, le=80, description="Number of layers L.")
    networks: Integer = Field(ge=2, le=100_000, description="Independent networks.")
    probes: Integer = Field(
        default=4,
        ge=2,
        le=50,
        description="Unseen Gaussian inputs of each network, beside three that start at 60, "
        "120 and 0.06 degrees from the training sample.",
    )
    activation: Literal["identity", "tanh", "relu", "gelu"] = Field(
        default="identity", description="Activation sigma of Eq. 15."
    )
    weight: Real = Field(
        default=1.5,
        ge=0.1,
        le=10,
        description="sigma_w: weights are N(0, 1) numbers times sigma_w / sqrt(k).",
    )
    bias: Real = Field(
        default=0.0, ge=0, le=10, description="sigma_b: standard deviation of the biases of Eq. 15."
    )
    skip: bool = Field(
        default=False, description="Whether the layer's input is added to its output (residual)."
    )
    norm: Literal["none", "layer", "batch"] = Field(
        default="none",
        description="`layer`: outputs are centred and rescaled to unit variance over their "
        "entries; `batch`: pre-activations are over the inputs.",
    )

    @property
    def rows(self) -> Architecture:
        """How a layer's rows are chosen; as drawn, since a skip adds entry to entry."""
        n = max(self.k, round(self.k * self.n_over_k))
        return Architecture(
            k=self.k, n=n, depth=self.depth, networks=self.networks, row_order="index"
        )

    @model_validator(mode="after")
    def _sizes_that_can_be_drawn(self) -> Self:
        drawn = self.k * (self.probes + 4) * self.depth * self.networks
        if drawn > 1e12:
            raise ValueError(
                f"{drawn:.2g} numbers would be drawn, hours of one core (at most 1e12): lower k, "
                "probes, depth or networks"
            )
        return self
