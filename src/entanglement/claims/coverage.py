"""What coverage.yaml holds: every statement of the papers, with what tests it or why nothing does."""

from collections import Counter
from pathlib import Path
from typing import Annotated

from pydantic import Field, field_validator, model_validator

from entanglement.claims.document import load
from entanglement.pipeline.parameters import Parameters

Text = Annotated[str, Field(min_length=1)]


class Item(Parameters):
    """One statement of a paper.

    Parameters
    ----------
    item
        Where it stands: "Eq. 6", or the section and a word for it: "III-A, two groups".
    says
        What it states, in a few plain words.
    claims
        Ids of the claims that judge it.
    panels
        Panels that show it, as figure/panel.
    why
        Instead of both: why nothing tests it.
    """

    item: Text
    says: Text
    claims: list[Text] = Field(default_factory=list)
    panels: list[Text] = Field(default_factory=list)
    why: Text | None = None

    @model_validator(mode="after")
    def _tested_or_not(self) -> "Item":
        if bool(self.claims or self.panels) == bool(self.why):
            raise ValueError("give `claims`, `panels` or both where it is tested, else `why`")
        return self


class Coverage(Parameters):
    """The whole of coverage.yaml: the items of each paper in the paper's order."""

    A: list[Item]
    B: list[Item]

    @field_validator("A", "B")
    @classmethod
    def _once(cls, items: list[Item]) -> list[Item]:
        times = Counter(item.item for item in items)
        repeated = [name for name, count in times.items() if count > 1]
        if repeated:
            raise ValueError(f"an item stands more than once: {'; '.join(repeated)}")
        return items


def read(path: Path) -> Coverage:
    """Read coverage.yaml, naming all its problems at once (a `DocumentError`)."""
    return load(path, Coverage)
