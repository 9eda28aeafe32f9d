"""Two parties who share a network read one key from it and exchange a picture (paper A, Fig. 8).

Alice's key is the sign of each entry of her output, her cipher key xor message (Eq. 33); Bob
feeds his own random input to the same network and takes his key off again (Eq. 34).
"""

from typing import Any, Literal

from pydantic import Field, model_validator

from entanglement.networks.architecture import Architecture as Train
from entanglement.pipeline.images import ImageFile
from entanglement.pipeline.parameters import Integer, Parameters, Real

__all__ = ["PAPER", "Evaluate", "Train", "check"]

CODE = "authors' public code for Fig. 8"

PAPER: dict[str, tuple[Any, str]] = {
    "k": (2500, "VI-A: 50 x 50 binary images; 1600 for the cross in the " + CODE),
    "n": (
        {"airplane": 2700, "fish": 2700, "dog": 3400, "laptop": 3500, "cross": 2100},
        CODE,
    ),
    "depth": ({"airplane": 185, "fish": 183, "dog": 300, "laptop": 100, "cross": 500}, CODE),
    "networks": (1, "one draw for each picture, " + CODE),
    "threshold": (0.5, "Eq. 33; 0 in the " + CODE),
    "arithmetic": ("raw", CODE + "; Eq. 33 prints normalised outputs"),
}


class Evaluate(Parameters):
    """What is sent through the trained networks, and how a key is read."""

    message: ImageFile = Field(
        description="The picture that Alice sends, reduced to size x size = k pixels. A pixel "
        "darker than half-way grey is a message bit 1 (ink), any other a 0; a picture of one "
        "colour gives a message of equal bits, which the cipher hides like any other."
    )
    probes: Integer = Field(
        default=100,
        ge=1,
        le=100_000,
        description="Bob's independent N(0, 1) inputs to each network: enough for a complement "
        "rate.",
    )
    keys: Integer = Field(
        default=8,
        ge=1,
        le=1000,
        description="The first so many of Bob's inputs whose keys are compared with Alice's "
        "bit by bit.",
    )
    threshold: Real = Field(
        default=0.0,
        ge=-1,
        le=1,
        description="A key bit is 1 where the entry of the output exceeds it: 0 as in the "
        "authors' code, or 1/2 as printed in Eq. 33.",
    )
    arithmetic: Literal["log_norm", "raw"] = Field(
        default="log_norm",
        description="`log_norm` reads keys from normalised outputs; `raw` carries "
        "un-normalised float64 vectors as the authors' code does, and so reproduces their "
        "overflow.",
    )

    reference: bool = Field(
        default=False,
        description="Both parties multiply their output by the sign of its first entry: that bit "
        "of the key is spent, and complements are over. Not in the paper: a mend.",
    )

    @model_validator(mode="after")
    def _keys_of_probes(self) -> "Evaluate":
        if self.keys > self.probes:
            raise ValueError(
                f"keys = {self.keys} of Bob's inputs cannot be compared when there are only "
                f"probes = {self.probes}: give keys <= probes"
            )
        return self


def check(train: Train, evaluate: Evaluate) -> None:
    """Refuse a message that does not fit the network, and raw arithmetic it is not made for.

    Raises
    ------
    ValueError
        With what was given and what to do.
    """
    size = evaluate.message.size
    if train.k != size**2:
        raise ValueError(
            f"message {evaluate.message.path!r} has {size} x {size} = {size**2} pixels, the "
            f"network k = {train.k} outputs: give message {{path: ..., size: s}} with s * s = k"
        )
    if evaluate.arithmetic == "raw" and train.weights != "top":
        raise ValueError(
            f"arithmetic: raw reproduces the authors' code, which keeps the largest rows; with "
            f"weights: {train.weights} use arithmetic: log_norm"
        )
    if evaluate.reference and (evaluate.arithmetic == "raw" or evaluate.threshold != 0):
        raise ValueError(
            "reference: true mends keys that are signs of normalised outputs: use it with "
            "arithmetic: log_norm and threshold: 0"
        )
