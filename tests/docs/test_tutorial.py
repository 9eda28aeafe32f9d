"""docs/tutorial.md, walked from top to bottom: what it says to type works, and prints what it says."""

import shutil

from pages import blocks, printed, shell
from scratch import PROJECT, copy_project

PAGE = PROJECT / "docs/tutorial.md"
TESTS = ("conftest.py", "experiments/conftest.py", "experiments/looks.py", "drawing/vision.py",
         "experiments/test_contract.py")  # fmt: skip


def test_the_tutorial_walks(tmp_path):
    folder = copy_project(tmp_path / "project").folder
    for name in TESTS:
        (folder / "tests" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(PROJECT / "tests" / name, folder / "tests" / name)
    output, compared = "", 0
    for block in blocks(PAGE):
        if block.language == "yaml":
            path = folder / block.about
            path.parent.mkdir(exist_ok=True)
            path.write_text(block.text)
        elif block.language == "sh":
            done = shell(folder, block.text)
            output = done.stdout
            assert (done.returncode != 0) == (block.about == "fails"), f"{block.text}\n{output}"
        else:
            assert block.language == "text"
            assert printed(block.text, output), f"the page shows\n{block.text}\nthere is\n{output}"
            compared += 1
    assert compared >= 7


def test_another_output_is_told_from_what_is_shown():
    shown = "one\n...\nthree 3\n"
    assert printed(shown, "one\ntwo\nthree 3")
    assert not printed(shown, "one\ntwo\nthree 4")
    assert not printed("one\n", "one\ntwo\n")
