"""How many small handwritten digits there are, and the splits that they can give."""

SAMPLES = 1797


def check_split(training: int, test: int, batch: int) -> None:
    """Refuse a split that the data set cannot give.

    Raises
    ------
    ValueError
        If the data set is too small to split as asked, or training does not fill one batch.
    """
    if training + test > SAMPLES:
        raise ValueError(
            f"the data set is too small to split: {SAMPLES} pictures cannot give training = "
            f"{training} and test = {test}; together at most {SAMPLES}"
        )
    if batch > training:
        raise ValueError(
            f"batch = {batch} pictures cannot be filled from training = {training}: lower batch "
            "or raise training"
        )
