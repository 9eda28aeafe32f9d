"""A curve is drawn by its name; what is missing is said."""

import numpy as np
import pytest
import xarray as xr

from entanglement.drawing import panels, style
from entanglement.drawing.numbers import plotted_numbers
from entanglement.statistics import estimates


def cell(**changes):
    values = {
        "x": [1.0, 0.1, 1e-9], "x_low": [0.9, 0.05, 0.0], "x_high": [1.1, 0.2, 1e-8],
        "x_theory": [1.0, 0.1, 1e-9], **changes,
    }  # fmt: skip
    return xr.Dataset({name: ("layer", v) for name, v in values.items()}, {"layer": [0, 1, 2]})


def written(figure):
    lines = plotted_numbers(figure).splitlines()
    return [line for line in lines if line[0] != "#"][1:]


def numbers(data, **options):
    figure, axes = style.figure()
    panels.curve(axes, data, "x", "simulated", **options)
    return written(figure)


def test_a_curve_draws_dots_interval_and_theory():
    assert numbers(cell()) == [
        "axes 1,simulated,0,1,0.9,1.1", "axes 1,simulated,1,0.1,0.05,0.2",
        "axes 1,simulated,2,1e-09,0,1e-08", "axes 1,line 1,0,1,,", "axes 1,line 1,1,0.1,,",
        "axes 1,line 1,2,1e-09,,",
    ]  # fmt: skip
    assert len(numbers(cell(), theory=False)) == 3


def test_below_the_floor_nothing_is_drawn():
    assert len(numbers(cell(), floor=1e-6)) == 4


def test_a_single_network_has_dots_without_interval():
    nothing = [np.nan] * 3
    drawn = numbers(cell(x_low=nothing, x_high=nothing, x_theory=nothing))
    assert drawn[0] == "axes 1,simulated,0,1,,"
    assert len(drawn) == 3


def test_cells_can_be_drawn_along_a_parameter():
    data = xr.Dataset({"x": ("cell", [1.0, 2.0])}, {"n": ("cell", [16, 64])})
    assert numbers(data, along="n") == ["axes 1,simulated,16,1,,", "axes 1,simulated,64,2,,"]


def test_a_parameter_may_be_called_like_a_method():
    """A coordinate `keys` makes xarray take the array for a dictionary."""
    assert numbers(cell().assign_coords(keys=4)) == numbers(cell())


def test_a_statistic_is_drawn_with_the_interval_that_it_carries():
    figure, axes = style.figure()
    for x, found in enumerate((estimates.exact(2.0, 5), estimates.NOTHING)):
        panels.scalar(axes, x, estimates.scalar(found, "a number"), label="simulated")
    assert written(figure) == ["axes 1,simulated,0,2,2,2"]


def test_legends_hold_each_label_once_and_an_empty_panel_says_why():
    figure, axes = style.figure(1, 2)
    for at in axes:
        panels.curve(at, cell(), "x", "simulated")
    panels.legend(figure)
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == ["simulated"]
    bare, _ = style.figure()
    panels.legend(bare)
    assert not bare.legends
    empty = panels.empty("no cell with n > k")
    assert "no cell with n > k" in empty.axes[0].texts[0].get_text()


@pytest.mark.parametrize(
    ("count", "last"), [(20, "cell 19"), (21, "and 2 more"), (9000, "and 8,981 more")]
)
def test_a_legend_that_nobody_could_read_is_cut_and_says_so(count, last):
    figure, axes = style.figure()
    for number in range(count):
        axes.plot([], [], label=f"cell {number}")
    panels.legend(figure)
    style.legend(axes)
    for legend in (*figure.legends, axes.get_legend()):
        words = [text.get_text() for text in legend.get_texts()]
        assert words[:19] == [f"cell {number}" for number in range(19)]
        assert words[19:] == [last]


@pytest.mark.parametrize("count", [1, 5, 6, 300])
def test_a_row_of_axes_shows_what_can_be_read_and_says_so(count):
    figure, row = panels.columns(range(count), width=10, height=4, sharey=True)
    assert len(row) == len(figure.axes) == min(count, 5)
    assert (row[0][1], row[-1][1]) == (0, count - 1)
    assert figure.get_suptitle() == (f"5 of {count} are drawn" if count > 5 else "")
    panels.partly(figure, "another")
    assert figure.get_suptitle() == (f"5 of {count} are drawn" if count > 5 else "another")


@pytest.mark.parametrize("weights", ["top", "top_unit", "random", "minimum", "orthogonal"])
def test_a_colour_is_shared_by_dots_and_line(weights):
    _, axes = style.figure()
    panels.curve(axes, cell(), "x", weights, color="#D55E00")
    assert {line.get_color() for line in axes.get_lines()} == {"#D55E00"}
