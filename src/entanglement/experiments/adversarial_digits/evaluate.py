"""Show classifiers pictures with the noise of entangled networks, with attacks of its length, and recovered."""

import numpy as np
import xarray as xr

from entanglement.experiments.adversarial_digits import Evaluate, Train, ciphers, exact, pictures
from entanglement.experiments.adversarial_digits.ciphers import Noise
from entanglement.experiments.adversarial_digits.shown import Classifiers, Shown, answers
from entanglement.experiments.adversarial_digits.words import ATTACKS, WAYS, WORDS
from entanglement.networks.classifiers import KINDS
from entanglement.pipeline.parameters import Cell
from entanglement.pipeline.seeds import Seeds


def evaluate(model: xr.Dataset | None, cell: Cell[Train, Evaluate], seeds: Seeds) -> xr.Dataset:
    """Measure accuracy on every kind of changed picture, at every length and depth.

    Parameters
    ----------
    model
        From this experiment's `train`.
    cell
        Networks of the noise, and its lengths.
    seeds
        The model's. Cells that differ in depth or length alone share their noise.

    Returns
    -------
    Shares over each network's held-out pictures, as `words.WORDS` has them.
    """
    assert model is not None
    p = cell.evaluate
    images, digits = pictures.load(cell.train.pictures)
    norms = np.array([float(f"{p.alpha * p.factor**i:.6g}") for i in range(p.alphas)])
    rows = []
    for network in range(model.sizes["network"]):
        held_out = model["test_sample"].values[network].ravel()
        shown = Shown(images[held_out].astype(np.float32), digits[held_out], norms)
        content = {"network": network, "n_over_k": p.n_over_k, "row_order": p.row_order}
        rows.append(_measured(pictures.weights(model, network), shown, p, seeds.own(content)))
    made = {name: np.stack([row[name] for row in rows]) for name in WORDS}
    return xr.Dataset(
        {
            name: (("network", *dims), made[name], {"long_name": words, "units": "1"})
            for name, (dims, words) in WORDS.items()
        },
        coords={
            "network": np.arange(len(rows)),
            "classifier": list(KINDS),
            "attack": list(ATTACKS),
            "way": list(WAYS),
            "norm": norms,
            "layer": np.arange(p.depth + 1),
            "row": ["cipher", "pgd", "recovered"],
        },
    )


def _measured(nets: Classifiers, shown: Shown, p: Evaluate, seeds: Seeds) -> dict[str, np.ndarray]:
    """All that is measured on the classifiers of one network, by the names of WORDS."""
    by_layer = []
    for noise in ciphers.layers(shown.images, p, seeds):
        by_layer.append([shown.share(shown.along(w, noise.left)) for w in nets.values()])
    blind = seeds.generator(0, "noise").standard_normal(shown.images.shape)
    blind /= np.linalg.norm(blind, axis=1, keepdims=True)
    found = shown.labels(nets, {"cipher": noise.direction, "noise": blind})
    return {
        "accuracy": shown.share(found.own),
        "other_error": found.others(lambda _, other: other != shown.digits),
        "same_error": found.others(lambda one, other: (one == other) & (one != shown.digits)),
        "recovered": np.array(
            [[shown.share(shown.along(w, way)) for way in _ways(noise)] for w in nets.values()]
        ),
        "recovered_layer": np.moveaxis(np.array(by_layer), 0, -1),
        "recovered_pgd": _robust(nets, shown, noise),
        "visible": _visible(shown, noise),
        "detected": _detected(shown, noise),
        "boundary": np.median(found.distance, axis=-1),
        "uncrossed": np.isinf(found.distance).mean(axis=-1),
        **exact.shares(nets["linear"], shown, p),
        **_example(nets, shown, noise, found.example),
    }


def _ways(noise: Noise) -> list[np.ndarray]:
    """What each of WAYS leaves of the noise, for alpha = 1."""
    u, v = noise.direction, noise.probe
    return [
        u - v,
        u + v,
        noise.left,
        u + noise.sign * v,
        u - noise.perturbed_sign * noise.perturbed,
    ]


def _robust(nets: Classifiers, shown: Shown, noise: Noise) -> np.ndarray:
    """Accuracy (classifier, norm) where y is attacked, and its recovery is classified.

    Recovery takes alpha v from y + delta, so that all of delta is left.
    """
    recovered = (shown.images + shown.norms[-1] * noise.left).astype(np.float32)
    return np.array([shown.share(answers(w, shown.ascended(w, recovered))) for w in nets.values()])


def _visible(shown: Shown, noise: Noise) -> np.ndarray:
    """Mean correlation of y with the picture at each length."""
    centred = noise.direction - noise.direction.mean(axis=1, keepdims=True)
    overlap = np.einsum("mk,mk->m", centred, shown.images)
    square, length = np.square(centred).sum(axis=1), np.square(shown.images).sum(axis=1)
    found = [
        (length + a * overlap) / np.sqrt(length * (length + 2 * a * overlap + a**2 * square))
        for a in shown.norms
    ]
    return np.mean(found, axis=1)


def _detected(shown: Shown, noise: Noise) -> np.ndarray:
    """How often m.y is larger than m.(alpha u'), over the noise u' of all other pictures' networks."""
    length = np.linalg.norm(shown.images, axis=1, keepdims=True)
    overlap = shown.images @ noise.direction.T / length
    other = ~np.eye(len(overlap), dtype=bool)
    seen = [length + a * np.diagonal(overlap)[:, None] > a * overlap for a in shown.norms]
    return np.array([one[other].mean() for one in seen])


def _example(
    nets: Classifiers, shown: Shown, noise: Noise, change: np.ndarray
) -> dict[str, np.ndarray]:
    """Keep the first picture with its noise, its attack, its recovery and what is said of them."""
    first, alpha = shown.images[0], shown.norms[:, None]
    seen = [first + alpha * noise.direction[0], first + change, first + alpha * noise.left[0]]
    return {
        "example_picture": first,
        "example_direction": noise.direction[0],
        "example_left": noise.left[0],
        "example_pgd": change,
        "example_digit": np.array(shown.digits[0]),
        "example_label": np.array([answers(nets["convolutional"], one) for one in seen]),
    }
