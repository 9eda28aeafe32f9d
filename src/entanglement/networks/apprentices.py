"""What every ensemble of attention networks is made of and trained with."""

from typing import Literal

from pydantic import Field

from entanglement.pipeline.parameters import Integer, Parameters, Real


class Apprentices(Parameters):
    """Parameters of networks that learn to attend by one product (paper B, Example 1)."""

    product: Literal["dot", "E", "H"] = Field(
        description="What takes the place of Q K^T: `dot`, `E` (sum of |q - k|) or `H` (sum of "
        "hyperbolic distances)."
    )
    learn_beta: bool = Field(
        default=False,
        description='Whether beta is trained with the weights ("dynamic scaling factor").',
    )
    networks: Integer = Field(
        ge=1,
        le=1000,
        description="Independent trainings: initial weights, split and order of what is shown "
        "all differ.",
    )
    rate: Real = Field(
        gt=0, le=1, description="Initial learning rate of Adam with a cosine schedule."
    )
    width: Integer = Field(ge=2, le=1024, description="Length of a token's vector.")
    head: Integer = Field(ge=1, le=256, description="Entries of a query or key (n of paper B).")
