"""Which cells of over-parameterised networks play which part."""

import xarray as xr

from entanglement.statistics.roles import Role

GRADIENT = ("descent", "sgd", "momentum", "adam")
# What the claims speak of: half as many samples as inputs.
PLAIN = {"dropout": 0, "start": "random"}


def drops(cell: xr.Dataset) -> bool:
    """Whether anything is dropped."""
    return float(cell["dropout"]) > 0


def half(cell: xr.Dataset) -> bool:
    """Whether there are half as many samples as inputs."""
    return 2 * int(cell["samples"]) == int(cell["k"])


ROLES = {
    # One layer that starts at zero: the fit of least norm, of any number of samples.
    "least": Role({**PLAIN, "optimiser": "descent", "depth": 1, "scale": 0}, half, most="networks"),
    "one_sample": Role(
        {**PLAIN, "optimiser": "descent", "depth": 1, "scale": 0, "samples": 1}, most="networks"
    ),
    "sample_sweep": Role(
        {**PLAIN, "optimiser": "descent", "depth": 1, "scale": 0}, most="samples", sweep=True
    ),
    # Every optimiser and depth.
    "trained": Role({**PLAIN, "optimiser": GRADIENT}, half, most="depth", sweep=True),
    # Modes that learn by themselves.
    "balanced": Role({"start": "balanced", "optimiser": "descent", "dropout": 0}, most="networks"),
    # Real dropout of one layer, of several, and what the paper calls so.
    "dropout": Role(
        {"optimiser": "descent", "start": "random", "depth": 1, "scale": 0, "dropout": 0.5}, half
    ),
    "dropped": Role(
        {"optimiser": "descent", "start": "random"},
        lambda cell: drops(cell) and half(cell),
        most=("depth", "dropout"),
        sweep=True,
    ),
    "selected": Role({"optimiser": "selection"}, drops, most="dropout", sweep=True),
    "selection": Role({"optimiser": "selection", "dropout": 0.5}, most="depth"),
}
