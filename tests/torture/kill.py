"""Kill the quick configuration at random moments, again and again: the same command must mend it.

Each time some products of some figures are lost, a run that makes them again is killed, and the
same command is given until it is done. Everything must then be what an undisturbed run makes,
byte for byte, the report included. Anyone can run it: `make torture`.
"""

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "workflow"))

from scratch import Project, copy_project

QUICK = "workflow/quick.yaml"
AT_ONCE = 2  # projects: a run waits for one job, or for its own planning, half of the time


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sigkill", type=int, default=50)
    parser.add_argument("--sigint", type=int, default=20)
    parser.add_argument("--sigterm", type=int, default=20)
    parser.add_argument("--seed", type=int, default=2309)
    options = parser.parse_args()
    rng = random.Random(options.seed)
    kills = [
        number
        for name in ("SIGKILL", "SIGINT", "SIGTERM")
        for number in [signal.Signals[name]] * getattr(options, name.lower())
    ]
    rng.shuffle(kills)
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        project = copy_project(Path(folder) / "0")
        (project.folder / "config.yaml").write_text((project.folder / QUICK).read_text())
        project.run()
        undisturbed = project.products()
        print(
            f"undisturbed: {len(undisturbed)} files, {time.monotonic() - start:.0f} s", flush=True
        )
        projects = [project]
        for number in range(1, AT_ONCE):
            shutil.copytree(project.folder, Path(folder) / str(number), symlinks=True)
            projects.append(Project(Path(folder) / str(number)))
        told: Counter[str] = Counter()
        shares = [
            (project, kills[number::AT_ONCE], random.Random(rng.random()))
            for number, project in enumerate(projects)
        ]
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for share in [pool.submit(torture, *share, undisturbed) for share in shares]:
                told += share.result()
        left = [str(path) for path in Path(folder).glob("*/data/**/.*.tmp")]
        checked = project.command("check")
    for line, count in sorted(told.items()):
        print(f"{line}: {count}")
    print(f"temporary files left by killed jobs: {len(left)}")
    print(checked.stdout.strip().splitlines()[-1])
    failed = sum(count for line, count in told.items() if line.endswith("differs"))
    print(f"{len(kills) - failed} passed, {failed} failed, in {time.monotonic() - start:.0f} s")
    return int(failed > 0)


def torture(
    project: Project,
    kills: list[signal.Signals],
    rng: random.Random,
    undisturbed: dict[str, str],
) -> Counter[str]:
    """Kill runs in one project, one after another; count what became of it."""
    figures = sorted(path.stem for path in (project.folder / "data").glob("*.nc"))
    told: Counter[str] = Counter()
    for done, number in enumerate(kills, start=1):
        lost = lose(project, rng, figures)
        under_way = kill(project, rng, number)
        calls = finish(project)
        made = project.products()
        wrong = sorted(
            path for path in {*made, *undisturbed} if made.get(path) != undisturbed.get(path)
        )
        told[f"{number.name}: {'differs' if wrong else 'equal bytes'}"] += 1
        told[f"{number.name}: {'under way' if under_way else 'had ended'}"] += 1
        print(
            f"{project.folder.name}: {done} of {len(kills)}: {number.name}, {lost} files lost, "
            f"then {calls} calls, {len(wrong)} files differ {wrong[:3] or ''}",
            flush=True,
        )
    return told


def lose(project: Project, rng: random.Random, figures: list[str]) -> int:
    """Delete some of what one or two figures have made."""
    lost = 0
    for figure in rng.sample(figures, rng.choice((1, 1, 2))):
        mine = [path for path in project.products() if figure in path.split("/")[-3:]]
        mine += [f"data/{figure}.nc"]
        share = rng.choice((0.2, 0.6, 1))
        for path in mine:
            if rng.random() < share and (project.folder / path).exists():
                (project.folder / path).unlink()
                lost += 1
    return lost


def kill(project: Project, rng: random.Random, number: signal.Signals) -> bool:
    """Start a run and send it a signal at a random moment; tell whether it was still running."""
    run = project.start(subprocess.DEVNULL)
    time.sleep(rng.uniform(0.5, 9))
    under_way = run.poll() is None
    if under_way:
        # To the group, as a terminal does; a termination goes to the main process alone.
        (os.kill if number == signal.SIGTERM else os.killpg)(run.pid, number)
    run.wait(timeout=300)
    return under_way


def finish(project: Project) -> int:
    """Give the same command until it is done; say how often."""
    for calls in range(1, 4):
        if project.run(check=False).returncode == 0:
            return calls
    return calls


if __name__ == "__main__":
    sys.exit(main())
