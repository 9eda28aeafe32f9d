"""How near a picture comes to its original, for stacks of pictures at once."""

import numpy as np

# Gaussian-free SSIM of Wang et al. 2004 as scikit-image computes it by default.
WINDOW, K1, K2 = 7, 0.01, 0.03


def zscore(picture: np.ndarray) -> np.ndarray:
    """Standardise each column of a picture, as the authors' code does.

    Parameters
    ----------
    picture
        Grey values, shape (rows, columns); no column may be constant.
    """
    return (picture - picture.mean(axis=0)) / picture.std(axis=0)


def shown(picture: np.ndarray) -> np.ndarray:
    """Clip to [0, 1], as the authors' code does before it saves a picture."""
    return np.clip(picture, 0.0, 1.0)


def psnr(original: np.ndarray, pictures: np.ndarray) -> np.ndarray:
    """Peak signal-to-noise ratio in dB for a data range of 1; +inf for equal pictures.

    Parameters
    ----------
    original
        Shape (pixel,).
    pictures
        Shape (..., pixel).
    """
    error = np.mean((pictures - original) ** 2, axis=-1)
    with np.errstate(divide="ignore"):
        return -10 * np.log10(error)


def correlation(original: np.ndarray, pictures: np.ndarray) -> np.ndarray:
    """Pearson correlation over pixels, NaN for a flat original; arguments as in `psnr`."""
    x = original - original.mean()
    y = pictures - pictures.mean(axis=-1, keepdims=True)
    with np.errstate(invalid="ignore"):
        return y @ x / (np.linalg.norm(x) * np.linalg.norm(y, axis=-1))


def ssim(original: np.ndarray, pictures: np.ndarray) -> np.ndarray:
    """Structural similarity for a data range of 1.

    The same numbers as scikit-image's `structural_similarity`, which takes one picture at a
    time: here a whole ensemble is compared with its one original.

    Parameters
    ----------
    original
        Shape (size, size), size >= 7.
    pictures
        Shape (..., size, size).
    """
    x, y = original, pictures
    unbiased = WINDOW**2 / (WINDOW**2 - 1)
    mean_x, mean_y = _window_mean(x), _window_mean(y)
    var_x = unbiased * (_window_mean(x * x) - mean_x**2)
    var_y = unbiased * (_window_mean(y * y) - mean_y**2)
    cov = unbiased * (_window_mean(x * y) - mean_x * mean_y)
    similarity = (2 * mean_x * mean_y + K1**2) * (2 * cov + K2**2)
    similarity /= (mean_x**2 + mean_y**2 + K1**2) * (var_x + var_y + K2**2)
    return similarity.mean(axis=(-2, -1))


def _window_mean(pictures: np.ndarray) -> np.ndarray:
    """Mean over every window that lies inside the picture."""
    for axis in (-2, -1):
        padding = [(0, 0)] * pictures.ndim
        padding[axis] = (1, 0)
        total = np.cumsum(np.pad(pictures, padding), axis=axis)
        size = total.shape[axis]
        upper = np.take(total, range(WINDOW, size), axis=axis)
        pictures = (upper - np.take(total, range(size - WINDOW), axis=axis)) / WINDOW
    return pictures
