"""How far apart two colours look, to common and to colour-blind eyes."""

import itertools
from collections.abc import Iterable

import numpy as np
from matplotlib.colors import to_rgb

# Machado, Oliveira and Fernandes 2009, severity 1: what is left of linear RGB.
KINDS = {
    "common": np.eye(3),
    "protan": np.array([[0.152286, 1.052583, -0.204868],
                        [0.114503, 0.786281, 0.099216],
                        [-0.003882, -0.048116, 1.051998]]),
    "deutan": np.array([[0.367322, 0.860646, -0.227968],
                        [0.280085, 0.672501, 0.047413],
                        [-0.011820, 0.042940, 0.968881]]),
    "tritan": np.array([[1.255528, -0.076749, -0.178779],
                        [-0.078411, 0.930809, 0.147602],
                        [0.004733, 0.691367, 0.303900]]),
}  # fmt: skip
XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])


def linear(color: str) -> np.ndarray:
    """sRGB to linear light, shape (3,)."""
    rgb = np.array(to_rgb(color))
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def lab(light: np.ndarray) -> np.ndarray:
    """Linear RGB to CIE L*a*b* (D65), shape (3,)."""
    ratio = XYZ @ np.clip(light, 0, 1) / XYZ.sum(axis=1)
    f = np.where(ratio > 216 / 24389, np.cbrt(ratio), (24389 / 27 * ratio + 16) / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def distance(one: str, other: str) -> float:
    """Smallest CIE76 distance of two colours over all kinds of eyes; 2.3 is just noticeable."""
    return min(
        float(np.linalg.norm(lab(kind @ linear(one)) - lab(kind @ linear(other))))
        for kind in KINDS.values()
    )


def closest(colors: Iterable[str]) -> tuple[float, str, str]:
    """The two colours that are hardest to tell apart."""
    pairs = itertools.combinations(colors, 2)
    return min((distance(one, other), one, other) for one, other in pairs)


def contrast(color: str) -> float:
    """WCAG contrast ratio against white."""
    return float(1.05 / (XYZ[1] @ linear(color) + 0.05))
