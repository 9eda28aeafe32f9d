"""Rate of the collapse against width, candidates and rule (paper A, I and III; A7, U1 to U3)."""

from typing import Literal, Self

from pydantic import Field, model_validator

from entanglement.networks.architecture import LITERAL, Architecture
from entanglement.pipeline.parameters import Integer, Parameters, Real

# The authors run Fig. 3 with n / k = 64 at k = 256 and Fig. 5 with 5 and 50 at k = 2.
PAPER = {
    "k": ([2, 256], "the authors' code for Figs. 3 and 5"),
    "n_over_k": ([5, 50, 64], "the authors' code for Figs. 3 and 5"),
    "weights": ("top", "Algorithm 1, line 7"),
    "depth": ([12, 15, 30], "the authors' code for Figs. 3 and 5"),
}


class Evaluate(Parameters):
    """Parameters of the experiment; a rate is measured while the networks are drawn."""

    k: Integer = Field(ge=2, le=1_000_000, description="Width.")
    n_over_k: Real = Field(
        ge=1,
        le=1e12,
        description="Candidate rows per kept row; n is k n_over_k, rounded, and 1 means no "
        "selection.",
    )
    depth: Integer = Field(ge=1, le=100_000, description="Layers that a rate is averaged over.")
    networks: Integer = Field(ge=2, le=1_000_000, description="Independent networks.")
    sampler: Literal["exact", "literal"] = Field(
        default="exact",
        description="`exact`, or `literal`: the n x k matrices as printed, with which the "
        "whole Lyapunov spectrum is measured too.",
    )

    weights: Literal["top", "top_unit", "random", "minimum"] = Field(
        default="top",
        description="Which rows are kept: the largest projections (`top`, Algorithm 1), the same "
        "with each layer rescaled to the norm growth `gain` (`top_unit`), any, or the smallest.",
    )
    gain: Real = Field(
        default=1.0, ge=1e-6, le=1e6, description="Norm growth per layer of `top_unit` weights."
    )

    @property
    def architecture(self) -> Architecture:
        """The networks' architecture, n being rounded."""
        n = max(self.k, round(self.k * self.n_over_k))
        return Architecture(n=n, **self.model_dump(exclude={"n_over_k"}))

    @model_validator(mode="after")
    def _sizes_that_can_be_drawn(self) -> Self:
        most = 10**13
        if self.k * self.n_over_k > most:
            raise ValueError(
                f"k = {self.k} times n_over_k = {self.n_over_k:g} is more than {most:g} candidate "
                "rows: lower one of them"
            )
        drawn = self.k**2 * self.n_over_k
        total = drawn * self.depth * self.networks
        if self.sampler == "literal" and (drawn > 10**8 or total > LITERAL):
            raise ValueError(
                f"the literal sampler would draw {drawn:.3g} numbers a layer, {total:.3g} in all "
                f"(at most 1e8 and {LITERAL:g}): lower k, n_over_k, depth or networks, or use the "
                "exact sampler"
            )
        return self
