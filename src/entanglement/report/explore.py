"""What readers can move: an experiment offers it, the report shows it."""

import base64
import importlib
import importlib.util
import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr

from entanglement.experiments import REGISTRY


@dataclass(frozen=True)
class Item:
    """One interactive picture.

    `kind` is `pictures` (sliders choose one of a grid of small pictures) or `paths` (curves in
    three dimensions that turn); `data` is what the page's script needs.
    """

    name: str
    kind: str
    title: str
    caption: str
    sprite: str
    data: Mapping[str, Any]


def items(figure: str, results: xr.Dataset) -> list[Item]:
    """Ask an experiment what it offers.

    An experiment may have a module `explore` with `explore(results) -> dict[str, dict]`, each
    entry having `kind`, `title`, `caption` and

    * for `pictures`: `axes`, a list of {name, values, start, play} (the index shown first, whether
      a button runs through the values), `frames`, 8-bit grey values of shape (len(values_1), ...,
      height, width), and perhaps `numbers`, {words: values of shape (len(values_1), ...)};
    * for `paths`: `labels`, the names of the three axes, the third pointing up, and `paths`, a
      list of {label, color, points} with an index of `style.PALETTE` and points of shape
      (steps, 3) within the unit sphere; paths of one kind share label and color.

    Parameters
    ----------
    figure
        Name of the experiment.
    results
        Its dataset, as `data/<figure>.nc` holds it.
    """
    if figure not in REGISTRY:
        return []
    module = f"{REGISTRY[figure]}.explore"
    if importlib.util.find_spec(module) is None:
        return []
    offered = importlib.import_module(module).explore(results)
    return [_item(f"{figure}-{name}", entry) for name, entry in offered.items()]


def _item(name: str, entry: Mapping[str, Any]) -> Item:
    sprite, data = _pictures(entry) if entry["kind"] == "pictures" else ("", _paths(entry))
    return Item(name, entry["kind"], entry["title"], entry["caption"], sprite, data)


def _pictures(entry: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """Lay all pictures side by side in one lossless WebP: a slider's move draws one part of it."""
    from PIL import Image

    frames = np.asarray(entry["frames"], dtype=np.uint8)
    height, width = frames.shape[-2:]
    flat = frames.reshape(-1, height, width)
    columns = int(np.ceil(np.sqrt(len(flat))))
    rows = -(-len(flat) // columns)
    sheet = np.zeros((rows * columns, height, width), np.uint8)
    sheet[: len(flat)] = flat
    table = sheet.reshape(rows, columns, height, width).swapaxes(1, 2)
    packed = io.BytesIO()
    image = Image.fromarray(table.reshape(rows * height, columns * width))
    image.save(packed, "WEBP", lossless=True, method=6)
    axes = [
        {
            "name": str(a["name"]),
            "values": [str(v) for v in a["values"]],
            "start": a.get("start", 0),
            "play": a.get("play", False),
            "choice": _is_choice([str(v) for v in a["values"]]),
        }
        for a in entry["axes"]
    ]
    numbers = {
        words: [float(f"{v:.3g}") if np.isfinite(v) else None for v in np.ravel(values)]
        for words, values in entry.get("numbers", {}).items()
    }
    data = {
        "axes": axes, "width": width, "height": height, "columns": columns, "numbers": numbers,
    }  # fmt: skip
    return base64.b64encode(packed.getvalue()).decode(), data


def _is_choice(values: list[str]) -> bool:
    """Whether radio buttons serve better than a slider: two values, or a few words."""
    words = not any(v.replace(".", "").isdigit() for v in values)
    return len(values) <= 2 or (words and len(values) <= 4)


def _paths(entry: Mapping[str, Any]) -> dict[str, Any]:
    paths = [
        {
            "label": str(p["label"]),
            "color": int(p["color"]),
            "points": np.round(np.asarray(p["points"], float), 4).tolist(),
        }
        for p in entry["paths"]
    ]
    return {"labels": [str(label) for label in entry["labels"]], "paths": paths}
