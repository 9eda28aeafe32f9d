"""How much a distance product changes when an element of its group moves both factors."""

import numpy as np
import xarray as xr

from entanglement.experiments.distance_products import Evaluate, check
from entanglement.geometry import isometries
from entanglement.geometry.nearest import distance_to_psl2r
from entanglement.geometry.products import euclidean_product, hyperbolic_product
from entanglement.pipeline.parameters import Cell
from entanglement.pipeline.seeds import Seeds

EUCLIDEAN = ("translation", "isom_r")
ALPHA, R = (1e-4, 1e16), (0.0, 40.0)
INTEGERS = 1000  # entries of integer matrices lie between -1000 and 1000
POINTS = 12  # whose images say how far a map is from PSL(2,R)


def evaluate(model: None, cell: Cell[None, Evaluate], seeds: Seeds) -> xr.Dataset:
    """Measure |M(A) (.) M(B) - A (.) B| for elements M of growing size (paper B, section 2).

    The root of the mean square over entries, relative to that of A (.) B. Entries of A and B are
    N(0, 1), or x + i exp(y) with x, y ~ N(0, 1). Moved points are stored in the cell's
    arithmetic; sums run in double precision, so that only the storage counts.

    Parameters
    ----------
    model
        None: nothing is trained.
    cell
        Group, arithmetic and sizes.
    seeds
        Random streams; those of the matrices are common to all cells.

    Returns
    -------
    size (step), relative_change (network, step), relative_change_control (network) under a map
    that is no isometry (x -> x^3, x + iy -> 2 x + iy), relative_change_alone and
    relative_change_absorbed (network, step) of translations, see `_layers`, product_norm
    (network), and psl2r_distance (network).
    """
    parameters = cell.evaluate
    check(None, parameters)
    sizes = _sizes(parameters)
    shape = (parameters.networks, parameters.steps)
    change, control, apart = np.empty(shape), np.empty(shape[0]), np.full(shape[0], np.nan)
    norm, alone, absorbed = np.empty(shape[0]), np.empty(shape), np.empty(shape)
    for network in range(parameters.networks):
        a, b = _matrices(parameters, seeds.generator(network, "matrices"))
        before = _product(parameters.group, a, b)
        norm[network] = np.sqrt(np.mean(before.astype(float) ** 2))
        moved = []
        for step, size in enumerate(sizes):
            rng = seeds.generator(network, "elements", step)
            element = _element(parameters.group, size, parameters.k, rng)
            moved.append(isometries.act_on_pair(element, a, b))
        after = _product(parameters.group, *(np.stack(x) for x in zip(*moved, strict=True)))
        change[network] = [_relative(one, before) for one in after]
        data = seeds.generator(network, "data"), before
        alone[network], absorbed[network] = _layers(parameters, sizes, a, b, *data)
        bent = (_no_isometry(parameters.group, x) for x in (a, b))
        control[network] = _relative(_product(parameters.group, *bent), before)
        if parameters.group not in EUCLIDEAN:
            apart[network] = _apart(parameters.group, seeds.generator(network, "points"))
    variables = {
        "size": ("step", np.asarray(sizes, float), _size_name(parameters.group)),
        "relative_change": (
            ("network", "step"), change,
            "change of the product when an element moves both factors, relative, rms",
        ),
        "relative_change_control": (
            "network", control, "the same under a map that is no isometry",
        ),
        "relative_change_alone": (
            ("network", "step"), alone,
            "change of a layer X (.) W of data X when W alone can move, relative, rms",
        ),
        "relative_change_absorbed": (
            ("network", "step"), absorbed,
            "change of a hidden layer when its bias and the next W move, relative, rms",
        ),
        "product_norm": ("network", norm, "root mean square of the product's entries"),
        "psl2r_distance": (
            "network", apart,
            "hyperbolic distance of the element's action to the nearest of PSL(2,R), rms",
        ),
    }  # fmt: skip
    return xr.Dataset(
        {
            name: (dims, values, {"long_name": words, "units": "1"})
            for name, (dims, values, words) in variables.items()
        }
    )


def _layers(
    parameters: Evaluate,
    sizes: list[float] | list[int],
    x: np.ndarray,
    w: np.ndarray,
    rng: np.random.Generator,
    before: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Translate layers whose A is no free matrix, as in AdderNet (arXiv:1912.13200).

    X (.)_E W with data X: only W can be moved, alpha + W. A hidden layer X (.)_E W + b has a bias:
    alpha added to b and to the entries of the next layer's V moves both factors of that layer's
    product. Other groups than one translation of real numbers are not asked: NaN.
    """
    nothing = np.full(len(sizes), np.nan)
    if parameters.group != "translation" or parameters.arithmetic == "integer":
        return nothing, nothing
    bias, following = rng.standard_normal(w.shape[1]), rng.standard_normal(w.shape).astype(w.dtype)
    hidden = (before + bias).astype(w.dtype)
    after = _product(parameters.group, hidden, following)
    alone, absorbed = [], []
    for size in sizes:
        alpha = w.dtype.type(size)
        alone.append(_relative(_product(parameters.group, x, alpha + w), before))
        both = _product(parameters.group, alpha + hidden, alpha + following)
        absorbed.append(_relative(both, after))
    return np.array(alone), np.array(absorbed)


def _sizes(parameters: Evaluate) -> list[float] | list[int]:
    if parameters.group not in EUCLIDEAN:
        return np.linspace(*R, parameters.steps).tolist()
    if parameters.arithmetic == "integer":
        whole = np.rint(np.geomspace(1.0, ALPHA[1], parameters.steps))
        return [int(size) for size in whole]
    return np.geomspace(*ALPHA, parameters.steps).tolist()


def _size_name(group: str) -> str:
    return "|alpha|, the translation" if group in EUCLIDEAN else "r, distance of i from its image"


def _matrices(parameters: Evaluate, rng: np.random.Generator) -> np.ndarray:
    shape = (2, parameters.k, parameters.k)
    if parameters.arithmetic == "integer":
        return rng.integers(-INTEGERS, INTEGERS, shape, endpoint=True)
    x = rng.standard_normal(shape)
    double = parameters.arithmetic == "float64"
    if parameters.group in EUCLIDEAN:
        return x.astype(np.float64 if double else np.float32)
    z = x + 1j * np.exp(rng.standard_normal(shape))
    return z.astype(np.complex128 if double else np.complex64)


def _element(group: str, size: float, k: int, rng: np.random.Generator) -> isometries.Isometry:
    if group != "mirror":
        return isometries.draw(group, size, k, rng, shared=group in ("translation", "psl2r"))
    moebius = isometries.draw("psl2r", size, k, rng, shared=True)
    return isometries.compose(moebius, isometries.hyperbolic(mirror=True, n=k))


def _no_isometry(group: str, x: np.ndarray) -> np.ndarray:
    return x**3 if group in EUCLIDEAN else 2 * x.real + 1j * x.imag


def _product(group: str, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    if a.dtype.kind == "i":
        return euclidean_product(a, b)
    if group in EUCLIDEAN:
        return euclidean_product(a.astype(np.float64), b.astype(np.float64))
    return hyperbolic_product(a.astype(np.complex128), b.astype(np.complex128))


def _relative(after: np.ndarray, before: np.ndarray) -> float:
    # Integers are subtracted as integers: their change is zero or it is not.
    change = np.mean((after - before).astype(float) ** 2)
    # No change of a product that is zero, as one of a single entry may be, is none.
    return float(np.sqrt(change / np.mean(before.astype(float) ** 2))) if change else 0.0


def _apart(group: str, rng: np.random.Generator) -> float:
    points = rng.standard_normal(POINTS) + 1j * np.exp(rng.standard_normal(POINTS))
    element = _element(group, 1.0, 1, rng)
    return distance_to_psl2r(points, isometries.act(element, points[:, None])[:, 0])
