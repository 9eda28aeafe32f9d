"""What is wrong with the look of a panel is found."""

import looks
import pytest

from entanglement.drawing import style


def pale(axes):
    axes.plot([0, 1], [0, 1], color="#E69F00", label="too pale")


def alike(axes):
    axes.plot([0, 1], [0, 1], color="#D55E00", label="one")
    axes.plot([0, 1], [1, 0], color="#D65F01", label="other")


def beyond(axes):
    style.dots(axes, [0, 1], [0.1, 0.5], [-0.1, 0.4], [0.2, 0.6], "dots")
    axes.set_ylabel("share of networks")


def covered(axes):
    axes.plot([0, 1], [0, 1], label="a line")
    axes.legend(loc="center")


def small(axes):
    axes.set_title("too small", fontsize=6)


def sound(axes):
    axes.plot([0, 1], [0, 1], color="#D55E00", label="one")
    axes.plot([0, 1], [1, 0], "o", color="#D65F01", label="other")
    style.dots(axes, [0, 1], [0.1, 0.5], [0, 0.4], [0.2, 0.6], "dots", color="#0072B2")
    axes.set_ylabel("share of networks")


@pytest.mark.parametrize(
    ("draw", "words"),
    [
        (pale, "too pale"),
        (alike, "look alike"),
        (beyond, "leaves [0, 1]"),
        (covered, "over data"),
        (small, "is 6.9 px"),
    ],
)
def test_a_fault_is_named(draw, words):
    figure, axes = style.figure()
    draw(axes)
    figure.get_layout_engine().execute(figure)
    (found,) = looks.faults(figure)
    assert words in found


def test_a_sound_panel_has_none():
    figure, axes = style.figure()
    sound(axes)
    assert looks.faults(figure) == []
