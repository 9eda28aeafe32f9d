"""Which network each panel of Figs. 4 and 5 draws."""

import numpy as np
import xarray as xr


def summarise(results: xr.Dataset) -> xr.Dataset:
    """Choose the network that is drawn: the first with probes on both sides of the last layer.

    Parameters
    ----------
    results
        All evaluations, one for each `cell`, with every parameter a coordinate on it.

    Returns
    -------
    Only the added variables.
    """
    shown, same = [], []
    for i in range(results.sizes["cell"]):
        cell = results.isel(cell=i)
        networks, probes, depth = (int(cell[key]) for key in ("networks", "probes", "depth"))
        last = cell["cotangent"].values[:networks, depth, 1 : probes + 1] > 0
        fewer = np.minimum(last.sum(axis=1), (~last).sum(axis=1))
        shown.append(int(np.argmax(fewer >= max(1, probes // 3))))
        same.append(float(last.mean()))
    return xr.Dataset(
        {
            "shown_network": (("cell",), shown, _attrs("network that is drawn")),
            "same_side": (("cell",), same, _attrs("share of probes that end with u_L, not -u_L")),
        }
    )


def _attrs(long_name: str) -> dict[str, str]:
    return {"long_name": long_name, "units": "1"}
