"""Which cells of trained attention play which part."""

import xarray as xr

from entanglement.statistics.roles import Role


def has_orbit(cell: xr.Dataset) -> bool:
    """Whether equivalent models were derived, elements > 0."""
    return int(cell["elements"]) > 0


ROLES = {
    # Whose equivalent models are compared: of several cells the one with the smallest beta.
    "dot": Role({"product": "dot"}, has_orbit, least="beta"),
    "E": Role({"product": "E"}, has_orbit, least="beta"),
    "H": Role({"product": "H"}, has_orbit, least="beta"),
    # Accuracy counts every network of a product, whatever its beta.
    "every_dot": Role({"product": "dot"}, sweep=True),
    "every_E": Role({"product": "E"}, sweep=True),
    "every_H": Role({"product": "H"}, sweep=True),
    "learned": Role({"product": ("E", "H"), "learn_beta": True}, sweep=True),
    "fixed": Role({"product": ("E", "H"), "learn_beta": False}, sweep=True),
    "all": Role(sweep=True),
}
