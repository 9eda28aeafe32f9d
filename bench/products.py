"""The hyperbolic product against the formula written down by broadcasting, on one thread."""

import time
import tracemalloc
from collections.abc import Callable

import numpy as np

from entanglement.geometry.products import hyperbolic_product


def measure() -> dict[str, dict[str, float]]:
    """Time the product of 512 x 64 and 64 x 512 points both ways, best of five.

    Returns
    -------
    Name of the measurement: ratio, target, seconds of both ways and their memory in MB.
    """
    rng = np.random.default_rng(2309)
    a, b = (
        rng.normal(size=shape) + 1j * np.exp(rng.normal(size=shape))
        for shape in ((512, 64), (64, 512))
    )
    plain = [_seconds(_broadcast, a, b) for _ in range(5)]
    ours = [_seconds(hyperbolic_product, a, b) for _ in range(5)]
    return {
        "hyperbolic product, 512 x 512 x 64, against the broadcast square-root formula": {
            "ratio": min(plain) / min(ours),
            "target": 2.5,
            "seconds": min(ours),
            "broadcast_seconds": min(plain),
            "megabytes": _megabytes(hyperbolic_product, a, b),
            "broadcast_megabytes": _megabytes(_broadcast, a, b),
        }
    }


def _broadcast(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """sum_i ln(1 + q + sqrt(q (q + 2))), all m n p distances at once."""
    a, b = a[:, :, None], b[None]
    q = ((a.real - b.real) ** 2 + (a.imag - b.imag) ** 2) / (2 * a.imag * b.imag)
    return np.log1p(q + np.sqrt(q * (q + 2))).sum(1)


def _seconds(call: Callable[..., np.ndarray], *arguments: np.ndarray) -> float:
    start = time.perf_counter()
    call(*arguments)
    return time.perf_counter() - start


def _megabytes(call: Callable[..., np.ndarray], *arguments: np.ndarray) -> float:
    tracemalloc.start()
    call(*arguments)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1e6
