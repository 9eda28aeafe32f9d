"""Fingerprints follow what code does: imports count, comments and docstrings do not."""

import ast
import json
import subprocess
import sys

import pytest

from entanglement.experiments import REGISTRY
from entanglement.pipeline import fingerprint as module
from entanglement.pipeline.fingerprint import fingerprint

SOURCE = '''
"""Doc."""
import numpy as np

def f(x: int) -> int:
    """Doc."""
    # comment
    return x + 1
'''


def digest(text):
    tree = ast.parse(text)
    module._strip(tree)
    return ast.unparse(tree)


def test_comments_docstrings_and_layout_do_not_count():
    other = "import numpy as np\n\n\n\ndef f(x: int) -> int:\n    return (x+1)\n"
    assert digest(SOURCE) == digest(other)


def test_the_description_of_a_field_does_not_count_and_its_bounds_do():
    field = 'k: int = Field(default=3, ge=1, description="Width " "of a layer.")'
    assert digest(field) == digest(field.replace("of a layer", "of all layers"))
    assert digest(field) == digest("k: int = Field(default=3, ge=1)")
    for old, new in (("ge=1", "ge=2"), ("default=3", "default=4"), ("Field", "Other")):
        assert digest(field) != digest(field.replace(old, new).replace("Width", "Size"))
    # Only words are left out, not what is computed.
    assert digest("Field(description=words())") != digest("Field()")


def test_a_changed_constant_counts():
    assert digest(SOURCE) != digest(SOURCE.replace("x + 1", "x + 2"))


def test_a_syntax_error_names_its_file(tmp_path, monkeypatch):
    path = tmp_path / "evaluate.py"
    path.write_text("def evaluate(:\n")
    monkeypatch.setattr(module, "_file", lambda name: path)
    with pytest.raises(SyntaxError) as caught:
        fingerprint("entanglement.experiments.mine.evaluate")
    assert caught.value.filename == str(path)


def test_an_unknown_module_is_an_error():
    with pytest.raises(ModuleNotFoundError, match="nowhere"):
        fingerprint("entanglement.nowhere")


STAGES = [
    f"{package}.{stage}"
    for package in sorted(REGISTRY.values())
    for stage in ("train", "evaluate", "figures")
    if stage != "train" or module._file(f"{package}.train")
]
LOAD = """
import importlib, json, sys
loaded = {}
for stage in sys.argv[1:]:
    for name in [name for name in sys.modules if name.partition(".")[0] == "entanglement"]:
        del sys.modules[name]
    importlib.import_module(stage)
    loaded[stage] = [name for name in sys.modules if name.partition(".")[0] == "entanglement"]
print(json.dumps(loaded))
"""


def test_the_closure_holds_every_module_that_is_loaded():
    command = [sys.executable, "-c", LOAD, *STAGES]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    for entry, loaded in json.loads(done.stdout).items():
        assert entry in loaded
        closure = fingerprint(entry)
        parents = {name.rpartition(".")[0] for name in loaded}
        parents |= {name.rpartition(".")[0] for name in parents}
        # What the parameters' declaration loads reaches the stages as values only.
        declared = fingerprint(entry.rpartition(".")[0])
        missing = [name for name in loaded if not {name} & {*closure, *declared, *parents}]
        assert not missing, entry
        # A figure's code must never retrain, nor a job load other experiments.
        *_, figure, stage = entry.split(".")
        used = {name.split(".")[2] for name in closure if ".experiments." in name} & {*REGISTRY}
        assert used <= {figure} or figure == "barriers"
        if stage != "figures":
            assert not [name for name in closure if name.endswith(".figures")]


def test_the_registry_holds_strings():
    code = "import sys, entanglement.experiments; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    assert not [name for name in loaded if name.startswith("entanglement.experiments.")]
    assert "jax" not in loaded


def test_what_is_remembered_of_a_source_is_what_reading_it_anew_gives(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".snakemake").mkdir()
    forget(module)
    entry = f"{REGISTRY['convergence']}.evaluate"
    anew = fingerprint(entry)
    module.remember()
    forget(module)
    with monkeypatch.context() as blind:
        blind.setattr(ast, "parse", None)
        assert fingerprint(entry) == anew
        assert len(anew) > 5
    # What is kept of a source does not outlive it, and a broken memory is no memory.
    source = tmp_path / "evaluate.py"
    monkeypatch.setattr(module, "_file", lambda name: source if name == "entanglement.x" else None)
    source.write_text("a = 1\n")
    first = fingerprint("entanglement.x")
    module.remember()
    source.write_text("a = 2\n")
    forget(module)
    assert fingerprint("entanglement.x") != first
    module.MEMORY.write_text("{")
    forget(module)
    source.write_text("a = 1\n")
    assert fingerprint("entanglement.x") == first


def forget(module):
    module._read.cache_clear()
    module._memory.cache_clear()
    module._used.clear()
