"""What takes the place of Q K^T: one row for the dot product and one for each distance (paper B).

Tables are written once for NumPy and JAX arrays: every function asks its first array for the
namespace. The hyperbolic one is not: a differentiable length and an exact one differ, so
`training` and `symmetries` hold one each.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from entanglement.geometry import elements

Table = Callable[[Any, Any], Any]


@dataclass(frozen=True)
class Product:
    """One product of queries and keys, and the group that leaves it unchanged.

    Attributes
    ----------
    name, label
        In configurations and data; in figures.
    sign
        Of beta: +1 where alike means a large product, -1 where it means a small distance.
    channels
        Real channels that make one entry of Q or K: a point x + i exp(y) of the half-plane
        needs two.
    table
        (m, s, n), (m, t, n) -> (m, s, t) for real entries; None where entries are points.
    slopes
        Derivatives of every entry of the table by its query's and its key's channels, from the
        channels of Q and K (NumPy only): two arrays (m, s, t, channels).
    isometry
        Builds the elements of `geometry` that act on the entries one by one; None for dot.
    families
        Kinds of group elements. `translation` and `moebius` are the paper's own: one element for
        all indices. `isometry` and `moebius_each` draw one per index, with reflections and a
        permutation. `affine` is z -> s z + b per index.
    absorbed
        Those that weights and biases can write, the simplest first; the others need a layer.
    moves
        Kinds of single moves, see `moves.move`.
    sizes, size_label
        Ladder of sizes of a group element, and what they are.
    largest
        Up to here float64 resolves the element; beyond it rounding changes predictions.
    dimension
        Of the known symmetry group, from `head` and the directions that tokens reach.
    rounding
        Error that float64 should make in Q (.) K^T over its largest entry, from the sizes of
        elements, `head` and that entry.
    """

    name: str
    label: str
    sign: float
    channels: int
    table: Table | None
    slopes: Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]
    isometry: Callable[..., elements.Isometry] | None
    families: tuple[str, ...]
    absorbed: tuple[str, ...]
    moves: tuple[str, ...]
    sizes: tuple[float, ...]
    size_label: str
    largest: float
    dimension: Callable[[int, int], int]
    rounding: Callable[[np.ndarray, int, float], np.ndarray]

    @property
    def points(self) -> bool:
        """Whether entries are points of the half-plane."""
        return self.channels == 2


def dot(queries: Any, keys: Any) -> Any:
    """Ordinary product Q K^T: (m, s, n), (m, t, n) -> (m, s, t)."""
    return queries @ keys.swapaxes(-1, -2)


def euclidean(queries: Any, keys: Any) -> Any:
    """Q (.)_E K^T = sum_i |q_i - k_i| (paper B, section 2): (m, s, n), (m, t, n) -> (m, s, t)."""
    xp = queries.__array_namespace__()
    return xp.sum(xp.abs(queries[..., :, None, :] - keys[..., None, :, :]), axis=-1)


def half_plane(real: Any) -> tuple[Any, Any]:
    """Split channels (..., 2 head) into x and Im z = exp(y), each (..., head).

    The exponential makes z -> s z + b an affine map of the channels (x, y), so that weights and
    biases absorb it exactly; a softplus would not.
    """
    xp = real.__array_namespace__()
    head = real.shape[-1] // 2
    return real[..., :head], xp.exp(real[..., head:])


def excess(queries: tuple[Any, Any], keys: tuple[Any, Any]) -> Any:
    """cosh d_H - 1 = |a - b|^2 / (2 Im a Im b) of every pair: (m, s, t, n).

    Parameters
    ----------
    queries, keys
        Real and imaginary parts, each (m, s, n) and (m, t, n).
    """
    (x, y), (v, w) = queries, keys
    across = x[..., :, None, :] - v[..., None, :, :]
    up = y[..., :, None, :] - w[..., None, :, :]
    return (across * across + up * up) * ((0.5 / y)[..., :, None, :] * (1 / w)[..., None, :, :])


def _dot_slopes(queries: np.ndarray, keys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    shape = (*queries.shape[:2], keys.shape[1], queries.shape[2])
    return (
        np.broadcast_to(keys[:, None], shape).copy(),
        np.broadcast_to(queries[:, :, None], shape).copy(),
    )


def _euclidean_slopes(queries: np.ndarray, keys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    signs = np.sign(queries[:, :, None] - keys[:, None])
    return signs, -signs


def _hyperbolic_slopes(queries: np.ndarray, keys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    (x, y), (v, w) = half_plane(queries), half_plane(keys)
    x, y, v, w = x[:, :, None], y[:, :, None], v[:, None], w[:, None]
    q = ((x - v) ** 2 + (y - w) ** 2) / (2 * y * w)
    root = np.sqrt(q * (q + 2))
    slope = np.divide(1, root, out=np.zeros_like(root), where=root > 0)
    across, cosh = slope * (x - v) / (y * w), 1 + q
    # By ln y rather than y: the channel holds the logarithm.
    by_query = np.concatenate([across, slope * (y / w - cosh)], -1)
    by_key = np.concatenate([-across, slope * (w / y - cosh)], -1)
    return by_query, by_key


def _general_linear(head: int, reached: int) -> int:
    """GL(d) and b_K, d = head: d^2 + d where tokens span d directions; else part moves nothing."""
    r = min(reached, head)
    return 2 * reached * head - (2 * reached * r - r * r) + r


EPS = np.finfo(np.float64).eps
# A `rotation` of dot is a change of W_Q and W_K by O(d); `layer` turns every point of H about i.
ROWS = (
    Product(
        name="dot",
        label="dot product",
        sign=1.0,
        channels=1,
        table=dot,
        slopes=_dot_slopes,
        isometry=None,
        families=("linear",),
        absorbed=("linear",),
        moves=("rotation", "linear"),
        sizes=(1, 10, 1e2, 1e3, 1e4, 1e5, 1e6, 1e8, 1e10, 1e12, 1e14, 1e16),
        size_label="condition number of M",
        largest=1e8,
        dimension=_general_linear,
        # Relative, about eps times the condition number.
        rounding=lambda sizes, head, largest: EPS * sizes,
    ),
    Product(
        name="E",
        label=r"Euclidean $\odot_E$",
        sign=-1.0,
        channels=1,
        table=euclidean,
        slopes=_euclidean_slopes,
        isometry=elements.euclidean,
        families=("translation", "isometry"),
        absorbed=("translation", "isometry"),
        moves=("translation", "reflection", "permutation"),
        sizes=(1e-2, 1, 1e2, 1e4, 1e6, 1e8, 1e10, 1e12, 1e14, 1e15, 1e16, 1e17),
        size_label=r"translation $\alpha$",
        largest=1e12,
        dimension=lambda head, reached: head,
        # At most 2 n eps (alpha + largest).
        rounding=lambda sizes, head, largest: 2 * head * EPS * (sizes / largest + 1),
    ),
    Product(
        name="H",
        label=r"hyperbolic $\odot_H$",
        sign=-1.0,
        channels=2,
        table=None,
        slopes=_hyperbolic_slopes,
        isometry=elements.hyperbolic,
        families=("moebius", "moebius_each", "affine"),
        absorbed=("affine",),
        moves=("mirror", "permutation", "dilation", "layer"),
        sizes=(0.5, 1, 2, 4, 8, 12, 18, 25, 30, 34, 36, 40),
        size_label="distance r = d(i, M i)",
        largest=25.0,
        dimension=lambda head, reached: 3 * head,
        # Relative, about eps e^r.
        rounding=lambda sizes, head, largest: EPS * np.exp(sizes),
    ),
)
PRODUCTS = {row.name: row for row in ROWS}


def named(name: str) -> Product:
    """Find a product by its name.

    Raises
    ------
    ValueError
        For a product that is not one of `PRODUCTS`.
    """
    if name not in PRODUCTS:
        raise ValueError(f"product {name!r} is unknown: choose one of {', '.join(PRODUCTS)}")
    return PRODUCTS[name]
