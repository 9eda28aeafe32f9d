"""Gradient descent on one point (paper A, section V, Algorithm 2 and Fig. 7; claims A8)."""

from typing import Literal, Self

from pydantic import Field, model_validator

from entanglement.pipeline.parameters import Integer, Parameters, Real

# The pseudo-code's values; the authors' public code has eta = 0.01, scale = 1e4 for the sweep
# over the scale and eta = 1000, scale = 1, start (0.11, 0.1) for the other.
PAPER = {
    "start_x": (0.1, "A, Algorithm 2, line 2"),
    "start_y": (0.1, "A, Algorithm 2, line 2"),
    "steps": (5, "A, section V: T = 5"),
    "eta": ([0.01, 1000], "the authors' code for Fig. 7"),
    "scale": ([1, 10000], "the authors' code for Fig. 7"),
    "init": ("uniform", "the authors' code for Fig. 7"),
    "factors": (1, "A, Algorithm 2; the text of section V says three"),
}


class Evaluate(Parameters):
    """Parameters of the experiment; nothing is stored between training and testing."""

    init: Literal["uniform", "normal", "zeros"] = Field(
        default="uniform",
        description="Law of the entries of G_0: `uniform` on [0, 1], `normal`, or `zeros`.",
    )
    factors: Integer = Field(
        default=1,
        ge=1,
        le=10,
        description="1: one 2x2 matrix is trained (Algorithm 2 and the authors' code); 3: G_3 "
        "G_2 G_1 (text).",
    )
    start_x: Real = Field(
        default=0.1, ge=-1e3, le=1e3, description="First coordinate of the training point w_0."
    )
    start_y: Real = Field(
        default=0.1, ge=-1e3, le=1e3, description="Second coordinate of the training point w_0."
    )
    eta: Real = Field(gt=0, le=1e6, description="Learning rate.")
    scale: Real = Field(
        gt=0, le=1e9, description="The paper's lambda: the aim is w_L = scale [1, 1]."
    )
    steps: Integer = Field(default=5, ge=1, le=1000, description="Number T of gradient steps.")
    networks: Integer = Field(ge=2, le=100_000, description="Independent draws of G_0.")
    probes: Integer = Field(
        ge=2, le=100_000, description="Unseen Gaussian inputs for each network."
    )

    @model_validator(mode="after")
    def _somewhere_to_start(self) -> Self:
        if self.start_x == 0 and self.start_y == 0:
            raise ValueError(
                "start_x = 0 and start_y = 0 give the zero vector, which no matrix moves: "
                "set at least one of them (the paper has 0.1 and 0.1)"
            )
        return self
