"""Distance of a map to PSL(2,R): zero for its elements, and for nothing else."""

import numpy as np
import pytest

from entanglement.geometry.isometries import act, draw, hyperbolic
from entanglement.geometry.nearest import distance_to_psl2r
from entanglement.geometry.products import hyperbolic_distance


def points(rng, count=12):
    return rng.normal(size=count) + 1j * np.exp(rng.normal(size=count))


@pytest.mark.parametrize("seed", range(10))
def test_elements_are_found(seed):
    rng = np.random.default_rng(seed)
    z = points(rng)
    moved = act(draw("psl2r", 3.0, 1, rng), z[:, None])[:, 0]
    assert distance_to_psl2r(z, moved) < 1e-9


@pytest.mark.parametrize("seed", range(10))
def test_orientation_cannot_be_reversed(seed):
    z = points(np.random.default_rng(seed))
    assert distance_to_psl2r(z, -z.conj()) > 0.5


def test_a_mirrored_geodesic_is_no_obstacle():
    z = 1j * np.exp(np.linspace(-1, 1, 5))  # its reflection is the identity there
    assert distance_to_psl2r(z, -z.conj()) < 1e-9


def test_no_element_on_a_fine_grid_comes_closer():
    rng = np.random.default_rng(1)
    z = points(rng)
    least = distance_to_psl2r(z, -z.conj())
    for shift in np.linspace(-3, 3, 13):
        for dilation in np.exp(np.linspace(-2, 2, 13)):
            element = hyperbolic(shift, dilation, np.linspace(0, np.pi, 24))
            images = act(element, np.repeat(z[:, None], 24, axis=1))
            apart = np.sqrt(np.mean(hyperbolic_distance(images, -z.conj()[:, None]) ** 2, axis=0))
            # The fit minimises 2 sinh(d/2), which is a little more than d.
            assert apart.min() > 0.8 * least


def test_bad_input_is_named():
    with pytest.raises(ValueError, match="at least 3"):
        distance_to_psl2r([1j, 2j], [1j, 2j])
    with pytest.raises(ValueError, match="same length"):
        distance_to_psl2r([1j, 2j, 3j], [1j, 2j])
