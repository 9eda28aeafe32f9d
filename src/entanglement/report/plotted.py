"""Read the numbers beside a panel again: what `drawing.numbers` writes."""

import csv


def rows(numbers: str) -> list[dict[str, str]]:
    """Every point that is drawn."""
    return list(csv.DictReader(line for line in numbers.splitlines() if line[:1] != "#"))


def axes(numbers: str) -> list[str]:
    """What each axes shows: "x = layer l; y = wrong key bits"."""
    about = (line for line in numbers.splitlines() if line[:1] == "#")
    return [said for said in dict.fromkeys(line.rsplit(" | ", 1)[-1] for line in about) if said]


def described(title: str, numbers: str) -> str:
    """What a panel draws, in one sentence.

    Parameters
    ----------
    title
        Its title, without markup.
    numbers
        Its CSV; empty where it was not made.
    """
    series = dict.fromkeys(row.get("series") or "" for row in rows(numbers))
    also = [f"axes: {'; '.join(said[:2])}"] if (said := axes(numbers)) else []
    also += [f"series: {', '.join(list(series)[:6])}"] if series else []
    return f"{title} ({'; '.join(also)})." if also else f"{title}."
