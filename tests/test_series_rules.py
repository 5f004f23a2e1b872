"""Series of territories from small tables: what is summed, what is known, to whom a row belongs, what changes."""

from __future__ import annotations

import warnings

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.analysis import series
from helpers.analysis.code_editions import find_homes
from helpers.declarations import BY_ID, COUNTS, Indicator

NAN = float("nan")

#: Four comuni in two districts: all but a tenth of the first lives in one comune, the second is in halves.
COMUNI = pd.DataFrame(
    {"code": list("abcd"), "residents": [900, 100, 500, 500], "district": ["X", "X", "Y", "Y"]}, index=list("abcd")
)


def table(year: int, **counts: list[float]) -> pd.DataFrame:
    """Counts of the comuni a, b, c, d of one year."""
    return pd.DataFrame({"istat": list("abcd"), "year": year, **counts})


def at_home(rows: pd.DataFrame) -> pd.DataFrame:
    """Each row speaks of the comune of its code."""
    return rows[["istat", "year"]].assign(home=rows["istat"])


def tables(comuni: pd.DataFrame = COMUNI, **rows: pd.DataFrame) -> series.Tables:
    """Tables of which each row speaks of the comune of its code."""
    return series.Tables(rows, {name: at_home(own) for name, own in rows.items()}, comuni)


def found_of(held: series.Tables, name: str, by: str = "district") -> dict[tuple[str, int], tuple[float, float]]:
    """Value and known share by code and year; the columns and the index are looked at in passing."""
    found = held.values(BY_ID.get(name) or COUNTS[name], by)
    assert list(found) == ["code", "year", "value", "known"] and list(found.index) == list(range(len(found)))
    return {(row.code, row.year): (row.value, row.known) for row in found.itertuples()}


def same(expected: dict) -> dict:
    return {key: pytest.approx(pair, nan_ok=True) for key, pair in expected.items()}


# What is summed


def test_a_count_is_summed_by_territory_and_year():
    rows = pd.concat([table(2026, residents_total=[90.0, 20, 5, 6]), table(2011, residents_total=[80.0, 30, 7, 8])])
    found = tables(population_totals=rows).values(COUNTS["residents_total"], "district")
    assert found["code"].tolist() == ["X", "X", "Y", "Y"] and found["year"].tolist() == [2011, 2026, 2011, 2026]
    assert found["value"].tolist() == [110, 110, 15, 11] and found["known"].tolist() == [1, 1, 1, 1]
    # Territories are those of the comuni, in order, whatever the level.
    whole = found_of(tables(population_totals=rows), "residents_total", "code")
    assert whole["d", 2011] == (8, 1) and whole["a", 2026] == (90, 1) and len(whole) == 8


def test_counts_are_summed_before_they_are_divided_and_years_are_those_of_every_table():
    people = pd.concat([table(2020, residents_total=[10.0, 10, 4, 4]), table(2026, residents_total=[100.0, 300, 9, 1])])
    foreign = pd.concat(
        [table(2026, foreign_residents=[50.0, 30, 2, 0]), table(2027, foreign_residents=[1.0, 1, 1, 1])]
    )
    held = tables(foreign_residents=foreign, population_totals=people)
    assert found_of(held, "foreign_share") == same({("X", 2026): (80 / 400, 1), ("Y", 2026): (2 / 10, 1)})
    # The same again, from what was kept.
    assert found_of(held, "foreign_share", "code")["a", 2026] == (0.5, 1)
    assert found_of(held, "foreign_share") == same({("X", 2026): (80 / 400, 1), ("Y", 2026): (2 / 10, 1)})


def test_what_is_taken_away_and_what_is_per_thousand():
    balance = table(
        2025, births=[3.0, 1, 0, 2], deaths=[5.0, 2, 1, 1], residents_opening=[0.0, 100, 50, 50],
        residents_closing=[900.0, 0, 50, 50],
    )  # fmt: skip
    # (4 - 7) / 1000 and (2 - 2) / 200, the residents of both days counted, twice a thousand.
    held = tables(demographic_balance=balance)
    assert found_of(held, "natural_balance_rate") == {("X", 2025): (-6, 1), ("Y", 2025): (0, 1)}


def test_a_mean_is_weighted_by_residents():
    # No table has the residents: they are those of our comuni.
    held = tables(territory_classes=table(series.UNDATED, pole_minutes=[10.0, 60, 0, 30]))
    assert found_of(held, "minutes_to_pole") == {("X", 0): (15, 1), ("Y", 0): (15, 1)}


def test_where_there_is_nothing_to_divide_by_there_is_no_value():
    held = tables(income=table(2024, taxable_eur=[10.0, 20, 5, 0], taxable_n=[1.0, 0, 0, 0]))
    assert found_of(held, "income_per_taxpayer") == same({("X", 2024): (30, 1), ("Y", 2024): (NAN, 1)})


# What is known


def test_nine_tenths_of_the_residents_are_enough_and_less_are_not():
    held = tables(population_totals=table(2026, residents_total=[90.0, NAN, 5, NAN]))
    assert found_of(held, "residents_total") == same({("X", 2026): (90, 0.9), ("Y", 2026): (NAN, 0.5)})
    fewer = COMUNI.assign(residents=[899, 101, 500, 500])
    held = tables(fewer, population_totals=table(2026, residents_total=[90.0, NAN, NAN, NAN]))
    assert found_of(held, "residents_total") == same({("X", 2026): (NAN, 0.899), ("Y", 2026): (NAN, 0)})


def test_a_table_of_which_nothing_is_known_has_no_values():
    held = tables(population_totals=table(2026, residents_total=[NAN] * 4))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert found_of(held, "residents_total") == same({("X", 2026): (NAN, 0), ("Y", 2026): (NAN, 0)})


def test_a_comune_of_which_one_count_is_not_known_is_in_neither_sum():
    foreign, people = table(2026, foreign_residents=[50.0, NAN, 2, 2]), table(2026, residents_total=[500.0, 80, 8, NAN])
    held = tables(foreign_residents=foreign, population_totals=people)
    assert found_of(held, "foreign_share") == same({("X", 2026): (0.1, 0.9), ("Y", 2026): (NAN, 0.5)})
    # Where the other side is of our comuni, these are left out of it too: 45 of 900, not of 1,000.
    jobs = tables(local_units=table(0, persons_employed=[45.0, NAN, 50, 50]))
    assert found_of(jobs, "jobs_per_100") == same({("X", 0): (5, 0.9), ("Y", 0): (10, 1)})


def test_a_year_without_a_row_of_a_territory_has_no_value_there():
    rows = pd.concat([table(2025, residents_total=[1.0, 2, 3, 4]), table(2026, residents_total=[5.0, 6, 7, 8]).head(2)])
    found = found_of(tables(population_totals=rows), "residents_total")
    assert found["Y", 2025] == (7, 1) and found["Y", 2026] == pytest.approx((NAN, 0), nan_ok=True)


# To whom a row belongs


def merged(**homes: str) -> pd.DataFrame:
    """Rows of 2026 and the comuni each speaks of."""
    pairs = [(row, 2026, home) for row, named in homes.items() for home in named]
    return pd.DataFrame(pairs, columns=["istat", "year", "home"])


def one_table(name: str, homes: pd.DataFrame, comuni: pd.DataFrame = COMUNI, **counts: list[float]) -> series.Tables:
    rows = homes.drop_duplicates("istat")[["istat", "year"]].reset_index(drop=True).assign(**counts)
    return series.Tables({name: rows}, {name: homes}, comuni)


def test_a_row_of_two_comuni_is_of_the_territory_of_both_and_of_neither_alone():
    held = one_table("population_totals", merged(n="ab", c="c", d="d"), residents_total=[111.0, 5, 6])
    assert found_of(held, "residents_total") == {("X", 2026): (111, 1), ("Y", 2026): (11, 1)}
    own = found_of(held, "residents_total", "code")
    assert own == same(
        {("a", 2026): (NAN, 0), ("b", 2026): (NAN, 0), ("c", 2026): (5, 1), ("d", 2026): (6, 1)},
    )


def test_a_row_of_comuni_in_two_territories_is_of_none():
    held = one_table("population_totals", merged(a="a", n="bc", d="d"), residents_total=[90.0, 60, 6])
    assert found_of(held, "residents_total") == same({("X", 2026): (90, 0.9), ("Y", 2026): (NAN, 0.5)})


def test_a_row_whose_comuni_are_in_no_territory_is_of_none():
    outside = COMUNI.assign(district=["X", None, "Y", "Y"])
    held = one_table("population_totals", merged(a="a", b="b", c="c", d="d"), outside, residents_total=[90.0, 10, 5, 6])
    assert found_of(held, "residents_total") == {("X", 2026): (90, 1), ("Y", 2026): (11, 1)}


def test_our_residents_are_summed_over_all_comuni_of_a_row():
    held = one_table("local_units", merged(n="ab", c="c", d="d"), persons_employed=[50.0, 5, 5])
    assert found_of(held, "jobs_per_100") == {("X", 2026): (5, 1), ("Y", 2026): (1, 1)}


def test_people_of_a_comune_that_two_rows_may_count_are_counted_once():
    # Both may hold people of b, as before a comune is made of parts of two others.
    held = one_table("local_units", merged(a="ab", c="bc"), COMUNI.assign(district="X"), persons_employed=[60.0, 15])
    # 900 + 100 + 500 of 2,000 residents: too few are known.
    assert found_of(held, "jobs_per_100") == same({("X", 2026): (NAN, 0.75)})
    near = COMUNI.assign(district=["X", "X", "X", "Y"])
    held = one_table("local_units", merged(a="ab", c="bc"), near, persons_employed=[60.0, 15])
    assert found_of(held, "jobs_per_100") == same({("X", 2026): (5, 1), ("Y", 2026): (NAN, 0)})


def test_a_sum_of_which_one_row_is_not_known_is_none():
    # a is of two rows: one alone would be taken for the whole.
    homes = merged(a1="a", a2="a", b="b", c="c", d="d")
    held = one_table("population_totals", homes, residents_total=[800.0, NAN, 10, 5, 6])
    assert found_of(held, "residents_total") == same({("X", 2026): (NAN, 0.1), ("Y", 2026): (11, 1)})
    held = one_table("population_totals", homes, residents_total=[800.0, 90, 10, 5, 6])
    assert found_of(held, "residents_total")["X", 2026] == (900, 1)
    # Nor if one row is not in the other table.
    foreign = homes[["istat", "year"]].assign(foreign_residents=1.0)
    people = homes[["istat", "year"]].assign(residents_total=10.0).drop(index=1)
    held = series.Tables(
        {"foreign_residents": foreign, "population_totals": people},
        {"foreign_residents": homes, "population_totals": homes.drop(index=1)},
        COMUNI,
    )
    assert found_of(held, "foreign_share") == same({("X", 2026): (NAN, 0.1), ("Y", 2026): (0.1, 1)})


def test_a_part_of_a_merger_is_not_taken_for_the_whole():
    """The table lacks a row of one of the two that merged, and nothing else tells it."""
    changes = pd.DataFrame({"old_istat": ["a1", "a2"], "new_istat": "a", "date": "2020-01-01", "kind": "merger"})
    rows = pd.DataFrame({"istat": ["a1", "b", "c", "d"], "year": 2015, "residents_total": [400.0, 100, 500, 500]})
    homes = find_homes(rows, set(COMUNI.index), changes)
    held = series.Tables({"population_totals": rows}, {"population_totals": homes}, COMUNI)
    assert found_of(held, "residents_total") == same({("X", 2015): (NAN, 0.1), ("Y", 2015): (1000, 1)})


def test_a_row_that_is_not_known_but_speaks_of_several_takes_nothing_from_the_others():
    # The second may hold people of a: that it is not known does not take the number of a away.
    homes = merged(a="a", n="ab", c="c", d="d")
    held = one_table("population_totals", homes, residents_total=[90.0, NAN, 5, 6])
    assert found_of(held, "residents_total")["X", 2026] == (90, 0.9)


def test_the_comuni_that_are_counted_with_others():
    homes = {"one": merged(n="ab", c="c"), "two": merged(m="abd", c="c")}
    rows = {name: own.drop_duplicates("istat")[["istat", "year"]] for name, own in homes.items()}
    assert series.Tables(rows, homes, COMUNI).shared() == {"a": ["b", "d"], "b": ["a", "d"], "d": ["a", "b"]}
    assert tables(population_totals=table(2026, residents_total=[1.0, 1, 1, 1])).shared() == {}


def test_what_rests_on_tables_that_are_there():
    held = tables(population_totals=table(2026, residents_total=[1.0, 1, 1, 1]))
    assert held.has(COUNTS["residents_total"])
    assert not held.has(COUNTS["births"]) and not held.has(BY_ID["foreign_share"])
    # It rests on no table.
    assert not held.has(BY_ID["density"])
    both = tables(
        population_totals=table(2026, residents_total=[1.0, 1, 1, 1]),
        foreign_residents=table(2026, foreign_residents=[1.0, 1, 1, 1]),
    )
    assert both.has(BY_ID["foreign_share"])


COUNTED = st.lists(st.one_of(st.none(), st.integers(0, 50)), min_size=4, max_size=4)


@settings(max_examples=10)
@given(COUNTED, st.lists(st.sampled_from("XY"), min_size=4, max_size=4))
@pytest.mark.slow
def test_what_is_known_of_the_parts_is_known_of_the_whole(counted, districts):
    """Residents for whom a count is known, and the count itself, sum to those of the region."""
    comuni = COMUNI.assign(district=districts, region="01")
    held = tables(comuni, population_totals=table(2026, residents_total=[NAN if n is None else n for n in counted]))
    parts = held.values(COUNTS["residents_total"], "district")
    people = comuni.groupby("district")["residents"].sum()
    whole = held.values(COUNTS["residents_total"], "region").iloc[0]
    assert (parts["known"] * people.to_numpy()).sum() == pytest.approx(whole["known"] * 2000)
    assert (parts["value"].notna() == (parts["known"] >= 0.9)).all()
    if parts["value"].notna().all():
        assert parts["value"].sum() == whole["value"] == sum(n or 0 for n in counted)


# What changes


def change(relative: bool, per: int = 1) -> Indicator:
    return Indicator("g", "change", "share", 1, 1, "s", "", {}, "t", of="r", since=2011, relative=relative, per=per)


def rows_of(*rows: tuple[str, int, float, float]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["code", "year", "value", "known"])


def test_a_change_is_the_latest_value_less_that_of_the_year():
    own = rows_of(
        ("D01", 2011, 200, 0.95), ("D01", 2020, 7, 0.1), ("D01", 2026, 150, 1.0),
        ("D02", 2011, 0, 1.0), ("D02", 2026, 3, 0.9), ("D03", 2026, 4, 1.0), ("D04", 2011, 4, 1.0),
        ("D05", 2011, 0.5, 1.0), ("D05", 2026, 0.75, 1.0),
    )  # fmt: skip
    found = series.changes(change(relative=False, per=100), own)
    assert list(found) == ["code", "year", "value", "known"]
    # Where the earlier year is missing so is the change; where the latest is, there is no row.
    assert found["code"].tolist() == ["D01", "D02", "D03", "D05"] and found["year"].tolist() == [2026] * 4
    assert found["value"].tolist() == pytest.approx([-5000, 300, NAN, 25], nan_ok=True)
    # The smaller of both years.
    assert found["known"].tolist()[:2] == [0.95, 0.9]
    relative = series.changes(change(relative=True), own)
    assert relative["value"].tolist() == pytest.approx([-0.25, NAN, NAN, 0.5], nan_ok=True), "nothing to divide by"


@pytest.mark.parametrize("years", [(2011,), (2020, 2026), ()])
def test_without_both_years_nothing_has_changed(years):
    found = series.changes(change(relative=False), rows_of(*(("D01", year, 1.0, 1.0) for year in years)))
    assert found.empty and list(found) == ["code", "year", "value", "known"]


def test_series_of_all_that_rests_on_the_tables():
    people = pd.concat([table(2011, residents_total=[9.0, 1, 4, 4]), table(2026, residents_total=[9.0, 2, 2, 2])])
    found = series.find_all(tables(population_totals=people), "district", "districts")
    # A count with a name, and what changes of it; nothing that needs another table.
    assert list(found) == ["residents_total", "residents_change"]
    assert found["residents_change"]["value"].tolist() == pytest.approx([0.1, -0.5])
    foreign = pd.concat([table(2020, foreign_residents=[1.0] * 4), table(2026, foreign_residents=[1.0] * 4)])
    late = people[people["year"] == 2026]
    found = series.find_all(tables(population_totals=late, foreign_residents=foreign), "district", "districts")
    # One year alone has no change; a count without a name is not shown by itself.
    assert sorted(found) == ["foreign_share", "residents_total"]
    # What is declared for no such level is not computed there; counts are the same on every level.
    nowhere = series.find_all(tables(population_totals=people, foreign_residents=foreign), "district", "quarters")
    assert list(nowhere) == ["residents_total"]


def test_a_table_of_territories_takes_the_year_that_is_declared_or_the_latest():
    values = {
        "residents_total": rows_of(("D01", 2026, 5, 1)),
        "income_per_taxpayer": rows_of(("D02", 2024, 20, 0.9), ("D01", 2024, 10, 1), ("D01", 2023, 9, 1)),
        "share_under_10000": rows_of(("D01", 2024, 0.4, 1), ("D01", 2023, 0.3, 0.95), ("D02", 2023, 0.2, 1)),
        "minutes_to_pole": rows_of(("D01", 0, 15, 1), ("D02", 0, 16, 1)),
    }
    table = pd.DataFrame({"code": ["D01", "D02", "D03"], "name": ["one", "two", "three"]})
    found = series.add_values(table, values)
    # A count has its own column already; what has no year tells none.
    assert list(found) == [
        *("code", "name", "income_per_taxpayer", "income_per_taxpayer_known", "income_per_taxpayer_year"),
        *("share_under_10000", "share_under_10000_known", "share_under_10000_year"),
        *("minutes_to_pole", "minutes_to_pole_known"),
    ]
    assert found["income_per_taxpayer"].tolist() == pytest.approx([10, 20, NAN], nan_ok=True)
    assert found["income_per_taxpayer_known"].tolist() == pytest.approx([1, 0.9, NAN], nan_ok=True)
    assert found["income_per_taxpayer_year"].tolist() == [2024] * 3
    assert found["share_under_10000"].tolist() == pytest.approx([0.3, 0.2, NAN], nan_ok=True)
    assert found["share_under_10000_year"].tolist() == [2023] * 3
    assert found["minutes_to_pole"].tolist()[:2] == [15, 16]
    assert found["name"].tolist() == ["one", "two", "three"]
