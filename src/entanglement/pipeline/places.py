"""Places for numbers and verdicts in a text: what stands in braces, outside of formulas."""

import re
from collections.abc import Iterator

PLACE = re.compile(r"\{([A-Za-z]\w*(?:\.\w+)?)(?::(\w+))?\}")
CLAIM = re.compile(r"[AB][0-9]+[a-z]?(\.[0-9]+)?")
FORMULA = re.compile(r"(\$\$?[^$]+\$\$?)")


def names(text: str) -> Iterator[str]:
    """Names of a text's places: statistics, parameters and claims."""
    for part in FORMULA.split(text)[::2]:
        yield from (name for name, _ in PLACE.findall(part))
