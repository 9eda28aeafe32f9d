"""Intervals over pairs of networks: pairs that share a network are not independent."""

from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from entanglement.statistics import estimates
from entanglement.statistics.estimates import NOTHING, Estimate


def mean(samples: ArrayLike, members: ArrayLike) -> Estimate:
    """Mean over pairs of networks, with the dyadic cluster-robust interval.

    Products of deviations count for every two pairs that share a network (Fafchamps and Gubert
    2007; Aronow, Samii and Assenova 2015), less than independence of all pairs never; Student's
    t with networks - 1 degrees of freedom.

    Parameters
    ----------
    samples
        One number for each pair, shape (pairs,).
    members
        The two networks of each pair by number, shape (2, pairs); networks of different cells
        have different numbers.
    """
    from scipy.special import stdtrit

    found, both = np.asarray(samples, dtype=float), np.asarray(members)
    count = len(np.unique(both))
    if count < 3:
        return NOTHING
    value = float(found.mean())
    apart = found - value
    share = (both[:, None, :, None] == both[None, :, None, :]).any((0, 1))
    clustered = max(float(apart @ (share @ apart)), float(apart @ apart))
    error = float(np.sqrt(clustered * count / (count - 1))) / len(found)
    half = float(stdtrit(count - 1, (1 + estimates.PROBABILITY) / 2)) * error
    return Estimate(value, value - half, value + half, error, count, "dyadic-robust t")


def share(outcomes: ArrayLike, members: ArrayLike) -> Estimate:
    """Share of pairs in which something happened, with Clopper and Pearson's interval.

    Pairs that share a network are not independent: all pairs count for as many as can be formed
    of their networks without sharing one.

    Parameters
    ----------
    outcomes
        One truth value (or 0 and 1) for each pair, shape (pairs,).
    members
        As for `mean`.
    """
    found, count = np.asarray(outcomes, dtype=float), len(np.unique(members))
    if count < 3:
        return NOTHING
    estimate = estimates.clopper_pearson(float(found.mean()), count // 2)
    return replace(estimate, networks=count)


def ratio(*tables: tuple[ArrayLike, ArrayLike]) -> Estimate:
    """Ratio of two sums over ordered pairs of networks, with a jackknife over networks.

    Each network is left out in turn with all its pairs, and Student's t is taken over the
    pseudo-values of all groups of networks.

    Parameters
    ----------
    tables
        For each group of networks what is summed above and below, shape (networks, networks)
        each; the diagonal is left out. Fewer than three networks in a group give no value.
    """
    pseudo = []
    for above, below in tables:
        top, bottom = np.asarray(above, dtype=float), np.asarray(below, dtype=float)
        networks = len(top)
        if networks < 3:
            return NOTHING
        off = ~np.eye(networks, dtype=bool)
        with np.errstate(divide="ignore", invalid="ignore"):  # nothing below: the ratio is NaN
            whole = top[off].sum() / bottom[off].sum()
            for leave in range(networks):
                rest = off.copy()
                rest[leave] = rest[:, leave] = False
                part = top[rest].sum() / bottom[rest].sum()
                pseudo.append(networks * whole - (networks - 1) * part)
    return estimates.mean(np.array(pseudo))
