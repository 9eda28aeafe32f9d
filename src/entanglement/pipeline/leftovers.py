"""What the configuration no longer names, and what broken writes left: listed, and deleted."""

import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from entanglement.pipeline import history, runs
from entanglement.pipeline.errors import MendableError
from entanglement.pipeline.products import Product


def prune(products: Mapping[str, Product], delete: bool) -> Iterator[str]:
    """Give a line for each orphan, and delete it if that is asked for.

    Parameters
    ----------
    products
        As `products.chain` lists them.
    delete
        Whether to; of a link, only the link goes.

    Raises
    ------
    MendableError
        A run is live, or the system refuses.
    """
    if delete and runs.live():
        raise MendableError("a run is live here; wait for it or stop it")
    found = orphans(products)
    for path in found:
        yield f"{path} ({history.size(path) / 1e6:.1f} MB)"
        if delete:
            folder = os.path.isdir(path) and not os.path.islink(path)
            try:
                shutil.rmtree(path) if folder else os.unlink(path)
            except OSError as error:
                raise MendableError(f"{error.filename}: {error.strerror}") from error
    if not found:
        yield "no orphans: config.yaml names everything that is stored"
    elif not delete:
        yield f"{len(found)} orphans; delete them with `entanglement prune --yes`"


def orphans(products: Mapping[str, Product]) -> list[str]:
    """List results that the configuration no longer names, and what broken writes left.

    What lies in a folder that is listed is not listed again.
    """
    found: dict[str, None] = {}
    for path in _orphans(products):
        if not any(str(parent) in found for parent in Path(path).parents):
            found[path] = None
    return list(found)


def _orphans(products: Mapping[str, Product]) -> Iterator[str]:
    wanted = {*products, *(p.beside for p in products.values() if p.beside)}
    folders = {str(Path(path).parent) for path in wanted}
    for folder in sorted(map(str, Path("data").glob("*/*"))):
        made = [f"{folder}/{name}" for name in ("model.nc", "evaluation.nc")]
        made = [path for path in made if os.path.exists(path)]
        if made and folder not in folders:
            yield folder
        else:
            yield from (path for path in made if path not in wanted)
    for pattern in ("data/*.nc", "reports/figures/*/cells/*.svg"):
        yield from (str(p) for p in sorted(Path().glob(pattern)) if str(p) not in wanted)
    for place in ("data", "reports"):
        for path in sorted(Path(place).rglob("*")):
            # A live run may still be writing what has a temporary name.
            left = path.name.startswith(".") and path.name.endswith(".tmp") and not runs.live()
            if left or path.name.endswith(".damaged"):
                yield str(path)
