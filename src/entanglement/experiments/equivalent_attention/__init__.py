"""Equivalent models of self-attention trained with distance products (paper B, Example 1)."""

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from entanglement.pipeline.parameters import Integer, Parameters, Real

# Paper B names the example in one sentence and gives no size, data set or value of beta.
PAPER: dict[str, tuple[Any, str]] = {}


class Train(Parameters):
    """One ensemble of attention networks on the real 8 x 8 digits.

    Parameters
    ----------
    product
        What takes the place of Q K^T: `dot`, `E` (sum of |q - k|) or `H` (sum of hyperbolic
        distances).
    beta
        Scaling factor of the logits; its initial value if it is learned.
    learn_beta
        Whether beta is trained with the weights ("dynamic scaling factor").
    networks
        Independent trainings: initial weights, split and order of the batches all differ.
    epochs, batch, rate
        Length, batch size and initial learning rate of Adam with a cosine schedule.
    training, test
        Pictures to train on and to hold out.
    width, head, hidden
        Length of a token's vector, entries of a query or key (n of paper B), hidden units.
    """

    product: Literal["dot", "E", "H"]
    beta: Annotated[Real, Field(ge=1e-6, le=1e3)]
    learn_beta: bool = False
    networks: Annotated[Integer, Field(ge=1, le=1000)]
    epochs: Annotated[Integer, Field(ge=1, le=10_000)]
    batch: Annotated[Integer, Field(ge=1, le=1797)]
    rate: Annotated[Real, Field(gt=0, le=1)]
    training: Annotated[Integer, Field(ge=10, le=1797)]
    test: Annotated[Integer, Field(ge=10, le=1797)]
    width: Annotated[Integer, Field(ge=2, le=1024)]
    head: Annotated[Integer, Field(ge=1, le=256)]
    hidden: Annotated[Integer, Field(ge=1, le=4096)]

    @model_validator(mode="after")
    def _splittable(self) -> "Train":
        from entanglement.networks.digits import check_split

        check_split(self.training, self.test, self.batch)
        return self


class Evaluate(Parameters):
    """What is asked of the trained networks.

    Parameters
    ----------
    elements
        Least number of group elements within the arithmetic range, over all networks and
        families of a product; 0 leaves the orbit, its nulls, ranks and spectra out.
    pictures
        Misclassified digits that are kept as pictures.
    null_draws
        Random matrices behind the Monte-Carlo null of the spectra.
    """

    elements: Annotated[Integer, Field(ge=0, le=1_000_000)]
    pictures: Annotated[Integer, Field(ge=1, le=100)] = 12
    null_draws: Annotated[Integer, Field(ge=100, le=1_000_000)] = 2000
