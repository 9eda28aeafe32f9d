"""Reads the models of the toy experiment."""

from typing import Annotated

from pydantic import Field

from entanglement.pipeline.parameters import Integer, Parameters

MODELS = "toy"


class Evaluate(Parameters):
    pairs: Annotated[Integer, Field(ge=1)] = 10
