"""The noise of entangled networks, one network for each picture, and what another input leaves of it."""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from entanglement.experiments.adversarial_digits import Evaluate
from entanglement.networks import ensemble
from entanglement.networks.architecture import Architecture
from entanglement.pipeline.seeds import Seeds


class Noise(NamedTuple):
    """Unit vectors of one layer, each (m, k), and which sign fits.

    Attributes
    ----------
    direction
        u_l of each picture's network.
    probe, perturbed
        w'_l / |w'_l| of another picture, and of that picture with noise of its own length.
    sign, perturbed_sign
        Of the inner product with u_l, (m, 1): what a reader who sees both pictures takes.
    """

    direction: np.ndarray
    probe: np.ndarray
    perturbed: np.ndarray
    sign: np.ndarray
    perturbed_sign: np.ndarray

    @property
    def left(self) -> np.ndarray:
        """What the better sign leaves of the noise, for alpha = 1."""
        return self.direction - self.sign * self.probe


def layers(pictures: np.ndarray, p: Evaluate, seeds: Seeds) -> Iterator[Noise]:
    """Follow Fig. 9 layer by layer, 0..L, with a network for each picture.

    Its training sample is N(0, 1); the probe is the next picture.

    Parameters
    ----------
    pictures
        Standardised, (m, k).
    p
        Depth, candidates and order of rows.
    seeds
        Of these networks alone.
    """
    m, k = pictures.shape
    architecture = Architecture(
        k=k, n=max(k, round(k * p.n_over_k)), depth=p.depth, networks=m, row_order=p.row_order
    )
    model = ensemble.train(architecture, seeds)
    probes = np.roll(pictures, 1, axis=0)
    blur = seeds.generator(0, "perturbation").standard_normal(probes.shape)
    blur *= np.linalg.norm(probes, axis=1, keepdims=True) / np.linalg.norm(
        blur, axis=1, keepdims=True
    )
    for layer in ensemble.walk(model, np.stack([probes, probes + blur], axis=1)):
        seen = layer.probe_directions()
        signs = np.where(layer.cotangent >= 0, 1.0, -1.0)
        yield Noise(layer.direction, seen[:, 0], seen[:, 1], signs[:, :1], signs[:, 1:])
