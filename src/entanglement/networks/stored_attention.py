"""Attention networks as labelled data: tensors with names in, float64 weights out."""

from collections.abc import Mapping

import numpy as np
import xarray as xr

# Dimensions of each tensor behind `network`.
TENSORS: dict[str, tuple[str, ...]] = {
    "embedding": ("pixel", "stream"),
    "position": ("token", "stream"),
    "query": ("stream", "channel"),
    "query_bias": ("channel",),
    "key": ("stream", "channel"),
    "key_bias": ("channel",),
    "value": ("stream", "stream_out"),
    "hidden": ("stream", "unit"),
    "hidden_bias": ("unit",),
    "output": ("unit", "stream"),
    "output_bias": ("stream",),
    "classes": ("stream", "digit"),
    "classes_bias": ("digit",),
    "log_beta": (),
}


def pack(trained: Mapping[str, np.ndarray], initial: Mapping[str, np.ndarray]) -> xr.Dataset:
    """Store trained tensors under their names and initial ones as `initial_<name>`.

    Parameters
    ----------
    trained, initial
        Tensors with a leading network axis; kept in float32, as trained.
    """
    variables = {}
    for name, dims in TENSORS.items():
        for prefix, values in (("", trained), ("initial_", initial)):
            words = f"{prefix.replace('_', ' ')}{name.replace('_', ' ')} weights"
            variables[prefix + name] = (
                ("network", *dims),
                np.asarray(values[name], dtype=np.float32),
                {"long_name": words, "units": "1"},
            )
    return xr.Dataset(variables)


def unpack(model: xr.Dataset, network: int, prefix: str = "") -> dict[str, np.ndarray]:
    """Weights of one network in float64; `prefix="initial_"` for those before training."""
    return {name: model[prefix + name].values[network].astype(np.float64) for name in TENSORS}
