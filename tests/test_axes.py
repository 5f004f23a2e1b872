"""Axes: which pixel a value stands at, and which ticks are seen, worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.figures.drawing.axes import Axis, categories

DAY = 86_400_000


def across(**spec: object) -> Axis:
    """From 100 to 300 pixels."""
    return Axis({"range": [0, 50], **spec}, "x", 100, 200)


def upwards(**spec: object) -> Axis:
    """From 300 pixels, at its lower end, to 100."""
    return Axis({"range": [0, 50], **spec}, "y2", 300, 200)


def test_values_stand_in_proportion():
    assert across().at([0, 25, 50, 10, -5, 60]).tolist() == [100, 200, 300, 140, 80, 340]
    assert upwards().at([0, 25, 50, 10, -5, 60]).tolist() == [300, 200, 100, 260, 320, 60]
    assert across(range=[10, 20]).at([10, 12.5, 20]).tolist() == [100, 150, 300]
    assert across(range=[20, 10]).at([10, 12.5, 20]).tolist() == [300, 250, 100]


def test_ends_and_what_is_seen():
    assert (across().start, across().end, across().upwards, across().seen) == (100, 300, False, True)
    assert (upwards().start, upwards().end, upwards().upwards, upwards().name) == (300, 100, True, "y2")
    assert across(visible=False).seen is False and across().type == "linear"


def test_what_is_missing_stands_nowhere():
    for axis in (across(), across(type="log", range=[0, 2]), across(type="date", range=["2020-01-01", "2020-01-11"])):
        found = axis.at([None])
        assert found.shape == (1,) and math.isnan(found[0])
    assert np.isnan(across().at([math.nan, 25])).tolist() == [True, False]
    assert across().values([]).shape == (0,)


def test_a_logarithmic_axis_has_its_range_in_powers_of_ten():
    axis = across(type="log", range=[0, 2])
    assert axis.values([1, 10, 1000]).tolist() == [0, 1, 3]
    assert axis.at([1, 10, 100, 1000]).tolist() == [100, 200, 300, 400]


def test_a_day_is_as_far_from_the_next_as_any_other():
    axis = across(type="date", range=["2020-02-28", "2020-03-03"])
    assert axis.at(["2020-02-28", "2020-02-29", "2020-03-01", "2020-03-03"]).tolist() == [100, 150, 200, 300]
    # Numbers are milliseconds, counted from the same day as the texts.
    first = axis.values(["2020-02-28"])[0]
    assert first == 737_483 * DAY and axis.at([first + DAY / 2]).tolist() == [125]


def test_names_stand_in_their_order_and_numbers_between_them():
    axis = Axis({"range": [-0.5, 3.5]}, "x", 0, 400, ["a", "b", "c", "a b"])
    assert axis.type == "category"
    assert axis.at(["a", "a b", "b", 0.5, None]).tolist()[:4] == [50, 350, 150, 100]
    with pytest.raises(KeyError, match="z"):
        axis.at(["z"])
    assert Axis({"range": [0, 1], "type": "linear"}, "x", 0, 1, ["a"]).type == "linear"


@given(
    st.tuples(st.floats(-1e6, 1e6), st.floats(1, 1e6)),
    st.floats(0, 1),
    st.sampled_from(["x", "y"]),
)
def test_a_share_of_the_range_is_a_share_of_the_length(ends, share, name):
    low, span = ends
    axis = Axis({"range": [low, low + span]}, name, 500, 200)
    due = 500 + (200 if name == "x" else -200) * share
    assert axis.at([low + share * span])[0] == pytest.approx(due, abs=1e-3)


# ---- ticks


def test_ticks_are_told_with_their_text():
    assert across(tickvals=[0, 12.5, 50]).ticks() == [(100, "0"), (150, "12.5"), (300, "50")]
    assert across(tickvals=[0, 50], ticksuffix="%").ticks() == [(100, "0%"), (300, "50%")]
    assert across(tickvals=[0, 50], ticktext=["none", "all"], ticksuffix="%").ticks() == [(100, "none"), (300, "all")]
    assert upwards(tickvals=[10]).ticks() == [(260, "10")]
    assert across(tickvals=[]).ticks() == []


@pytest.mark.parametrize("axis", [across, upwards])
def test_only_ticks_within_the_axis_are_told(axis):
    # A hundredth of a pixel is 0.0025 of these values: what computers add does not take a tick away.
    near = [-0.0024, 50.0024]
    found = axis(tickvals=[-0.003, *near, 50.003, -10, 60]).ticks()
    assert [text for _, text in found] == ["-0.0024", "50.0024"]
    # The bound itself counts.
    wide = Axis({"range": [0, 1], "tickvals": [0, 1]}, "x", 0.01, 1)
    assert len(wide.ticks()) == 2


def test_ticks_of_names_are_the_names_unless_told():
    spec = {"range": [-0.5, 1.5], "type": "category"}
    assert Axis(spec, "x", 0, 200, ["a", "b", "c"]).ticks() == [(50, "a"), (150, "b")]
    told = spec | {"tickvals": ["b"], "ticktext": ["B"]}
    assert Axis(told, "x", 0, 200, ["a", "b", "c"]).ticks() == [(150, "B")]


def test_texts_and_places_of_ticks_are_as_many():
    with pytest.raises(ValueError):
        across(tickvals=[0, 50], ticktext=["none"]).ticks()


def test_what_an_axis_does_not_say_is_told():
    with pytest.raises(ValueError, match=r"^The axis y2 does not say its range\.$"):
        Axis({}, "y2", 0, 1)
    with pytest.raises(ValueError, match=r"^The axis x does not say its ticks\.$"):
        across().ticks()


def test_names_along_an_axis():
    given = [["b", None, "a"], ["a", "c"]]
    assert categories({"type": "category"}, given) == ["b", "a", "c"]
    assert categories({"categoryarray": ("c", "a")}, given) == ["c", "a"]
    assert categories({"type": "linear"}, given) == categories({}, given) == []
