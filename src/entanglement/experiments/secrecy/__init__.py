"""What an eavesdropper learns when two parties share a network as their secret (paper A, VI-A)."""

from typing import Any

from pydantic import Field

from entanglement.networks.architecture import Architecture as Train
from entanglement.pipeline.images import ImageFile
from entanglement.pipeline.parameters import Integer, Parameters

__all__ = ["PAPER", "Evaluate", "Train", "check"]

CODE = "authors' public code for Fig. 8 (laptop)"

PAPER: dict[str, tuple[Any, str]] = {
    "k": (2500, "VI-A: 50 x 50 binary images"),
    "n": (3500, CODE),
    "depth": (100, CODE),
    "networks": (1, "one draw for each picture, " + CODE),
}


class Evaluate(Parameters):
    """Messages, inputs and attacks."""

    message: ImageFile = Field(
        description="A picture that Alice sends, of size x size = k pixels; darker than "
        "half-way grey is bit 1."
    )
    other_message: ImageFile = Field(
        description="Another one that she sends under the same network, with an input of its own."
    )
    probes: Integer = Field(
        default=20,
        ge=2,
        le=100_000,
        description="Her independent N(0, 1) inputs, one for each message that she sends.",
    )
    eavesdroppers: Integer = Field(
        default=4,
        ge=1,
        le=1000,
        description="Inputs that are tried through a network with one wrong layer, for each "
        "such layer.",
    )
    frames: Integer = Field(
        default=10,
        ge=1,
        le=10_000,
        description="Correlated strings that each network's Cascade run reconciles, at each "
        "error rate.",
    )


def check(train: Train, evaluate: Evaluate) -> None:
    """Refuse messages that do not fit the network or each other.

    Raises
    ------
    ValueError
        With what was given and what to do.
    """
    first, second = evaluate.message, evaluate.other_message
    if first.size != second.size:
        raise ValueError(
            f"the messages have {first.size} x {first.size} and {second.size} x {second.size} "
            "pixels: give both the same size"
        )
    if train.k != first.size**2:
        raise ValueError(
            f"message {first.path!r} has {first.size} x {first.size} = {first.size**2} pixels, "
            f"the network k = {train.k} outputs: give message {{path: ..., size: s}} with "
            "s * s = k"
        )
    if train.networks < 2:
        raise ValueError(
            "networks = 1: an eavesdropper with a wrong seed needs another network; give 2 or more"
        )
