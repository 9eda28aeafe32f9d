"""Which cells of distance robustness play which part."""

import xarray as xr

from entanglement.statistics.roles import Role


def labels(cell: xr.Dataset) -> bool:
    """Whether labels were told wrongly in training."""
    return float(cell["label_noise"]) > 0


def pictures(cell: xr.Dataset) -> bool:
    """Whether the training pictures were noisy."""
    return float(cell["picture_noise"]) > 0


NO_LABEL_NOISE, NO_PICTURE_NOISE = {"label_noise": 0}, {"picture_noise": 0}
SIZES = ("beta", "choices", "epochs", "batch", "training_each", "test_each", "width", "head")
ROLES = {
    # Trained on what is true; of several cells one that is attacked, then the largest ensemble.
    "clean": Role({**NO_LABEL_NOISE, **NO_PICTURE_NOISE}, most=("norms", "networks")),
    # The same task learned from noise; of several cells the noisiest.
    "labels": Role(NO_PICTURE_NOISE, labels, most="label_noise", like="clean", same=SIZES),
    "pictures": Role(NO_LABEL_NOISE, pictures, most="picture_noise", like="clean", same=SIZES),
    # The panels' axes.
    "label_sweep": Role(NO_PICTURE_NOISE, most="label_noise", sweep=True),
    "picture_sweep": Role(NO_LABEL_NOISE, most="picture_noise", sweep=True),
}
