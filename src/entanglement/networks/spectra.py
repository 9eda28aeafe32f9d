"""Singular values of weight matrices against those of pure noise."""

import numpy as np


def normalised(matrix: np.ndarray) -> np.ndarray:
    """Singular values in units of (standard deviation of the entries) * sqrt(rows), descending.

    In these units noise follows the Marchenko-Pastur law: its largest value tends to
    1 + sqrt(columns / rows).
    """
    values = np.linalg.svd(matrix, compute_uv=False)
    return values / (np.std(matrix) * np.sqrt(len(matrix)))


def null(rng: np.random.Generator, rows: int, columns: int, draws: int) -> np.ndarray:
    """Normalised singular values of Gaussian matrices of the same size, (draws, min(rows, columns)).

    The comparison is with this Monte-Carlo null: singular values repel each other, so that
    p-values for independent samples do not hold.
    """
    values = np.linalg.svd(rng.normal(size=(draws, rows, columns)), compute_uv=False)
    return values / np.sqrt(rows)


def shuffled(rng: np.random.Generator, matrix: np.ndarray) -> np.ndarray:
    """Same entries in random places: keeps their distribution, destroys their arrangement."""
    return rng.permutation(matrix.ravel()).reshape(matrix.shape)
