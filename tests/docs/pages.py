"""Pages as a reader works through them: files are written, commands run, outputs compared."""

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

BLOCK = re.compile(r"^```(\w+)([^\n]*)\n(.*?)^```$", flags=re.M | re.S)
BIN = Path(sys.executable).parent


@dataclass(frozen=True)
class Block:
    """A fenced block: its language, what stands behind that, and its text."""

    language: str
    about: str
    text: str


def blocks(path):
    return [Block(a, b.strip(), c) for a, b, c in BLOCK.findall(path.read_text(encoding="utf-8"))]


def shell(folder, text):
    """Run a block as a shell would in the activated environment; `make` only says what it would do."""
    text = re.sub(r"^make\b", "make -n", text, flags=re.M)
    text = re.sub(r"^\. \.venv/bin/activate$", "", text, flags=re.M)
    environment = {
        **os.environ,
        "PYTHONPATH": str(folder / "src"),
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
    }
    return subprocess.run(
        ["sh", "-e", "-c", text], cwd=folder, env=environment, text=True, timeout=500, check=False,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip


def printed(shown, output):
    """Whether an output is what a page shows; `...` stands for anything."""
    parts = [re.escape(part.strip()) for part in shown.strip().split("...")]
    return re.fullmatch(r".*".join(parts), output.strip(), flags=re.S) is not None
