"""Inside another workflow: as a module with a folder and a configuration of its own."""

import shutil
import textwrap

from scratch import SMALL, Project

OUTER = """\
configfile: "own.yaml"


module papers:
    snakefile:
        {snakefile!r}
    config:
        config["papers"]
    prefix:
        "the papers"


use rule * from papers as papers_*


rule mine:
    default_target: True
    input:
        rules.papers_all.input,
    output:
        config["mine"],
    shell:
        "touch {{output:q}}"
"""


def outer(finished, folder):
    """A workflow of somebody else, with the small configuration as a part of its own."""
    unused = shutil.ignore_patterns("reports", ".snakemake", "*.nc")
    shutil.copytree(finished.folder, folder / "theirs", symlinks=True, ignore=unused)
    project = Project(folder / "theirs")
    work = folder / "work"
    work.mkdir()
    (work / "Snakefile").write_text(OUTER.format(snakefile=str(project.folder / "Snakefile")))
    (work / "own.yaml").write_text("mine: done\npapers:\n" + textwrap.indent(SMALL, "  "))
    return project, work


def test_a_module_with_a_prefix_makes_the_same_bytes_and_notices_edits(finished, tmp_path):
    project, work = outer(finished, tmp_path)
    run = ("--directory", str(work), "--snakefile", str(work / "Snakefile"), "--cores", "2",
           "--rerun-triggers", "mtime")  # fmt: skip
    project.run(*run)
    assert Project(work / "the papers").products() == finished.products()
    assert (work / "done").exists()
    assert "Nothing to be done" in project.run(*run, "-n").stdout
    own = work / "own.yaml"
    own.write_text(own.read_text().replace("probes: 4", "probes: 5"))
    (work / "the papers/data/light_speed/n=64/model.nc").unlink()
    said = project.run(*run, "-n").stdout
    assert "data/light_speed/n=16/evaluation.nc is stale (probes 4 -> 5)" in said
    assert "papers_train" in said


def test_a_wrong_configuration_of_a_module_is_told_apart_from_the_rest(finished, tmp_path):
    project, work = outer(finished, tmp_path)
    own = work / "own.yaml"
    own.write_text(own.read_text().replace("depth: 3", "depth: 0"))
    said = project.run("-n", "-d", str(work), "-s", str(work / "Snakefile"), check=False).stdout
    assert "the module's config: figures.light_speed.fixed.depth: 0 given" in said
    assert "Traceback" not in said
