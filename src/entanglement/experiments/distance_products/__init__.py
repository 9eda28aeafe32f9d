"""Distance products and what leaves them unchanged (paper B, section 2)."""

from typing import Literal

from pydantic import Field

from entanglement.pipeline.parameters import Integer, Parameters

__all__ = ["PAPER", "Evaluate", "check"]


class Evaluate(Parameters):
    """Which elements move the matrices, and in which arithmetic. There is nothing to train."""

    group: Literal["translation", "isom_r", "psl2r", "pgl2r", "mirror"] = Field(
        description="`translation`: one real number is added to all entries; `isom_r`: an own "
        "translation, reflection and place for every contraction index; `psl2r`: one Moebius "
        "transformation of all entries; `pgl2r`: an own one for every index, mirrored or "
        "not, and its place; `mirror`: z -> -conj z, then one Moebius transformation."
    )
    arithmetic: Literal["float32", "float64", "integer"] = Field(
        default="float64",
        description="What the entries are stored in; `integer` for translations only.",
    )
    k: Integer = Field(
        default=16, ge=1, le=256, description="The matrices are k x k (the n of paper B)."
    )
    networks: Integer = Field(
        ge=1,
        le=100_000,
        description="Independent draws of matrices and elements, the sampling unit.",
    )
    steps: Integer = Field(
        default=41,
        ge=2,
        le=1000,
        description="Sizes of the elements: |alpha| from 1e-4 to 1e16 (integers from 1), r "
        "from 0 to 40.",
    )


PAPER = {
    "group": (["translation", "psl2r"], "section 2"),
    "arithmetic": ("real numbers", "section 2"),
}


def check(train: None, evaluate: Evaluate) -> None:
    """Refuse integers where points of the half-plane are needed."""
    if evaluate.arithmetic == "integer" and evaluate.group not in ("translation", "isom_r"):
        raise ValueError(
            f"arithmetic = integer does not go with group = {evaluate.group}: points of the upper "
            "half-plane are float32 or float64; integers go with translation and isom_r"
        )
