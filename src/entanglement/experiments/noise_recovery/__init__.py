"""Paper A, Fig. 9: a picture hidden in strong noise, recovered with another picture's output."""

from typing import Literal

from pydantic import Field

from entanglement.networks.architecture import Architecture as Train
from entanglement.pipeline.images import ImageFile, load
from entanglement.pipeline.parameters import Integer, Parameters, Real

__all__ = ["PAPER", "Evaluate", "Train", "check"]


class Evaluate(Parameters):
    """What is hidden, how deep, and which inputs try to uncover it."""

    alpha: Real = Field(
        default=100.0,
        gt=0,
        le=1e12,
        description="Strength of the noise: y = m + alpha u_L with a unit vector u_L.",
    )
    message: ImageFile = Field(description="The picture m that is hidden (the Panda).")
    image: ImageFile = Field(
        description="The picture that goes through the network as the probe (the Gibbon)."
    )
    other: ImageFile = Field(description="Another picture, pushed through raw as a control probe.")
    noises: Integer = Field(
        default=8, ge=1, le=1000, description="N(0, 1) control probes of each network."
    )
    pixels: Literal["zscore", "raw"] = Field(
        default="zscore",
        description="Scale of `message` and `image`: `zscore` standardises each column, as the "
        "authors' code does; `raw` leaves grey values in [0, 1]. The control pictures stay "
        "raw (a constant picture has no z-score).",
    )


PAPER = {
    "k": (2500, "VII: 50 x 50 pixels"),
    "n": (3500, "VII: n = k + 1000"),
    "depth": (100, "authors' code, Fig. 9"),
    "alpha": (100.0, "authors' code, Fig. 9"),
    "networks": (1, "one network"),
    "sampler": ("literal", "Algorithm 1"),
    "row_order": ("sorted", "authors' code"),
    "weights": ("top", "Algorithm 1, line 7"),
    "pixels": ("zscore", "authors' code, Fig. 9"),
    "noises": (0, "not in the paper: a control"),
}


def check(train: Train, evaluate: Evaluate) -> None:
    """Refuse pictures that do not fit the network, or that cannot be standardised.

    Parameters
    ----------
    train, evaluate
        The parameters of one cell.

    Raises
    ------
    ValueError
        With what was given, what fits, and what to change.
    """
    for key in ("message", "image", "other"):
        picture: ImageFile = getattr(evaluate, key)
        if picture.size**2 != train.k:
            raise ValueError(
                f"{key} has {picture.size} x {picture.size} = {picture.size**2} pixels, the "
                f"network k = {train.k} inputs: set k to {picture.size**2}, or the picture's size"
            )
        values = load(picture)
        if not values.any():
            raise ValueError(f"{key} {picture.path!r} is all black: a direction is needed")
        if evaluate.pixels == "zscore" and key != "other":
            flat = (values == values[0]).all(axis=0).nonzero()[0]
            if flat.size:
                raise ValueError(
                    f"{key} {picture.path!r}: column {flat[0]} has one grey value only, its "
                    "z-score is undefined; choose a crop without such columns, or pixels: raw"
                )
