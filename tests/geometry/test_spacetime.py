"""The augmented vectors of Eq. 27 and their angle, against the vectors written out."""

import numpy as np
import pytest

from entanglement.geometry.angles import cotangent_between
from entanglement.geometry.spacetime import augmented, augmented_cotangent, time_share


def pair(rng, k=3, networks=40):
    w, x = rng.normal(size=(2, networks, k)) * np.exp(rng.normal(size=(2, networks, 1)))
    norms = np.linalg.norm(w, axis=-1), np.linalg.norm(x, axis=-1)
    return w, x, w / norms[0][:, None], np.log(norms[0]), np.log(norms[1])


@pytest.mark.parametrize("time", [0.0, 0.01, 1.0, 1000.0])
def test_augmented_angle_is_that_of_the_vectors(time):
    w, x, u, log_norm, log_probe = pair(np.random.default_rng(1))
    full, other = (np.insert(v, 0, time, axis=-1) for v in (w, x))
    unit = augmented(time, log_norm, u)
    np.testing.assert_allclose(
        unit, full / np.linalg.norm(full, axis=-1, keepdims=True), rtol=1e-13, atol=1e-16
    )
    np.testing.assert_allclose(time_share(time, log_norm), unit[:, 0], rtol=1e-13)
    c = augmented_cotangent(time, log_norm, log_probe, cotangent_between(u, x))
    np.testing.assert_allclose(c, cotangent_between(unit, other), rtol=1e-9, atol=1e-12)


def test_time_share_is_pythagoras():
    # |w| = 4, c l = 3: the augmented vector has length 5.
    assert time_share(3.0, np.log(4.0)) == pytest.approx(0.6, rel=1e-15)


def test_norms_beyond_float64_leave_the_spatial_angle():
    c = np.array([-3.0, 0.0, 1e-3, 1e200])
    made = augmented_cotangent(1000.0, 2000.0, 2000.5, c)
    np.testing.assert_allclose(made, c, rtol=1e-12, atol=1e-15)
    assert time_share(1000.0, 2000.0) == 0.0


@pytest.mark.parametrize("log_norm", [-600.0, -2000.0])
def test_vanishing_norms_leave_the_time_axis(log_norm):
    c = augmented_cotangent(1.0, log_norm, log_norm + 1, np.array([-2.0, 0.0, 2.0]))
    assert np.all(c > 1e200)
    assert time_share(1.0, log_norm) == 1.0


@pytest.mark.parametrize("time", [0.0, 5.0])
def test_a_vector_and_itself_are_parallel_at_any_time(time):
    assert augmented_cotangent(time, 1.0, 1.0, np.inf) == np.inf
