"""What report.yaml holds: the report's words, of which no template knows any."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

from pydantic import Field

from entanglement.claims.document import load
from entanglement.pipeline.parameters import Parameters

Text = Annotated[str, Field(min_length=1)]
# Panels are files and anchors, so their names are plain.
Name = Annotated[str, Field(pattern="^[a-z][a-z0-9_]*$")]


class PanelWords(Parameters):
    """Title and caption (Markdown with `$formulas$`) of one panel: what to look at."""

    title: Text
    caption: Text


class FigureWords(Parameters):
    """The words of one figure.

    Parameters
    ----------
    title
        Heading.
    paper
        The paper's letter and the place in it: "A, Fig. 3".
    intro
        What the figure answers, Markdown.
    panels
        One entry a key of the experiment's `plot_panels`.
    deviations
        For each parameter that is not the paper's: why.
    """

    title: Text
    paper: Annotated[str, Field(pattern=r"^[AB]\b")]
    intro: str = ""
    panels: dict[Name, PanelWords] = Field(default_factory=dict)
    deviations: dict[str, str] = Field(default_factory=dict)


class PaperWords(Parameters):
    """A paper's title and reference (Markdown)."""

    title: Text
    reference: Text


class Words(Parameters):
    """The whole of report.yaml."""

    title: str = "Two papers put to the test"
    introduction: str = ""
    papers: dict[Annotated[str, Field(pattern="^[AB]$")], PaperWords] = Field(default_factory=dict)
    sections: dict[str, str] = Field(default_factory=dict)
    methods: str = ""
    bibtex: str = ""
    figures: dict[str, FigureWords] | None = None

    def panels(self, figures: Iterable[str]) -> dict[str, list[str]]:
        """Names of the panels of some figures, in their order."""
        return {name: list(self.figure(name).panels) for name in figures}

    def figure(self, name: str) -> FigureWords:
        """Words of one figure; a figure that nobody described goes by its name."""
        described = (self.figures or {}).get(name)
        return described or FigureWords(title=name.replace("_", " ").capitalize(), paper="A")


def read(path: Path) -> Words:
    """Read report.yaml, naming all its problems at once (a `DocumentError`)."""
    return load(path, Words)
