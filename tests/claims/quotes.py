"""Words of the papers as digests: enough to check a quotation, too little to read the papers.

Their texts may not be copied. What is stored (`windows.json`) is, for every five words that follow
each other in a paper, eight hexadecimal digits of a digest, sorted. Made by

    python tests/claims/quotes.py A=computational-entanglement.txt B=alternative.txt
"""

import hashlib
import json
import re
import sys
from pathlib import Path

STORED = Path(__file__).with_name("windows.json")
SIZE, DIGITS = 5, 8


def words(text: str) -> list[str]:
    """Words of at least two letters, in lower case, without formulas, numbers and references."""
    apart = re.sub(r"\[[\d, ]+\]|[—–/]", " ", text).split()
    bare = (re.sub(r"^[^\w$\\]+|[^\w$\\}]+$", "", word) for word in apart)
    return [word.lower() for word in bare if re.fullmatch(r"[A-Za-z][A-Za-z'’-]*[A-Za-z]", word)]


def windows(text: str) -> list[str]:
    """Digests of every five words that follow each other."""
    found = words(text)
    together = (" ".join(found[i : i + SIZE]) for i in range(len(found) - SIZE + 1))
    return [hashlib.sha256(window.encode()).hexdigest()[:DIGITS] for window in together]


def stored() -> dict[str, set[str]]:
    """Digests of each paper."""
    packed = json.loads(STORED.read_text())
    return {
        paper: {text[i : i + DIGITS] for i in range(0, len(text), DIGITS)}
        for paper, text in packed.items()
    }


if __name__ == "__main__":
    papers = dict(argument.split("=", 1) for argument in sys.argv[1:])
    made = {
        paper: "".join(sorted(set(windows(Path(path).read_text(encoding="utf-8")))))
        for paper, path in papers.items()
    }
    STORED.write_text(json.dumps(made, indent=1) + "\n")
