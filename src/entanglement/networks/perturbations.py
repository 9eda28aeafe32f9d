"""Changes of given Euclidean length that mislead a classifier: fast gradient sign, projected gradient, DeepFool.

No grey value is clipped: paper A's y = m + alpha u leaves the range of grey too, and so all
changes of a length are compared on equal terms.
"""

import numpy as np
from scipy.special import logsumexp

from entanglement.networks import ascent
from entanglement.networks.classifiers import CLASSES, Weights, features, scores, slope

STEPS = 10
OVERSHOOT = 0.02  # DeepFool goes this much beyond the boundary that it has found


def fast_gradient(weights: Weights, pictures: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Direction of the fast gradient sign method, of length 1 (Goodfellow et al., arXiv:1412.6572).

    Parameters
    ----------
    weights
        Of one classifier.
    pictures, labels
        (m, k) and their digits (m,).
    """
    return _unit(np.sign(_uphill(weights, pictures, labels)))


def projected_gradient(
    weights: Weights, pictures: np.ndarray, labels: np.ndarray, length: float, steps: int = STEPS
) -> np.ndarray:
    """Change within a ball, (m, k), by projected gradient ascent (Madry et al., arXiv:1706.06083).

    From the picture itself, in steps along the normalised gradient.

    Parameters
    ----------
    weights, pictures, labels
        As in `fast_gradient`.
    length
        Radius of the ball.
    steps
        How many, each `ascent.rate` long.
    """
    change = np.zeros_like(pictures)
    for _ in range(steps):
        change += ascent.rate(length, steps) * _unit(_uphill(weights, pictures + change, labels))
        change = ascent.bounded(change[..., None], length, euclidean=True)[..., 0]
    return change


def deep_fool(
    weights: Weights, pictures: np.ndarray, labels: np.ndarray, steps: int = STEPS
) -> tuple[np.ndarray, np.ndarray]:
    """Direction of length 1 to a near boundary, and how far it is (arXiv:1511.04599).

    Parameters
    ----------
    weights, pictures, labels
        As in `fast_gradient`.
    steps
        Linearisations at most.

    Returns
    -------
    directions
        (m, k); zero for a picture that is misclassified as it is.
    lengths
        (m,); +inf where the boundary was not crossed within the steps.
    """
    change, inside = np.zeros_like(pictures), np.ones(len(pictures), dtype=bool)
    for number in range(steps + 1):
        at = np.flatnonzero(inside)
        found = features(weights, pictures[at] + (1 + OVERSHOOT) * change[at])
        away = _margins(scores(weights, found), labels[at])
        inside[at] = (away > 0).all(axis=1)
        if not inside.any() or number == steps:
            break
        at, keep = np.flatnonzero(inside), inside[at]
        change[at] += _to_boundary(weights, found[keep], away[keep], labels[at])
    lengths = (1 + OVERSHOOT) * np.linalg.norm(change, axis=-1)
    return _unit(change), np.where(inside, np.inf, lengths)


def _to_boundary(
    weights: Weights, found: np.ndarray, away: np.ndarray, labels: np.ndarray
) -> np.ndarray:
    """Shortest step to where another class of the linearised classifier ties."""
    eye = np.eye(CLASSES, dtype=found.dtype)
    pull = np.stack([slope(weights, found, eye[labels] - row) for row in eye], axis=1)
    square = np.square(pull).sum(axis=-1)  # (m, classes), 0 for its own
    with np.errstate(divide="ignore", invalid="ignore"):
        distance = np.where(square > 0, away / np.sqrt(square), np.inf)
    near = np.argmin(distance, axis=1)
    each = np.arange(len(labels))
    lead, slope_square = away[each, near], square[each, near]
    step = np.divide(lead, slope_square, out=np.zeros_like(lead), where=slope_square > 0)
    return -step[:, None] * pull[each, near]


def _margins(found: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """By how much the own class leads each other one, (m, classes); +inf at its own."""
    each = np.arange(len(labels))
    away = found[each, labels][:, None] - found
    away[each, labels] = np.inf
    return away


def _uphill(weights: Weights, pictures: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """Gradient of ln sum_(j != y) exp(z_j - z_y), (m, k): cross-entropy's direction at any loss.

    Cross-entropy is ln(1 + exp) of it; its own gradient is rounded away where the classifier is sure.
    """
    found = features(weights, pictures)
    behind = -_margins(scores(weights, found), labels)
    pull = np.exp(behind - logsumexp(behind, axis=1, keepdims=True))
    pull[np.arange(len(labels)), labels] = -1.0
    return slope(weights, found, pull.astype(found.dtype))


def _unit(changes: np.ndarray) -> np.ndarray:
    """Directions (m, k) of length 1; none where there is no change."""
    made: np.ndarray = ascent.uphill(changes[..., None], euclidean=True)[..., 0]
    return made
