"""Algorithm 1: the exact sampler against the literal one, and the literal against its parts."""

import time
from collections.abc import Callable

import numpy as np

from entanglement.networks.architecture import Architecture
from entanglement.networks.ensemble import gaussian_probes, train, walk
from entanglement.pipeline.seeds import Seeds

SEEDS = Seeds(2309)


def measure() -> dict[str, dict[str, float]]:
    """Time samplers in turns, on one thread.

    Returns
    -------
    Name of the measurement: ratio, target, seconds of both.
    """
    one = Architecture(k=2500, n=3500, depth=100, networks=1)
    huge = one.model_copy(update={"n": 10**9})
    many = Architecture(k=256, n=16384, depth=15, networks=1)
    narrow = Architecture(k=2, n=100, depth=50, networks=10_000)
    seconds = {
        "one": _best(lambda: _run(one, 1), 7),
        "huge": _best(lambda: _run(huge, 1), 7),
        "many": _best(lambda: _run(many, 5000), 3),
        "one, literal": _best(lambda: _literal(one, 1), 1),
        "many, literal": _best(lambda: _literal(many, 5000), 3),
        "many, parts": _best(lambda: _parts(many, 5000), 3),
        "narrow": _best(lambda: _run(narrow, 1), 3),
        # A hundredth of the networks, one after the other.
        "narrow, loop": 100 * _best(lambda: _loop(narrow, 100), 3),
        "narrow, plain loop": 100 * _best(lambda: _plain_loop(narrow, 100), 3),
    }

    def ratio(slow: str, fast: str, **limit: float) -> dict[str, float]:
        value = seconds[slow] / seconds[fast]
        return {"ratio": value, **limit, "seconds": seconds[fast], "against": seconds[slow]}

    return {
        "exact against literal, k=2500, n=3500, L=100, 1 probe": ratio(
            "one, literal", "one", target=500
        ),
        "exact against literal, k=256, n=16384, L=15, 5000 probes": ratio(
            "many, literal", "many", target=3
        ),
        "exact at n=10^9 over n=3500, k=2500, L=100": ratio("huge", "one", limit=1.5),
        "literal over its draws and products, k=256, n=16384, L=15, 5000 probes": ratio(
            "many, literal", "many, parts", limit=1.5
        ),
        "10 000 networks, k=2, n=100, L=50, against one network after another": ratio(
            "narrow, loop", "narrow", target=10
        ),
        "the same against a bare NumPy loop over Algorithm 1, no seeds, no datasets": ratio(
            "narrow, plain loop", "narrow"
        ),
    }


def _run(architecture: Architecture, probes: int) -> None:
    """Train, and push probes through all layers."""
    model = train(architecture, SEEDS)
    drawn = gaussian_probes(model, SEEDS, probes)
    vectors = np.stack([drawn(i) for i in range(architecture.networks)])
    for _ in walk(model, vectors):
        pass


def _literal(architecture: Architecture, probes: int) -> None:
    """One pass of the literal sampler: `walk` draws all weights by itself."""
    literal = architecture.model_copy(update={"sampler": "literal"})
    model = train(architecture, SEEDS)
    model.attrs["architecture"] = literal.model_dump_json()
    for _ in walk(model, gaussian_probes(model, SEEDS, probes)(0)):
        pass


def _parts(architecture: Architecture, probes: int) -> None:
    """What Algorithm 1 cannot do without: n k normal numbers a layer, and the products."""
    a, rng = architecture, np.random.default_rng(2309)
    sample, batch = rng.standard_normal(a.k), rng.standard_normal((a.k, probes))
    for _ in range(a.depth):
        candidates = rng.standard_normal((a.n, a.k))
        projections = candidates @ sample
        sample = projections[: a.k] / np.linalg.norm(projections[: a.k])
        np.matmul(candidates[: a.k], batch)


def _loop(architecture: Architecture, networks: int) -> None:
    """The same library, one network at a time."""
    single = architecture.model_copy(update={"networks": 1})
    for i in range(networks):
        model = train(single, Seeds(i))
        for _ in walk(model, gaussian_probes(model, Seeds(i), 1)(0)):
            pass


def _plain_loop(architecture: Architecture, networks: int) -> None:
    a, rng = architecture, np.random.default_rng(2309)
    for _ in range(networks):
        sample, probe = rng.standard_normal((2, a.k))
        for _ in range(a.depth):
            candidates = rng.standard_normal((a.n, a.k))
            size = np.abs(candidates @ sample)
            weights = candidates[np.argpartition(size, a.n - a.k)[a.n - a.k :]]
            sample, probe = weights @ sample, weights @ probe
            sample, probe = sample / np.linalg.norm(sample), probe / np.linalg.norm(probe)


def _best(function: Callable[[], None], times: int) -> float:
    """Least seconds of processor time: what other programs take does not count."""
    least = np.inf
    for _ in range(times):
        start = time.process_time()
        function()
        least = min(least, time.process_time() - start)
    return least
