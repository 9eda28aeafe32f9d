"""What a job costs that has next to nothing to do: started by itself, and as a fork."""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from entanglement.experiments import REGISTRY
from entanglement.experiments.convergence import Train
from entanglement.pipeline import jobs

STARTER = (
    "import sys; from entanglement.pipeline import warm;"
    "warm.start(['numpy', 'scipy.special', 'pydantic']); sys.stdin.read()"
)


def measure(repeats: int = 9) -> dict[str, dict[str, float]]:
    """A job's wall time by itself / as a fork of a process that has the libraries loaded."""
    program = Path(sys.executable).with_name("entanglement")
    small = Train(k=2, n=4, depth=2, networks=1).model_dump()
    job = {"figure": "convergence", "model": "a", "parameters": small, "seed": 1}
    job["code"] = jobs.code("train", REGISTRY, ["convergence"])
    with tempfile.TemporaryDirectory() as folder:

        def took() -> float:
            start = time.perf_counter()
            command = [program, "train", "--job", json.dumps(job)]
            subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
            return time.perf_counter() - start

        alone = median(took() for _ in range(repeats))
        os.mkdir(Path(folder, ".snakemake"))
        starter = subprocess.Popen(
            [sys.executable, "-c", STARTER], cwd=folder, stdin=subprocess.PIPE
        )
        time.sleep(4)  # until all is loaded
        forked = median(took() for _ in range(repeats))
        starter.communicate()
    return {"start of a job: by itself / as a fork": {"ratio": alone / forked, "target": 3.0}}
