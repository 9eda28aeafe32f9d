"""Wide networks with an activation: what a layer makes of lengths and angles, N1 of docs/theory.md.

A layer is x' = phi(h), h = sigma_w G x / sqrt(k) + sigma_b b with b ~ N(0, 1), shared by all inputs
(paper A, Eq. 15). Its rows are kept for their projections z on the training sample x_0, |z| > t. For
k to infinity the mean products Q_ij = x_i . x_j / k follow a map of their own: given z the
pre-activations of one unit are normal numbers,

    h | z ~ N(sigma_w p z, sigma_w^2 (Q - p p^T) + sigma_b^2),   p_i = Q_0i / sqrt(Q_00),

and Q'_ij = E phi(h_i) phi(h_j). Without selection z is a normal number like the others and this is
the map of arXiv:1606.05340 and arXiv:1611.01232; for the identity it says that the tangent shrinks
by a, the large-width limit of T2.
"""

from functools import lru_cache

import numpy as np
from scipy.special import ndtr, ndtri

from entanglement.theory.selection import gauss_nodes

# Points of the trapezoidal rule in a normal number, which converges geometrically for a smooth
# integrand; the corner of ReLU costs the square of the spacing.
REACH, FINE, CORNER = 8.0, 121, 801
# Points of Gauss quadrature in |z| beyond the threshold, for each sign.
KEPT = 12
ACTIVATIONS = ("identity", "tanh", "relu", "gelu")


def activate(activation: str, h: np.ndarray) -> np.ndarray:
    """Apply phi.

    Parameters
    ----------
    activation
        `identity`, `tanh`, `relu` or `gelu`, the exact one: h Phi(h).
    h
        Any shape.
    """
    active: np.ndarray = h
    if activation == "tanh":
        active = np.tanh(h)
    elif activation == "relu":
        active = np.maximum(h, 0.0)
    elif activation == "gelu":
        active = h * ndtr(h)
    return active


def slope(activation: str, h: np.ndarray) -> np.ndarray:
    """phi'(h), element by element; at the corner of ReLU 0."""
    if activation == "tanh":
        bounded: np.ndarray = 1 / np.cosh(np.minimum(np.abs(h), 300.0)) ** 2
        return bounded
    if activation == "relu":
        return (h > 0).astype(float)
    return ndtr(h) + h * _density(h) if activation == "gelu" else np.ones_like(h)


def smoothed(activation: str, mean: np.ndarray, deviation: float) -> np.ndarray:
    """E phi(h) for h ~ N(mean, deviation^2): in closed form, but for tanh."""
    if activation == "identity" or deviation == 0:
        return activate(activation, mean)
    if activation == "tanh":
        y, mass = _normal(FINE)
        smooth: np.ndarray = np.tanh(mean[..., None] + deviation * y) @ mass
    elif activation == "relu":
        ratio = mean / deviation
        smooth = mean * ndtr(ratio) + deviation * _density(ratio)
    else:
        wide = np.hypot(1.0, deviation)
        smooth = mean * ndtr(mean / wide) + deviation * (deviation / wide) * _density(mean / wide)
    return smooth


def moments(
    activation: str, along: np.ndarray, covariance: np.ndarray, n_over_k: float
) -> tuple[np.ndarray, np.ndarray]:
    """E phi(h_i) and E phi(h_i) phi(h_j) over z and over h ~ N(along z, covariance) given z.

    Parameters
    ----------
    activation
        As in `activate`.
    along
        Shape (inputs,).
    covariance
        Shape (inputs, inputs).
    n_over_k
        Candidates per kept row; with 1 all z are kept.

    Returns
    -------
    Shapes (inputs,) and (inputs, inputs).
    """
    if n_over_k == 1:  # one normal number more
        covariance, along = covariance + np.outer(along, along), np.zeros_like(along)
        z, z_mass = np.zeros(1), np.ones(1)
    else:
        z, z_mass = kept(n_over_k)
    x, x_mass = _normal(CORNER if activation == "relu" else FINE)
    inputs = len(along)
    means, products = np.empty(inputs), np.empty((inputs, inputs))
    for i in range(inputs):
        deviation = np.sqrt(max(covariance[i, i], 0.0))
        first = activate(activation, (along[i] * z)[:, None] + deviation * x)
        means[i] = z_mass @ first @ x_mass
        products[i, i] = z_mass @ first**2 @ x_mass
        for j in range(i):
            share = covariance[i, j] / deviation if deviation else 0.0
            rest = np.sqrt(max(covariance[j, j] - share**2, 0.0))
            second = smoothed(activation, (along[j] * z)[:, None] + share * x, rest)
            products[i, j] = products[j, i] = z_mass @ (first * second) @ x_mass
    return means, products


def evolve(
    gram: np.ndarray,
    depth: int,
    activation: str = "identity",
    n_over_k: float = 1.0,
    weight: float = 1.0,
    bias: float = 0.0,
    skip: bool = False,
    norm: str = "none",
) -> np.ndarray:
    """N1: mean products of some inputs, layer by layer, in an infinitely wide network.

    Parameters
    ----------
    gram
        Q of the inputs, shape (inputs, inputs), the training sample's first; their entries have
        mean 0.
    depth
        Layers L.
    activation, n_over_k
        As in `moments`.
    weight, bias
        sigma_w and sigma_b.
    skip
        Whether x' = x + phi(h).
    norm
        `layer`: every x' is centred and rescaled to unit variance over its entries; `batch`: every
        h is over the inputs, computed for the identity without a skip alone (NaN otherwise).

    Returns
    -------
    Shape (L + 1, inputs, inputs).
    """
    path = np.full((depth + 1, *gram.shape), np.nan)
    path[0], mean = gram, np.zeros(len(gram))
    if norm == "batch" and (skip or activation != "identity"):
        return path
    for layer in range(depth):
        q = path[layer]
        along = weight * q[0] / np.sqrt(q[0, 0])
        rest = weight**2 * q - np.outer(along, along)
        if norm == "batch":
            path[layer + 1] = _over_batch(along, rest, n_over_k)
            continue
        added, products = moments(activation, along, rest + bias**2, n_over_k)
        if skip:
            crossed = np.outer(mean, added)
            products = q + crossed + crossed.T + products
            mean = mean + added
        else:
            mean = added
        if norm == "layer":
            products = products - np.outer(mean, mean)
            spread = np.sqrt(np.diag(products))
            products, mean = products / np.outer(spread, spread), np.zeros(len(gram))
        path[layer + 1] = products
    return path


def stability(
    square: float,
    activation: str = "identity",
    n_over_k: float = 1.0,
    weight: float = 1.0,
    bias: float = 0.0,
) -> float:
    """chi_1: the squared tangent of a probe next to the training sample is multiplied by it.

    A small step r orthogonal to x_0 becomes phi'(h_0) sigma_w g with g independent of h_0, so that
    chi_1 = sigma_w^2 E phi'(h_0)^2 Q_00 / Q'_00. Below 1 coincidence is stable; 1 / a^2 for the
    identity, and for ReLU without selection and bias 1.

    Parameters
    ----------
    square
        Q_00 before the layer.
    activation, n_over_k, weight, bias
        As in `evolve`; without skip and normalisation.
    """
    z, z_mass = _normal(CORNER) if n_over_k == 1 else kept(n_over_k)
    x, x_mass = _normal(CORNER if activation == "relu" else FINE)
    h = (weight * np.sqrt(square) * z)[:, None] + bias * x
    above = z_mass @ slope(activation, h) ** 2 @ x_mass
    below = z_mass @ activate(activation, h) ** 2 @ x_mass
    return float(weight**2 * above * square / below)


def correlation(gram: np.ndarray) -> np.ndarray:
    """Cosines of the angles between inputs, from their mean products, shape (..., i, i)."""
    size = np.sqrt(np.diagonal(gram, axis1=-2, axis2=-1))
    cosines: np.ndarray = gram / size[..., :, None] / size[..., None, :]
    return cosines


@lru_cache(maxsize=16)
def kept(n_over_k: float) -> tuple[np.ndarray, np.ndarray]:
    """Gauss quadrature for a kept projection z of infinitely many: normal given |z| > t.

    Parameters
    ----------
    n_over_k
        Candidates per kept row, more than 1: P(|Z| > t) = 1 / n_over_k.

    Returns
    -------
    nodes, masses
        Of either sign, shape (2 KEPT,) each.
    """
    t = float(-ndtri(0.5 / n_over_k))
    edges = t + np.linspace(0.0, 10.0, 20_001)
    size, mass = gauss_nodes((edges[1:] + edges[:-1]) / 2, -np.diff(ndtr(-edges)), KEPT)
    return np.concatenate([size, -size]), np.concatenate([mass, mass]) / 2


def _over_batch(along: np.ndarray, covariance: np.ndarray, n_over_k: float) -> np.ndarray:
    """Mean products after batch normalisation, in a linear layer of a batch of B inputs.

    A unit's h, less its mean over the batch, is divided by its deviation: Q' = B E y y^T / |y|^2.
    With 1 / |y|^2 = integral of exp(-s |y|^2) ds this is closed given z and s, in the eigenvectors
    of the covariance of y.
    """
    z, z_mass = (np.zeros(1), np.ones(1)) if n_over_k == 1 else kept(n_over_k)
    if n_over_k == 1:
        covariance = covariance + np.outer(along, along)
    batch = len(along)
    centre = np.eye(batch) - 1 / batch
    value, vector = np.linalg.eigh(centre @ covariance @ centre)
    value = np.maximum(value, 0.0)
    mean = vector.T @ centre @ along
    scale = float(np.sum(value) + np.sum(mean**2))
    log_s = np.arange(-45.0, 75.0, 0.25)
    s = np.exp(log_s) / scale
    shrink = 1 / (1 + 2 * s[:, None] * value)  # (s, batch)
    lost = s[:, None] * mean**2 * shrink
    density = np.exp(0.5 * np.log(shrink).sum(axis=1) - np.multiply.outer(z**2, lost.sum(axis=1)))
    mass = 0.25 * s * density * z_mass[:, None]  # (z, s)
    spread = np.diag(mass.sum(axis=0) @ (value * shrink))
    pulled = mean * shrink
    pull = np.einsum("s,si,sj->ij", (z**2) @ mass, pulled, pulled)
    products: np.ndarray = batch * vector @ (spread + pull) @ vector.T
    return products


def _normal(points: int) -> tuple[np.ndarray, np.ndarray]:
    """Trapezoidal rule for N(0, 1): nodes and masses."""
    x = np.linspace(-REACH, REACH, points)
    mass = _density(x)
    return x, mass / mass.sum()


def _density(x: np.ndarray) -> np.ndarray:
    density: np.ndarray = np.exp(-np.square(x) / 2) / np.sqrt(2 * np.pi)
    return density
