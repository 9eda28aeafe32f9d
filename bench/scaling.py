"""Time and memory of every step against the number of cells: the table of docs/scaling.md.

`python bench/scaling.py 10 100 1000` makes toy cells in this process, so that the workflow's own
cost is what remains, and times the commands that people give. Processor seconds: a busy machine
changes them little.
"""

import contextlib
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from entanglement.pipeline import runs
from entanglement.pipeline.process import use_one_thread

PROJECT = Path(__file__).resolve().parents[1]
# Its theory takes milliseconds a cell.
FIGURE = "light_speed"
BLOCK = """\
seed: 1
figures:
  light_speed:
    fixed: {{k: 2, depth: 2, networks: 4, probes: 3}}
    grid: {{n: {n}, c: {c}}}
"""
STEPS = ("plan, nothing made", "dry run, nothing made", "collect", "plot", "panels",
         "whole run, cells made", "dry run, all made", "plan, all made")  # fmt: skip


def main(sizes: list[int]) -> None:
    """Print the table, a row for each number of cells."""
    use_one_thread()
    print("| cells | " + " | ".join(STEPS) + " | make a cell | Snakemake's records | report |")
    print("|" + "---|" * (len(STEPS) + 4))
    for cells in sizes:
        print("| " + " | ".join([str(cells), *row(cells)]) + " |", flush=True)


def row(cells: int) -> list[str]:
    """Measure one number of cells: processor seconds and peak memory of every step."""
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        models = max(1, cells // 100)
        text = BLOCK.format(n=list(range(4, 4 + models)), c=list(range(1, 1 + cells // models)))
        Path("config.yaml").write_text(text)
        found = {}
        found["plan, nothing made"] = measured("entanglement", "plan", "--project", str(PROJECT))
        found["dry run, nothing made"] = snakemake("-n")
        # Apart: what starts from a large process counts its memory too.
        made = subprocess.run(
            [sys.executable, __file__, "make"], check=True, stdout=subprocess.PIPE
        )
        found["whole run, cells made"] = snakemake()
        found["dry run, all made"] = snakemake("-n")
        found["plan, all made"] = measured("entanglement", "plan", "--project", str(PROJECT))
        for step in ("collect", "plot", "panels"):
            found[step] = logged(step)
        records = sum(path.stat().st_size for path in Path(".snakemake/metadata").rglob("*"))
        report = Path("reports/report.html").stat().st_size
        ends = [made.stdout.decode().strip(), f"{records / 1e6:.1f} MB", f"{report / 1e6:.2f} MB"]
        return [*(found[step] for step in STEPS), *ends]


def make() -> None:
    """Train and evaluate all cells of a folder in this process; print what one costs."""
    from entanglement.experiments import REGISTRY
    from entanglement.pipeline import config, jobs, stages

    start = time.process_time()
    plan = config.load([Path("config.yaml")], REGISTRY)
    for key in plan.models:
        stages.run(REGISTRY, "train", jobs.train(plan, REGISTRY, *key), None)
    for cell in plan.cells[FIGURE]:
        model = jobs.models_read(plan, FIGURE, cell.name)[0]
        job = jobs.evaluate(plan, REGISTRY, FIGURE, cell.name)
        stages.run(REGISTRY, "evaluate", job, model)
    each = (time.process_time() - start) / len(plan.cells[FIGURE])
    print(f"{each * 1e3:.0f} ms")


def snakemake(*arguments: str) -> str:
    """Run Snakemake here with the project's rules."""
    return measured("snakemake", "--snakefile", str(PROJECT / "Snakefile"), *arguments)


def measured(*command: str) -> str:
    """Run a command: processor seconds of it and its children, and its peak memory."""
    with open("output", "w") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output)
        _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"{' '.join(command)}:\n{Path('output').read_text()[-2000:]}")
    return cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024)


def logged(rule: str) -> str:
    """Sum what the jobs of a rule wrote into the last lines of their logs."""
    logs = [path.read_text() for path in Path(f"reports/logs/{rule}").rglob("*.log")]
    found = [re.search(r"([\d.]+) s of a processor, at most (\d+) MB", log) for log in logs]
    return cost(
        sum(float(match[1]) for match in found if match),
        max(float(match[2]) for match in found if match) * 1e6,
    )


def cost(seconds: float, size: float) -> str:
    """Write seconds and bytes for the table."""
    return f"{seconds:.1f} s, {size / 1e6:.0f} MB"


if __name__ == "__main__":
    runs.use_this_environment()
    if sys.argv[1:] == ["make"]:
        make()
    else:
        main([int(text) for text in sys.argv[1:]] or [10, 100, 1000])
