"""What the text alternative of a map says of where its values lie."""

import geopandas as gpd
import pytest
import shapely

from helpers.pages.common.page_words import PageWords
from helpers.pages.common.told_places import told_groups, told_kinds

WORDS = PageWords("it")


def square(n, **columns):
    """Places n by n, the first in the south-west, 10 km from one another."""
    places = [shapely.Point(10_000 * column, 10_000 * row).buffer(1000) for row in range(n) for column in range(n)]
    return gpd.GeoDataFrame({"name": [f"P{i}" for i in range(n * n)], **columns}, geometry=places)


def test_the_highest_and_the_lowest_are_named_with_their_side():
    told = told_groups(WORDS, square(5, v=range(25)), "v")
    assert told == (
        "I valori più alti sono in prevalenza a nord (P24, P23, P22, P21, P20); "
        "i più bassi in prevalenza a sud (P0, P1, P2, P3, P4)."
    )


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ([1, 2, 3, 4], "sono in prevalenza a nord (P3, P2); i più bassi in prevalenza a sud (P0, P1)."),
        ([1, 2, None, None], "è a est (P1); il più basso a ovest (P0)."),
        ([1, None, None, None], ""),
        ([1, 1, 1, 1], ""),
    ],
)
def test_fewer_places_make_smaller_groups_and_none_that_differs_says_nothing(values, told):
    assert told_groups(WORDS, square(2, v=values), "v", "district").endswith(told)
    assert bool(told) == bool(told_groups(WORDS, square(2, v=values), "v", "district"))


def test_places_with_few_residents_are_in_no_group_and_it_is_said():
    table = square(3, v=range(9), residents=[5000] * 8 + [10])
    told = told_groups(WORDS, table, "v", "district", least=1000)
    assert told.startswith("Fra i comuni con almeno 1.000 residenti i valori più alti sono") and "P8" not in told


def test_kinds_are_counted_placed_and_named_where_they_are_few():
    table = square(5, kind=["a"] * 5 + ["b"] * 20)
    told = told_kinds(WORDS, table, "kind", {"a": "primo", "b": "secondo", "c": "terzo"})
    assert told == "Primo: 5, in prevalenza a sud (P0, P1, P2, P3, P4); secondo: 20, in parti diverse della regione."
