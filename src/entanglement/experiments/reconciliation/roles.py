"""Which cell of Fig. 8 plays which part."""

import xarray as xr

from entanglement.statistics.roles import Role, keeps_all, selects

TOP = {"weights": "top", "sampler": "exact"}
NORMAL = {**TOP, "arithmetic": "log_norm", "reference": False}
RAW = {**TOP, "arithmetic": "raw"}


def _other_threshold(cell: xr.Dataset) -> bool:
    return selects(cell) and float(cell["threshold"]) != 0


ROLES = {
    # Algorithm 1 at threshold 0, in arithmetic that does not overflow and in the authors'.
    "pictures": Role({**NORMAL, "threshold": 0}, selects, least="depth", sweep=True),
    "raw": Role({**RAW, "threshold": 0}, selects, least="depth", sweep=True),
    # The threshold of Eq. 33.
    "half": Role({**NORMAL, "threshold": 0.5}, selects, least="depth", sweep=True),
    "other_threshold": Role(NORMAL, _other_threshold, least="depth", sweep=True),
    # The same with one reference bit: nothing is folded.
    "mended": Role(
        {**TOP, "reference": True, "arithmetic": "log_norm", "threshold": 0},
        selects,
        least="depth",
        sweep=True,
    ),
    # Controls: rows chosen blindly; no selection, where only an artefact recovers.
    "blind": Role(
        {"weights": "random", "arithmetic": "log_norm", "threshold": 0, "reference": False},
        least="depth",
        sweep=True,
    ),
    "uncollapsed": Role({**NORMAL, "threshold": 0}, keeps_all, least="depth", sweep=True),
    "artefact": Role({**RAW, "threshold": 0}, keeps_all, least="depth", sweep=True),
    "overflowing": Role({"arithmetic": "raw"}, least="depth", sweep=True),
    # Where errors are folded by the sign that T8 speaks of.
    "tested": Role({"arithmetic": "log_norm", "threshold": 0, "reference": False}, sweep=True),
    "all": Role(sweep=True),
}
