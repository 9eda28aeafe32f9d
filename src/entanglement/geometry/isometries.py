"""Groups that leave distance products unchanged, one element per contraction index.

An element moves column i of A and row i of B alike, so that every distance stays what it was.
Euclidean: Isom(R) wr S_n (all isometries of (R^n, l1)). Hyperbolic: PGL(2,R) wr S_n, of dimension
3 n, in which PSL(2,R) has index 2 per index: z -> -conj z is missing from it.

In attention Q = X W_Q + b_Q and K likewise. *Absorbed* by weights and biases, hence changes of
parameters within the same architecture: every Euclidean element (translations by the biases,
reflections by signs of columns of W, permutations by their order); with entries x + i exp(y) also
z -> s z + b (x -> s x + b, y -> y + ln s), z -> -conj z (x -> -x) and permutations. Rotations
about i are not: they need a Moebius *layer*. `absorbed` and `split` say which is which.
"""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from entanglement.geometry.elements import (
    EuclideanIsometry,
    HyperbolicIsometry,
    Isometry,
    euclidean,
    hyperbolic,
    matrices,
    moebius,
)
from entanglement.geometry.products import hyperbolic_distance, require_points

__all__ = [
    "EuclideanIsometry", "HyperbolicIsometry", "Isometry", "absorbed", "act", "act_on_pair",
    "compose", "draw", "euclidean", "hyperbolic", "inverse", "matrices", "moebius", "size", "split",
]  # fmt: skip

Array = np.ndarray[Any, Any]


def act(element: Isometry, points: ArrayLike, axis: int = -1) -> Array:
    """Move points by the element of their contraction index.

    Computed in the points' own precision, as a model that holds them would. The height of an
    image is Im z / |cos t - sin t z|^2 times s, never read off the quotient (which loses it and
    the upper half-plane with it).

    Parameters
    ----------
    element
        For n indices.
    points
        Array whose `axis` has length n: columns of A (axis -1), rows of B (axis -2). Real for
        Euclidean elements (integers stay exact), complex with Im > 0 for hyperbolic ones.
    axis
        The contraction axis.
    """
    z = np.moveaxis(np.atleast_1d(points), axis, -1)
    n = len(element.order)
    if z.shape[-1] != n:
        raise ValueError(
            f"axis {axis} of points {np.shape(points)} must have the length {n} of the element: "
            "A (m, n) moves along axis -1, B (n, p) along axis -2"
        )
    z = z[..., element.order]
    if isinstance(element, EuclideanIsometry):
        moved = _act_euclidean(element, z)
    else:
        moved = _act_hyperbolic(element, require_points(z, "points"))
    return np.moveaxis(moved, -1, axis)


def act_on_pair(element: Isometry, a: ArrayLike, b: ArrayLike) -> tuple[Array, Array]:
    """Move both factors of a distance product: columns of A (..., m, n), rows of B (..., n, p)."""
    return act(element, a, -1), act(element, b, -2)


def compose(second: Isometry, first: Isometry) -> Isometry:
    """Give the element that acts as `first` and then `second`."""
    if len(second.order) == len(first.order):
        if isinstance(second, EuclideanIsometry) and isinstance(first, EuclideanIsometry):
            return _compose_euclidean(second, first)
        if isinstance(second, HyperbolicIsometry) and isinstance(first, HyperbolicIsometry):
            return _compose_hyperbolic(second, first)
    raise ValueError(
        f"cannot compose {type(second).__name__} on {len(second.order)} indices with "
        f"{type(first).__name__} on {len(first.order)}: both must be of one group and length"
    )


def inverse(element: Isometry) -> Isometry:
    """Give the element that undoes `element`."""
    order = np.argsort(element.order)
    if isinstance(element, EuclideanIsometry):
        sign = element.sign[order]
        return EuclideanIsometry(-sign * element.shift[order], sign, order)
    b, s, t = element.shift, element.dilation, element.angle
    shift, dilation = _rotate(-t, -b / s, 1.0 / s)
    angle = np.arctan2(-np.sin(t), s * np.cos(t) - b * np.sin(t))
    turn = np.where(element.mirror, -1.0, 1.0)  # (T J)^-1 = J T^-1 = (J T^-1 J) J
    parts = (turn * shift, dilation, turn * angle, element.mirror)
    shift, dilation, angle, mirror = (x[order] for x in parts)
    return HyperbolicIsometry(shift, dilation, angle, mirror, order)


def size(element: Isometry) -> Array:
    """Say how far an element moves the origin: |shift|, or r = d_H(i, M i); shape (n,)."""
    if isinstance(element, EuclideanIsometry):
        return np.abs(element.shift)
    return hyperbolic_distance(np.array(1j), element.shift + 1j * element.dilation)


def absorbed(element: Isometry) -> Array:
    """Say at which indices weights and biases absorb the element; shape (n,), bool.

    The others turn about i and need a Moebius layer. Permutations are always absorbed.
    """
    if isinstance(element, EuclideanIsometry):
        return np.ones(len(element.order), bool)
    return np.abs(np.sin(element.angle)) < np.finfo(np.float64).eps  # pi is 0, as far as it can be


def split(element: HyperbolicIsometry) -> tuple[HyperbolicIsometry, HyperbolicIsometry]:
    """Factor an element as compose(layer, inner), `inner` absorbed by the weights before it.

    `layer` only turns about i; `inner` is z -> s z + b with the element's mirrors and order.
    """
    n = len(element.order)
    # (N A R)^-1 = N' A' R' gives N A R = R'^-1 (N' A')^-1: the rotation now acts last.
    back = inverse(hyperbolic(element.shift, element.dilation, element.angle))
    assert isinstance(back, HyperbolicIsometry)
    inner = HyperbolicIsometry(
        -back.shift / back.dilation, 1 / back.dilation, np.zeros(n), element.mirror, element.order
    )
    return hyperbolic(angle=-back.angle), inner


def draw(
    group: str, size: float, n: int, rng: np.random.Generator, shared: bool = False
) -> Isometry:
    """Draw a random element of a given size, a fresh one for every index.

    Parameters
    ----------
    group
        `translation`: x -> x +- size; `isom_r`: the same with reflections and a permutation;
        `psl2r`: rotations about i, chosen uniformly, before and after z -> e^size z;
        `pgl2r`: the same with mirrors and a permutation.
    size
        |shift| for the first two, r = d_H(i, M i) for the others; finite and at least 0.
    n
        Number of contraction indices.
    rng
        Source of randomness.
    shared
        Draw one element and use it at every index, as paper B does.
    """
    if shared:
        one = draw(group, size, 1, rng)
        if isinstance(one, EuclideanIsometry):
            return euclidean(one.shift[0], one.sign[0], n=n)
        return hyperbolic(one.shift[0], one.dilation[0], one.angle[0], one.mirror[0], n=n)
    if not (np.isfinite(size) and size >= 0):
        raise ValueError(f"the size of a group element must be finite and at least 0, not {size}")
    if group in ("translation", "isom_r"):
        shift = size * rng.choice([-1, 1], n)
        if group == "translation":
            return euclidean(shift)
        return euclidean(shift, rng.choice([-1, 1], n), rng.permutation(n))
    if group in ("psl2r", "pgl2r"):
        first, second = rng.uniform(0, np.pi, (2, n))
        stretched = compose(hyperbolic(dilation=np.exp(size), n=n), hyperbolic(angle=first))
        element = compose(hyperbolic(angle=second), stretched)
        if group == "psl2r":
            return element
        mirror = rng.integers(0, 2, n, dtype=np.int8).astype(bool)
        return compose(element, hyperbolic(mirror=mirror, order=rng.permutation(n)))
    raise ValueError(
        f"unknown group {group!r}: choose one of translation, isom_r (Euclidean), psl2r, pgl2r "
        "(hyperbolic)"
    )


def _compose_euclidean(second: EuclideanIsometry, first: EuclideanIsometry) -> EuclideanIsometry:
    places, sign = second.order, second.sign
    shift = sign * first.shift[places] + second.shift
    return EuclideanIsometry(shift, sign * first.sign[places], first.order[places])


def _compose_hyperbolic(
    second: HyperbolicIsometry, first: HyperbolicIsometry
) -> HyperbolicIsometry:
    places = second.order
    # J T(b, s, t) J = T(-b, s, -t): the mirrors move to the right, where they multiply.
    turn = np.where(second.mirror, -1.0, 1.0)
    b, s, t = turn * first.shift[places], first.dilation[places], turn * first.angle[places]
    shift, dilation = _affine(second, *_rotate(second.angle, b, s))
    # The bottom row of the product is that of `second` times the matrix of `first`.
    cos, sin, c2, s2 = np.cos(t), np.sin(t), np.cos(second.angle), np.sin(second.angle)
    c = -s2 * (s * cos - b * sin) - c2 * sin
    d = -s2 * (s * sin + b * cos) + c2 * cos
    mirror = second.mirror ^ first.mirror[places]
    return HyperbolicIsometry(shift, dilation, np.arctan2(-c, d), mirror, first.order[places])


def _act_euclidean(element: EuclideanIsometry, x: Array) -> Array:
    if x.dtype.kind in "iu" and element.shift.dtype.kind in "iu":
        reach = int(np.abs(element.shift).max(initial=0)) + max(
            abs(int(x.min(initial=0))), abs(int(x.max(initial=0)))
        )
        if reach > np.iinfo(np.int64).max:
            raise ValueError(
                f"the shift takes integers to {reach}, beyond the 64-bit range: use a smaller "
                "shift or floating-point numbers"
            )
        return element.sign * x.astype(np.int64) + element.shift
    if x.dtype.kind not in "iuf":
        raise ValueError(f"a Euclidean isometry moves real numbers, not {x.dtype}")
    precision = np.result_type(x.dtype, np.float32)
    moved: Array = element.sign.astype(precision) * x + element.shift.astype(precision)
    return moved


def _act_hyperbolic(element: HyperbolicIsometry, z: Array) -> Array:
    precision = z.real.dtype
    x = np.where(element.mirror, -z.real, z.real)
    x, y = _affine(element, *_rotate(element.angle, x, z.imag))
    moved = np.empty(z.shape, z.dtype)
    moved.real, moved.imag = x.astype(precision), y.astype(precision)
    return moved


def _rotate(angle: Array, x: Array, y: Array) -> tuple[Array, Array]:
    """Turn x + iy about i, (cos z + sin) / (cos - sin z), in the precision of x."""
    cos, sin = np.cos(angle).astype(x.dtype), np.sin(angle).astype(x.dtype)
    down = cos - sin * x
    norm = down * down + (sin * y) ** 2
    return ((cos * x + sin) * down - sin * cos * y * y) / norm, y / norm


def _affine(element: HyperbolicIsometry, x: Array, y: Array) -> tuple[Array, Array]:
    s, b = element.dilation.astype(x.dtype), element.shift.astype(x.dtype)
    return s * x + b, s * y
