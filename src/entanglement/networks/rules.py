"""Update rules of training by gradients: along what a step goes, for one array of weights."""

from collections.abc import Callable

import numpy as np

FRICTION = 0.9
MOMENTS = 0.9, 0.999
TINY = 1e-12

# Two arrays like the weights, zero before the first step, that a rule may write to.
Memory = tuple[np.ndarray, np.ndarray]
Rule = Callable[[np.ndarray, int, Memory], np.ndarray]


def memory(weights: np.ndarray) -> Memory:
    """Give what a rule remembers before the first step."""
    return np.zeros_like(weights), np.zeros_like(weights)


def descent(slope: np.ndarray, number: int, kept: Memory) -> np.ndarray:
    """Go along the gradient of step `number`, counted from 1."""
    return slope


def momentum(slope: np.ndarray, number: int, kept: Memory) -> np.ndarray:
    """Add what is left of the last step (Polyak 1964)."""
    speed = kept[0]
    speed *= FRICTION
    speed += slope
    return speed


def adam(slope: np.ndarray, number: int, kept: Memory) -> np.ndarray:
    """Divide moments of the gradient, without their bias (arXiv:1412.6980): about 1 in each entry."""
    first, second = kept
    slow, slower = MOMENTS
    first += (1 - slow) * (slope - first)
    second += (1 - slower) * (slope**2 - second)
    size = np.sqrt(second / (1 - slower**number)) + TINY
    return first / (1 - slow**number) / size
