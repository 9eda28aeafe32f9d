"""Building blocks of an experiment's parameters: numbers that are numbers, and nothing unknown."""

import math
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar

from pydantic import AllowInfNan, BaseModel, BeforeValidator, ConfigDict


def _number(value: Any) -> Any:
    """Refuse what pydantic would convert: text and truth values are never numbers here."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("must be a number, without quotes")
    return value


def _finite(value: Any) -> Any:
    """Refuse .nan and .inf before a bound is compared with them."""
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError("must be a finite number")
    return value


# 16 and 16.0 are the same integer; "16" and true are errors, and so are .nan and .inf.
Integer = Annotated[int, BeforeValidator(_number)]
Real = Annotated[float, BeforeValidator(_finite), BeforeValidator(_number), AllowInfNan(False)]


class Parameters(BaseModel):
    """What one stage of an experiment is told: frozen, complete, and no key that nobody reads."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)


Train = TypeVar("Train")
Evaluate = TypeVar("Evaluate")


@dataclass(frozen=True)
class Cell(Generic[Train, Evaluate]):
    """What an evaluation is told: the typed parameters of one cell.

    Parameters
    ----------
    train
        How its networks were made: the `Train` of the experiment whose models it evaluates, or
        None if nothing is trained.
    evaluate
        What is done with them.
    """

    train: Train
    evaluate: Evaluate
