"""What the report says, as plain facts: no file is read here and no markup written."""

from dataclasses import dataclass, field
from typing import Any

from entanglement.claims import coverage
from entanglement.report import differences, explore, filling, markdown, plotted, words

# Characters of a panel's numbers beyond which they are left in their own file.
BULKY = 500_000


@dataclass(frozen=True)
class Panel:
    """One panel: SVG and plotted numbers, None where they were not made.

    `stale` says that it was drawn from other data or by other code than is asked for; `claims`
    are those that have their evidence here.
    """

    name: str
    words: words.PanelWords
    svg: bytes | None
    csv: str | None
    link: str
    stale: bool
    claims: list[dict[str, Any]]

    @property
    def shows(self) -> bool:
        """Whether anything is drawn: of a panel that says what it lacks, a caption says nothing."""
        return bool(self.csv and plotted.rows(self.csv))

    @property
    def embeds(self) -> bool:
        """Whether the page holds the numbers; where they are bulky it links to their file."""
        return bool(self.csv) and len(self.csv or "") < BULKY

    @property
    def holds_pictures(self) -> bool:
        """Whether pictures are drawn, which may need an attribution."""
        return ",picture," in (self.csv or "")

    @property
    def alt(self) -> str:
        """What is drawn, in one sentence, and what was found."""
        drawn = self.words.alt or plotted.described(
            markdown.plain(self.words.title), self.csv or ""
        )
        found = filling.meanings(self.claims).values()
        return " ".join([drawn, *(f"{filling.begun(text)}." for text in found)])


@dataclass(frozen=True)
class Dataset:
    """A figure's dataset: where it lies, what it is, what made it."""

    path: str
    link: str
    size: int
    sha256: str
    title: str
    source: str
    fingerprint: str
    libraries: dict[str, str]


@dataclass(frozen=True)
class FigureFacts:
    """Everything that the report says about one figure."""

    name: str
    words: words.FigureWords
    panels: list[Panel]
    parameters: dict[str, list[Any]]
    differences: list[differences.Difference]
    dataset: Dataset | None
    cells: dict[str, str]
    cells_link: str
    pictures: list[str]
    missing: list[str]
    stale: list[str]
    failed: list[dict[str, Any]]
    whole: bool
    claims: list[dict[str, Any]]
    explore: list[explore.Item]

    @property
    def group(self) -> str:
        """The paper that the figure belongs to."""
        return self.words.paper[0]

    @property
    def state(self) -> str:
        """What is not as it should be, in words; nothing where all is well."""
        unmade = [panel for panel in self.panels if panel.svg is None]
        counts = (
            (len(self.failed), "jobs failed"),
            (len(self.missing), "cells missing"),
            (len(self.stale), "cells stale"),
            (int(self.dataset is None), "dataset missing"),
            (int(self.dataset is not None and not self.whole), "dataset stale"),
            (len(unmade), "panels missing"),
            (sum(panel.stale for panel in self.panels), "panels stale"),
        )
        return ", ".join(f"{count} {what}" for count, what in counts if count)


@dataclass(frozen=True)
class Facts:
    """Everything that the report says."""

    words: words.Words
    seed: Any
    figures: list[FigureFacts]
    claims: list[dict[str, Any]]
    coverage: coverage.Coverage
    commit: str
    attribution: str
    panda: bytes | None
    libraries: dict[str, dict[str, list[str]]] = field(default_factory=dict)
