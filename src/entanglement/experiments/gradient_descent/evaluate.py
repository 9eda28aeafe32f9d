"""Train by Algorithm 2, test on unseen probes, and compare with the closed form."""

import numpy as np
import xarray as xr

from entanglement.experiments.gradient_descent import Evaluate
from entanglement.networks import descent
from entanglement.pipeline.parameters import Cell
from entanglement.pipeline.seeds import Seeds
from entanglement.statistics import agreement
from entanglement.theory import descent as theory

MATRICES = ("untrained", "descent", "no optimiser")
TARGETS = ("aim", "probe")
BINS = 100
NAMES = {
    "iterate": "matrix G after each step",
    "relative_error": "distance |G w_0 - w_L| over its start",
    "relative_error_theory": "|q|^t, exact distance over its start",
    "training_error": "distance |G w_0 - w_L| after training over that before",
    "training_error_theory": "|q|^T, exact distance after training over that before",
    "output_norm": "norm |G w_0| of the output of the training point",
    "closed_form_gap": "largest relative difference of G_T from its closed form",
    "loss": "mean loss of Eq. 32 over unseen probes",
    "loss_theory": "exact mean loss of Eq. 32 given the matrix",
    "folded_loss": "mean loss of Eq. 32 to the nearer of target and its negative",
    "folded_loss_theory": "exact mean folded loss of Eq. 32 given the matrix",
    "histogram": "number of probes by loss of Eq. 32",
    "density_theory": "exact density of the loss of Eq. 32, averaged over networks",
    "largest_t": "largest |t| of the distribution function against its exact law",
    "largest_t_limit": "Bonferroni 1e-3 quantile of the largest |t|",
    "sound_fraction": "fraction of networks whose matrix is finite and not zero",
    "step": "gradient step",
    "matrix": "matrix that the probes pass through",
    "target": "what the outputs are compared with",
    "bin": "loss of Eq. 32, middle of the bin",
}
# Points of the distribution with fewer expected counts than this are not compared by a t test.
LEAST_COUNT = 30


def evaluate(model: xr.Dataset | None, cell: Cell[None, Evaluate], seeds: Seeds) -> xr.Dataset:
    """Measure the loss of Eq. 32 on unseen probes, of three matrices and for two targets.

    The matrices are G_0, what descent makes of it, and a rank-one matrix of the same strength
    plus G_0 that no optimiser has seen. The targets are the aim [1, 1] (text) and the image of
    another probe (the authors' code). All cells of one `init` share G_0 and the probes, so that
    they can be compared network by network.

    Parameters
    ----------
    model
        Unused: five steps of a 2x2 matrix are not worth a file.
    cell
        Of the cell.
    seeds
        Of the experiment.
    """
    parameters = cell.evaluate
    start = np.array([parameters.start_x, parameters.start_y])
    aim = parameters.scale * np.ones(2)
    factors, probes = _draw(parameters, seeds)
    initial = descent.product(factors)
    run = descent.descend(factors, start, aim, parameters.eta, parameters.steps)
    step = (start, aim, parameters.eta, parameters.steps)
    matrices = np.stack([initial, run.iterate[:, -1], theory.without_optimiser(initial, *step)])
    with np.errstate(over="ignore", invalid="ignore"):
        length = np.linalg.norm(run.error, axis=-1)
        growth = length / length[:, :1]
        output = np.linalg.norm(np.einsum("ntij,j->nti", run.iterate, start), axis=-1)
    exact = np.full(parameters.steps + 1, np.nan)
    gap = np.nan
    if parameters.factors == 1:
        q = theory.contraction(parameters.eta, start)
        exact = np.abs(q) ** np.arange(parameters.steps + 1)
        final = run.iterate[:, -1]
        gap = np.abs(final - theory.trained(initial, *step)).max() / np.abs(final).max()
    result = xr.Dataset(
        {
            "iterate": (("network", "step", "row", "column"), run.iterate),
            "relative_error": (("network", "step"), growth),
            "output_norm": (("network", "step"), output),
            "training_error": ("network", growth[:, -1]),
            "relative_error_theory": ("step", exact),
            "training_error_theory": ((), exact[-1]),
            "closed_form_gap": ((), gap),
        },
        coords={
            "step": np.arange(parameters.steps + 1),
            "matrix": list(MATRICES),
            "target": list(TARGETS),
            "bin": (np.arange(BINS) + 0.5) / BINS,
        },
    )
    result = result.merge(_losses(matrices, probes))
    for name, words in NAMES.items():
        result[name].attrs = {"long_name": words, "units": "1"}
    return result


def _draw(parameters: Evaluate, seeds: Seeds) -> tuple[np.ndarray, np.ndarray]:
    """Draw initial factors (networks, F, 2, 2) and probes (networks, m, 2)."""
    factors = np.zeros((parameters.networks, parameters.factors, 2, 2))
    # Twice as many, for the target that is itself a probe.
    probes = np.empty((parameters.networks, 2 * parameters.probes, 2))
    for network in range(parameters.networks):
        rng = seeds.generator(network, parameters.init)
        if parameters.init == "uniform":
            rng.random(out=factors[network])
        elif parameters.init == "normal":
            rng.standard_normal(out=factors[network])
        seeds.generator(network, "probes").standard_normal(out=probes[network])
    return factors, probes


def _losses(matrices: np.ndarray, probes: np.ndarray) -> xr.Dataset:
    """Compare losses with their exact law given each matrix, shape (matrices, networks, 2, 2)."""
    half = probes.shape[1] // 2
    edges = np.linspace(0, 1, BINS + 1)
    # A zero matrix has no direction, and one that overflowed none that is known.
    largest = np.abs(matrices).max(axis=(2, 3), keepdims=True)
    sound = np.isfinite(largest) & (largest > 0)
    units = np.where(sound, matrices / np.where(sound, largest, 1.0), np.nan)
    parts: dict[str, list[np.ndarray]] = {}
    for matrix in units:
        outputs = np.einsum("npj,nij->npi", probes, matrix)
        ratio, axis = theory.axis(matrix)
        laws = ((ratio, np.pi / 4 - axis), (theory.pair_ratio(ratio), np.zeros(len(ratio))))
        for reference, (spread, offset) in zip((np.ones(2), outputs[:, half:]), laws):
            angles = descent.turn(outputs[:, :half], reference)
            losses = descent.loss(angles)
            distribution = theory.loss_cdf(edges, spread[:, None], offset[:, None])
            for name, values in (
                ("loss", losses.mean(axis=1)),
                ("loss_theory", theory.mean_loss(spread, offset)),
                ("folded_loss", descent.folded_loss(angles).mean(axis=1)),
                ("folded_loss_theory", theory.mean_folded_loss(spread, offset)),
                ("histogram", _counts(losses)),
                ("law", np.diff(distribution, axis=-1)),
            ):
                parts.setdefault(name, []).append(values)
    dims = ("matrix", "target", "network")
    shape = (len(matrices), len(TARGETS), matrices.shape[1])
    stacked = {name: np.reshape(values, (*shape, -1)) for name, values in parts.items()}
    law, counts = stacked.pop("law"), stacked.pop("histogram").astype(np.uint32)
    deviation, limit = _deviations(counts, law, half)
    known = np.isfinite(law[..., 0]).sum(axis=2)[..., None]
    average = np.where(known > 0, np.nansum(law, axis=2) / np.maximum(known, 1), np.nan)
    return xr.Dataset(
        {
            **{name: (dims, values[..., 0]) for name, values in stacked.items()},
            "histogram": ((*dims, "bin"), counts),
            "density_theory": (("matrix", "target", "bin"), average * BINS),
            "largest_t": (("matrix", "target"), deviation),
            "largest_t_limit": (("matrix", "target"), limit),
            "sound_fraction": (("matrix",), sound[..., 0, 0].mean(axis=1)),
        }
    )


def _counts(losses: np.ndarray) -> np.ndarray:
    """Count losses in bins, network by network; what is not a number is not counted."""
    networks = len(losses)
    row, column = np.nonzero(np.isfinite(losses))
    place = np.minimum((losses[row, column] * BINS).astype(int), BINS - 1)
    return np.bincount(row * BINS + place, minlength=networks * BINS).reshape(networks, BINS)


def _deviations(counts: np.ndarray, law: np.ndarray, probes: int) -> tuple[np.ndarray, np.ndarray]:
    """Give the largest |t| of the distribution functions, and its Bonferroni 1e-3 quantile."""
    shape = counts.shape[:2]
    largest, limit = np.full(shape, np.nan), np.full(shape, np.nan)
    for at in np.ndindex(shape):
        known = np.isfinite(law[at][:, 0])
        if known.sum() < 2:
            continue
        found = np.cumsum(counts[at][known], axis=-1)[:, :-1] / probes
        expected = np.cumsum(law[at][known], axis=-1)[:, :-1]
        total = expected.sum(axis=0) * probes
        common = np.minimum(total, known.sum() * probes - total) >= LEAST_COUNT
        deviation = (found - expected)[:, common]
        largest[at], limit[at] = agreement.largest_t(deviation, np.zeros(common.sum()))
    return largest, limit
