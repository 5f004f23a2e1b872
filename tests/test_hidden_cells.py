"""Which cells of small tables are hidden, and which follow from the sums that are known, worked out by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.analysis.small_counts import _lines, hide, solvable

NAN = float("nan")


def hidden(persons: list[float], *levels: str, least: int = 4) -> list[int]:
    """Places of the cells that are hidden in one column; a level has a letter per row."""
    counts = pd.DataFrame({"persons": persons})
    groups = {f"level {n}": pd.Series(list(codes)) for n, codes in enumerate(levels)}
    shown = hide(counts, groups, least)["persons"]
    kept = shown.dropna()
    assert kept.tolist() == counts.loc[kept.index, "persons"].tolist(), "what is shown is what was counted"
    return np.flatnonzero(shown.isna()).tolist()


# What is hidden


def test_below_the_threshold_is_hidden_and_a_zero_is_shown():
    # In no sum: nothing tells them.
    assert hidden([0, 1, 3, 4, 5]) == [1, 2]
    assert hidden([0, 1, 3, 4, 5], least=5) == [1, 2, 3]
    assert hidden([0, 10, 20], "xxx") == []


def test_one_hidden_cell_of_a_sum_hides_the_smallest_other_and_zeros_last():
    assert hidden([3, 40, 0, 20, 30], "xxxxx") == [0, 3]
    assert hidden([20, 40, 20, 3], "xxxx") == [0, 3], "of equal ones the first"
    # Only zeros beside it: one of them, and two cells can be any two numbers of the sum.
    assert hidden([3, 0, 0], "xxx") == [0, 1]


def test_what_the_producer_has_hidden_is_hidden_like_a_small_number():
    assert hidden([NAN, 40, 20], "xxx") == [0, 2]
    assert hidden([NAN, 1, 40], "xxx") == [0, 1], "how many the first had is not known: the sum tells neither"


def test_two_hidden_cells_of_a_sum_are_enough_unless_it_tells_that_each_has_one():
    assert hidden([1, 2, 30, 40], "xxxx") == [0, 1]
    assert hidden([1, 1, 30, 40], "xxxx") == [0, 1, 2]
    assert hidden([1, 1, 1, 40], "xxxx") == [0, 1, 2, 3]


def test_every_level_has_its_sums():
    # The district x has 3 and 50; the whole has 10 as the smallest other, whose district then tells it but for 60.
    assert hidden([3, 50, 10, 60, 70], "xxyyy", "rrrrr") == [0, 1, 2, 3]
    # A territory of one comune has no sum of its own.
    assert hidden([3, 10, 12, 40], "xyzw", "rrrr") == [0, 1]
    # 10 is hidden beside 3, and 12 beside 10: the whole less the district y and less 40 would still tell 3.
    assert hidden([3, 10, 12, 40], "xyyz", "rrrr") == [0, 1, 2, 3]


def test_groups_are_of_the_rows_in_their_order_and_nothing_else_changes():
    counts = pd.DataFrame(
        {"a": pd.array([1, None, 30, 40], dtype="Int64"), "b": [5, 6, 7, 8]}, index=["w", "x", "y", "z"]
    )
    shown = hide(counts, {"district": pd.Series(list("xxxx"), index=[9, 8, 7, 6])}, 4)
    assert shown.index.tolist() == ["w", "x", "y", "z"] and shown.dtypes.tolist() == counts.dtypes.tolist()
    assert shown["a"].isna().tolist() == [True, True, False, False] and shown["b"].tolist() == [5, 6, 7, 8]
    assert counts["a"].tolist()[0] == 1, "what was given stays"


def test_each_column_has_its_own_sums():
    counts = pd.DataFrame({"a": [3, 50, 60], "b": [70, 80, 2], "c": [7, 8, 9]})
    shown = hide(counts, {"district": pd.Series(list("xxx"))}, 4)
    assert shown.isna().to_numpy().T.tolist() == [[True, True, False], [True, False, True], [False] * 3]


def test_a_row_with_a_total_is_a_sum():
    counts = pd.DataFrame({"a": [1, 30], "b": [9, 31], "n": [10, 61]})
    assert hide(counts, {}, 4, "n").isna().to_numpy().tolist() == [[True, True, False], [False] * 3]
    # Without one a row tells nothing.
    assert hide(counts, {}, 4).isna().to_numpy().tolist() == [[True, False, False], [False] * 3]
    # The total itself is of few, and would follow from its one part.
    counts = pd.DataFrame({"n": [3, 61], "a": [0, 30], "b": [3, 31]})
    assert hide(counts, {}, 4, "n").isna().to_numpy().tolist() == [[True, False, True], [False] * 3]


def test_a_ring_of_sums_that_tells_all_three_hides_more():
    # Of three cells each two stand in a sum: half of what two sums have more than the third is a cell.
    persons = [3, 2, 3, 50, 60, 70]
    rings = ("xxoabc", "oxxabc", "xoxabc")
    assert hidden(persons, *rings) == [0, 1, 2], "nothing is left that could be hidden beside them"
    assert hidden([*persons, 80], *(f"{ring}x" for ring in rings)) == [0, 1, 2, 6]


def test_what_is_all_hidden_and_tells_a_cell_hides_what_stands_in_the_next_sums():
    # p less x tells the third cell, and has nothing left to hide: u, which shares the first with both, has.
    persons = [2, 3, 3, 2, 50, 60]
    assert hidden(persons, "xxyzwo", "pppzwo", "uabuuo") == [0, 1, 2, 3, 4]
    assert hidden(persons, "xxyzwo", "uabuuo") == [0, 1, 2, 3]


def test_around_what_follows_whatever_is_hidden_no_more_than_six_are_hidden():
    # p less x tells the third cell, whether or not the others of the region are shown.
    persons = [2, 3, 3, 50, 60, 70, 80, 90, 100, 110, 120]
    assert hidden(persons, "xxyabcdefgh", "pppabcdefgh", "r" * 11) == list(range(9))


def test_every_sum_that_may_be_known():
    counts = pd.DataFrame({"n": [3, 7], "a": [1, 5], "b": [2, 2]})
    groups = {"district": pd.Series(["x", "y"]), "region": pd.Series(["r", "r"], index=["one", "two"])}
    # Cells are numbered by row. Each cell of a district of one row, each column of the region, each row less its total.
    columns = [{0: 1, 3: 1}, {1: 1, 4: 1}, {2: 1, 5: 1}]
    rows = [{0: -1, 1: 1, 2: 1}, {3: -1, 4: 1, 5: 1}]
    assert _lines(counts, groups, "n") == [*({cell: 1} for cell in range(6)), *columns, *rows]
    assert _lines(counts, {}, None) == []


# What follows from the sums


def follows(values: list[float], *lines: dict[int, int], shown: tuple[int, ...] = (), cells: list[int] | None = None):
    flat = np.array(values, dtype="float64")
    blank = np.array([cell not in shown for cell in range(len(flat))])
    return solvable(lines, flat, blank, np.flatnonzero(blank).tolist() if cells is None else cells)


def ones(*cells: int) -> dict[int, int]:
    return dict.fromkeys(cells, 1)


def test_a_hidden_cell_that_is_alone_in_a_sum_follows():
    assert follows([5, 9], ones(0, 1), shown=(1,)) == [0]
    assert follows([5, 9], ones(0, 1)) == []


def test_nothing_follows_without_sums():
    assert follows([5, 9]) == [] and follows([5, 9, 1], ones(1, 2), shown=(1, 2)) == []
    # One cell is in no sum.
    assert follows([5, 9, 7], ones(1, 2), shown=(2,)) == [1]


def test_a_sum_of_nobody_tells_all_its_cells():
    assert follows([0, 0], ones(0, 1)) == [0, 1]
    # One person may be either of the two.
    assert follows([0, 1], ones(0, 1)) == []


def test_three_sums_of_each_two_cells_tell_all_three():
    ring = (ones(0, 1), ones(1, 2), ones(0, 2))
    assert follows([1, 2, 3], *ring) == [0, 1, 2] and follows([1, 2, 3], *ring, cells=[2, 0]) == [2, 0]
    assert follows([1, 2, 3], *ring[:2]) == []


def test_a_cell_that_no_number_below_or_above_fits_follows():
    # The first two have nobody between them, so that the third has all of the other sum.
    assert follows([0, 0, 3], ones(0, 1), ones(1, 2)) == [0, 1, 2]
    # One person is in the first: the other has one or none less.
    assert follows([1, 0, 3], ones(0, 1), ones(1, 2)) == []


def test_a_total_has_the_other_sign():
    row = {0: 1, 1: 1, 2: -1}
    assert follows([5, 6, 11], row, shown=(1, 2)) == [0] and follows([5, 6, 11], row, shown=(0, 1)) == [2]
    # A part and the total can both have more.
    assert follows([5, 6, 11], row, shown=(1,)) == []
    # A part that is nobody is told by the total and the other part, and by a sum of both parts.
    assert follows([5, 6, 11], row, ones(0, 1), shown=()) == [2]


def test_what_the_producer_has_hidden_has_at_least_one():
    """How many are behind a blank is not known here: it stands for one in the sums."""
    assert follows([NAN, 0], ones(0, 1)) == []
    assert follows([NAN, 4], ones(0, 1), shown=(1,)) == [0]
    assert follows([NAN, 0, 3], ones(0, 1), ones(1, 2)) == []


@pytest.mark.parametrize("apart", [2, 3])
def test_the_difference_of_two_territories_tells_what_one_has_more(apart):
    # A district of the first cells, a province of these and one more: it follows whatever is hidden of the others.
    district = ones(*range(apart))
    assert follows([2, 3, 5, 7][: apart + 1], district, ones(*range(apart + 1))) == [apart]
