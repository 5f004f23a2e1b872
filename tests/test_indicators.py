"""Counts become the declared indicators; what cannot be computed is missing."""

import pandas as pd
import pytest

from helpers.analysis import indicators
from helpers.declarations import BY_ID

RATIO, MEAN, TWO = "dependency_ratio", "minutes_to_pole", "natural_balance_rate"


def computed(name: str, **counts: list) -> list[float]:
    return indicators.add_indicators(pd.DataFrame(counts), [BY_ID[name]])[name].fillna(-1).tolist()


def test_a_ratio_of_sums():
    found = computed(RATIO, age_0_14=[10, 10, None, 10], age_65_plus=[20, 0, 5, 20], age_15_64=[60.0, 40.0, 30.0, None])
    # A count that is missing leaves the value missing, above the line or below it.
    assert found == [50.0, 25.0, -1, -1]


def test_nothing_to_divide_by_is_missing_and_one_is_enough():
    assert computed("share_80_plus", age_80_plus=[0, 0, 1], residents=[0, 1, 1]) == [-1, 0.0, 1.0]


def test_a_mean_stands_as_it_is_where_people_live():
    assert computed(MEAN, pole_minutes=[30.5, 20.0, 10.0], residents=[7, 0, 1]) == [30.5, -1, 10.0]


def test_parts_are_added_and_taken_away():
    counts = {"births": [6], "deaths": [10], "residents_opening": [1_010], "residents_closing": [990]}
    assert computed(TWO, **counts, **{"-deaths": [-10]}) == [-4.0]


def test_an_indicator_that_lacks_a_count_is_left_out_and_one_without_counts_too():
    table = pd.DataFrame({"residents": [2], "age_80_plus": [1]})
    assert list(indicators.add_indicators(table).columns) == ["residents", "age_80_plus", "share_80_plus"]


def test_only_indicators_are_rounded_to_what_is_printed():
    table = pd.DataFrame({"share_80_plus": [0.12345], "old_age_index": [199.99], "other": [0.12345]})
    assert indicators.as_printed(table).iloc[0].tolist() == [0.123, 200.0, 0.12345]


@pytest.mark.parametrize(
    ("name", "own"),
    [
        ("share_80_plus", False),
        ("share_inner_areas", True),
        ("residents_change", True),
        (MEAN, True),
        ("density", False),
    ],
)
def test_what_rests_on_a_table_of_its_own(name, own):
    assert indicators.from_tables(BY_ID[name]) is own


def test_districts_are_compared_by_what_is_known_of_all():
    table = pd.DataFrame(
        {
            "old_age_index": [100.0, None],  # of the residents, whom every district has
            "density": [1.0, 2.0],
            "foreign_share": [0.1, None],
            "residents_change": [0.0, -0.1],
            "share_80_plus": [0.1, 0.1],  # does not describe a district among the others
        }
    )
    assert indicators.ids_compared(table) == ["old_age_index", "density", "residents_change"]
    assert indicators.ids_compared(table.assign(foreign_share=0.1))[-1] == "foreign_share"
