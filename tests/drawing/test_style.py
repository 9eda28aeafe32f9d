"""One table of colours, told apart by any eye."""

import re
from pathlib import Path

import numpy as np
import vision

from entanglement import report
from entanglement.drawing import legends, numbers, style

LEAST = 15.0  # CIE76; ten times what is just noticeable is 23


def test_any_two_colours_are_told_apart_and_stand_out_from_white():
    near, one, other = vision.closest(style.PALETTE)
    assert near > LEAST, (one, other)
    assert min(map(vision.contrast, style.PALETTE)) >= 3


def test_colours_that_look_alike_would_be_seen():
    near, one, other = vision.closest([*style.PALETTE, "#E69F00", "#B8A800"])
    assert near < 1
    assert {one, other} == {"#E69F00", "#B8A800"}
    assert vision.contrast("#E69F00") < 3


def test_the_page_has_the_colours_of_the_figures():
    folder = Path(report.__file__).parent
    scripts = "".join(path.read_text() for path in folder.glob("*.js"))
    for listed in re.findall(r"COLOURS = \[([^\]]*)\]", scripts):
        assert tuple(re.findall(r"#\w{6}", listed)) == style.PALETTE
    sheets = "".join(path.read_text() for path in folder.glob("*.css"))
    found = dict(re.findall(r"\.series-(\d) \{ background: (#\w{6})", sheets))
    assert found == {str(i): color for i, color in enumerate(style.PALETTE)}


def settled(tmp_path, place):
    figure, axes = style.figure()
    axes.plot(np.linspace(0, 1, 50), np.linspace(0, 1, 50), label="a diagonal")
    axes.legend(loc=place)
    figure.get_layout_engine().execute(figure)
    before = legends.hides(axes)
    style.save_svg(figure, str(tmp_path / "one.svg"))
    return before, legends.hides(axes), axes.get_legend().get_window_extent().x0


def test_a_legend_over_data_moves_beside_them(tmp_path):
    before, after, left = settled(tmp_path, "upper right")
    assert before
    assert not after
    free, _, stays = settled(tmp_path, "upper left")
    assert not free
    assert stays < left


def rows(figure):
    text = numbers.plotted_numbers(figure)
    return [line for line in text.splitlines() if line[0] == "#"], text.splitlines()


def test_the_numbers_say_what_the_axes_are_and_name_every_series():
    figure, axes = style.figure(1, 2, sharex=True)
    style.theory(axes[0], [0, 1], [0.5, 0.25], color="#D55E00")
    style.dots(axes[0], [0, 1], [0.5, 0.2], label="simulated, $\\lambda$ = 1", color="#D55E00")
    axes[1].axhline(0.5)
    axes[0].set(title="Left", ylabel="loss (nat)")
    axes[1].set(xlabel="layer $l$", title="Right: half")
    about, lines = rows(figure)
    assert about == ["# Left | x = layer l; y = loss (nat)", "# Right: half | x = layer l"]
    assert lines[2] == "panel,series,x,y,low,high"
    assert 'Left,"simulated, λ = 1: line",1,0.25,,' in lines
    assert 'Left,"simulated, λ = 1",1,0.2,,' in lines
    assert "Right: half,line 1,,0.5,," in lines


def test_pictures_maps_and_bands_are_in_the_numbers():
    figure, axes = style.figure(1, 3)
    axes[0].imshow([[0, 1], [0.25, 1]])
    axes[1].pcolormesh([0, 1, 2], [0, 1], [[3.0, 4.0]])
    axes[2].fill_between([0, 1, 2], [0.1, 0.2, 0.3], [0.5, 0.6, 0.7], label="90 %")
    _, lines = rows(figure)
    assert "axes 1,picture,0,1,,,0.25 1" in lines
    assert "axes 2,values 1,1.5,0.5,,,4" in lines
    assert "axes 3,90 %,1,,0.2,0.6," in lines


def test_an_interval_is_that_of_the_axis_along_which_it_lies():
    figure, axes = style.figure()
    axes.errorbar([2, 3], [5, 6], xerr=[[0.5, 0.25], [1, 0.25]], fmt="o", label="lying")
    axes.errorbar([1], [2], xerr=[[0.5], [0.5]], yerr=[[0.1], [0.2]], fmt="o", label="both")
    _, lines = rows(figure)
    assert lines[1:] == [
        "panel,series,x,x_low,x_high,y,low,high",
        "axes 1,lying,2,1.5,3,5,,",
        "axes 1,lying,3,2.75,3.25,6,,",
        "axes 1,both,1,0.5,1.5,2,1.9,2.2",
    ]


def test_an_interval_without_two_finite_ends_is_none_and_its_neighbours_keep_theirs():
    figure, axes = style.figure()
    axes.errorbar([0, 1, 2], [1, 1, 1], yerr=[[0.5, 0.5, 0.5], [np.inf, np.nan, 0.5]], fmt="o")
    _, lines = rows(figure)
    assert lines[-3:] == ["axes 1,dots 1,0,1,,", "axes 1,dots 1,1,1,,", "axes 1,dots 1,2,1,0.5,1.5"]
    assert not style.empty(axes)
