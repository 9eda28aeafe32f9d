"""Which cells of trained attention play which part."""

import xarray as xr

from entanglement.statistics.roles import Role


def has_orbit(cell: xr.Dataset) -> bool:
    """Whether equivalent models were derived, elements > 0."""
    return int(cell["elements"]) > 0


def attends(cell: xr.Dataset) -> bool:
    """Whether logits differ enough for attention to be more than a mean over all tokens."""
    return bool(cell["learn_beta"]) or float(cell["beta"]) > 1e-4


def ignores(cell: xr.Dataset) -> bool:
    """Whether attention was uniform throughout training: what the task needs none for, it learns."""
    return not attends(cell)


ROLES = {
    # Whose equivalent models are compared: of several cells the one with the smallest beta.
    "dot": Role({"product": "dot"}, has_orbit, least="beta"),
    "E": Role({"product": "E"}, has_orbit, least="beta"),
    "H": Role({"product": "H"}, has_orbit, least="beta"),
    # Accuracy counts every network of the dot product, whatever its beta.
    "every_dot": Role({"product": "dot"}, attends, sweep=True),
    "without": Role({"product": "dot"}, ignores, sweep=True),
    "all": Role(sweep=True),
}
