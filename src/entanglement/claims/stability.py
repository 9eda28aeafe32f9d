"""Do verdicts depend on the seed? The whole experiment again, for other root seeds."""

import dataclasses
import multiprocessing
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from entanglement.claims.verdicts import POSITIVE
from entanglement.pipeline.config import Config
from entanglement.pipeline.errors import MendableError

# For each kind of claim and each claim of it, how often each verdict was given.
Table = dict[str, dict[str, Counter[str]]]


def repeat(
    config: Config,
    registry: Mapping[str, str],
    figures: Sequence[str],
    seeds: int,
    processes: int,
    claims: Path,
) -> Table:
    """Judge the claims of some figures for several root seeds at the configured sizes.

    Parameters
    ----------
    config
        What is run; its own seed is the first, the following integers are the others.
    registry
        Experiment names and the modules that hold them.
    figures
        The figures whose claims are judged.
    seeds
        How many root seeds.
    processes
        How many of them are run side by side.
    claims
        claims.yaml.

    Returns
    -------
    How often each verdict was given.

    Raises
    ------
    MendableError
        A figure that the configuration does not have, or no seed.
    """
    unknown = [figure for figure in figures if figure not in config.figures]
    if unknown:
        raise MendableError(f"no figure {', '.join(unknown)} in config.yaml")
    if seeds < 1:
        raise MendableError("--seeds: at least 1")
    tasks = [
        (dataclasses.replace(config, seed=config.seed + i), dict(registry), figure, claims)
        for figure in figures
        for i in range(seeds)
    ]
    table: Table = {}
    start = time.monotonic()
    # Fresh processes: a forked one would inherit threads that jax has started.
    with multiprocessing.get_context("spawn").Pool(processes, maxtasksperchild=1) as pool:
        for done, judged in enumerate(pool.imap_unordered(_judged, tasks), start=1):
            for claim in judged:
                counts = table.setdefault(claim["kind"], {}).setdefault(claim["id"], Counter())
                counts[claim["verdict"]] += 1
            left = (time.monotonic() - start) / done * (len(tasks) - done)
            print(f"{done} of {len(tasks)} done, about {left:.0f} s left", file=sys.stderr)
    return {kind: dict(sorted(table[kind].items())) for kind in POSITIVE if kind in table}


def flips(table: Table) -> bool:
    """Whether any claim got different verdicts."""
    return any(len(counts) > 1 for claims in table.values() for counts in claims.values())


def _judged(task: tuple[Config, dict[str, str], str, Path]) -> list[dict[str, Any]]:
    """Simulate one figure for one seed in memory, and judge its claims."""
    from entanglement.claims import judge
    from entanglement.pipeline import stages, store

    config, registry, figure, claims = task
    results = stages.simulate(config, registry, figure)
    with tempfile.TemporaryDirectory() as folder:
        store.write(results, Path(folder, f"{figure}.nc"))
        judged = judge(claims, Path(folder), [figure])
    return [claim for claim in judged if claim["figure"] == figure]


def as_text(table: Table) -> str:
    """Write the table, kind by kind: a line per claim, with a mark at every one that flips."""
    lines = []
    for kind, claims in table.items():
        repeated = any(counts.total() > 1 for counts in claims.values())
        flipped = sum(len(counts) > 1 for counts in claims.values())
        heading = "1 claim" if len(claims) == 1 else f"{len(claims)} claims"
        lines.append(f"{kind}: {heading}{f', {flipped} of them flip' if repeated else ''}")
        for claim, verdicts in claims.items():
            if repeated:
                steady = "FLIPS  " if len(verdicts) > 1 else "stable "
                given = ", ".join(f"{one}: {count}" for one, count in verdicts.most_common())
            else:
                steady, given = "", ", ".join(verdicts)
            lines.append(f"  {claim:8} {steady}{given}")
    return "\n".join(lines)
