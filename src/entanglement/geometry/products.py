"""Distance products of paper B: matrix multiplication with a distance in place of the product.

Points of the upper half-plane are complex numbers x + iy with y > 0, so that a matrix of points
is one complex array. Sums run in double precision and are rounded once, to the inputs' precision.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.spatial.distance import cdist

Array = np.ndarray[Any, Any]

# Numbers per work array: three of them stay within a core's second-level cache.
BLOCK = 32_768
# Distances whose exponentials are multiplied before one logarithm is taken.
GROUP = 8
# Within these heights the square of a separation cannot lose digits to underflow unless the
# product of exponentials ends below TINY, where it is noticed.
LOWEST, HIGHEST, TINY = 1e-30, 1e30, 1e-120


def dot_product(a: ArrayLike, b: ArrayLike) -> Array:
    """Multiply matrices in the ordinary way: the product that paper B replaces.

    Parameters
    ----------
    a, b
        Matrices of shapes (..., m, n) and (..., n, p).

    Returns
    -------
    Matrix of shape (..., m, p).
    """
    product: Array = np.matmul(*_pair(np.asarray(a), np.asarray(b), "dot"))
    return product


def euclidean_product(a: ArrayLike, b: ArrayLike) -> Array:
    """Sum the distances |a_ki - b_il| over the contraction index i.

    (A (.)_E B)_kl = sum_i |a_ki - b_il| (paper B, section 2; up to sign the product of AdderNet,
    arXiv:1912.13200). Exact for integers, whatever their size.

    Parameters
    ----------
    a, b
        Real matrices A of shape (..., m, n) and B of shape (..., n, p), finite.

    Returns
    -------
    Matrix of shape (..., m, p): int64 for integers, float32 for float32, else float64.

    Raises
    ------
    ValueError
        If the shapes do not fit, an entry is complex or not finite, or integers add up beyond
        the 64-bit range.
    """
    a, b = np.asarray(a), np.asarray(b)
    for name, matrix in (("A", a), ("B", b)):
        if matrix.dtype.kind not in "iuf":
            raise ValueError(
                f"{name} of the Euclidean product holds {matrix.dtype} numbers: real numbers are "
                "needed (points of the upper half-plane go to hyperbolic_product)"
            )
        _require(np.isfinite(matrix), matrix, name, "is not finite", "every entry must be finite")
    a, b = _pair(a, b, "Euclidean")
    integers = a.dtype.kind in "iu" and b.dtype.kind in "iu"
    single = _integer_product if integers else _cityblock
    precision = np.int64 if integers else _precision(a, b)
    shape = (*a.shape[:-1], b.shape[-1])
    product = np.empty(shape, precision)
    for index in np.ndindex(shape[:-2]):
        product[index] = single(a[index], b[index])
    return product


def hyperbolic_product(a: ArrayLike, b: ArrayLike) -> Array:
    """Sum the hyperbolic distances d_H(a_ki, b_il) over the contraction index i.

    (A (.)_H B)_kl = sum_i d_H(a_ki, b_il) (paper B, section 2). With
    q = |a - b|^2 / (2 Im a Im b) the exponential of a distance is e^d = 1 + q + sqrt(q (q + 2)).
    The exponentials of eight distances are multiplied and one logarithm is taken. What is carried
    is e^d - 1, so that sums of tiny distances keep their digits: relative error about 4e-16.
    Work space: three arrays of at most min(m p, 32768) numbers.

    Parameters
    ----------
    a, b
        Complex matrices A of shape (..., m, n) and B of shape (..., n, p), Im > 0.

    Returns
    -------
    Matrix of shape (..., m, p): float32 for complex64 inputs, else float64.

    Raises
    ------
    ValueError
        If the shapes do not fit or a point does not lie in the upper half-plane.
    """
    a, b = _pair(require_points(a, "A"), require_points(b, "B"), "hyperbolic")
    product = np.zeros((*a.shape[:-1], b.shape[-1]))
    heights = [z.imag for z in (a, b) if z.size]
    safe = all(z.min() > LOWEST and z.max() < HIGHEST for z in heights)
    _accumulate(a, b, product, safe)
    return product.astype(_precision(a, b), copy=False)


def hyperbolic_distance(a: ArrayLike, b: ArrayLike) -> Array:
    """Give the distance of two points of the upper half-plane, element by element.

    d_H(a, b) = 2 asinh(|a - b| / (2 sqrt(Im a Im b))): relative error of a few eps at every
    separation, where arccosh(1 + ...) loses half the digits.

    Parameters
    ----------
    a, b
        Complex arrays that broadcast against each other, Im > 0.
    """
    a, b = require_points(a, "a"), require_points(b, "b")
    return _distance(a.real, a.imag, b.real, b.imag)


def require_points(points: ArrayLike, name: str) -> Array:
    """Return `points` as a complex array, or say which one is not in the upper half-plane.

    Parameters
    ----------
    points
        What should be points x + iy, y > 0, both finite.
    name
        What the message calls them.
    """
    z = np.asarray(points)
    if z.dtype.kind != "c":
        raise ValueError(
            f"{name} holds {z.dtype} numbers: points of the upper half-plane are complex, "
            "x + iy with y > 0 (two real channels u, v make the point u + 1j * exp(v))"
        )
    inside = np.isfinite(z.real) & (z.imag > 0) & np.isfinite(z.imag)
    rule = "a point x + iy needs y > 0, both finite (make y by exp, and look for underflow)"
    _require(inside, z, name, "is not in the upper half-plane", rule)
    return z


PRODUCTS: dict[str, Callable[[ArrayLike, ArrayLike], Array]] = {
    "dot": dot_product,
    "euclidean": euclidean_product,
    "hyperbolic": hyperbolic_product,
}


def product(name: str, a: ArrayLike, b: ArrayLike) -> Array:
    """Multiply A and B by the product called `name`.

    Parameters
    ----------
    name
        `dot`, `euclidean` or `hyperbolic`.
    a, b
        Matrices of shapes (..., m, n) and (..., n, p).
    """
    if name not in PRODUCTS:
        raise ValueError(f"unknown product {name!r}: choose one of {', '.join(PRODUCTS)}")
    return PRODUCTS[name](a, b)


def _pair(a: Array, b: Array, name: str) -> tuple[Array, Array]:
    """Broadcast the leading axes of two matrices whose contraction indices must agree."""
    if a.ndim < 2 or b.ndim < 2 or a.shape[-1] != b.shape[-2]:
        raise ValueError(
            f"the {name} product of shapes {a.shape} and {b.shape} is not defined: A must be "
            "(..., m, n) and B (..., n, p) with the same n (is B transposed?)"
        )
    try:
        lead = np.broadcast_shapes(a.shape[:-2], b.shape[:-2])
    except ValueError:
        raise ValueError(
            f"the leading axes of A {a.shape} and B {b.shape} do not fit together: each must be "
            "equal or 1"
        ) from None
    return np.broadcast_to(a, lead + a.shape[-2:]), np.broadcast_to(b, lead + b.shape[-2:])


def _require(valid: Array, matrix: Array, name: str, fault: str, rule: str) -> None:
    if not valid.all():
        where = tuple(int(i) for i in np.argwhere(~valid)[0])
        count = int((~valid).sum())
        raise ValueError(
            f"{name}{list(where)} = {matrix[where]} {fault} ({count} of {matrix.size} entries): "
            f"{rule}"
        )


def _precision(a: Array, b: Array) -> Any:
    return np.float32 if np.result_type(a, b) in (np.float32, np.complex64) else np.float64


def _cityblock(a: Array, b: Array) -> Array:
    distances: Array = cdist(a, b.T, "cityblock")
    return distances


def _integer_product(a: Array, b: Array) -> Array:
    total = np.zeros((a.shape[0], b.shape[1]), np.uint64)
    if 0 in (*a.shape, *b.shape):
        return total.astype(np.int64)
    low = [min(int(x), int(y)) for x, y in zip(a.min(0), b.min(1), strict=True)]
    high = [max(int(x), int(y)) for x, y in zip(a.max(0), b.max(1), strict=True)]
    largest = sum(top - bottom for top, bottom in zip(high, low, strict=True))
    if largest > np.iinfo(np.int64).max:
        raise ValueError(
            f"the integer distances may add up to {largest}, beyond the 64-bit range "
            f"({np.iinfo(np.int64).max}): use smaller integers or floating-point numbers"
        )
    for column, row, bottom in zip(a.T[:, :, None], b[:, None, :], low, strict=True):
        # Which of two is larger is seen in their own type; their difference is right modulo 2^64.
        kind = np.int64 if bottom < 0 else np.uint64
        x, y = column.astype(kind), row.astype(kind)
        total += np.maximum(x, y).view(np.uint64) - np.minimum(x, y).view(np.uint64)
    return total.astype(np.int64)


def _accumulate(a: Array, b: Array, total: Array, safe: bool) -> None:
    """Add the distance product of A and B to `total`, halving it until it fits a block."""
    if total.size <= BLOCK:
        _accumulate_block(a, b, total, safe)
        return
    # Leading axes first, then rows: long rows keep the innermost loops long.
    axis = next(i for i, length in enumerate(total.shape) if length > 1)
    middle, columns = total.shape[axis] // 2, total.ndim - 1
    for part in (slice(None, middle), slice(middle, None)):
        cut = (slice(None),) * axis + (part,)
        left = a if axis == columns else a[cut]
        right = b if axis == columns - 1 else b[cut]
        if axis == columns:
            right = b[..., part]
        _accumulate(left, right, total[cut], safe)


def _accumulate_block(a: Array, b: Array, total: Array, safe: bool) -> None:
    q, root, excess = np.empty_like(total), np.empty_like(total), np.empty_like(total)
    for start in range(0, a.shape[-1], GROUP):
        group = slice(start, start + GROUP)
        left = np.moveaxis(a[..., group], -1, 0)[..., :, None]  # (group, ..., m, 1)
        right = np.moveaxis(b[..., group, :], -2, 0)[..., None, :]  # (group, ..., 1, p)
        parts = [np.array(x, np.float64) for x in (left.real, left.imag, right.real, right.imag)]
        if safe:
            with np.errstate(over="ignore", invalid="ignore"):
                # A small buffer keeps NumPy from copying the broadcast operands (15 % faster);
                # leaving errstate restores its size.
                np.setbufsize(16)
                _multiply_exponentials(parts, q, root, excess)
                kept = (excess > TINY) & (excess < np.inf)
                np.log1p(excess, out=excess)
        else:
            kept = np.zeros(total.shape, bool)
        if not kept.all():
            other = ~kept
            excess[other] = 0.0
            for one in zip(*parts, strict=True):
                excess[other] += _distance(*(np.broadcast_to(x, total.shape)[other] for x in one))
        total += excess


def _multiply_exponentials(parts: list[Array], q: Array, root: Array, excess: Array) -> None:
    """Write the product of e^d over the first axis of `parts`, less one, into `excess`."""
    for number, (x_a, y_a, x_b, y_b) in enumerate(zip(*parts, strict=True)):
        np.subtract(x_a, x_b, out=q)
        np.square(q, out=q)
        np.subtract(y_a, y_b, out=root)
        np.square(root, out=root)
        np.add(q, root, out=q)
        np.multiply(q, 0.5 / y_a, out=q)
        np.multiply(q, 1.0 / y_b, out=q)  # q = |a - b|^2 / (2 Im a Im b)
        np.add(q, 2.0, out=root)
        np.multiply(root, q, out=root)
        np.sqrt(root, out=root)
        if number == 0:
            np.add(q, root, out=excess)  # e^d - 1
            continue
        np.add(q, root, out=q)
        np.add(excess, 1.0, out=root)
        np.multiply(root, q, out=root)
        np.add(excess, root, out=excess)  # (1 + excess) e^d - 1


def _distance(x_a: Array, y_a: Array, x_b: Array, y_b: Array) -> Array:
    chord = np.hypot(x_a - x_b, y_a - y_b)
    distance: Array = 2.0 * np.arcsinh(chord / (2.0 * np.sqrt(y_a) * np.sqrt(y_b)))
    return distance
