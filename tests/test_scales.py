"""Ticks and ranges of axes, worked out by hand."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.figures.scales import scale, steps


@pytest.mark.parametrize(
    ("low", "high", "wanted", "ticks"),
    [
        (0, 100, 6, [0, 20, 40, 60, 80, 100]),
        (0, 1, 6, [0, 0.2, 0.4, 0.6, 0.8, 1]),
        (0, 0.3, 4, [0, 0.1, 0.2, 0.3]),
        (0.3, 9.7, 6, [2, 4, 6, 8]),
        (-5, 5, 3, [-5, 0, 5]),
        (-0.7, 0.2, 4, [-0.5, 0]),
        (0, 24, 6, [0, 5, 10, 15, 20]),
        (0, 11, 6, [0, 2.5, 5, 7.5, 10]),
        (0, 36, 6, [0, 10, 20, 30]),
        (1990, 2026, 4, [2000, 2020]),
        (0, 10, 2, [0, 10]),
        (0, 10, 1, [0, 10]),
        (0, 10, 0, [0, 10]),
        # A step may be a thousandth less than asked for, and no more.
        (0, 10.005, 6, [0, 2, 4, 6, 8, 10]),
        (0, 10.015, 6, [0, 2.5, 5, 7.5, 10]),
        (4_250_000, 4_370_000, 6, [4_250_000, 4_275_000, 4_300_000, 4_325_000, 4_350_000]),
    ],
)
def test_ticks_are_round_numbers_within_the_range(low, high, wanted, ticks):
    assert steps(low, high, wanted) == ticks


def test_about_six_ticks_are_wanted():
    assert steps(0, 50) == [0, 10, 20, 30, 40, 50]
    assert scale([0, 100], str)["tickvals"] == [0, 25, 50, 75, 100]


@given(st.floats(-1e6, 1e6), st.floats(1e-3, 1e6), st.integers(2, 9))
def test_ticks_stand_as_far_apart_as_their_neighbours_and_leave_no_room_for_another(low, span, wanted):
    ticks = steps(low, low + span, wanted)
    gaps = [b - a for a, b in zip(ticks, ticks[1:], strict=False)]
    assert len(ticks) <= wanted + 1 and all(gap == pytest.approx(gaps[0]) for gap in gaps)
    step = gaps[0] if gaps else math.inf
    assert all(low - 1e-6 * span <= tick <= low + span + 1e-6 * span for tick in ticks)
    assert not ticks or (ticks[0] - step < low and ticks[-1] + step > low + span)


@pytest.mark.parametrize(
    ("values", "options", "ends", "ticks"),
    [
        ([0, 100], {}, [-6, 106], [0, 25, 50, 75, 100]),
        ([0, 100], {"wanted": 5}, [-6, 106], [0, 50, 100]),
        ([10, 60], {}, [7, 63], [20, 40, 60]),
        ([5], {}, [4, 6], [4, 4.5, 5, 5.5, 6]),
        ([10, 100], {"zero": True}, [0, 106], [0, 25, 50, 75, 100]),
        ([-10, 90], {"zero": True}, [-10, 96], [0, 25, 50, 75]),
        ([0, 0], {"zero": True}, [0, 1], [0, 0.2, 0.4, 0.6, 0.8, 1]),
        ([None, 100, math.nan, 0], {}, [-6, 106], [0, 25, 50, 75, 100]),
    ],
)
def test_a_range_holds_the_values_with_some_room(values, options, ends, ticks):
    found = scale(iter(values), "{:g} eur".format, **options)
    assert found["range"] == pytest.approx(ends)
    assert found["tickvals"] == ticks
    assert found["ticktext"] == [f"{tick:g} eur" for tick in ticks]
    assert list(found) == ["range", "tickvals", "ticktext"]
