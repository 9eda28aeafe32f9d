"""The plan: what would run and why, what is left over, without running Snakemake."""

import re
import shutil
import time

from scratch import SMALL


def test_it_says_why_in_words(project):
    project.config(SMALL.replace("depth: 3", "depth: 4").replace("n: [16, 64]", "n: [16, 32]"))
    text = project.command("plan").stdout
    assert "light_speed: 0 kept, 2 new, 4 changed, 0 failed" in text
    assert "changed train    n=16  (depth 3 -> 4)" in text
    assert "changed evaluate n=16  (data/light_speed/n=16/model.nc will be made)" in text
    assert "new     train    n=32  (not made yet)" in text
    assert "orphan: data/light_speed/n=64 (" in text
    assert "to train and evaluate: 6 jobs, about " in text


def test_it_expects_time_and_disk_from_what_has_been_run(project):
    project.config(SMALL.replace("n: [16, 64]", "n: [16, 64, 32]"))
    text = project.command("plan").stdout
    found = re.search(
        r"to train and evaluate: 2 jobs, about (\d+) s of one core and (\d+) kB$", text, flags=re.M
    )
    assert found, text
    assert 0 < int(found[1]) < 60
    assert 5 < int(found[2]) < 1000


def test_it_names_the_module_whose_code_changed(project):
    project.edit("src/entanglement/networks/maxlikelihood.py", "import numpy as np\n",
                 "import numpy as np\n\nCHANGED = 1\n")  # fmt: skip
    assert "(code of networks.maxlikelihood)" in project.command("plan").stdout


def test_it_knows_what_failed_what_is_damaged_and_what_is_older(project):
    (project.folder / "data/light_speed/n=16/evaluation.nc").unlink()
    log = project.folder / "reports/logs/evaluate/light_speed/n=16.log"
    log.write_text("Traceback: no\n")
    path = project.folder / "data/light_speed/n=64/evaluation.nc"
    path.write_bytes(path.read_bytes()[:-9_000])
    name = "n=16_networks=2_sampler=literal"
    other = project.folder / f"reports/logs/evaluate/light_speed/{name}.log"
    lines = other.read_text().splitlines()
    other.write_text("\n".join([lines[0].replace('"numpy": "', '"numpy": "0.'), *lines[1:]]))
    text = project.command("plan").stdout
    assert "failed  evaluate n=16  (see reports/logs/evaluate/light_speed/n=16.log)" in text
    assert "changed evaluate n=64  (the file is truncated" in text
    assert f"older   evaluate {name}  (made with numpy 0." in text


def test_a_finished_run_has_nothing_to_do(finished):
    assert "nothing to train or evaluate" in finished.command("plan").stdout


def test_prune_deletes_exactly_the_orphans_and_only_on_yes(project):
    project.config(SMALL.replace("n: [16, 64]", "n: [16]"))
    project.run()
    listed = project.command("prune").stdout
    assert "data/light_speed/n=64 (" in listed
    assert (project.folder / "data/light_speed/n=64").exists()
    project.command("prune", "--yes")
    assert not (project.folder / "data/light_speed/n=64").exists()
    assert (project.folder / "data/light_speed/n=16/evaluation.nc").exists()
    assert (project.folder / "data/images/panda.png").exists()
    assert project.planned() == {}
    assert "no orphans" in project.command("prune").stdout


def test_prune_deletes_links_and_left_over_files_and_nothing_behind_them(project, tmp_path):
    data = project.folder / "data/light_speed"
    behind = shutil.copytree(data / "n=64", tmp_path / "behind")
    left = [data / "old", data / "n=16/.model.nc.1.ab.tmp", data / ".link.tmp",
            project.folder / "data/gone.nc"]  # fmt: skip
    shutil.copytree(data / "n=64", data / "n=32")
    (data / "n=32/.evaluation.nc.1.ab.tmp").touch()  # inside an orphan
    left[1].touch()
    for link, target in ((left[0], behind), (left[2], behind), (left[3], tmp_path / "nowhere")):
        link.symlink_to(target)
    done = project.command("prune", "--yes")
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == 1 + len(left)
    assert not any(path.is_symlink() or path.exists() for path in (*left, data / "n=32"))
    assert (behind / "model.nc").exists()
    assert "no orphans" in project.command("prune").stdout


def test_a_thousand_cells_take_seconds(project):
    values = ", ".join(str(n) for n in range(16, 1016))
    project.config(SMALL.replace("n: [16, 64]", f"n: [{values}]"))
    start = time.monotonic()
    text = project.command("plan").stdout
    assert "light_speed: 6 kept, 1996 new" in text
    # Ten times what it takes: quadratic growth is caught; bench/scaling.py measures it.
    assert time.monotonic() - start < 20


def test_a_wrong_configuration_is_one_message(project):
    project.config(SMALL.replace("depth: 3", "depth: 0"))
    done = project.command("plan")
    assert done.returncode == 1
    assert "0 given" in done.stderr
    assert "Traceback" not in done.stderr
