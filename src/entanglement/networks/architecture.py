"""What an ensemble of Algorithm 1 networks is made of."""

from typing import Literal, Self

from pydantic import Field, model_validator

from entanglement.pipeline.parameters import Integer, Parameters, Real

LITERAL = 1e13  # numbers; one core draws about 1e8 of them a second, so many in a day


class Architecture(Parameters):
    """Parameters of an ensemble of deep linear networks (paper A, Algorithm 1)."""

    k: Integer = Field(
        ge=2, le=1_000_000, description="Width: rows kept per layer, and the length of every input."
    )
    n: Integer = Field(
        ge=2,
        le=10**13,
        description="Candidate rows drawn per layer; n = k keeps them all (no selection).",
    )
    depth: Integer = Field(ge=1, le=100_000, description="Number of layers L.")
    networks: Integer = Field(
        ge=1,
        le=1_000_000,
        description="Independent draws of all weights: the sampling unit of every statistic.",
    )
    sampler: Literal["exact", "literal"] = Field(
        default="exact",
        description="`exact`: the joint law of all probes in O(k m) numbers a layer; "
        "`literal`: draws the n x k matrix as printed.",
    )
    row_order: Literal["sorted", "index"] = Field(
        default="sorted",
        description="`sorted`: kept rows by descending absolute projection, as in the authors' "
        "code; `index`: as drawn. Signs and angles do not depend on it.",
    )
    weights: Literal["top", "top_unit", "random", "minimum", "orthogonal"] = Field(
        default="top",
        description="Which rows are kept: `top` (Algorithm 1), `top_unit` (the same, rescaled "
        "in each layer so that the training sample's norm grows by `gain`), `random`, `minimum`; "
        "`orthogonal` replaces the matrix by `gain` times a Haar-distributed orthogonal one.",
    )
    gain: Real = Field(
        default=1.0,
        ge=1e-6,
        le=1e6,
        description="Norm growth per layer of `orthogonal` and `top_unit` weights; the other "
        "families do not use it.",
    )

    @model_validator(mode="after")
    def _rows_to_choose_from(self) -> Self:
        if self.n < self.k:
            raise ValueError(
                f"n = {self.n} candidate rows cannot give k = {self.k} kept ones: n must be at "
                "least k (n = k means no selection)"
            )
        return self

    @model_validator(mode="after")
    def _literal_within_a_day(self) -> Self:
        drawn = float(self.n) * self.k * self.depth * self.networks
        if self.sampler == "literal" and drawn > LITERAL:
            raise ValueError(
                f"sampler: literal would draw {drawn:.1e} numbers, more than a day of one core "
                f"({LITERAL:.0e}): use sampler: exact (the same law, any n), or smaller sizes"
            )
        return self
