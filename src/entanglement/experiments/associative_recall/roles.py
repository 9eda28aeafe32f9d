"""Which cells of associative recall play which part."""

import numpy as np
import xarray as xr

from entanglement.statistics.roles import Role


def attends(cell: xr.Dataset) -> bool:
    """Whether attention may differ from uniform, beta > 0."""
    return float(cell["beta"]) > 0


def usual(cell: xr.Dataset) -> np.ndarray:
    """Steps of the sweep, one or none, at which beta is 1/sqrt(head), the dot product's own."""
    return np.flatnonzero(np.isclose(cell["start_beta"], float(cell["head"]) ** -0.5))


FIXED, LEARNED = {"learn_beta": False}, {"learn_beta": True}
ROLES = {
    # Beta is given; of several cells the longest sweep. Beta is trained, from the same values.
    "dot": Role({"product": "dot", **FIXED}, attends, most="betas"),
    "E": Role({"product": "E", **FIXED}, attends, most="betas"),
    "H": Role({"product": "H", **FIXED}, attends, most="betas"),
    "learned_dot": Role({"product": "dot", **LEARNED}, most="betas"),
    "learned_E": Role({"product": "E", **LEARNED}, most="betas"),
    "learned_H": Role({"product": "H", **LEARNED}, most="betas"),
    # The null: attention that stays uniform, whatever the product.
    "uniform": Role({"beta": 0}),
}
