"""Which cells of Fig. 9 are shown: the paper's, the strengths of its noise, both pixel scales."""

from entanglement.statistics.roles import Role

ALIKE = ("weights", "k", "n", "depth", "message", "image", "other")

ROLES = {
    "paper": Role({"weights": "top", "pixels": "zscore", "alpha": 100}, most="k"),
    "strongest": Role({"weights": "top", "pixels": "zscore"}, most="alpha"),
    # The paper's cell, or whichever there is: any grid shows its pictures.
    "shown": Role(like="paper", same=("cell_name",), most="k"),
    "sweep": Role(least="alpha", sweep=True, like="shown", same=("pixels", *ALIKE)),
    "standardised": Role({"pixels": "zscore"}, like="shown", same=("alpha", *ALIKE)),
    "raw": Role({"pixels": "raw"}, like="shown", same=("alpha", *ALIKE)),
    "all": Role(least="alpha", sweep=True),
}
