"""Elements of the groups of `isometries`: what describes them and how they are built."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class EuclideanIsometry:
    """x_i -> sign_i x_order(i) + shift_i, an element of Isom(R) wr S_n.

    Parameters
    ----------
    shift
        Translations, shape (n,).
    sign
        Reflections: -1 or 1, shape (n,).
    order
        Permutation: the index that moves to place i, shape (n,).
    """

    shift: Array
    sign: Array
    order: Array

    def __post_init__(self) -> None:
        """Refuse what is not an isometry."""
        _check(self.order, shift=self.shift, sign=self.sign)
        if not np.all(np.abs(self.sign) == 1):
            raise ValueError(f"sign must hold -1 or 1, not {np.unique(self.sign)}")


@dataclass(frozen=True)
class HyperbolicIsometry:
    """z_i -> b_i + s_i R_i(J_i z_order(i)), an element of PGL(2,R) wr S_n.

    The Iwasawa form: R(z) = (cos t z + sin t) / (cos t - sin t z) turns about i, then a dilation
    by s and a translation by b; J is z -> -conj z where `mirror` is set. The determinant is one
    by construction and needs no renormalisation: that of a 2 x 2 matrix at r = d(i, M i) = 36 has
    lost all its digits (its error is eps e^r).

    Parameters
    ----------
    shift, dilation, angle
        b, s > 0 and t, shape (n,); t counts modulo pi.
    mirror
        Where orientation is reversed, shape (n,), bool.
    order
        Permutation: the index that moves to place i, shape (n,).
    """

    shift: Array
    dilation: Array
    angle: Array
    mirror: Array
    order: Array

    def __post_init__(self) -> None:
        """Refuse what is not an isometry."""
        _check(
            self.order, shift=self.shift, dilation=self.dilation, angle=self.angle,
            mirror=self.mirror,
        )  # fmt: skip
        if not np.all(self.dilation > 0):
            raise ValueError(
                f"dilation must be positive, not {self.dilation.min()}: z -> s z leaves the upper "
                "half-plane otherwise (z -> -conj z is mirror=True)"
            )


Isometry = EuclideanIsometry | HyperbolicIsometry


def euclidean(
    shift: ArrayLike, sign: ArrayLike = 1, order: ArrayLike | None = None, n: int | None = None
) -> EuclideanIsometry:
    """Build an element of Isom(R) wr S_n; scalars hold for every index.

    Parameters
    ----------
    shift, sign, order
        As in `EuclideanIsometry`; the default order keeps every index in its place.
    n
        Number of indices, needed if the rest are scalars.
    """
    n = _length(n, shift, sign, order)
    integers = np.asarray(shift).dtype.kind in "iu"
    return EuclideanIsometry(
        _spread(shift, n, np.int64 if integers else np.float64), _spread(sign, n, np.int64),
        np.arange(n) if order is None else np.asarray(order),
    )  # fmt: skip


def hyperbolic(
    shift: ArrayLike = 0.0,
    dilation: ArrayLike = 1.0,
    angle: ArrayLike = 0.0,
    mirror: ArrayLike = False,
    order: ArrayLike | None = None,
    n: int | None = None,
) -> HyperbolicIsometry:
    """Build an element of PGL(2,R) wr S_n; scalars hold for every index.

    Parameters
    ----------
    shift, dilation, angle, mirror, order
        As in `HyperbolicIsometry`; the defaults make the identity.
    n
        Number of indices, needed if the rest are scalars.
    """
    n = _length(n, shift, dilation, angle, mirror, order)
    b, s, t = (_spread(x, n, np.float64) for x in (shift, dilation, angle))
    places = np.arange(n) if order is None else np.asarray(order)
    return HyperbolicIsometry(b, s, t, _spread(mirror, n, np.bool_), places)


def moebius(matrix: ArrayLike, group: str = "psl2r") -> HyperbolicIsometry:
    """Build an element from 2 x 2 real matrices M: z -> (a z + b) / (c z + d).

    A negative determinant acts on -conj z (`pgl2r` only). M and any multiple of it are the same.

    Parameters
    ----------
    matrix
        Shape (n, 2, 2), or (2, 2) for a single index.
    group
        `psl2r` (determinant > 0) or `pgl2r` (determinant not 0).
    """
    if group not in ("psl2r", "pgl2r"):
        raise ValueError(f"unknown group {group!r}: matrices belong to psl2r or pgl2r")
    if np.shape(matrix)[-2:] != (2, 2) or np.ndim(matrix) > 3:
        raise ValueError(f"matrices have shape {np.shape(matrix)}: (n, 2, 2) or (2, 2) is needed")
    m = np.asarray(matrix, float).reshape(-1, 2, 2)
    a, b, c, d = (m[:, i, j] for i in (0, 1) for j in (0, 1))
    with np.errstate(invalid="ignore", over="ignore"):
        determinant = a * d - b * c
    allowed = np.isfinite(determinant) & (determinant > 0 if group == "psl2r" else determinant != 0)
    if not allowed.all():
        i = int(np.argmin(allowed))
        rule = "positive (a negative one reverses orientation: group='pgl2r')"
        raise ValueError(
            f"matrix {i} has determinant {determinant[i]}: in {group} it must be finite and "
            f"{rule if group == 'psl2r' else 'not 0'}"
        )
    mirror = determinant < 0
    a, c = np.where(mirror, -a, a), np.where(mirror, -c, c)  # M J, of positive determinant
    norm = c * c + d * d
    shift, dilation = (a * c + b * d) / norm, np.abs(determinant) / norm  # M i = b + i s
    return hyperbolic(shift, dilation, np.arctan2(-c, d), mirror)


def matrices(element: HyperbolicIsometry) -> Array:
    """Give the 2 x 2 matrices of an element, of determinant -1 where it mirrors; shape (n, 2, 2).

    Accurate while eps e^r is small, r = d(i, M i).
    """
    cos, sin, root = np.cos(element.angle), np.sin(element.angle), np.sqrt(element.dilation)
    c, d = -sin / root, cos / root
    m = np.stack([root * cos + element.shift * c, root * sin + element.shift * d, c, d], -1)
    m = m.reshape(-1, 2, 2)
    m[:, :, 0] *= np.where(element.mirror, -1, 1)[:, None]
    return m


def _length(n: int | None, *arrays: ArrayLike | None) -> int:
    lengths = {np.size(x) for x in arrays if x is not None and np.ndim(x)}
    lengths |= set() if n is None else {n}
    if len(lengths) != 1:
        given = "none is given" if not lengths else f"{sorted(lengths)} are given"
        raise ValueError(f"an element needs one number of indices n, but {given}: pass n or arrays")
    return lengths.pop()


def _spread(value: ArrayLike, n: int, dtype: Any) -> Array:
    return np.broadcast_to(np.asarray(value, dtype), (n,)).copy()


def _check(order: Array, **parts: Array) -> None:
    n = order.size
    if order.ndim != 1 or not np.array_equal(np.sort(order), np.arange(n)):
        raise ValueError(f"order must be a permutation of 0..{n - 1}, not {order}")
    for name, part in parts.items():
        if part.shape != (n,):
            raise ValueError(f"{name} has shape {part.shape}: one number per index, ({n},), needed")
        if not np.isfinite(part).all():
            raise ValueError(f"{name} must be finite, not {part[~np.isfinite(part)][0]}")
