"""Random streams from content: a cell's parameters name its seed, never its position or the time."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Seeds:
    """The random streams of one model.

    Parameters
    ----------
    entropy
        128-bit integer that all streams descend from.
    figure
        Name of the figure whose model it is.
    """

    entropy: int
    figure: str = ""

    @classmethod
    def of(cls, root: int, figure: str, train: Mapping[str, Any]) -> "Seeds":
        """Seeds of the model that `train` parameters describe in `figure`.

        The number of networks is left out, so that a larger ensemble keeps the earlier
        networks bit for bit.

        Parameters
        ----------
        root
            The configuration's `seed`.
        figure
            Name of the figure whose models these are.
        train
            Train parameters in built-in types.
        """
        content = {key: value for key, value in train.items() if key != "networks"}
        text = json.dumps([root, figure, content], sort_keys=True, separators=(",", ":"))
        return cls(int.from_bytes(hashlib.sha256(text.encode()).digest()[:16], "big"), figure)

    def own(self, content: Mapping[str, Any]) -> "Seeds":
        """Seeds of one cell's own networks, where an experiment trains nothing apart.

        Cells without Train parameters share their streams, so that what they do to the same
        numbers can be compared; cells whose networks must be independent name them by content.

        Parameters
        ----------
        content
            What the networks are made of, in built-in types, as for `of`.
        """
        return Seeds.of(self.entropy, self.figure, content)

    def generator(self, network: int, stream: str, index: int = 0) -> np.random.Generator:
        """Generator of one stream of one network (its `network`-th child).

        Parameters
        ----------
        network
            Index of the network in its ensemble.
        stream
            What the numbers are for, in a word: "sample", "noise", "probes".
        index
            Sub-stream, such as the number of a basis vector.
        """
        word = int.from_bytes(hashlib.sha256(stream.encode()).digest()[:4], "big")
        key = (network, word, index)
        return np.random.default_rng(np.random.SeedSequence(self.entropy, spawn_key=key))
