"""Medians over networks that are compared although they share their networks."""

import numpy as np


# Two networks may leave no spread, and beyond float64 all errors are 0.
@np.errstate(divide="ignore", invalid="ignore")
def differences(error: np.ndarray, expected: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Difference of each probe's median error from the first one's, in standard errors.

    In logarithms, where errors spread evenly. Around its true value a median is the mean over
    networks of (1/2 - [error < median]) / density (Bahadur 1966), with the exact law's median and
    density; the spread of the difference of two such terms over networks is its standard error,
    whatever the two probes have in common.

    Parameters
    ----------
    error
        Errors (network, layer, probe); the first probe is what the others are compared with.
    expected
        Draws of the exact law (chain, layer).

    Returns
    -------
    (layer, probe) for each layer by itself; (probe,) for the mean of the difference over the
    layers, the one number that says whether two curves are the same. Zero for the first, NaN
    where the networks leave no spread to measure it in, a single network among them.
    """
    if len(error) < 2:
        return np.full(error.shape[1:], np.nan), np.full(error.shape[2:], np.nan)
    step = 0.5 / len(error) ** 0.5
    low, middle, high = np.quantile(np.log(expected), [0.5 - step, 0.5, 0.5 + step], axis=0)
    spread = (high - low) / (2 * step)  # 1 / density
    terms = (0.5 - (np.log(error) < middle[:, None])) * spread[:, None]
    terms -= terms[..., :1]
    medians = np.log(np.median(error, axis=0))
    difference = medians - medians[:, :1]

    def standard(value: np.ndarray, parts: np.ndarray) -> np.ndarray:
        errors = parts.std(axis=0, ddof=1) / len(parts) ** 0.5
        errors = np.where(errors > 0, errors, np.nan)
        ratio: np.ndarray = np.divide(value, errors, out=np.zeros_like(value), where=value != 0)
        return ratio

    return standard(difference, terms), standard(difference.mean(axis=0), terms.mean(axis=1))
