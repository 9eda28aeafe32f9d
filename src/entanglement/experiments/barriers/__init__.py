"""Barriers between trained attention networks, and training on from equivalent starts (paper B)."""

from typing import Annotated, Any

from pydantic import Field

from entanglement.pipeline.parameters import Integer, Parameters

MODELS = "equivalent_attention"

# Paper B speaks of a lower or negative height and gives no experiment.
PAPER: dict[str, tuple[Any, str]] = {}


class Evaluate(Parameters):
    """Paths between networks, and steps of further training.

    Parameters
    ----------
    pairs
        Pairs of networks, in rings: neighbours first, so that every network counts alike.
    points
        Positions along a path, both ends included.
    pictures
        Training pictures that both networks of a pair share, at most, on which the loss of a path
        is taken.
    steps
        Steps of further training on new data.
    """

    pairs: Annotated[Integer, Field(ge=1, le=10_000)]
    points: Annotated[Integer, Field(ge=3, le=1001)] = 7
    pictures: Annotated[Integer, Field(ge=20, le=1797)] = 200
    steps: Annotated[Integer, Field(ge=2, le=10_000)] = 30
