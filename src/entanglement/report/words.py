"""What report.yaml holds: the report's words, of which no template knows any.

Titles, introductions, captions, alternative texts, reasons of deviations and the summary have
places for numbers and verdicts; see `entanglement.report.filling`.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

from pydantic import Field

from entanglement.claims.document import load
from entanglement.pipeline.parameters import Parameters
from entanglement.report.filling import Values, filled

Text = Annotated[str, Field(min_length=1)]
# Panels are files and anchors, so their names are plain.
Name = Annotated[str, Field(pattern="^[a-z][a-z0-9_]*$")]


class PanelWords(Parameters):
    """The words of one panel.

    Parameters
    ----------
    title
        What is drawn, or the question that the panel answers. What is found stands beside it: the
        meanings of the verdicts of the claims that have their evidence here.
    caption
        What to look at, Markdown with `$formulas$`.
    alt
        For who cannot see it, one sentence: what is drawn. Left out, it is the title with the
        names of axes and series.
    """

    title: Text
    caption: Text
    alt: str = ""


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

    def filled(self, known: Values) -> "FigureWords":
        """Fill the places of every text with what a dataset and the verdicts say."""
        panels = {
            name: panel.model_copy(
                update={
                    # A title is no sentence that could be left out.
                    "title": filled(panel.title, known) or spoken(name),
                    "caption": filled(panel.caption, known),
                    "alt": filled(panel.alt, known),
                }
            )
            for name, panel in self.panels.items()
        }
        return self.model_copy(
            update={
                "intro": filled(self.intro, known),
                "panels": panels,
                "deviations": {key: filled(why, known) for key, why in self.deviations.items()},
            }
        )


class PaperWords(Parameters):
    """What the first screen says of a paper.

    Parameters
    ----------
    title, reference
        Its name in this report; authors, full title, place (Markdown).
    picture
        The panel that is shown there, as figure/panel.
    summary
        Plain sentences that say what is true of it, each of the meanings of verdicts:
        "{A4.2}, and {A4.1}."
    """

    title: Text
    reference: Text
    picture: str = ""
    summary: list[Text] = Field(default_factory=list)


class Reading(Parameters):
    """One way to read a statement of the papers.

    Parameters
    ----------
    reads
        What is read, in a few words.
    claim
        The claim that judges the statement, so read.
    """

    reads: Text
    claim: Text


class Readings(Parameters):
    """Words of a paper that can be read in two ways, with a claim for each.

    Parameters
    ----------
    question
        What is open, in a few words.
    readings
        The two.
    """

    question: Text
    readings: Annotated[list[Reading], Field(min_length=2, max_length=2)]


class Words(Parameters):
    """The whole of report.yaml."""

    title: str = "Two papers put to the test"
    introduction: str = ""
    papers: dict[Annotated[str, Field(pattern="^[AB]$")], PaperWords] = Field(default_factory=dict)
    sections: dict[str, str] = Field(default_factory=dict)
    readings: list[Readings] = Field(default_factory=list)
    methods: str = ""
    bibtex: str = ""
    figures: dict[str, FigureWords] | None = None

    def panels(self, figures: Iterable[str]) -> dict[str, list[str]]:
        """Names of the panels of some figures, in their order."""
        return {name: list(self.figure(name).panels) for name in figures}

    def figure(self, name: str) -> FigureWords:
        """Words of one figure; a figure that nobody described goes by its name."""
        described = (self.figures or {}).get(name)
        return described or FigureWords(title=spoken(name), paper="A")


def spoken(name: str) -> str:
    """Make words of a name that nobody described."""
    return name.replace("_", " ").capitalize()


def read(path: Path) -> Words:
    """Read report.yaml, naming all its problems at once (a `DocumentError`)."""
    return load(path, Words)
