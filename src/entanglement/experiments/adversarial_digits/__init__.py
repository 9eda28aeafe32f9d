"""Adversarial examples on real digits: what paper A's noise does to classifiers, beside attacks of equal length."""

from typing import Any, Literal, Self

from pydantic import Field, model_validator

from entanglement.pipeline.parameters import Integer, Parameters, Real

SMALLEST_CLASS = {"digits": 174, "mnist": 500}
LONGEST = 1e9


class Train(Parameters):
    """Ensembles of three kinds of classifier: linear, perceptron, convolutional."""

    pictures: Literal["digits", "mnist"] = Field(
        description="`digits`: scikit-learn's 8 x 8 (k = 64); `mnist`: 28 x 28 (k = 784)."
    )
    networks: Integer = Field(
        ge=1,
        le=1000,
        description="Independent trainings of each kind: initial weights, split and order of "
        "what is shown all differ.",
    )
    epochs: Integer = Field(ge=1, le=10_000, description="Rounds of 25 updates.")
    batch: Integer = Field(
        ge=1, le=4096, description="Pictures in a batch, drawn with replacement."
    )
    rate: Real = Field(
        gt=0, le=1, description="Initial learning rate of Adam with a cosine schedule."
    )
    hidden: Integer = Field(ge=1, le=4096, description="ReLU units of the perceptron.")
    filters: Integer = Field(ge=1, le=256, description="Filters of the convolutional classifier.")
    training_each: Integer = Field(ge=1, le=499, description="Pictures of each digit to train on.")
    test_each: Integer = Field(
        ge=1,
        le=499,
        description="Pictures of each digit to hold out; each gets an entangled network of its "
        "own as the source of its noise.",
    )

    @model_validator(mode="after")
    def _enough_of_each(self) -> Self:
        most = SMALLEST_CLASS[self.pictures]
        if self.training_each + self.test_each > most:
            raise ValueError(
                f"training_each = {self.training_each} and test_each = {self.test_each} are more "
                f"than the {most} pictures of the smallest class of {self.pictures}: lower one of them"
            )
        return self


class Evaluate(Parameters):
    """The networks that make the noise, and how strong it is."""

    n_over_k: Real = Field(
        ge=1, le=1e6, description="Candidate rows drawn per row kept; 1 is no selection."
    )
    depth: Integer = Field(ge=1, le=1000, description="Number of layers L.")
    row_order: Literal["index", "sorted"] = Field(
        default="index",
        description="`index`: rows in the order drawn; `sorted`: by descending projection, as in "
        "the authors' code, so that the noise is stronger in the upper rows of a picture.",
    )
    alpha: Real = Field(
        ge=1e-9,
        le=LONGEST,
        description="Euclidean length of a change, the first of a sweep: y = m + alpha u_L, and "
        "all controls. Pictures have length sqrt(k).",
    )
    alphas: Integer = Field(default=1, ge=1, le=30, description="Lengths of the sweep.")
    factor: Real = Field(
        default=10**0.5, ge=1.1, le=100, description="Each length over the one before."
    )

    @model_validator(mode="after")
    def _no_longer(self) -> Self:
        if self.alpha * self.factor ** (self.alphas - 1) > LONGEST * (1 + 1e-9):
            raise ValueError(
                f"alpha = {self.alpha:g} times factor = {self.factor:g}, {self.alphas - 1} times "
                f"over, is beyond {LONGEST:g}: lower one of the three"
            )
        return self


PAPER: dict[str, tuple[Any, str]] = {
    "n_over_k": (1.4, "VII: n = k + 1000 for k = 2500"),
    "depth": (100, "authors' code, Fig. 9"),
    "row_order": ("sorted", "authors' code"),
}
