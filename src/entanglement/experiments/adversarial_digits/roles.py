"""Which cells play which part."""

from entanglement.statistics.roles import Role

ALIKE = ("pictures", "training_each", "test_each", "depth", "alpha", "alphas", "factor")
SELECTED = ("n_over_k", *ALIKE)

ROLES = {
    "large": Role({"pictures": "mnist", "row_order": "index"}, most="n_over_k"),
    "small": Role({"pictures": "digits", "row_order": "index"}, most="n_over_k"),
    # The same classifiers, and noise of networks that keep every row.
    "unselected": Role({"row_order": "index", "n_over_k": 1}, like="small", same=ALIKE),
    # As in the authors' code: stronger in the upper rows of a picture.
    "sorted": Role({"pictures": "digits", "row_order": "sorted"}, most="n_over_k"),
    "all": Role(least="n_over_k", sweep=True),
}
