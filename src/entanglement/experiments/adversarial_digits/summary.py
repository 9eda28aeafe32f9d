"""Accuracies over networks beside the linear classifier's exact law, and what the claims read."""

from collections.abc import Callable

import numpy as np
import xarray as xr

from entanglement.experiments.adversarial_digits import measures
from entanglement.experiments.adversarial_digits.measures import (
    CLEAR,
    FAINT,
    LEAST,
    PAPERS,
    STRONGEST,
)
from entanglement.statistics import curves, estimates, roles
from entanglement.statistics.curves import Curve
from entanglement.statistics.table import Statistic
from entanglement.theory import recovery


def _of_linear(cell: xr.Dataset) -> np.ndarray:
    """Exact shares (classifier, attack, norm): of the linear classifier, of noise and the worst."""
    table = np.full([cell.sizes[d] for d in ("classifier", "attack", "norm")], np.nan)
    attacks = cell["attack"].values.tolist()
    table[0, attacks.index("noise")] = cell["law"].values.mean(axis=0)
    table[0, attacks.index("pgd")] = cell["worst_law"].values.mean(axis=0)
    return table


def _recovered_law(cell: xr.Dataset) -> np.ndarray:
    table = np.full([cell.sizes[d] for d in ("classifier", "norm", "layer")], np.nan)
    if measures.isotropic(cell):
        table[0] = cell["recovered_law"].values.mean(axis=0)
    return table


def _u7(law: Callable[..., np.ndarray]) -> Callable[[xr.Dataset], np.ndarray]:
    return lambda cell: law(cell["norm"].values, measures.pixels(cell))


EACH, PAIR = ("classifier", "attack", "norm"), ("attack", "norm")
CURVES = {
    "mean_accuracy": Curve(
        "accuracy", "share of right labels", EACH, theory=_of_linear, interval=curves.share
    ),
    "mean_recovered": Curve(
        "recovered", "share of right labels after recovery", ("classifier", "way", "norm"),
        interval=curves.share,
    ),
    "mean_recovered_layer": Curve(
        "recovered_layer", "share of right labels after recovery by the better sign",
        ("classifier", "norm", "layer"), theory=_recovered_law, interval=curves.share,
    ),
    "mean_recovered_pgd": Curve(
        "recovered_pgd", "share of right labels on attacked recovered pictures",
        ("classifier", "norm"), interval=curves.share,
    ),
    "mean_same_error": Curve(
        "same_error", "share of pictures with one wrong label by two classifiers", PAIR,
        interval=curves.share,
    ),
    "mean_visible": Curve(
        "visible", "correlation of the noisy picture with the picture", ("norm",),
        theory=_u7(recovery.visibility),
    ),
    "mean_detected": Curve(
        "detected", "how often a matched filter is right", ("norm",),
        theory=_u7(recovery.detection), interval=curves.share,
    ),
}  # fmt: skip


BOTH = ("large", "small")
STATISTICS = {
    "detected_strongest": Statistic(
        "large",
        measures.detected(STRONGEST),
        "how often a matched filter tells the noisy picture from noise, alpha = 10000",
        theory=measures.detection(STRONGEST),
    ),
    "detected_paper": Statistic(
        "large",
        measures.detected(PAPERS),
        "the same, alpha = 100",
        theory=measures.detection(PAPERS),
    ),
    "accuracy_paper": Statistic(
        "large", measures.accuracy("cipher", PAPERS), "accuracy on noisy pictures, alpha = 100"
    ),
    "accuracy_paper_recovered": Statistic(
        "large", measures.recovered("better sign", PAPERS), "accuracy after recovery, alpha = 100"
    ),
    "misled_faint": Statistic(
        "large",
        measures.less(measures.accuracy("none", FAINT), measures.accuracy("cipher", FAINT)),
        "accuracy lost by the noise, alpha = 3.16",
    ),
    "misled_faint_pgd": Statistic(
        "large",
        measures.less(measures.accuracy("none", FAINT), measures.accuracy("pgd", FAINT)),
        "accuracy lost by projected gradient of length 3.16",
    ),
    "lost_recovered": Statistic(
        "large",
        measures.less(
            measures.accuracy("none", STRONGEST), measures.recovered("better sign", STRONGEST)
        ),
        "accuracy lost after recovery, alpha = 10000",
    ),
    "lost_unrecovered": Statistic(
        "large",
        measures.less(measures.accuracy("none", STRONGEST), measures.accuracy("cipher", STRONGEST)),
        "accuracy lost without recovery, alpha = 10000",
    ),
    "error_strongest": Statistic(
        "large",
        lambda cell: 1 - measures.accuracy("cipher", STRONGEST)(cell),
        "share of wrong labels on noisy pictures, alpha = 10000",
    ),
    "error_recovered": Statistic(
        "large",
        lambda cell: 1 - measures.recovered("better sign", STRONGEST)(cell),
        "share of wrong labels after recovery, alpha = 10000",
    ),
    "failed_strongest": Statistic(
        "large",
        measures.recovered("wrong sign", STRONGEST),
        "accuracy after the wrong sign, alpha = 10000",
    ),
    "succeeded_strongest": Statistic(
        "large",
        measures.recovered("better sign", STRONGEST),
        "accuracy after the right sign, alpha = 10000",
    ),
    "failed_clear": Statistic(
        "large",
        measures.recovered("wrong sign", CLEAR),
        "accuracy after the wrong sign, alpha = 10",
    ),
    "failed_paper": Statistic(
        "large",
        measures.recovered("wrong sign", PAPERS),
        "accuracy after the wrong sign, alpha = 100",
    ),
    "gained_depth": Statistic(
        "large",
        measures.depth(STRONGEST),
        "accuracy that the last two thirds of the layers add, alpha = 10000",
    ),
    "gained_depth_least": Statistic("large", measures.depth(LEAST), "the same, alpha = .1"),
    "gained_width": Statistic(
        ("small", "unselected"),
        measures.width(STRONGEST),
        "accuracy that a choice of rows adds, alpha = 10000",
    ),
    "gained_width_least": Statistic(
        ("small", "unselected"), measures.width(LEAST), "the same, alpha = .1"
    ),
    "lost_input": Statistic(
        "large",
        measures.less(
            measures.recovered("better sign", STRONGEST),
            measures.recovered("other input", STRONGEST),
        ),
        "accuracy lost where the input that recovers is changed by its own length",
    ),
    "lost_nothing_subtracted": Statistic(
        "large",
        measures.less(
            measures.recovered("better sign", STRONGEST), measures.accuracy("cipher", STRONGEST)
        ),
        "accuracy lost where nothing is subtracted",
    ),
    "gained_robust": Statistic(
        "large",
        measures.less(measures.attacked, measures.accuracy("pgd", FAINT)),
        "accuracy under projected gradient of length 3.16, hidden and recovered, less without",
    ),
    "gained_blind": Statistic(
        "large",
        measures.less(measures.accuracy("noise", FAINT), measures.accuracy("pgd", FAINT)),
        "accuracy under noise of that length, less under projected gradient",
    ),
    "transfer_pgd": Statistic(
        "large",
        measures.same("pgd", CLEAR),
        "one wrong label by two classifiers, projected gradient, length 10",
    ),
    "transfer_noise": Statistic(
        "large",
        measures.same("noise", CLEAR),
        "one wrong label by two classifiers, noise, length 10",
    ),
    "transfer_gap": Statistic(
        BOTH,
        measures.less(measures.same("cipher"), measures.same("noise")),
        "one wrong label by two classifiers: entangled noise less isotropic noise, mean over lengths",
    ),
    "transfer_gap_pgd": Statistic(
        BOTH,
        measures.less(measures.same("pgd"), measures.same("noise")),
        "one wrong label by two classifiers: projected gradient less isotropic noise",
    ),
    "gap_noise": Statistic(
        BOTH,
        measures.less(measures.accuracy("noise", None), measures.accuracy("cipher", None)),
        "accuracy under isotropic noise less that under entangled noise, mean over lengths",
    ),
    "gap_sorted": Statistic(
        "sorted",
        measures.less(measures.accuracy("noise", None), measures.accuracy("cipher", None)),
        "the same with rows in the order of the authors' code",
    ),
    "gap_pgd": Statistic(
        BOTH,
        measures.less(measures.accuracy("noise", None), measures.accuracy("pgd", None)),
        "accuracy under isotropic noise less that under projected gradient, mean over lengths",
    ),
    "largest_t_over_limit": Statistic(
        "all",
        measures.worst,
        "largest |t| of the linear classifier's accuracy against its exact laws, over its "
        "Bonferroni quantile",
        estimator=estimates.exact,
    ),
}


def summarise(results: xr.Dataset) -> xr.Dataset:
    """Add where a matched filter falls to 55 % (U7), and one picture noisy, attacked, recovered."""
    return roles.join([_single(cell) for cell in roles.cells(results)])


def _single(cell: xr.Dataset) -> xr.Dataset:
    first = cell.isel(network=0)
    changes = [
        first["example_direction"] * first["norm"], first["example_pgd"],
        first["example_left"] * first["norm"],
    ]  # fmt: skip
    seen = [(first["example_picture"] + c).transpose("norm", "pixel").values for c in changes]
    dims = ("row", "norm", "pixel")
    return xr.Dataset(
        {
            "invisible": (
                (), recovery.invisible(measures.pixels(cell)),
                {"long_name": "alpha of 55 % right choices", "units": "1"},
            ),
            "shown_picture": (
                dims, np.array(seen, dtype=np.float32),
                {"long_name": "one picture: noisy, attacked, recovered", "units": "1"},
            ),
        },
        coords={name: cell[name].values for name in dims if name in cell.coords},
    )  # fmt: skip
