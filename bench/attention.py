"""Seconds to derive an equivalent model, to derive and verify it, and to train another one.

Times stand here and not in the datasets, whose bytes depend on their inputs alone.
"""

import time
import tracemalloc
from collections.abc import Callable

import numpy as np

from entanglement.experiments.equivalent_attention import Train
from entanglement.experiments.equivalent_attention.train import train
from entanglement.networks import digits, symmetries
from entanglement.networks.alignment import path
from entanglement.networks.attention import embed
from entanglement.networks.product import ROWS
from entanglement.networks.stored_attention import unpack
from entanglement.pipeline.seeds import Seeds

SIZES = {
    "networks": 1, "epochs": 80, "batch": 64, "rate": 0.004, "training": 1297, "test": 500,
    "width": 32, "head": 16, "hidden": 64, "beta": 0.25,
}  # fmt: skip


def measure() -> dict[str, dict[str, float]]:
    """Ratios of training to deriving, and the distance products against the dot product."""
    images, _ = digits.load()
    made: dict[str, dict[str, float]] = {}
    lookup: dict[str, float] = {}
    for product in ROWS:
        parameters = Train(product=product.name, **SIZES)
        began = time.perf_counter()
        model = train(parameters, Seeds.of(1, "bench", parameters.model_dump()))
        retrain = time.perf_counter() - began
        weights, rng = unpack(model, 0), np.random.default_rng(2)
        family, size = product.families[0], 2.0
        known, here = images[model["test_sample"].values[0]], np.zeros(1)

        def derive(w=weights, rng=rng, p=product, f=family, size=size):  # type: ignore[no-untyped-def]
            return symmetries.element(rng, w, p, f, size)

        def verify(derive=derive, w=weights, here=here, known=known, p=product):  # type: ignore[no-untyped-def]
            new = {**w, **derive().weights}
            return path(new, new, here, known, p)

        tokens = embed(weights, known)

        def table(w=weights, tokens=tokens, p=product):  # type: ignore[no-untyped-def]
            return symmetries.products(w, tokens, p)

        quick, checked, lookup[product.name] = _best(derive), _best(verify), _best(table)
        tracemalloc.start()
        table()
        peak = tracemalloc.get_traced_memory()[1] / 2**20
        tracemalloc.stop()
        made[f"attention {product.name}: retrain / derive"] = {
            "ratio": retrain / quick, "target": 1000.0, "retrain_s": retrain, "derive_s": quick,
        }  # fmt: skip
        made[f"attention {product.name}: retrain / (derive + verify)"] = {
            "ratio": retrain / checked,
            "derive_and_verify_s": checked,
        }
        made[f"attention {product.name}: time of Q (.) K^T against dot"] = {
            "ratio": lookup[product.name] / lookup["dot"], "seconds": lookup[product.name], "peak_MiB": peak
        }  # fmt: skip
    return made


def _best(work: Callable[[], object], repeats: int = 7) -> float:
    times = []
    for _ in range(repeats):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return min(times)
