"""Barriers between trained attention networks, and training on from equivalent starts (paper B)."""

from typing import Any

from pydantic import Field

from entanglement.pipeline.parameters import Integer, Parameters

MODELS = "equivalent_attention"

# Paper B speaks of a lower or negative height and gives no experiment.
PAPER: dict[str, tuple[Any, str]] = {}


class Evaluate(Parameters):
    """Paths between networks, and steps of further training."""

    pairs: Integer = Field(
        ge=1,
        le=10_000,
        description="Pairs of networks, in rings: neighbours first, so that every network "
        "counts alike.",
    )
    points: Integer = Field(
        default=7, ge=3, le=1001, description="Positions along a path, both ends included."
    )
    pictures: Integer = Field(
        default=200,
        ge=20,
        le=1797,
        description="Training pictures that both networks of a pair share, at most, on which "
        "the loss of a path is taken.",
    )
    steps: Integer = Field(
        default=30, ge=2, le=10_000, description="Steps of further training on new data."
    )
