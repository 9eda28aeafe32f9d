"""Which cell is which network: with and without the choice of rows, and with what is added."""

from dataclasses import replace
from typing import Any

import xarray as xr

from entanglement.statistics.roles import Role

# No bias, no skip, no normalisation: the activation alone.
PLAIN: dict[str, Any] = {"bias": 0, "skip": False, "norm": "none"}
# sigma_w. Without selection tanh is at the edge of chaos at 1.
USUAL, CHAOTIC = 1.5, 4.0
# Wide enough for the theory of infinite width; and narrow enough for chance to collapse.
WIDE, NARROW = 2500, 8


def _selects(cell: xr.Dataset) -> bool:
    return float(cell["n_over_k"]) > 1


def _keeps_all(cell: xr.Dataset) -> bool:
    return float(cell["n_over_k"]) == 1


def _wide(cell: xr.Dataset) -> bool:
    return int(cell["k"]) >= WIDE


def chosen(activation: str, **others: Any) -> Role:
    """The widest network of an activation, with the choice of rows."""
    where = {**PLAIN, "weight": USUAL, "activation": activation, **others}
    return Role(where, _selects, most="k")


def unselected(activation: str, **others: Any) -> Role:
    """The same without the choice of rows."""
    return replace(chosen(activation, **others), when=_keeps_all)


ROLES = {
    "identity": chosen("identity"),
    "tanh": chosen("tanh"),
    "relu": chosen("relu"),
    "gelu": chosen("gelu"),
    "identity_unselected": unselected("identity"),
    "tanh_unselected": unselected("tanh"),
    "relu_unselected": unselected("relu"),
    "gelu_unselected": unselected("gelu"),
    "chaotic": chosen("tanh", weight=CHAOTIC),
    "chaotic_unselected": unselected("tanh", weight=CHAOTIC),
    "skip_identity": chosen("identity", skip=True),
    "skip_tanh": chosen("tanh", skip=True),
    "skip_relu": chosen("relu", skip=True),
    "skip_identity_unselected": unselected("identity", skip=True),
    "skip_tanh_unselected": unselected("tanh", skip=True),
    "skip_relu_unselected": unselected("relu", skip=True),
    "layer_identity": chosen("identity", norm="layer"),
    "layer_tanh": chosen("tanh", norm="layer"),
    "layer_relu": chosen("relu", norm="layer"),
    "layer_identity_unselected": unselected("identity", norm="layer"),
    "layer_tanh_unselected": unselected("tanh", norm="layer"),
    "layer_relu_unselected": unselected("relu", norm="layer"),
    "batch_identity": chosen("identity", norm="batch"),
    "batch_relu": chosen("relu", norm="batch"),
    "batch_identity_unselected": unselected("identity", norm="batch"),
    "batch_relu_unselected": unselected("relu", norm="batch"),
    # Where chance alone collapses a linear network, given the depth.
    "identity_narrow": replace(unselected("identity", k=NARROW), most="depth"),
    "batch_narrow": replace(unselected("identity", k=NARROW, norm="batch"), most="depth"),
    # One activation at all widths.
    "widths": Role({**PLAIN, "weight": USUAL}, _selects, least="k", sweep=True),
    "plain": Role(PLAIN | {"bias": (0, 0.5)}, _wide, sweep=True),
    "wide": Role({}, _wide, sweep=True),
    "all": Role(sweep=True),
}
