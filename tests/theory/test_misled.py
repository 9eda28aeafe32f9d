"""The linear classifier's share of right labels against closed forms and simulation."""

import numpy as np
import pytest
from scipy.special import betainc

from entanglement.theory import misled

LENGTHS = np.array([0.5, 2.0, 8.0, 50.0])


def problem(k, classes, m=300, seed=0):
    rng = np.random.default_rng(seed)
    readout, pictures = rng.normal(size=(k, classes)), rng.normal(size=(m, k))
    bias = rng.normal(size=classes)
    labels = (pictures @ readout + bias + rng.normal(0, 2, (m, classes))).argmax(1)
    return readout, pictures, bias, labels


def simulated(given, length, draws=60):
    readout, pictures, bias, labels = given
    rng, right = np.random.default_rng(5), []
    for _ in range(draws):
        noise = rng.normal(size=pictures.shape)
        noise *= length / np.linalg.norm(noise, axis=1, keepdims=True)
        right.append(((pictures + noise) @ readout + bias).argmax(1) == labels)
    share = np.mean(right)
    return share, np.sqrt(share * (1 - share) / np.size(right))


@pytest.mark.parametrize(("k", "classes"), [(16, 10), (64, 10), (64, 3), (784, 10)])
def test_the_share_is_that_of_simulated_noise_and_not_of_twice_its_length(k, classes):
    given = problem(k, classes)
    expected, other = misled.accuracy(*given, LENGTHS), misled.accuracy(*given, 2 * LENGTHS)
    gaps = []
    for exact, wrong, length in zip(expected, other, LENGTHS):
        share, error = simulated(given, length)
        assert abs(share - exact) < 4 * error + 0.005
        gaps.append(abs(share - wrong) - 4 * error - 0.005)
    assert max(gaps) > 0


def test_of_two_classes_it_is_a_beta_distribution():
    readout, pictures, bias, labels = given = problem(20, 2)
    lead = (pictures @ readout + bias)[np.arange(300), labels]
    lead -= (pictures @ readout + bias)[np.arange(300), 1 - labels]
    distance = lead / np.linalg.norm(readout[:, 0] - readout[:, 1])
    for length, found in zip(LENGTHS, misled.accuracy(*given, LENGTHS)):
        # One coordinate of a uniform direction: its square is Beta(1/2, (k - 1) / 2).
        inside = betainc(0.5, 19 / 2, np.minimum(np.abs(distance) / length, 1.0) ** 2)
        exact = np.mean(0.5 + np.sign(distance) * inside / 2)
        assert found == pytest.approx(exact, abs=1e-4)


def test_the_limits_are_the_accuracy_itself_and_a_guess():
    readout, pictures, bias, labels = given = problem(64, 10)
    clean = ((pictures @ readout + bias).argmax(1) == labels).mean()
    assert misled.accuracy(*given, 1e-9) == pytest.approx(clean)
    assert misled.worst_accuracy(*given, 1e-9) == pytest.approx(clean)
    assert misled.worst_accuracy(*given, 1e3) == 0
    every = np.tile(np.arange(10), 30)
    assert misled.accuracy(readout, pictures, bias, every, 1e9) == pytest.approx(0.1, abs=1e-6)


def test_no_change_of_a_length_misleads_more_than_the_worst():
    readout, pictures, bias, labels = given = problem(64, 10)
    found = pictures @ readout + bias
    for length in (0.2, 0.5, 1.0):
        worst = misled.worst_accuracy(*given, length)
        assert worst < misled.accuracy(*given, length)
        rival = np.where(np.eye(10, dtype=bool)[labels], -np.inf, found).argmax(1)
        way = (readout[:, rival] - readout[:, labels]).T
        way *= length / np.linalg.norm(way, axis=1, keepdims=True)
        kept = (((pictures + way) @ readout + bias).argmax(1) == labels).mean()
        assert kept >= worst
