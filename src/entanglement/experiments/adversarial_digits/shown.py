"""What classifiers say to pictures that are changed in every way by every length."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from entanglement.experiments.adversarial_digits.words import ATTACKS, BLIND
from entanglement.networks import perturbations
from entanglement.networks.classifiers import Weights, features, scores

Classifiers = Mapping[str, Weights]


@dataclass(frozen=True)
class Shown:
    """Pictures that the classifiers of one network are shown.

    Attributes
    ----------
    images, digits
        Standardised, (m, k), in single precision as all that classifiers see; what they are, (m,).
    norms
        Euclidean lengths of the changes, (norms,).
    """

    images: np.ndarray
    digits: np.ndarray
    norms: np.ndarray

    def share(self, labels: np.ndarray) -> np.ndarray:
        """Share of right labels, (..., m) -> (...)."""
        return (labels == self.digits).mean(axis=-1)

    def along(self, weights: Weights, changes: np.ndarray) -> np.ndarray:
        """Labels (norms, m) of the pictures with changes of length 1 times each length.

        A classifier's first layer is linear: it sees the pictures once, and the changes once.
        """
        clean, moved = (features(weights, x) for x in (self.images, changes.astype(np.float32)))
        return np.stack(
            [
                scores(weights, clean + one * moved).argmax(-1)
                for one in self.norms.astype(np.float32)
            ]
        )

    def labels(self, nets: Classifiers, blind: Mapping[str, np.ndarray]) -> "Labels":
        """Show every classifier every change, those made for each classifier to all of them.

        Parameters
        ----------
        nets
            Classifiers by kind.
        blind
            Changes of length 1 that know no classifier, by name.
        """
        every = list(nets.values())
        said = np.empty((len(every), len(every), len(ATTACKS), len(self.norms), len(self.digits)))
        still = np.zeros_like(self.images)
        for number, name in enumerate(BLIND):
            said[:, :, number] = [self.along(w, blind.get(name, still)) for w in every]
        distance, ascended = [], self.images
        for source, weights in enumerate(every):
            sign = perturbations.fast_gradient(weights, self.images, self.digits)
            fool, found = perturbations.deep_fool(weights, self.images, self.digits)
            distance.append(found)
            ascended = self.ascended(weights, self.images)
            for target, judge in enumerate(every):
                row = said[source, target]
                row[ATTACKS.index("fgsm")] = self.along(judge, sign)
                row[ATTACKS.index("deepfool")] = self.along(judge, fool)
                row[ATTACKS.index("pgd")] = answers(judge, ascended)
        return Labels(said.astype(int), np.array(distance), ascended[:, 0] - self.images[0])

    def ascended(self, weights: Weights, images: np.ndarray) -> np.ndarray:
        """Pictures changed by projected gradient ascent of each length, (norms, m, k)."""
        return np.stack(
            [
                images + perturbations.projected_gradient(weights, images, self.digits, float(one))
                for one in self.norms
            ]
        )


@dataclass(frozen=True)
class Labels:
    """What was said.

    Attributes
    ----------
    said
        Labels (source, classifier, attack, norm, m): the change was made for the source.
    distance
        To the boundary that DeepFool finds, (source, m); +inf where it finds none.
    example
        Change of the first picture by projected gradient, for the last source, (norms, k).
    """

    said: np.ndarray
    distance: np.ndarray
    example: np.ndarray

    @property
    def own(self) -> np.ndarray:
        """By the classifier that each change was made for, (classifier, attack, norm, m)."""
        return np.stack([self.said[i, i] for i in range(len(self.said))])

    def others(self, happened: Callable[[np.ndarray, np.ndarray], np.ndarray]) -> np.ndarray:
        """Share of pictures where something happened, over pairs of different classifiers.

        Parameters
        ----------
        happened
            From the source's labels and the other's, (attack, norm, m) each, to truth values.

        Returns
        -------
        Shape (attack, norm).
        """
        kinds = range(len(self.said))
        pairs = [(i, j) for i in kinds for j in kinds if i != j]
        found = [happened(self.said[i, i], self.said[i, j]).mean(axis=-1) for i, j in pairs]
        return np.mean(found, axis=0)


def answers(weights: Weights, images: np.ndarray) -> np.ndarray:
    """Labels of pictures, (..., k) -> (...)."""
    return scores(weights, features(weights, images)).argmax(-1)
