"""Ensembles of Algorithm 1 networks as labelled datasets: train, store, walk, propagate."""

import json
from collections.abc import Callable, Iterator

import numpy as np
import xarray as xr

from entanglement.networks.architecture import Architecture
from entanglement.networks.frames import enter
from entanglement.networks.layer import Layer
from entanglement.networks.projections import CHUNK, gains, parts, projections
from entanglement.networks.propagation import exact_layers, literal_layers
from entanglement.pipeline.errors import MendableError
from entanglement.pipeline.seeds import Seeds


def train(
    architecture: Architecture, seeds: Seeds, training_samples: np.ndarray | None = None
) -> xr.Dataset:
    """Train an ensemble: draw what Algorithm 1 fixes, and store what regenerates the rest.

    Parameters
    ----------
    architecture
        Sizes and family of the networks.
    seeds
        Random streams "sample" and "weights" of each network.
    training_samples
        w_0, shape (networks, k); N(0, 1) numbers if left out.

    Returns
    -------
    training_sample (network, neuron), projection z_l of the sample's direction (network, layer,
    neuron; rows of layer 0 are NaN), norm growth `gain` A_l and log_norm ln |w_l| (network,
    layer). The attributes `architecture` and `entropy` make the weights again, bit for bit.
    """
    a = architecture
    projection = np.full((a.networks, a.depth + 1, a.k), np.nan)
    model = _train(a, seeds, training_samples, projection[:, 1:])
    return model.assign(projection=_projection(projection))


def sketch(architecture: Architecture, seeds: Seeds) -> xr.Dataset:
    """Train an ensemble without its projections: `walk` draws them again from the seed.

    They are as large as all that the networks do, and drawing them takes no longer than reading
    them. Here they are held for a few networks at a time.

    Parameters
    ----------
    architecture, seeds
        As in `train`, whose dataset this is without projection.
    """
    return _train(architecture, seeds, None, None)


def whole(model: xr.Dataset) -> xr.Dataset:
    """Draw again the projections that a sketch leaves out, bit for bit.

    Parameters
    ----------
    model
        What `train` or `sketch` made, or some of its networks.

    Returns
    -------
    The model with its projections; unchanged if it has them. The literal sampler draws all
    weights for them.

    Raises
    ------
    MendableError
        The seed gives other networks than those that were stored.
    """
    a, seeds = _origin(model)
    if "projection" in model:
        return model
    samples = model["training_sample"].values
    projection = np.full((len(samples), a.depth + 1, a.k), np.nan)
    for part, z in projections(a, seeds, model["network"].values.tolist(), samples):
        projection[part.start : part.stop, 1:] = z
    again = gains(a, projection[:, 1:])
    # Another processor may round the last digits otherwise; other draws differ in all.
    if not np.allclose(again, model["gain"].values[:, 1:], rtol=1e-9, atol=0):
        raise MendableError(
            "the stored model and its seed do not give the same networks: it was made by other "
            "code or another NumPy; remove its file and train again"
        )
    return model.assign(projection=_projection(projection))


def _train(
    a: Architecture, seeds: Seeds, given: np.ndarray | None, projection: np.ndarray | None
) -> xr.Dataset:
    """Train, with the projections written into an array (networks, L, k) if there is one."""
    samples = _training_samples(a, seeds, given)
    gain = np.full((a.networks, a.depth + 1), np.nan)
    for part, z in projections(a, seeds, range(a.networks), samples):
        gain[part.start : part.stop, 1:] = gains(a, z)
        if projection is not None:
            projection[part.start : part.stop] = z
    growth = np.cumsum(np.log(gain[:, 1:]), axis=-1)
    log_norm = np.log(np.linalg.norm(samples, axis=-1))[:, None] + np.pad(growth, ((0, 0), (1, 0)))
    return xr.Dataset(
        {
            "training_sample": (
                ("network", "neuron"),
                samples,
                _attrs("training sample w_0"),
            ),
            "gain": (("network", "layer"), gain, _attrs("norm growth |w_l| / |w_(l-1)|")),
            "log_norm": (
                ("network", "layer"),
                log_norm,
                _attrs("logarithm of the norm of w_l"),
            ),
        },
        coords=_coordinates(a, range(a.networks)),
        attrs={"architecture": a.model_dump_json(), "entropy": hex(seeds.entropy)},
    )


def _projection(values: np.ndarray) -> tuple[tuple[str, ...], np.ndarray, dict[str, str]]:
    words = "kept projections z_l of the training sample's direction"
    return ("network", "layer", "neuron"), values, _attrs(words)


def walk(model: xr.Dataset, probes: np.ndarray, networks: slice | None = None) -> Iterator[Layer]:
    """Push probes through trained networks, layer by layer.

    The same model and probes give the same bytes at every call; probes added at the end and
    networks left out change nothing for the others. Probes that are compared with each other
    must go through one call: the exact sampler draws a network only where its probes look, in
    the frame that they span, so that another call sees another network of the same law.

    Parameters
    ----------
    model
        What `train` or `sketch` made, or some of its networks.
    probes
        Shape (networks in the slice, m, k), or (m, k) for all networks alike.
    networks
        Which networks; all of them if left out.

    Yields
    ------
    One `Layer` for each l = 0..L.

    Raises
    ------
    ValueError
        If the probes' shape does not fit the model, or one of them has no direction.
    """
    a, seeds = _origin(model)
    own = model.isel(network=networks or slice(None))
    chosen = own["network"].values.tolist()
    samples = own["training_sample"].values
    vectors = _fitting(probes, len(chosen), a.k)
    norms = np.linalg.norm(samples, axis=-1)
    direction = samples / norms[:, None]
    coordinates, frame = enter(direction, vectors)
    layer = Layer(0, direction, np.log(norms), coordinates, lambda: frame)
    yield layer
    if a.sampler == "exact":
        # Only these networks are read, where the model lies on disk, or drawn again.
        projection = whole(own)["projection"].isel(layer=slice(1, None)).values
        yield from exact_layers(a, seeds, chosen, projection, layer)
    else:
        yield from literal_layers(a, seeds, chosen, layer)


def propagate(model: xr.Dataset, probes: Callable[[int], np.ndarray] | np.ndarray) -> xr.Dataset:
    """Push probes through all networks of a model, a memory-bounded chunk at a time.

    Parameters
    ----------
    model
        What `train` made.
    probes
        Probes of network i as a function of i, each (m, k); or an array, as in `walk`.

    Returns
    -------
    cotangent (network, layer, probe) and log_norm (network, layer).
    """
    a, _ = _origin(model)
    first = probes(int(model["network"][0])) if callable(probes) else probes
    m = np.shape(first)[-2]
    r = min(m, a.k - 1)
    each = 8 * (3 * (r + 1) * m + 2 * (m + a.depth) * a.k + (r + 1) * r)
    numbers = model["network"].values.tolist()
    cotangent = np.empty((len(numbers), a.depth + 1, m))
    for part in parts(len(numbers), max(1, CHUNK // each)):
        if callable(probes):
            vectors = np.stack([probes(numbers[i]) for i in part])
        else:
            vectors = probes[part.start : part.stop] if np.ndim(probes) == 3 else probes
        for layer in walk(model, vectors, slice(part.start, part.stop)):
            cotangent[part.start : part.stop, layer.index] = layer.cotangent
    return xr.Dataset(
        {
            "cotangent": (
                ("network", "layer", "probe"),
                cotangent,
                _attrs("cotangent of the angle between training sample and probe"),
            ),
            "log_norm": model["log_norm"],
        },
        coords={"probe": np.arange(m)},
    )


def after(model: xr.Dataset, layer: int) -> xr.Dataset:
    """Make the networks of the layers after one: what leaves that one is their training sample.

    What they do to a probe that knows nothing of the training sample is drawn afresh for every
    such layer, so that probes of different layers are independent given the networks; of the
    literal sampler all their weights are.

    Parameters
    ----------
    model
        What `train` made, or `whole`.
    layer
        In 1 .. L-1.
    """
    a, seeds = _origin(model)
    rest = model.isel(layer=slice(layer, None))
    shorter = a.model_copy(update={"depth": a.depth - layer})
    return rest.assign(training_sample=rest["projection"].isel(layer=0, drop=True)).assign_attrs(
        architecture=shorter.model_dump_json(), entropy=hex(seeds.entropy + layer)
    )


def gaussian_probes(model: xr.Dataset, seeds: Seeds, count: int) -> Callable[[int], np.ndarray]:
    """Fresh N(0, 1) probes of each network, from its stream "probes".

    Parameters
    ----------
    model
        What `train` made.
    seeds
        Random streams.
    count
        Probes m; a larger count keeps the earlier ones.

    Returns
    -------
    Function from the network's number to its probes, shape (m, k).
    """
    k = model.sizes["neuron"]
    return lambda network: seeds.generator(network, "probes").standard_normal((count, k))


def _origin(model: xr.Dataset) -> tuple[Architecture, Seeds]:
    architecture = Architecture(**json.loads(model.attrs["architecture"]))
    return architecture, Seeds(int(model.attrs["entropy"], 16))


def _training_samples(a: Architecture, seeds: Seeds, given: np.ndarray | None) -> np.ndarray:
    if given is None:
        return np.stack(
            [seeds.generator(i, "sample").standard_normal(a.k) for i in range(a.networks)]
        )
    samples = np.array(given, dtype=float)
    if samples.shape != (a.networks, a.k):
        raise ValueError(
            f"training samples have shape {samples.shape}: give (networks, k) = "
            f"({a.networks}, {a.k})"
        )
    if not (np.all(np.isfinite(samples)) and np.all(np.any(samples, axis=-1))):
        raise ValueError("training samples must be finite and not zero: a direction is needed")
    return samples


def _fitting(probes: np.ndarray, networks: int, k: int) -> np.ndarray:
    vectors = np.asarray(probes, dtype=float)
    if vectors.ndim == 2:
        vectors = np.broadcast_to(vectors, (networks, *vectors.shape))
    if vectors.ndim != 3 or vectors.shape[0] != networks or vectors.shape[2] != k:
        raise ValueError(
            f"probes have shape {np.shape(probes)}: give (networks, probes, k) = "
            f"({networks}, any, {k}), or (any, {k}) for all networks alike"
        )
    if vectors.shape[1] == 0:
        raise ValueError("there are no probes: give at least one")
    return vectors


def _coordinates(a: Architecture, networks: range) -> dict[str, np.ndarray]:
    return {
        "network": np.arange(networks.start, networks.stop),
        "layer": np.arange(a.depth + 1),
        "neuron": np.arange(a.k),
    }


def _attrs(long_name: str) -> dict[str, str]:
    return {"long_name": long_name, "units": "1"}
