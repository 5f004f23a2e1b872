"""On which side of a map the high values lie."""

import numpy as np
import pytest

from helpers.analysis.compass import MIDDLE, SIDES, side

#: A square of places, five by five.
PLACES = np.array([(400_000.0 + 9_000 * column, 5_000_000.0 + 9_000 * row) for row in range(5) for column in range(5)])


@pytest.mark.parametrize(("found", "way"), list(zip(SIDES, range(8), strict=True)))
def test_a_group_beyond_the_middle_is_on_its_side(found, way):
    middle = PLACES.mean(axis=0)
    towards = np.array([np.cos(way * np.pi / 4), np.sin(way * np.pi / 4)])
    reach = (PLACES - middle) @ towards
    assert side(PLACES, reach >= np.sort(reach)[-5]) == found


def test_a_group_close_together_in_the_middle_is_on_no_side_but_there():
    assert side(PLACES, np.isin(np.arange(25), (7, 11, 12, 13, 17))) == MIDDLE
    assert side(PLACES, np.arange(25) == 12) == MIDDLE


def test_what_is_everywhere_or_nowhere_is_on_no_side():
    assert side(PLACES, np.ones(25, bool)) is None and side(PLACES, np.zeros(25, bool)) is None
    corners = np.isin(np.arange(25), (0, 4, 20, 24))
    assert side(PLACES, corners) is None and side(np.array([(7.0, 8.0)] * 3), np.array([True, False, False])) is None
