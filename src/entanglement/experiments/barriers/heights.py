"""How high straight paths rise: above their ends, and on the way down from the higher one."""

from typing import Any

import numpy as np
import xarray as xr


def barriers(cell: xr.Dataset) -> xr.Dataset:
    """Height above the higher end, whether the path dips below both, and the lowest ways down.

    A maximum over a closed path cannot be negative. A barrier counts as negative where the lowest
    interior training loss lies below both ends and the held-out loss at that place does too.

    From the higher network A down to the lower one the barrier is negative where every loss on
    the way, A's own left out, lies below A's: where ln of the highest over A's is negative.
    """
    loss, unseen = cell["loss_training"], cell["loss_held_out"]
    ends, unseen_ends = loss.isel(position=[0, -1]), unseen.isel(position=[0, -1])
    height = loss.max("position") - ends.max("position")
    inner = loss.isel(position=slice(1, -1)).fillna(np.inf)
    there = unseen.isel(position=inner.argmin("position") + 1).drop_vars("position")
    dips = inner.min("position") < ends.min("position")
    upper = ends.isel(position=1) > ends.isel(position=0)  # the second network is the higher one
    back = loss.copy(data=loss.isel(position=slice(None, None, -1)).values)
    down = back.where(upper, loss)
    descent = down.isel(position=slice(1, None)).max("position") / down.isel(position=0)
    descent = descent.copy(data=np.log(descent))
    negative = (dips & (there < unseen_ends.min("position"))).astype(float)
    made = xr.Dataset(
        {
            "barrier": height,
            **_lowest(cell, descent.sel(alignment="both"), upper.sel(alignment="both")),
            "negative": negative.where(height.notnull() & unseen_ends.notnull().all("position")),
        }
    )
    made["barrier"].attrs = {
        "long_name": "highest training loss on the path less that of its higher end",
        "units": "nat",
    }
    made["negative"].attrs = {"long_name": "1 where the barrier is negative", "units": "1"}
    return made


def _lowest(cell: xr.Dataset, descent: xr.DataArray, upper: xr.DataArray) -> dict[str, Any]:
    """Of every network the lowest way down to a lower one, and the number of that pair."""
    both = np.stack([cell["pair_first"].values, cell["pair_second"].values])
    start = np.where(upper.values, both[1], both[0])
    height, pair = np.full((2, cell.sizes["network"]), np.nan)
    for network in range(len(height)):
        mine = np.flatnonzero((start == network) & np.isfinite(descent.values))
        if len(mine):
            pair[network] = mine[descent.values[mine].argmin()]
            height[network] = descent.values[int(pair[network])]
    words = "ln of the highest loss on the lowest way down to a lower network, over its start's"
    return {
        "lowest_descent": ("network", height, {"long_name": words, "units": "1"}),
        "lowest_pair": ("network", pair, {"long_name": "pair of that way", "units": "1"}),
    }
