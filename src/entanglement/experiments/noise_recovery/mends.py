"""U4: whether subtraction recovers the message, as published and with one reference bit."""

import numpy as np
import xarray as xr

from entanglement.statistics.roles import values
from entanglement.theory import recovery


def mended(cell: xr.Dataset) -> np.ndarray:
    """Whether subtraction recovers the message if both turn their output by the sign of entry 1."""
    cotangent = cell["cotangent"].values[:, -1, 0] * cell["reference_sign"].values[:, -1]
    half = np.arctan2(1.0, cotangent) / 2
    alpha, k = values(cell, "alpha", "k")
    return alpha * 2 * np.sin(half) / np.sqrt(k) < recovery.RECOVERED


def subtracted(cell: xr.Dataset) -> np.ndarray:
    """Whether subtraction of the picture's output recovers the message."""
    return cell["rms"].values[:, -1, 0] < recovery.RECOVERED
