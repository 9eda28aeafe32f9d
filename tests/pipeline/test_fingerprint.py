"""Fingerprints follow what code does: imports count, comments and docstrings do not."""

import ast
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


@pytest.mark.parametrize("figure", sorted(REGISTRY))
@pytest.mark.parametrize("stage", ["train", "evaluate", "figures"])
def test_the_closure_holds_every_module_that_is_loaded(figure, stage):
    entry = f"{REGISTRY[figure]}.{stage}"
    if module._file(entry) is None:
        assert stage == "train"
        return
    code = f"import sys, {entry}; print(*[m for m in sys.modules if m.startswith('entanglement')])"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    closure = fingerprint(entry)
    parents = {name.rpartition(".")[0] for name in loaded}
    parents |= {name.rpartition(".")[0] for name in parents}
    # What the parameters' declaration loads reaches the stages as values only.
    declared = fingerprint(REGISTRY[figure])
    missing = [name for name in loaded if not {name} & {*closure, *declared, *parents}]
    assert not missing
    # A figure's code must never retrain, nor a job load other experiments.
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
