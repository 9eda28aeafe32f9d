"""Which cells claims B1 to B3 and the panels are about."""

from entanglement.statistics.roles import Role


def _draws(group: str, arithmetic: str = "float64") -> Role:
    """The cell of a group with the most draws."""
    return Role({"group": group, "arithmetic": arithmetic}, most="networks")


ROLES = {
    "integer": _draws("translation", "integer"),
    "translation": _draws("translation"),
    "moebius": _draws("psl2r"),
    "mirror": _draws("mirror"),
    "line": Role({"group": ("translation", "isom_r")}, sweep=True),
    "half_plane": Role({"group": ("psl2r", "pgl2r", "mirror")}, sweep=True),
}
