"""What sets a district apart, by the rule the pages state."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.analysis import insight
from helpers.declarations import BY_ID
from helpers.pages.common.facts import region_view

#: Indicators of each scale: as they are, by the square root, by the logarithm, a change.
PLAIN, SHARE, LOGARITHMIC, CHANGE = "old_age_index", "share_80_plus", "density", "residents_change"


def districts(**values: list[float]) -> pd.DataFrame:
    n = len(next(iter(values.values())))
    codes = [f"D{i:02d}" for i in range(1, n + 1)]
    return pd.DataFrame({"name": [f"Town {c}" for c in codes], **values}, index=codes)


def found(table: pd.DataFrame, code: str) -> list[dict]:
    return insight.find_values(table, code, insight.find_scores(table))


def test_a_score_by_hand():
    # median 3, absolute deviations 2 1 0 1 97, their median 1
    scores = insight.find_scores(districts(**{PLAIN: [1.0, 2.0, 3.0, 4.0, 100.0]}))[PLAIN]
    assert scores.tolist() == pytest.approx([(v - 3) / 1.4826 for v in (1, 2, 3, 4, 100)])


def test_orders_of_magnitude_and_shares_are_compared_on_their_scale():
    scores = insight.find_scores(districts(**{LOGARITHMIC: [1.0, 10.0, 100.0], SHARE: [0.01, 0.04, 0.09]}))
    assert scores[LOGARITHMIC].iloc[0] == pytest.approx(-scores[LOGARITHMIC].iloc[2])
    assert scores[SHARE].iloc[0] == pytest.approx(-scores[SHARE].iloc[2])


def test_the_first_of_all_is_named_with_the_next():
    first = found(districts(**{PLAIN: [*range(10, 19), 40.0]}), "D10")[0]
    assert (first["place"], first["end"], first["beyond"], first["next"]) == (
        1,
        "high",
        [],
        {"name": "Town D09", "value": 18},
    )


def test_the_last_is_named_as_well():
    """A share cannot fall far below its median: the last three are told all the same."""
    third = found(districts(**{SHARE: [0.061, 0.062, 0.063, *(0.07 + n / 1000 for n in range(9))]}), "D03")[0]
    assert (third["place"], third["end"]) == (3, "low")
    assert [other["name"] for other in third["beyond"]] == ["Town D01", "Town D02"]


def test_many_that_share_the_end_are_no_extreme():
    assert found(districts(**{SHARE: [0.0] * 5 + [0.1, 0.11, 0.12, 0.13, 0.14]}), "D01") == []


def test_nothing_stands_apart_where_all_are_alike():
    assert found(districts(**{PLAIN: [7.0] * 5}), "D01") == []


def test_what_says_the_same_twice_is_told_once():
    rising = [float(n) for n in range(20)]
    table = districts(**{PLAIN: rising, SHARE: [v / 100 for v in rising], LOGARITHMIC: [*reversed(range(1, 21))]})
    assert len(found(table, "D20")) == 1


def test_a_change_against_the_region_is_told():
    table = districts(**{CHANGE: [-0.05, -0.04, 0.01]})
    region = pd.Series({CHANGE: -0.03})
    assert insight.find_against(table, region, "D03", [])["value"] == 0.01
    assert insight.find_against(table, region, "D01", []) is None
    assert insight.find_against(table, region, "D03", [CHANGE]) is None


def test_of_several_changes_against_the_region_the_farthest_for_its_spread_is_told():
    natural, explorer_only = "natural_balance_rate", "foreign_share_change"
    table = districts(
        **{
            CHANGE: [0.30, -0.30, 0.0],  # spreads ten times as far as it is off the region
            natural: [0.02, -0.001, -0.002],
            "old_age_index_change": [4.0, 4.0, 4.0],  # the same everywhere, and as the region
            explorer_only: [9.0, -9.0, 0.0],  # on no page
        }
    )
    region = pd.Series({CHANGE: -0.03, natural: -0.4, "old_age_index_change": 4.0, explorer_only: -1.0})
    told = insight.find_against(table, region, "D01", [])
    assert told == {"indicator": natural, "value": 0.02, "region": -0.4}
    assert insight.find_against(table, region, "D01", [natural])["indicator"] == CHANGE
    # Neither no change nor a region without one goes the other way.
    assert insight.find_against(table, region, "D03", [natural]) is None
    assert insight.find_against(table, region * 0, "D01", []) is None
    # Where all are the same there is no spread to divide by.
    alike = districts(**{CHANGE: [0.02] * 3, natural: [0.5, 0.1, 0.3]})
    assert insight.find_against(alike, region, "D01", []) == {"indicator": natural, "value": 0.5, "region": -0.4}


def test_a_finding_says_the_median_and_which_end():
    table = districts(**{PLAIN: [*range(10, 19), 40.0]})
    first = found(table, "D10")[0]
    assert (first["indicator"], first["value"], first["median"], first["end"]) == (PLAIN, 40.0, 14.5, "high")
    last = found(districts(**{PLAIN: [1.0, *range(30, 39)]}), "D01")[0]
    assert (last["median"], last["end"], last["place"], last["beyond"]) == (33.5, "low", 1, [])
    assert last["next"] == {"name": "Town D02", "value": 30.0}


def test_an_end_is_a_comune_at_the_limit_and_no_change_is_no_growth():
    comuni = pd.DataFrame(
        {"name": ["A", "B", "C", "D"], "residents": [1000, 2000, 1500, 999], CHANGE: [0.1, 0.0, 0.05, 0.9]}
    )
    assert insight.find_inside(comuni, CHANGE, 1000) == {
        "indicator": CHANGE,
        "n": 4,
        "grown": 3,
        "lowest": {"name": "B", "value": 0.0},
        "highest": {"name": "A", "value": 0.1},
    }
    # What is not known of another column leaves nobody out.
    assert insight.find_inside(comuni.assign(other=None), CHANGE, 1000)["n"] == 4
    assert insight.find_inside(comuni, "none such", 1000) is None


def test_how_comuni_differ_counts_all_and_names_the_large():
    comuni = pd.DataFrame(
        {"name": ["A", "B", "C", "D"], "residents": [5000, 2000, 300, 1500], CHANGE: [0.1, -0.2, -0.5, None]}
    )
    told = insight.find_inside(comuni, CHANGE, 1000)
    assert (told["n"], told["grown"], told["lowest"]["name"], told["highest"]["name"]) == (3, 1, "B", "A")
    assert insight.find_inside(comuni.head(1), CHANGE, 1000) is None


def test_people_behind_a_share_of_residents_only():
    row = pd.Series({"residents": 1000, SHARE: 0.0815, PLAIN: 200.0})
    assert insight.count_people(row, BY_ID[SHARE]) == 82
    assert insight.count_people(row, BY_ID[PLAIN]) is None
    # A share of others than residents, a number of nobody, and a rate that is no share.
    others = pd.Series({"residents": 1000, "share_under_10000": 0.3, SHARE: 0.0, "natural_balance_rate": 2.0})
    assert insight.count_people(others, BY_ID["share_under_10000"]) is None
    assert insight.count_people(others, BY_ID[SHARE]) is None
    assert insight.count_people(others, BY_ID["natural_balance_rate"]) is None


@settings(max_examples=25)
@given(st.lists(st.floats(1, 1000), min_size=6, max_size=12), st.floats(0.1, 50), st.floats(0, 100))
@pytest.mark.slow
def test_what_is_told_does_not_depend_on_the_unit(values, scale, shift):
    if np.ptp(values) < 1e-3:
        return
    one, other = ({PLAIN: list(v)} for v in (values, np.array(values) * scale + shift))
    for code in ("D01", "D06"):
        both = [[(f["place"], f["end"]) for f in found(districts(**v), code)] for v in (one, other)]
        assert both[0] == both[1] or np.isclose(np.sort(values)[1:], np.sort(values)[:-1]).any()


@settings(max_examples=20)
@given(st.lists(st.tuples(st.floats(1, 1000), st.floats(0.01, 0.9), st.floats(1, 9000)), min_size=6, max_size=12))
@pytest.mark.slow
def test_every_finding_holds(rows):
    table = districts(**dict(zip((PLAIN, SHARE, LOGARITHMIC), map(list, zip(*rows, strict=True)), strict=True)))
    for code in table.index:
        told = found(table, code)
        assert len(told) <= insight.MOST
        for f in told:
            others = table[f["indicator"]].drop(code)
            beyond = others > f["value"] if f["end"] == "high" else others < f["value"]
            if f["place"]:
                assert f["place"] == beyond.sum() + 1 <= insight.ENDS
                assert [other["value"] for other in f["beyond"]] == sorted(others[beyond], reverse=f["end"] == "high")


@pytest.mark.slow
def test_most_districts_stand_apart_in_something():
    view = region_view()
    silent = [c for c in view.districts.index if not insight.find_values(view.districts, c, view.scores)]
    assert len(silent) <= 3
    told = {c: insight.find_values(view.districts, c, view.scores) for c in ("D08", "D15", "D03")}
    assert {"residents_change"} <= {f["indicator"] for f in told["D08"]} & {f["indicator"] for f in told["D03"]}
    assert told["D15"]
