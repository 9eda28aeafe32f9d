"""Which cells of Fig. 5 f are compared: speeds of light on one model, and the controls."""

import xarray as xr

from entanglement.statistics.roles import Role


def grows(cell: xr.Dataset) -> bool:
    """Whether every layer lengthens."""
    return float(cell["gain"]) > 1


# Everything that decides what the networks and their probes are.
MODEL = ("k", "n", "depth", "networks", "sampler", "row_order", "gain", "probes")

ROLES = {
    # Algorithm 1 at every speed of light; and of these the cells that share one model.
    "top": Role({"weights": "top"}, least="c", sweep=True),
    "fastest": Role({"weights": "top"}, most="c"),
    "sweep": Role({"weights": "top"}, least="c", sweep=True, like="fastest", same=MODEL),
    # The paper's speed; weights whose norm grows and whose angles stay; and a norm that stays.
    "paper": Role({"weights": "top", "c": 1000}, most="depth"),
    "turned": Role({"weights": "orthogonal", "c": 1000}, grows, most="gain"),
    "standing": Role({"weights": "orthogonal", "c": 1000, "gain": 1}),
    "controls": Role({"c": 1000}, sweep=True),
    # Families whose norm grows by chance.
    "growing": Role({"weights": ("top", "random", "minimum")}, sweep=True),
}
