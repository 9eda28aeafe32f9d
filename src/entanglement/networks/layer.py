"""Training samples and probes after one layer of an ensemble."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np


def cos_sin(cotangent: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Cosine and sine of angles given by their cotangents, infinite ones too."""
    hypotenuse = np.hypot(1.0, cotangent)
    with np.errstate(invalid="ignore"):
        cos = np.where(np.isinf(cotangent), np.sign(cotangent), cotangent / hypotenuse)
    return cos, 1.0 / hypotenuse


@dataclass(frozen=True)
class Probes:
    """Where the probes of some networks are at one layer, as seen from the training samples.

    Parameters
    ----------
    cotangent
        Cotangent c of the angle to u, shape (networks, m).
    log_length
        ln |w'|, shape (networks, m).
    coefficients
        S: unit columns (0 where w' is parallel to u), shape (networks, r, m).
    """

    cotangent: np.ndarray
    log_length: np.ndarray
    coefficients: np.ndarray


@dataclass(frozen=True)
class Layer:
    """Training samples and probes after one layer.

    Parameters
    ----------
    index
        Layer l; 0 is the input.
    direction
        u_l, shape (networks, k).
    log_norm
        ln |w_l|, shape (networks,).
    probes
        The probes as seen from u_l.
    frame
        Makes V_l, shape (networks, r, k), whose rows are orthonormal and orthogonal to u_l.
    """

    index: int
    direction: np.ndarray
    log_norm: np.ndarray
    probes: Probes
    frame: Callable[[], np.ndarray] = field(repr=False)

    @property
    def cotangent(self) -> np.ndarray:
        """Cotangent of the angle between u_l and each probe, shape (networks, m)."""
        return self.probes.cotangent

    @property
    def log_residual(self) -> np.ndarray:
        """Logarithm of the norm of each probe's part orthogonal to u_l, (networks, m)."""
        return self.probes.log_length - np.log(np.hypot(1.0, self.cotangent))

    def log_probe_norm(self) -> np.ndarray:
        """ln |w'_l|, shape (networks, m)."""
        return self.probes.log_length

    def residual_directions(self) -> np.ndarray:
        """Unit vectors of the probes' parts orthogonal to u_l, shape (networks, m, k).

        Zero for a probe that is parallel to the training sample.
        """
        return self.probes.coefficients.swapaxes(1, 2) @ self.frame()

    def probe_directions(self) -> np.ndarray:
        """Unit vectors w'_l / |w'_l|, shape (networks, m, k)."""
        cos, sin = cos_sin(self.cotangent)
        return cos[..., None] * self.direction[:, None] + sin[..., None] * (
            self.residual_directions()
        )

    def gram(self) -> np.ndarray:
        """Inner products between the probes' residual directions, (networks, m, m)."""
        s = self.probes.coefficients
        return s.swapaxes(1, 2) @ s

    def pair_cotangent(self, first: int, second: int) -> np.ndarray:
        """Cotangent of the angle between two probes, shape (networks,).

        Of unit vectors cos_i u + sin_i s_i: the inner product over the norm of the wedge
        product, each made of terms that do not cancel, so that pairs which have collapsed on
        each other keep their digits.

        Parameters
        ----------
        first, second
            Numbers i and j of the probes.
        """
        cos, sin = cos_sin(self.cotangent)
        s = self.probes.coefficients[..., first], self.probes.coefficients[..., second]
        a, b = cos[:, first] * sin[:, second], cos[:, second] * sin[:, first]
        # |a s_j - b s_i|, after turning one of the two so that a and b have one sign.
        turn = np.where(np.sign(a) * np.sign(b) < 0, -1.0, 1.0)
        apart = np.linalg.norm(s[0] - turn[:, None] * s[1], axis=-1)
        together = np.linalg.norm(s[0] + turn[:, None] * s[1], axis=-1)
        plane = np.hypot(a - turn * b, np.sqrt(np.abs(a)) * np.sqrt(np.abs(b)) * apart)
        wedge = np.hypot(plane, sin[:, first] * sin[:, second] * apart * together / 2)
        inner = cos[:, first] * cos[:, second] + sin[:, first] * sin[:, second] * np.einsum(
            "nr,nr->n", *s
        )
        with np.errstate(divide="ignore", over="ignore"):
            return inner / wedge
