"""Which networks of Figs. 4 and 5 are drawn: the paper's width, and wider ones."""

import xarray as xr

from entanglement.statistics.roles import Role


def wide(cell: xr.Dataset) -> bool:
    """Whether there are more dimensions than the paper's two."""
    return int(cell["k"]) > 2


ROLES = {
    "narrow": Role(least="k"),
    "wider": Role(when=wide, least="k"),
    "widest": Role(when=wide, most="k"),
}
