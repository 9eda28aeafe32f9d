"""Other optimisers on the task of Algorithm 2 (paper A, sections II and V; claims A9)."""

from typing import Literal

from pydantic import Field

from entanglement.pipeline.parameters import Integer, Parameters, Real

PAPER = {
    "optimiser": ("descent", "A, Algorithm 2"),
    "scale": ([1, 10000], "the authors' code for Fig. 7"),
    "steps": (5, "A, section V: T = 5"),
}


class Evaluate(Parameters):
    """A 2x2 matrix with N(0, 1) entries is trained to send (0.1, 0.1) to scale [1, 1]."""

    optimiser: Literal[
        "descent", "momentum", "adam", "evolution", "metropolis", "random_search", "identity"
    ] = Field(
        description="What trains: three that follow the gradient, an evolution strategy, a Markov "
        "chain (Metropolis), the best of random matrices; `identity` is not trained: it fits by "
        "stretching everything.",
    )
    scale: Real = Field(
        ge=1e-3, le=1e9, description="The paper's lambda: the aim is w_L = scale [1, 1]."
    )
    stride: Real = Field(
        ge=1e-6,
        le=1,
        description="Size of a step, as a part of the way |w_L| / |w_0| that G has to go.",
    )
    steps: Integer = Field(ge=1, le=100_000, description="Number T of steps.")
    networks: Integer = Field(ge=2, le=10_000, description="Independent draws of G_0.")
    probes: Integer = Field(ge=2, le=10_000, description="Unseen Gaussian inputs for each network.")
