"""Classifiers of pictures with at most one hidden layer: linear, perceptron, convolutional.

Scores are R relu(F x + b) + c, of the linear classifier R x + c: F is linear in the picture, so that
noise of any strength on a picture costs one F of the picture and one of the noise. Written once
for NumPy and JAX arrays.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

Weights = Mapping[str, Any]

KINDS = ("linear", "mlp", "convolutional")
CLASSES = 10
# Side and step of the convolution's filters, by the side of a picture.
WINDOWS = {8: (3, 1), 28: (5, 3)}

# Dimensions of each tensor behind `network`, by kind.
READ_OUT = {"readout": ("unit", "digit"), "readout_bias": ("digit",)}
TENSORS: dict[str, dict[str, tuple[str, ...]]] = {
    "linear": READ_OUT,
    "mlp": {"hidden": ("pixel", "unit"), "hidden_bias": ("unit",), **READ_OUT},
    "convolutional": {
        "filters": ("window", "filter"),
        "filters_bias": ("filter",),
        **READ_OUT,
    },
}


def standardised(images: np.ndarray) -> np.ndarray:
    """Pictures as rows of pixels of mean 0 and length sqrt k: (m, side, side) -> (m, k).

    The scale of U7: noise of Euclidean length alpha has alpha^2 / k of a picture's power.
    """
    flat = images.reshape(len(images), -1).astype(float)
    flat = flat - flat.mean(axis=1, keepdims=True)
    return flat / flat.std(axis=1, keepdims=True)


def initial_weights(
    rng: np.random.Generator, kind: str, side: int, hidden: int, filters: int
) -> dict[str, np.ndarray]:
    """Draw the weights of one classifier: N(0, 1/fan-in), biases zero.

    Parameters
    ----------
    rng
        Source of all draws.
    kind
        One of `KINDS`.
    side
        Rows and columns of a picture.
    hidden, filters
        Units of the perceptron; filters of the convolution.
    """

    def drawn(*shape: int) -> np.ndarray:
        return rng.normal(0, shape[0] ** -0.5, shape)

    first: dict[str, np.ndarray] = {}
    units = side**2
    if kind == "mlp":
        first = {"hidden": drawn(units, hidden), "hidden_bias": np.zeros(hidden)}
        units = hidden
    elif kind == "convolutional":
        window = WINDOWS[side][0]
        first = {"filters": drawn(window**2, filters), "filters_bias": np.zeros(filters)}
        units = len(_starts(side)) ** 2 * filters
    return {**first, "readout": drawn(units, CLASSES), "readout_bias": np.zeros(CLASSES)}


def features(weights: Weights, pictures: Any) -> Any:
    """F x, linear in the pictures: (..., k) -> (..., units)."""
    if "hidden" in weights:
        return pictures @ weights["hidden"]
    if "filters" not in weights:
        return pictures
    found = _patches(pictures) @ weights["filters"]
    return found.reshape(*pictures.shape[:-1], -1)


def scores(weights: Weights, found: Any) -> Any:
    """Class scores (..., 10) from F x, (..., units)."""
    return _active(weights, found) @ weights["readout"] + weights["readout_bias"]


def slope(weights: Weights, found: Any, cotangent: Any) -> Any:
    """Gradient by the picture, (..., k), of the scores weighted by a cotangent (..., 10).

    Parameters
    ----------
    weights
        Of one classifier.
    found
        F x of the pictures, (..., units).
    cotangent
        Gradient by the scores.
    """
    back = cotangent @ weights["readout"].T
    if "hidden" in weights:
        return (back * (found > -weights["hidden_bias"])) @ weights["hidden"].T
    if "filters" not in weights:
        return back
    filters = weights["filters"].shape[1]
    shaped = (*found.shape[:-1], -1, filters)
    back = back.reshape(shaped) * (found.reshape(shaped) > -weights["filters_bias"])
    return _scattered(back @ weights["filters"].T)


def _active(weights: Weights, found: Any) -> Any:
    xp = found.__array_namespace__()
    if "hidden" in weights:
        return xp.maximum(found + weights["hidden_bias"], 0.0)
    if "filters" not in weights:
        return found
    filters = weights["filters"].shape[1]
    by_place = found.reshape(*found.shape[:-1], -1, filters)
    return xp.maximum(by_place + weights["filters_bias"], 0.0).reshape(found.shape)


def _starts(side: int) -> range:
    window, step = WINDOWS[side]
    return range(0, side - window + 1, step)


def _views(side: int) -> list[tuple[slice, slice]]:
    """Where each pixel of a filter lies in the picture, over all places of the filter."""
    window, step = WINDOWS[side]
    reach = _starts(side)[-1] + 1
    return [
        (slice(row, row + reach, step), slice(column, column + reach, step))
        for row in range(window)
        for column in range(window)
    ]


def _patches(pictures: Any) -> Any:
    """Windows of the pictures, (..., k) -> (..., places, window^2)."""
    side = round(pictures.shape[-1] ** 0.5)
    square = pictures.reshape(*pictures.shape[:-1], side, side)
    cut = [square[..., rows, columns] for rows, columns in _views(side)]
    stacked = square.__array_namespace__().stack(cut, axis=-1)
    return stacked.reshape(*pictures.shape[:-1], -1, len(cut))


def _scattered(patches: np.ndarray) -> np.ndarray:
    """Adjoint of `_patches`: what each pixel gets from all windows that hold it."""
    window = round(patches.shape[-1] ** 0.5)
    side = next(side for side, (size, _) in WINDOWS.items() if size == window)
    places = len(_starts(side))
    lead = patches.shape[:-2]
    by_place = patches.reshape(*lead, places, places, -1)
    square = np.zeros((*lead, side, side), dtype=patches.dtype)
    for number, (rows, columns) in enumerate(_views(side)):
        square[..., rows, columns] += by_place[..., number]
    return square.reshape(*lead, -1)
