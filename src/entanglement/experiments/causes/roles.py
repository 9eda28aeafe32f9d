"""The families of weights that are compared: does the norm grow, is there a spectral gap?"""

from dataclasses import replace

from entanglement.statistics.roles import Role, keeps_all, selects

GROWTH = 100.0

LARGEST = Role({"weights": "top", "sampler": "exact"}, selects, least="k", sweep=True)
LARGEST_UNIT = Role({"weights": "top_unit", "sampler": "exact"}, selects, least="k", sweep=True)
RANDOM = Role({"weights": "random", "sampler": "exact"}, selects, least="k", sweep=True)
NO_SELECTION = Role({"weights": "top", "sampler": "exact"}, keeps_all, least="k", sweep=True)
SMALLEST = Role({"weights": "minimum", "sampler": "exact"}, selects, least="k", sweep=True)
GROWING = Role({"weights": "orthogonal", "gain": GROWTH}, keeps_all, least="k", sweep=True)
CONSTANT = Role({"weights": "orthogonal", "gain": 1.0}, keeps_all, least="k", sweep=True)


def at(k: int, family: Role) -> Role:
    """The deepest cell of a family at one width."""
    return replace(family, where={**family.where, "k": k}, most="depth", least=None, sweep=False)


ROLES = {
    "largest": LARGEST,
    "largest_unit": LARGEST_UNIT,
    "random": RANDOM,
    "no_selection": NO_SELECTION,
    "smallest": SMALLEST,
    "growing": GROWING,
    "constant": CONSTANT,
    # The width of claim A4, where chance collapses nothing quickly.
    "largest_64": at(64, LARGEST),
    "largest_unit_64": at(64, LARGEST_UNIT),
    "random_64": at(64, RANDOM),
    "smallest_64": at(64, SMALLEST),
    "growing_64": at(64, GROWING),
    "constant_64": at(64, CONSTANT),
    # The paper's width in section IV.
    "largest_2": at(2, LARGEST),
    "largest_unit_2": at(2, LARGEST_UNIT),
    "growing_2": at(2, GROWING),
    "constant_2": at(2, CONSTANT),
    "all": Role(sweep=True),
}
