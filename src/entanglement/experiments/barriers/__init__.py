"""Barriers between trained attention networks, and training on from equivalent starts (paper B)."""

import math
from typing import Any

from pydantic import Field

from entanglement.experiments import equivalent_attention
from entanglement.networks.splits import SAMPLES
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
        default=11, ge=3, le=1001, description="Positions along a path, both ends included."
    )
    pictures: Integer = Field(
        default=100,
        ge=20,
        le=1797,
        description="Pictures on which the losses of a path are taken, at most: of those that both "
        "networks of a pair trained on, and of those that both held out.",
    )
    steps: Integer = Field(
        default=30, ge=2, le=10_000, description="Steps of further training on new data."
    )


# Pictures that two networks share are as few as chance will have it: so many are expected.
SHARED = 20


def check(train: equivalent_attention.Train, evaluate: Evaluate) -> None:
    """Refuse networks between which there is no path, or no picture to take its loss on.

    Raises
    ------
    ValueError
        With what was given and what to do.
    """
    if train.networks < 2:
        raise ValueError("networks = 1: a barrier lies between two networks; give 2 or more")
    least = math.ceil((SHARED * SAMPLES) ** 0.5)
    for key in ("training", "test"):
        count = getattr(train, key)
        if count < least:
            raise ValueError(
                f"{key} = {count}: two networks share about {count**2 / SAMPLES:.2g} of their "
                f"pictures, too few for a loss; give {key} of at least {least}, in the figure "
                f"{MODELS} too"
            )
