"""Which cells the rates, the regressions of claim A7 and the spectrum are read from."""

import xarray as xr

from entanglement.statistics.roles import Role


def _wide(cell: xr.Dataset) -> bool:
    return int(cell["k"]) > 2


EXACT = {"sampler": "exact"}
ROLES = {
    "exact": Role(EXACT, least="n_over_k", sweep=True),
    "no_selection": Role({**EXACT, "n_over_k": 1}, least="k", sweep=True),
    "literal": Role({"sampler": "literal"}, least="n_over_k", sweep=True),
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
}
