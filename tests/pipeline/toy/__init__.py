"""A toy experiment (paper A, Fig. 0), so that the pipeline is tested without a real one."""

from typing import Annotated, Literal

from pydantic import Field

from entanglement.networks.architecture import Architecture as Train
from entanglement.pipeline.images import ImageFile
from entanglement.pipeline.parameters import Integer, Parameters, Real

PAPER = {"k": (256, "Fig. 0")}


class Evaluate(Parameters):
    probes: Annotated[Integer, Field(ge=1)] = 3
    alpha: Annotated[Real, Field(gt=0)] = 1.0
    pixels: Literal["zscore", "raw"] = "zscore"
    image: ImageFile | None = None


def check(train: Train, evaluate: Evaluate) -> None:
    if evaluate.probes > train.k * 1000:
        raise ValueError(f"probes = {evaluate.probes} is more than 1000 k")
