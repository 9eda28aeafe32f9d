"""Which cell of Fig. 3 plays which part."""

from entanglement.statistics.roles import Role, selects

ROLES = {
    # Algorithm 1 with the most candidate rows, and the same depth and width without its choice.
    "paper": Role({"weights": "top", "sampler": "exact"}, when=selects, most=("n", "k")),
    "random": Role({"weights": "random"}, most="n", like="paper", same=("k", "depth")),
    # The width that the text names; there chance collapses as well, and only a matrix without
    # any spectral gap stands still.
    "two": Role({"weights": "top", "sampler": "exact", "k": 2}, when=selects, most="n"),
    "two_random": Role({"weights": "random", "k": 2}, most="n", like="two", same=("depth",)),
    "two_orthogonal": Role(
        {"weights": "orthogonal", "k": 2}, most="n", like="two", same=("depth",)
    ),
    "all": Role(sweep=True),
}
