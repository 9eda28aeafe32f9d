"""What an evaluation holds: dimensions behind `network`, and words."""

BLIND = ("none", "cipher", "noise")  # changes that know no classifier
ATTACKS = (*BLIND, "fgsm", "pgd", "deepfool")
WAYS = ("subtraction", "addition", "better sign", "wrong sign", "other input")

EACH, PAIR = ("classifier", "attack", "norm"), ("attack", "norm")
WORDS: dict[str, tuple[tuple[str, ...], str]] = {
    "accuracy": (
        EACH,
        "share of held-out pictures with the right label, changed for this classifier",
    ),
    "other_error": (PAIR, "share of wrong labels by a classifier that the change was not made for"),
    "same_error": (PAIR, "share of pictures with one wrong label by two classifiers"),
    "recovered": (
        ("classifier", "way", "norm"),
        "share of right labels after recovery at the last layer",
    ),
    "recovered_layer": (
        ("classifier", "norm", "layer"),
        "share of right labels after recovery by the better sign",
    ),
    "recovered_pgd": (
        ("classifier", "norm"),
        "share of right labels on recovered pictures, attacked by projected gradient; the noise had the greatest length",
    ),
    "visible": (("norm",), "correlation of the noisy picture with the picture"),
    "detected": (("norm",), "how often a matched filter tells the noisy picture from noise"),
    "boundary": (("classifier",), "median distance to the boundary that DeepFool finds"),
    "uncrossed": (("classifier",), "share of pictures where DeepFool crosses no boundary"),
    "law": (("norm",), "share of right labels of the linear classifier, isotropic noise, exact"),
    "worst_law": (("norm",), "share of right labels of the linear classifier, worst change, exact"),
    "recovered_law": (
        ("norm", "layer"),
        "share of right labels of the linear classifier after recovery, exact",
    ),
    "example_picture": (("pixel",), "a held-out picture, standardised"),
    "example_direction": (("pixel",), "direction of its noise in the last layer"),
    "example_left": (("pixel",), "what the better sign leaves of that noise, for alpha = 1"),
    "example_pgd": (
        ("norm", "pixel"),
        "projected gradient's change of it, convolutional classifier",
    ),
    "example_digit": ((), "its digit"),
    "example_label": (
        ("row", "norm"),
        "label that the convolutional classifier gives: noisy, attacked, recovered",
    ),
}
