"""Begin a new experiment: a small package that works, for its author to fill in.

What is written stands in template.md, block by block, each with the file that it goes into.
"""

import importlib.util
import json
import keyword
import re
import sys
from pathlib import Path
from typing import Any

from entanglement.pipeline import store
from entanglement.pipeline.errors import MendableError

REGISTRY_FILE = "src/entanglement/experiments/__init__.py"
SCHEMA_FILE = "workflow/schemas/config.schema.json"
# Files whose entries stand in a list or mapping that the whole file, or its last key, is.
FIGURES = ("config.yaml", "workflow/quick.yaml", "workflow/report.yaml")
LONGEST = 40  # characters: names become folders, and every line of the template stays short
BLOCK = re.compile(r"^```\w+ (\S+)\n(.*?)^```$", flags=re.M | re.S)


def blocks(page: str) -> dict[str, str]:
    """Take the blocks of a page apart: text by the file that it goes into."""
    return dict(BLOCK.findall(page))


def put(before: str, file: str, text: str) -> str:
    """Give what a file holds after a block: its text at the end, or inside the registry's braces."""
    if before and not before.endswith("\n"):
        before += "\n"
    end = before.rindex("}") if file == REGISTRY_FILE else len(before)
    return before[:end] + text + before[end:]


def begin(project: Path, name: str) -> str:
    """Write a new experiment into a checkout.

    Parameters
    ----------
    project
        Folder of the Snakefile.
    name
        What the experiment is called: a key of config.yaml and a Python package.

    Returns
    -------
    What to fill in, and where: six lines.

    Raises
    ------
    MendableError
        The name cannot be used, or a file cannot be added to; nothing is written.
    """
    _checkout(project)
    if wrong := refusal(project, name):
        raise MendableError(f"{name}: {wrong}")
    group = _free_group((project / "workflow/claims.yaml").read_text(encoding="utf-8"))
    page = (Path(__file__).with_name("template.md")).read_text(encoding="utf-8")
    made = {}
    for file, text in blocks(page).items():
        path = project / file.replace("NAME", name)
        words = name.replace("_", " ")
        text = text.replace("WORDS", words[0].upper() + words[1:])
        text = text.replace("NAME", name).replace("GROUP", group)
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        made[path] = put(before, file, text)
        if file.endswith(".yaml"):
            _only_added(file, before, made[path], name)
    for path, text in made.items():
        store.write_text(path, text)
    store.write_text(project / SCHEMA_FILE, _schema(name))
    return _what_to_fill_in(name, group)


def refusal(project: Path, name: str) -> str:
    """Say why a name cannot be used; nothing where it can."""
    package = project / "src/entanglement/experiments"
    if not re.fullmatch("[a-z][a-z0-9_]*", name):
        return "no name for an experiment; write small letters, digits and _, a letter first"
    if len(name) > LONGEST:
        return f"{len(name)} characters; at most {LONGEST}"
    if keyword.iskeyword(name) or keyword.issoftkeyword(name):
        return "a word of Python's own; take another name"
    for path in (
        package / name,
        project / "tests/experiments" / f"test_{name}.py",
        project / "data" / name,
    ):
        if path.exists():
            return f"{path.relative_to(project)} exists; take another name"
    house = {path.stem for path in (project / "src/entanglement").rglob("*.py")}
    house |= {path.name for path in (project / "src/entanglement").iterdir()}
    if name in house or name in sys.stdlib_module_names or importlib.util.find_spec(name):
        return "shadows a module of this name; take another name"
    return ""


def _checkout(project: Path) -> None:
    """Refuse to write where this code does not come from: what is written could not be run."""
    home = Path(__file__).resolve().parents[3]
    if project.resolve() != home or not (project / "Snakefile").exists():
        raise MendableError(
            f"{project.resolve()} is not the checkout that this program runs from "
            f"({home}); go there, or name it with --project"
        )


def _free_group(ledger: str) -> str:
    """Name the first group of paper A behind all that the ledger has."""
    used = re.findall(r"^- id: A(\d+)", ledger, flags=re.M)
    return f"A{max(map(int, used), default=0) + 1}"


def _only_added(file: str, before: str, after: str, name: str) -> None:
    """Refuse a file whose end is not where the entry belongs: nothing else may change."""
    from ruamel.yaml import YAML

    def content(text: str) -> Any:
        return YAML(typ="safe").load(text)

    def wrong(why: str) -> MendableError:
        return MendableError(f"{file}: nothing can be added at its end: {why}")

    try:
        old, new = content(before), content(after)
    except Exception as error:  # a person's file: whatever is wrong with it
        raise wrong(str(error).splitlines()[0]) from None
    if file in FIGURES:
        if not isinstance(old, dict) or name not in ((new or {}).get("figures") or {}):
            raise wrong("`figures:` must be its last key, its entries indented by two")
        del new["figures"][name]
    else:
        new = new[:-1] if isinstance(new, list) else None
    if new != old:
        raise wrong("another entry would change")


def _schema(name: str) -> str:
    """Build the schema with the new experiment, which this process has not yet loaded."""
    from entanglement.experiments import REGISTRY
    from entanglement.pipeline.schema import schema

    importlib.invalidate_caches()
    known = {**REGISTRY, name: f"entanglement.experiments.{name}"}
    return json.dumps(schema(known), indent=1) + "\n"


def _what_to_fill_in(name: str, group: str) -> str:
    package = f"src/entanglement/experiments/{name}"
    return "\n".join(
        [
            f"{package}/__init__.py, train.py, evaluate.py: the parameters, and what is simulated",
            f"{package}/roles.py, summary.py, figures.py: which cells, which numbers, what is drawn",
            f"config.yaml, workflow/quick.yaml: the grid of `{name}`; after new keys `make schema`",
            f"workflow/claims.yaml: claim {group}; then `entanglement claims --seed` names the seed",
            f"workflow/report.yaml: the words of `{name}`; tests/experiments/test_{name}.py: its own test",
            f"pytest tests/experiments/test_contract.py -x -k {name} says what is missing; "
            f"entanglement verdicts --seeds 1 --figures {name} gives its verdict",
        ]
    )
