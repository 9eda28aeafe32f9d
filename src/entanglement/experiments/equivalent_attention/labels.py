"""Words, colours and ticks of the pictures of equivalent models."""

from typing import Any

import xarray as xr

from entanglement.drawing import style
from entanglement.networks.product import PRODUCTS

FAMILIES = {
    "linear": "M in GL(d), absorbed",
    "translation": r"one $\alpha$ for all, absorbed",
    "isometry": r"$\alpha_i$, reflections, permutation, absorbed",
    "moebius": "one M for all, layer",
    "moebius_each": r"$M_i$, mirrors, permutation, layer",
    "affine": r"$z \to s_i z + b_i$, mirrors, absorbed",
}
ATTACKS = {
    "FGSM": "FGSM,\nevery pixel $\\pm 0.1$",
    "PGD": "PGD,\nevery pixel $\\pm 0.1$",
    "PGD, length": "PGD,\nlength 0.4",
}
TICKS = (8, 16, 32, 64, 128, 256)
COLORS = {name: style.PRODUCTS[name]["color"] for name in PRODUCTS}
# Families of elements: one for all entries is a dot, one for each is a triangle.
LOOKS: dict[str, dict[str, Any]] = {
    "linear": {"color": style.PALETTE[0], "fmt": "o"},
    "translation": {"color": style.PALETTE[4], "fmt": "o"},
    "isometry": {"color": style.PALETTE[3], "fmt": "^"},
    "moebius": {"color": style.PALETTE[5], "fmt": "o"},
    "moebius_each": {"color": style.PALETTE[7], "fmt": "^"},
    "affine": {"color": style.PALETTE[1], "fmt": "s"},
}
SHORT = {
    "linear": "dot: M",
    "translation": r"E: one $\alpha$",
    "isometry": "E: $\\alpha_i$, signs,\npermutation",
    "moebius": "H: one M",
    "moebius_each": "H: $M_i$, mirrors,\npermutation",
    "affine": "H: dilations,\nshifts",
}
LACKING = "no cell with elements > 0 whose training did not diverge"
Cells = dict[str, xr.Dataset]
