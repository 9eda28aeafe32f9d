"""What an ensemble of random attention stacks is made of."""

from typing import Literal

from pydantic import Field

from entanglement.pipeline.parameters import Integer, Parameters


class Stack(Parameters):
    """Parameters of an ensemble of random attention stacks."""

    k: Integer = Field(ge=2, le=256, description="Length of a token, and of its query and key.")
    tokens: Integer = Field(
        default=16, ge=2, le=128, description="Tokens of the input, all entries N(0, 1)."
    )
    depth: Integer = Field(ge=2, le=40, description="Number of attention layers L.")
    networks: Integer = Field(ge=2, le=10_000, description="Independent draws of all weights.")
    product: Literal["dot", "E", "H"] = Field(
        default="dot",
        description="`dot`, or paper B's Euclidean (`E`) or hyperbolic (`H`) product; each in "
        "logits that are divided by sqrt(k).",
    )
    skip: bool = Field(
        default=False,
        description="Whether the input of attention, and of the hidden layer, is added to its output.",
    )
    mlp: bool = Field(
        default=False, description="Whether a hidden layer of 4 k ReLUs follows attention."
    )
