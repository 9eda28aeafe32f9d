"""Distance products and what leaves them unchanged (paper B, section 2)."""

from typing import Annotated, Literal

from pydantic import Field

from entanglement.pipeline.parameters import Integer, Parameters

__all__ = ["PAPER", "Evaluate", "check"]


class Evaluate(Parameters):
    """Which elements move the matrices, and in which arithmetic. There is nothing to train.

    Parameters
    ----------
    group
        `translation`: one real number is added to all entries; `isom_r`: an own translation,
        reflection and place for every contraction index; `psl2r`: one Moebius transformation of
        all entries; `pgl2r`: an own one for every index, mirrored or not, and its place;
        `mirror`: z -> -conj z, then one Moebius transformation.
    arithmetic
        What the entries are stored in; `integer` for translations only.
    k
        The matrices are k x k (the n of paper B).
    networks
        Independent draws of matrices and elements, the sampling unit.
    steps
        Sizes of the elements: |alpha| from 1e-4 to 1e16 (integers from 1), r from 0 to 40.
    """

    group: Literal["translation", "isom_r", "psl2r", "pgl2r", "mirror"]
    arithmetic: Literal["float32", "float64", "integer"] = "float64"
    k: Annotated[Integer, Field(ge=1, le=256)] = 16
    networks: Annotated[Integer, Field(ge=1, le=100_000)]
    steps: Annotated[Integer, Field(ge=2, le=1000)] = 41


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
