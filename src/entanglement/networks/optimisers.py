"""Many ways to train a 2x2 matrix on one point: paper A's Algorithm 2 behind other optimisers.

Every optimiser takes matrices G_0 of many networks and yields them after each step. One number,
`stride`, sets the size of all steps: the part of the way |w_L| / |w_0| that a step from zero goes.

Those that follow the gradient 2 e w_0^T move G along w_0^T and nowhere else: descent and momentum
by definition, Adam because its quotient of moments is the same in both columns if |w_0x| = |w_0y|.
Those that only compare losses propose isotropic changes. A loss sees G w_0 alone, so that whatever
it accepts has moved G across w_0 by independent Gaussian numbers; `wander` sums their variance.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from entanglement.networks import rules
from entanglement.networks.descent import gradient

# Steps whose random numbers are drawn at once: those of all would not fit in memory.
BLOCK = 100
CHILDREN, PARENTS = 20, 5

# Matrices (networks, 2, 2), and the variance of their movement across w_0 (networks,).
State = tuple[np.ndarray, np.ndarray]
Draw = Callable[[np.random.Generator, tuple[int, ...]], np.ndarray]


@dataclass(frozen=True)
class Task:
    """Send one point to another.

    Parameters
    ----------
    start, aim
        w_0 and w_L, shape (2,).
    stride
        Part of the way that a step goes.
    steps
        Number of steps.
    proposals, decisions
        Generators of every network.
    """

    start: np.ndarray
    aim: np.ndarray
    stride: float
    steps: int
    proposals: list[np.random.Generator]
    decisions: list[np.random.Generator]

    @property
    def way(self) -> float:
        """|w_L| / |w_0|: by how much a matrix has to stretch w_0."""
        return float(np.linalg.norm(self.aim) / np.linalg.norm(self.start))

    @property
    def rate(self) -> float:
        """Learning rate whose step along the gradient goes `stride` of the way."""
        return self.stride / (2 * float(self.start @ self.start))

    def slope(self, matrix: np.ndarray) -> np.ndarray:
        """Gradient of the squared error, (networks, 2, 2)."""
        return gradient(matrix[:, None], self.start, self.aim)[:, 0]

    def error(self, matrix: np.ndarray) -> np.ndarray:
        """Squared error over |w_L|^2, (networks, ...) for matrices (networks, ..., 2, 2)."""
        return np.sum((matrix @ self.start - self.aim) ** 2, axis=-1) / np.sum(self.aim**2)


def descent(matrix: np.ndarray, task: Task) -> Iterator[State]:
    """Gradient descent (Algorithm 2)."""
    return _downhill(matrix, task, rules.descent, task.rate)


def momentum(matrix: np.ndarray, task: Task) -> Iterator[State]:
    """Gradient descent with momentum."""
    return _downhill(matrix, task, rules.momentum, task.rate)


def adam(matrix: np.ndarray, task: Task) -> Iterator[State]:
    """Adam: its first step is the sign of the gradient, of rank one."""
    # Four entries of equal size make a matrix twice as long.
    return _downhill(matrix, task, rules.adam, task.stride * task.way / 2)


def _downhill(matrix: np.ndarray, task: Task, rule: rules.Rule, rate: float) -> Iterator[State]:
    still, kept = np.zeros(len(matrix)), rules.memory(matrix)
    for number in range(1, task.steps + 1):
        matrix = matrix - rate * rule(task.slope(matrix), number, kept)
        yield matrix, still


def evolution(matrix: np.ndarray, task: Task) -> Iterator[State]:
    """Evolve: the mean of the best 5 of 20 mutants is the next parent (mutation, choice, mixing)."""
    spread = task.stride * task.way
    wander = np.zeros(len(matrix))
    for change in _stream(task.proposals, task.steps, (CHILDREN, 2, 2), _normal):
        children = matrix[:, None] + spread * change
        best = np.argsort(task.error(children), axis=1)[:, :PARENTS, None, None]
        matrix = np.take_along_axis(children, best, axis=1).mean(axis=1)
        wander = wander + spread**2 / PARENTS
        yield matrix, wander


def metropolis(matrix: np.ndarray, task: Task) -> Iterator[State]:
    """Markov chain Monte Carlo of exp(-|e|^2 / (2 s^2)), s = stride |w_L|, by Metropolis' rule."""
    spread = task.stride * task.way
    wander, error = np.zeros(len(matrix)), task.error(matrix)
    changes = _stream(task.proposals, task.steps, (2, 2), _normal)
    for change, chance in zip(changes, _stream(task.decisions, task.steps, (), _exponential)):
        other = matrix + spread * change
        worse = (found := task.error(other)) - error
        taken = worse < 2 * task.stride**2 * chance
        matrix = np.where(taken[:, None, None], other, matrix)
        error = np.where(taken, found, error)
        wander = wander + spread**2 * taken
        yield matrix, wander


def random_search(matrix: np.ndarray, task: Task) -> Iterator[State]:
    """Draw matrices at random, as large as the task needs, and keep the best."""
    wander, error = np.zeros(len(matrix)), task.error(matrix)
    for change in _stream(task.proposals, task.steps, (2, 2), _normal):
        other = task.way * change
        found = task.error(other)
        taken = found < error
        matrix = np.where(taken[:, None, None], other, matrix)
        error = np.where(taken, found, error)
        # A drawn matrix has nothing left of G_0, whose variance is one.
        wander = np.where(taken, task.way**2 - 1, wander)
        yield matrix, wander


def identity(matrix: np.ndarray, task: Task) -> Iterator[State]:
    """No training: the identity, stretched and turned, sends w_0 to w_L and keeps every angle."""
    turned = np.arctan2(task.aim[1], task.aim[0]) - np.arctan2(task.start[1], task.start[0])
    (c, s), still = (np.cos(turned), np.sin(turned)), np.full(len(matrix), np.nan)
    fitted = np.broadcast_to(task.way * np.array([[c, -s], [s, c]]), matrix.shape)
    for _ in range(task.steps):
        yield fitted, still


OPTIMISERS = {
    rule.__name__: rule
    for rule in (descent, momentum, adam, evolution, metropolis, random_search, identity)
}


def _stream(
    generators: list[np.random.Generator], steps: int, shape: tuple[int, ...], draw: Draw
) -> Iterator[np.ndarray]:
    """Numbers (networks, *shape) for each step, every network from its own generator."""
    for first in range(0, steps, BLOCK):
        count = min(BLOCK, steps - first)
        yield from np.stack([draw(rng, (count, *shape)) for rng in generators], axis=1)


def _normal(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    return rng.standard_normal(shape)


def _exponential(rng: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    return rng.standard_exponential(shape)
