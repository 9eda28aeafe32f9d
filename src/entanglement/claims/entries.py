"""What an entry of claims.yaml holds."""

import re
from collections import Counter
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, field_validator

from entanglement.claims.document import DocumentError, load
from entanglement.pipeline.parameters import Parameters, Real

Text = Annotated[str, Field(min_length=1)]
Rule = Literal["equal", "at_most", "at_least"]


class Claimed(Parameters):
    """The paper's own value or bound, and where it says so."""

    value: Real
    source: Text


class Control(Parameters):
    """A null case: the same statistic where the claimed cause is absent.

    `must: differ` is for controls that would be fooled by an artefact; `must: equal` for claims
    that a cause does not matter.
    """

    name: Text
    statistic: Text
    must: Literal["differ", "equal"]


class Partly(Parameters):
    """A named part of the claim's range, and its own statistic."""

    range: Text
    statistic: Text


class Claim(Parameters):
    """One claim of a paper and the test that it faces; frozen before a run.

    Parameters
    ----------
    id
        As in the list of claims: A1, B6b; parts of a compound claim are A1.1, A1.2.
    paper
        A or B.
    sentence, where
        What the paper says, and the section, figure or equation.
    figure, statistic
        The measured value: a 0-d variable of `data/<figure>.nc`.
    rule, claimed, tolerance
        The band that counts as reproduced: claimed +- tolerance, or one side of it.
    predicted
        Theory's value, a variable of the same dataset, or null where there is no theory.
    control
        The null control, a further variable.
    minimum
        Least sizes at which the claim can be tested: `networks` behind the statistic, or a
        parameter such as `depth` of the cell that it was measured on (of several, the smallest).
    partly
        A part of the range that may hold although the whole does not.
    """

    id: str
    paper: Literal["A", "B"]
    sentence: Text
    where: Text
    figure: Text
    statistic: Text
    rule: Rule
    claimed: Claimed
    tolerance: Annotated[Real, Field(gt=0)]
    predicted: Text | None
    control: Control
    minimum: dict[str, Real] = Field(default_factory=dict)
    partly: Partly | None = None

    @field_validator("id")
    @classmethod
    def _identifier(cls, value: str) -> str:
        if not re.fullmatch(r"[AB][0-9]+[a-z]?(\.[0-9]+)?", value):
            raise ValueError("an id is a paper and a number, such as A1, B6b or A1.2")
        return value

    @property
    def band(self) -> tuple[float, float]:
        """Lowest and highest value that agree with the claim."""
        low = self.claimed.value - self.tolerance if self.rule != "at_most" else -float("inf")
        high = self.claimed.value + self.tolerance if self.rule != "at_least" else float("inf")
        return low, high


def read(path: Path) -> list[Claim]:
    """Read claims.yaml, naming all its problems at once.

    Raises
    ------
    DocumentError
        With file, line, claim, key, what was given and what is allowed.
    """
    claims = load(path, list[Claim])
    repeated = [name for name, times in Counter(c.id for c in claims).items() if times > 1]
    if repeated:
        raise DocumentError(
            f"{path}: {', '.join(repeated)}: an id stands more than once; number the parts of a "
            "compound claim A1.1, A1.2"
        )
    return claims
