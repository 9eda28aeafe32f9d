"""Which optimiser of the grid plays which part."""

from typing import Any

from entanglement.statistics.roles import Role

# Those that section V and section II name: descent and its kin, genetic algorithms, Markov chains.
GRADIENT = ("descent", "momentum", "adam")
NAMED = (*GRADIENT, "evolution", "metropolis")
OTHERS = ("random_search", "identity")
# Sizes of the claims: all fit the point within a few per cent.
CLAIMED: dict[str, Any] = {"scale": 1e4, "stride": 0.01, "steps": 1000}

ROLES = {
    **{name: Role({**CLAIMED, "optimiser": name}) for name in (*NAMED, *OTHERS)},
    "named": Role({**CLAIMED, "optimiser": NAMED}, sweep=True),
    "gradient": Role({**CLAIMED, "optimiser": GRADIENT}, sweep=True),
    "chain": Role({**CLAIMED, "optimiser": "metropolis", "steps": 10_000}),
    "all": Role(sweep=True),
}
