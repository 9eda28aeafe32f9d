"""U1 to U3 over many root seeds: distances from theory, and of the controls, in standard errors.

    python tests/experiments/seeds_of_theorems.py 20

The numbers in docs/theory.md are of seeds 1 to 20.
"""

import dataclasses
import sys
import tempfile
from pathlib import Path

import numpy as np
import xarray as xr
from ruamel.yaml import YAML

from entanglement.experiments import REGISTRY
from entanglement.pipeline import config, stages

BLOCK = {
    "fixed": {"networks": 100, "depth": 40},
    "grid": {"k": [2, 3, 10, 64], "n_over_k": [1, 1.4, 4, 64]},
    "cases": [
        {"k": 64, "n_over_k": [1.4, 4, 64], "weights": ["random", "minimum"]},
        {"k": 64, "n_over_k": [1.4, 4, 64], "weights": "top_unit", "gain": [1, 100]},
    ],
}
# A statistic, or the control in its place, and what theory says of it.
MEASURED = {"U1": "rate_lead", "U2": "master_square", "U3": "gap_slope"}
CONTROLS = {"U1": "rate_lead_blind", "U2": "master_square_residuals", "U3": "norm_slope"}


def distance(results: xr.Dataset, name: str, theorem: str) -> float:
    """How far a statistic lies from a theorem's value, in its own standard errors."""
    expected = float(results[f"{MEASURED[theorem]}_theory"])
    return (float(results[name]) - expected) / float(results[name].attrs["standard_error"])


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "config.yaml")
        YAML().dump({"seed": 1, "figures": {"collapse_rate": BLOCK}}, path)
        loaded = config.load([path], REGISTRY)
    rows = []
    for seed in range(1, int(sys.argv[1]) + 1):
        again = dataclasses.replace(loaded, seed=seed)
        results = stages.simulate(again, REGISTRY, "collapse_rate")
        rows.append(
            [[distance(results, of[t], t) for t in MEASURED] for of in (MEASURED, CONTROLS)]
        )
        print(seed, np.round(rows[-1][0], 2), "controls", np.round(rows[-1][1], 1), flush=True)
    size = np.abs(rows)
    print("largest distance", size[:, 0].max(axis=0).round(2))
    print("least distance of the controls", size[:, 1].min(axis=0).round(1))
