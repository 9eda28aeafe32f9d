"""Which cell of Fig. 3 plays which part."""

from entanglement.statistics.roles import Role, selects

ROLES = {
    # Algorithm 1 with the most candidate rows, and the same depth and width without its choice.
    "paper": Role({"weights": "top", "sampler": "exact"}, when=selects, most="n"),
    "random": Role({"weights": "random"}, most="n", like="paper", same=("k", "depth")),
    "all": Role(sweep=True),
}
