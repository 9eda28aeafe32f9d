"""Which cells the rates, the regressions of A7, the spectrum, the rules and the gaps are of."""

import xarray as xr

from entanglement.statistics.roles import Role


def _wide(cell: xr.Dataset) -> bool:
    return int(cell["k"]) > 2


EXACT = {"sampler": "exact", "weights": "top"}
# The width at which rules (U1) and gaps (U3) are compared.
WIDTH = 64
ONE_WIDTH = {"sampler": "exact", "k": WIDTH}


def _chooses(cell: xr.Dataset) -> bool:
    return float(cell["n_over_k"]) >= 1.4


def _rule(weights: str) -> Role:
    return Role({**ONE_WIDTH, "weights": weights}, least="n_over_k", sweep=True)


def _gap(gain: float) -> Role:
    return Role(
        {**ONE_WIDTH, "weights": "top_unit", "gain": gain}, _chooses, least="n_over_k", sweep=True
    )


ROLES = {
    "exact": Role(EXACT, least="n_over_k", sweep=True),
    "no_selection": Role({**EXACT, "n_over_k": 1}, least="k", sweep=True),
    "literal": Role({"sampler": "literal", "weights": "top"}, least="n_over_k", sweep=True),
    # The two regressions: against candidates at one width, against width at one n / k.
    "by_candidates": Role(
        {**EXACT, "k": 256},
        lambda cell: float(cell["n_over_k"]) <= 64,
        least="n_over_k",
        sweep=True,
    ),
    "by_width": Role(
        {**EXACT, "n_over_k": 4}, lambda cell: int(cell["k"]) >= 64, least="k", sweep=True
    ),
    # More than the two dimensions of the paper's text, with the choice of rows and without.
    "wider": Role({**EXACT, "n_over_k": 4}, _wide, least="k", sweep=True),
    "wider_unselected": Role({**EXACT, "n_over_k": 1}, _wide, least="k", sweep=True),
    "all": Role(sweep=True),
    # Which rows are kept, of as many as there are (U1): the largest, and whatever is not those.
    "rule_top": _rule("top"),
    "rule_random": _rule("random"),
    "rule_minimum": _rule("minimum"),
    "rivals": Role(
        {**ONE_WIDTH, "weights": ("random", "minimum")}, _chooses, least="n_over_k", sweep=True
    ),
    "blind": Role({**ONE_WIDTH, "weights": "random"}, _chooses, least="n_over_k"),
    "unselected": Role({**ONE_WIDTH, "weights": "top", "n_over_k": 1}),
    # A gap that n / k tunes, while the norm stays or grows 100-fold a layer (U3).
    "gap_constant": _gap(1.0),
    "gap_growing": _gap(100.0),
}
