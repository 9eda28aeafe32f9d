"""Words, colours and ticks of the pictures of equivalent models."""

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
COLORS = dict(zip(PRODUCTS, style.PALETTE))
LACKING = "no cell with elements > 0"
Cells = dict[str, xr.Dataset]
