"""`make bench`: every measurement on one thread, as ratios within one run, to reports/bench.json."""

import json
import sys
from pathlib import Path

from threadpoolctl import threadpool_limits

import attention
import networks
import products
import sliders
import starts
from entanglement.pipeline.process import use_one_thread


def main() -> int:
    """Measure, write, print; exit code 1 where a ratio misses its target or limit."""
    use_one_thread()
    with threadpool_limits(1):
        parts = (networks, products, attention, starts, sliders)
        measured = {name: numbers for part in parts for name, numbers in part.measure().items()}
    folder = Path("reports")
    folder.mkdir(exist_ok=True)
    (folder / "bench.json").write_text(json.dumps(measured, indent=1) + "\n")
    missed = 0
    for name, numbers in measured.items():
        ratio = numbers["ratio"]
        good = numbers.get("target", 0) <= ratio <= numbers.get("limit", float("inf"))
        missed += not good
        wanted = next((f"{w} {numbers[w]:g}" for w in ("target", "limit") if w in numbers), "")
        print(f"{'ok  ' if good else 'MISS'} {ratio:8.2f}  {wanted:>10}  {name}")
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())
