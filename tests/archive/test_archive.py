"""`archive` packs a run, `verify` sees any changed byte, and a figure made again is compared."""

import json
import logging
import shutil
import zipfile
from importlib.metadata import version

import numpy as np
import pytest
import requests
from scratch import SMALL, Project, copy_project

from entanglement import archive
from entanglement.archive.pack import MANIFEST, add
from entanglement.archive.verify import distance
from entanglement.pipeline.errors import MendableError

NAME = "entanglement.crate.zip"
# The part of https://w3id.org/ro/crate/1.1/context that is used: tests ask no network.
TERMS = """
CreateAction CreativeWork Dataset IndividualProduct Organization SoftwareApplication about author
contentSize datePublished description encodingFormat hasPart identifier instrument license mentions
name object publisher result url version
"""
CONTEXT = {
    **{term: f"http://schema.org/{term}" for term in TERMS.split()},
    "File": "http://schema.org/MediaObject",
    "conformsTo": "http://purl.org/dc/terms/conformsTo",
}


@pytest.fixture(scope="module")
def packed(tmp_path_factory):
    """A finished run and its archive; do not edit it."""
    project = copy_project(tmp_path_factory.mktemp("packed"))
    project.config(SMALL)
    project.run()
    done = project.command("archive")
    assert done.returncode == 0, done.stderr
    return project


@pytest.fixture
def path(packed, tmp_path):
    return shutil.copy(packed.folder / NAME, tmp_path / NAME)


def repacked(path, edit):
    """Write the archive anew with its files edited, as somebody would who changes one."""
    with zipfile.ZipFile(path) as old:
        files = {name: old.read(name) for name in old.namelist()}
    edit(files)
    with zipfile.ZipFile(path, "w") as new:
        for name, content in files.items():
            add(new, name, content)


def test_it_holds_all_that_is_needed_and_is_whole(packed, path):
    with zipfile.ZipFile(path) as held:
        names = set(held.namelist())
    assert {
        "ro-crate-metadata.json", MANIFEST, "config/00_config.yaml", "workflow/envs/lock.txt",
        "workflow/claims.yaml", "data/light_speed.nc", "reports/report.html",
        "reports/claims.json", "reports/summary.md", "src/entanglement/cli.py", "Snakefile",
    } <= names  # fmt: skip
    assert not [name for name in names if "__pycache__" in name]
    assert "all whole" in archive.verify(path)
    assert packed.command("verify", NAME).returncode == 0


def test_the_same_run_gives_the_same_bytes(packed, path):
    done = packed.command("archive", "--output", "again.zip")
    assert done.returncode == 0
    with open(path, "rb") as one, open(packed.folder / "again.zip", "rb") as other:
        assert one.read() == other.read()


def test_it_is_an_ro_crate_by_the_shapes_of_its_specification(path, tmp_path, monkeypatch):
    logging.disable(logging.CRITICAL)
    from rocrate_validator import services
    from rocrate_validator.models import Severity
    from rocrate_validator.utils.http import HttpRequester

    def context(*arguments, **options):
        answer = requests.Response()
        answer.status_code, answer.headers["Content-Type"] = 200, "application/ld+json"
        answer._content = json.dumps({"@context": CONTEXT}).encode()
        return answer

    monkeypatch.setattr(HttpRequester, "get", context, raising=False)
    folder = tmp_path / "crate"
    zipfile.ZipFile(path).extractall(folder)

    def problems():
        result = services.validate(
            services.ValidationSettings(
                rocrate_uri=str(folder),
                profile_identifier="ro-crate-1.1",
                requirement_severity=Severity.REQUIRED,
            )
        )
        return [str(issue.message) for issue in result.get_issues()]

    assert problems() == []
    about = folder / "ro-crate-metadata.json"
    said = json.loads(about.read_text())
    known = {key for one in said["@graph"] for key in one} - {"@id", "@type", "sha256"}
    assert known <= set(CONTEXT)
    root = next(one for one in said["@graph"] if one["@id"] == "./")
    del root["datePublished"]
    about.write_text(json.dumps(said))
    assert problems()


def test_it_says_software_and_hardware_but_nobodys_name(path):
    with zipfile.ZipFile(path) as held:
        text = held.read("ro-crate-metadata.json").decode()
    said = {one["@id"]: one for one in json.loads(text)["@graph"]}
    assert said["#numpy"]["version"] == version("numpy")
    assert "cores" in said["#machine"]["name"]
    for word in ("host", "user", "/tmp"):
        assert word not in text.lower().replace("user-", "")


@pytest.mark.parametrize("part", np.linspace(0.001, 0.999, 40))
def test_one_changed_byte_anywhere_is_seen(path, part):
    content = bytearray(path.read_bytes())
    content[int(part * len(content))] ^= 1
    path.write_bytes(content)
    with pytest.raises(MendableError) as caught:
        archive.verify(path)
    assert str(caught.value).count("\n") == 0


@pytest.mark.parametrize("back", range(0, 120, 7))
def test_so_is_one_in_the_directory_at_its_end(path, back):
    content = bytearray(path.read_bytes())
    content[-1 - back] ^= 1
    path.write_bytes(content)
    with pytest.raises(MendableError):
        archive.verify(path)


@pytest.mark.parametrize(
    ("edit", "why"),
    [
        (lambda files: files.pop("data/light_speed.nc"), "data/light_speed.nc is missing"),
        (lambda files: files.pop(MANIFEST), f"{MANIFEST} is missing"),
        (lambda files: files.update({"more.txt": b"1"}), "more.txt is not listed"),
        (
            lambda files: files.update({"workflow/envs/lock.txt": b"numpy==1.0\n"}),
            "workflow/envs/lock.txt is changed",
        ),
        (lambda files: files.update({MANIFEST: b"nothing\n"}), f"{MANIFEST} is changed"),
    ],
)
def test_a_file_that_is_missing_added_or_another_is_one_line(packed, path, edit, why):
    repacked(path, edit)
    done = packed.command("verify", str(path))
    assert done.returncode == 1
    assert why in done.stderr
    assert done.stderr.count("\n") == 1


def test_no_archive_is_one_line(packed, path, tmp_path):
    (tmp_path / "text.zip").write_text("no archive")
    (tmp_path / "cut.zip").write_bytes(path.read_bytes()[:-1000])
    (tmp_path / "folder.zip").mkdir()
    for name, why in (
        ("none.zip", "no such archive"),
        ("text.zip", "no archive, or one that is cut short"),
        ("cut.zip", "no archive, or one that is cut short"),
        ("folder.zip", "cannot be read as an archive: Is a directory"),
    ):
        done = packed.command("verify", str(tmp_path / name))
        assert done.returncode == 1
        assert why in done.stderr
        assert done.stderr.count("\n") == 1


def test_a_figure_made_again_is_equal(packed, path):
    done = packed.command("verify", str(path), "--rerun", "light_speed")
    assert done.returncode == 0, done.stderr
    assert "equal to the last digit" in done.stdout


def test_numbers_that_differ_are_seen(packed, path, tmp_path):
    def other_seed(files):
        files["config/00_config.yaml"] = files["config/00_config.yaml"].replace(b"7", b"8", 1)

    repacked(path, other_seed)
    with pytest.raises(MendableError, match="differs from the archive's"):
        archive.rerun(path, "light_speed")


@pytest.mark.parametrize(
    ("first", "second", "apart"),
    [
        ([1.0, np.nan, np.inf], [1.0, np.nan, np.inf], 0.0),
        ([0.0, 0.0], [0.0, 1e-9], 1.0),  # of the size of what is there, however small
        ([-4.0, 1.0], [-4.0, 2.0], 0.25),
        ([1.0, np.inf], [1.0, -np.inf], np.inf),
        ([1.0, np.nan], [1.0, np.inf], np.inf),
        ([1.0, 2.0], [1.0], np.inf),
        ([1, 2], [1, 3], np.inf),
    ],
)
def test_numbers_are_apart_by_their_largest_size(first, second, apart):
    assert distance(np.array(first), np.array(second)) == pytest.approx(apart)
    assert distance(np.array(second), np.array(first)) == pytest.approx(apart)


def test_another_lock_and_another_figure_are_one_line(path):
    with pytest.raises(MendableError, match=r"no figure light_sped; it holds light_speed$"):
        archive.rerun(path, "light_sped")
    repacked(path, lambda files: files.update({"workflow/envs/lock.txt": b"numpy==1.0 \\\n"}))
    with pytest.raises(MendableError) as caught:
        archive.rerun(path, "light_speed")
    assert f"made with another lock: numpy 1.0 there, {version('numpy')} here" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_run_that_is_not_finished_is_not_packed(packed, tmp_path):
    project = Project(tmp_path / "project")
    shutil.copytree(packed.folder, project.folder)
    (project.folder / "data/light_speed.nc").unlink()
    done = project.command("archive", "--output", "new.zip")
    assert done.returncode == 1
    assert "data/light_speed.nc not made yet" in done.stderr
    assert done.stderr.count("\n") == 1
    assert not (project.folder / "new.zip").exists()
