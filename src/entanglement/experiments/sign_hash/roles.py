"""Which cell of the sign hashes plays which part."""

from entanglement.statistics.roles import Role, selects

MAIN = {"k": 64, "n": 512, "weights": "top", "sampler": "exact"}

ROLES = {
    "main": Role(MAIN),
    "unselected": Role({**MAIN, "n": 64}),
    "drawn": Role({"sampler": "exact"}, least="k", sweep=True),
    "selected": Role({"sampler": "exact"}, selects, least="k", sweep=True),
    "all": Role(sweep=True),
}
