"""What an entry of claims.yaml holds, and how entries hang together."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator

from entanglement.claims.document import load
from entanglement.claims.verdicts import NEGATIVE, PARTLY, POSITIVE, Kind
from entanglement.pipeline.document import Place
from entanglement.pipeline.parameters import Parameters, Real

Text = Annotated[str, Field(min_length=1)]
Rule = Literal["equal", "at_most", "at_least"]
QUOTED = 40  # words


class Claimed(Parameters):
    """The value or bound that is compared with, where it comes from, and whose it is.

    `whose: test` says that the paper names no number, so that this test had to.
    """

    value: Real
    source: Text
    whose: Literal["paper", "test"]


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


class Change(Parameters):
    """A change of what decides the verdict, after the claim was first committed.

    `data_seen` says whether results of the statistic were known when it was made.
    """

    commit: Annotated[str, Field(pattern="^[0-9a-f]{7}$")]
    change: Text
    data_seen: bool


class Claim(Parameters):
    """One claim and the test that it faces.

    Parameters
    ----------
    id
        The paper and a number: A1, B6b; claims of one group are A1.1, A1.2.
    question
        What the group asks, in a few words; on the first claim of each group.
    kind
        `printed`: the paper says it, and it is measured here. `implied`: the paper does not say
        it, but it follows from a reading of what it says. `theorem`: decided by algebra, checked
        in numbers. `ours`: a result that neither paper has.
    quote
        The paper's own words, at most 40; none for kind `ours`.
    explains
        Of an implied claim or a theorem: the printed claim that it belongs to.
    sentence, where
        What is tested, in plain words, and the section, figure or equation.
    figure, panel, statistic
        The measured value: a 0-d variable of `data/<figure>.nc`, and the panel that shows it.
    rule, claimed, tolerance
        The band that counts as agreement: claimed +- tolerance, or one side of it.
    predicted
        Theory's value, a variable of the same dataset, or null where there is no theory.
    control
        The null control, a further variable.
    minimum
        Least sizes at which the claim can be tested: `networks` behind the statistic, or a
        parameter such as `depth` of the cell that it was measured on (of several, the smallest).
    partly
        A part of the range of a printed claim that may hold although the whole does not.
    means
        For each verdict that this kind can have: half a sentence for the summary.
    history
        What changed after the claim was first committed, and could have changed its verdict.
    """

    id: str
    question: Text | None = None
    kind: Kind
    quote: Text | None = Field(default=None, validate_default=True)
    explains: str | None = None
    sentence: Text
    where: Text
    figure: Text
    panel: Text
    statistic: Text
    rule: Rule
    claimed: Claimed
    tolerance: Annotated[Real, Field(gt=0)]
    predicted: Text | None
    control: Control
    minimum: dict[str, Real] = Field(default_factory=dict)
    partly: Partly | None = None
    means: dict[str, Text]
    history: list[Change] = Field(default_factory=list)

    @field_validator("id")
    @classmethod
    def _identifier(cls, value: str) -> str:
        if not re.fullmatch(r"[AB][0-9]+[a-z]?(\.[0-9]+)?", value):
            raise ValueError("an id is a paper and a number, such as A1, B6b or A1.2")
        return value

    @field_validator("quote")
    @classmethod
    def _quoted(cls, value: str | None, info: ValidationInfo) -> str | None:
        if info.data.get("kind") == "ours":
            if value is not None:
                raise ValueError("a claim of kind `ours` stands in no paper: it has no quote")
        elif value is None:
            raise ValueError("needed but for kind `ours`: the sentence of the paper that is judged")
        elif len(value.split()) > QUOTED:
            raise ValueError(f"{len(value.split())} words; at most {QUOTED}")
        return value

    @field_validator("explains")
    @classmethod
    def _explaining(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is not None and info.data.get("kind") not in ("implied", "theorem"):
            raise ValueError("only an implied claim or a theorem explains a printed one")
        return value

    @field_validator("partly")
    @classmethod
    def _in_part(cls, value: Partly | None, info: ValidationInfo) -> Partly | None:
        if value is not None and info.data.get("kind") != "printed":
            raise ValueError("only a printed claim can hold in part")
        return value

    @field_validator("means")
    @classmethod
    def _meant(cls, value: dict[str, str], info: ValidationInfo) -> dict[str, str]:
        kind = info.data.get("kind")
        if kind is not None:
            words = [POSITIVE[kind], NEGATIVE[kind]]
            words += [PARTLY] if info.data.get("partly") else []
            if set(value) != set(words):
                raise ValueError(f"needs one entry each for: {', '.join(words)}")
        return value

    @property
    def paper(self) -> str:
        """A or B."""
        return self.id[0]

    @property
    def group(self) -> str:
        """The id without the claim's own number: A1 of A1.2."""
        return self.id.split(".")[0]

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
    return load(path, list[Claim], _together)


def _together(claims: list[Claim]) -> Iterator[tuple[Place, str]]:
    """Find what is wrong between claims, and where."""
    times = Counter(claim.id for claim in claims)
    printed = {claim.id for claim in claims if claim.kind == "printed"}
    read = {(c.figure, c.statistic, c.control.statistic): c.id for c in claims}
    opened: set[str] = set()
    for number, claim in enumerate(claims):
        if times[claim.id] > 1:
            yield (number, "id"), "an id stands more than once; number the claims A1.1, A1.2"
        if claim.explains and claim.explains not in printed:
            yield (number, "explains"), f"{claim.explains!r} is no printed claim"
        if (claim.question is None) != (claim.group in opened):
            yield (
                (number, "question"),
                (f"the first claim of {claim.group} says what the group asks, and no other"),
            )
        opened.add(claim.group)
        mirror = read.get((claim.figure, claim.control.statistic, claim.statistic))
        if mirror is not None:
            yield (
                (number, "control"),
                (f"{mirror} is this claim's control and has it as its own: one fact, judged twice"),
            )
