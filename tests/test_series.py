"""Tables of numbers by comune: published figures they must come to, and the edition of their codes."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from raw_fixtures import Copy, copied, reduced

from helpers import config
from helpers.analysis.code_editions import find_homes
from helpers.analysis.comuni_changes import codes_on
from helpers.checks.rules import DISTRICTS
from helpers.checks.run import record
from helpers.data import levels, processed, raw
from helpers.declarations import COUNTS

#: Piedmont, as published by the producers.
RESIDENTS = {2011: 4_363_916, 2020: 4_311_217, 2021: 4_274_945, 2022: 4_256_350, 2024: 4_252_581, 2025: 4_251_868}
RESIDENTS |= {2026: 4_255_006}
FOREIGN = {2020: 411_936, 2026: 462_407}


def by_year(table: str, column: str) -> dict[int, int]:
    return raw.load(table).groupby("year")[column].sum().to_dict()


def test_residents():
    assert by_year("population_totals", "residents") == RESIDENTS
    table = raw.load("population_totals")
    assert sorted(table.loc[table["provisional"].astype(bool), "year"].unique()) == [2024, 2026]
    days = table.drop_duplicates("year").set_index("year")["date"]
    assert days[2011] == pd.Timestamp(2011, 10, 9) and all(d.day == d.month == 1 for y, d in days.items() if y > 2011)
    now = table[table["year"] == 2022].set_index("istat")["residents"]
    people = raw.load("population").groupby("istat")[["female", "male"]].sum().sum(axis=1)
    assert (now == people).all()


def test_ages():
    sums = raw.load("population_broad_ages").groupby("year").sum(numeric_only=True)
    old_age = 100 * sums["age_65_plus"] / sums["age_0_14"]
    assert old_age.round(2).to_dict() == {2022: 219.86, 2026: 248.26}
    for year, row in sums.iterrows():
        assert row["female"] + row["male"] == RESIDENTS[year]


def test_balance():
    table, totals = raw.load("demographic_balance"), raw.load("population_totals").set_index(["year", "istat"])
    assert (table["births"].sum(), table["deaths"].sum()) == (23_839, 53_019)
    for year, column in ((2025, "opening"), (2026, "closing")):
        assert (table.set_index("istat")[column] == totals.loc[year, "residents"]).all()


def test_foreign_residents():
    found = by_year("foreign_residents", "persons")
    assert {year: found[year] for year in FOREIGN} == FOREIGN and sorted(found) == list(range(2020, 2027))
    table = raw.load("foreign_residents")
    assert table.loc[table["year"] == 2026, "became_italian"].sum() == 13_850
    assert table.loc[table["year"] < 2026, "became_italian"].isna().all()


def test_incomes():
    table = raw.load("income")
    assert sorted(table["year"].unique()) == list(range(2008, 2025))
    assert by_year("income", "taxpayers")[2023] == 3_239_693
    sums = table[table["year"] == 2024].groupby(table["istat"].str[:3]).sum(numeric_only=True)
    assert round((sums["taxable_eur"] / sums["taxable_n"])["103"]) == 23_146
    under = table[table["year"] == 2023].groupby(table["istat"].str[:3]).sum(numeric_only=True)
    assert round((under["under_10000_n"] / under["taxpayers"])["103"], 3) == 0.245
    # Too few people: not published, and never zero.
    mappano = table[(table["istat"] == "001316") & (table["year"] == 2012)].iloc[0]
    assert mappano["taxpayers"] == 4 and pd.isna(mappano["taxable_n"])
    assert table.loc[table["year"] == 2024, ["pension_n", "under_10000_n"]].isna().all().all()


def test_territory():
    table = raw.load("territory_classes").set_index("istat")
    assert round(table["area_km2"].sum(), 1) == 25_386.7
    assert set(table.index) == set(raw.load("comuni")["istat"])
    residents = raw.load("population").groupby("istat")[["female", "male"]].sum().sum(axis=1)
    assert residents.groupby(table["snai_2020"]).sum().sum() == RESIDENTS[2022]
    poles = table["snai_2020"].isin(["A", "B"])
    assert (table.loc[poles, "minutes_to_pole"] == 0).all() and (table.loc[~poles, "minutes_to_pole"] > 0).all()


def test_health_authorities_jobs_and_commuting():
    assert raw.load("asl_comuni")["asl_name"].nunique() == 12
    units = raw.load("local_units")
    assert units["local_units"].sum() == 365_385 and units["persons_employed"].isna().sum() == 45
    persons = raw.load("citizens_income")["persons"]
    assert persons.isna().any() and (persons.dropna() > 0).all(), "suppressed is not zero"
    assert (raw.load("commuting")[["enter", "leave", "within"]] >= 0).all().all()


@pytest.mark.parametrize(
    ("day", "comuni"),
    [
        # As ISTAT counted the comuni of Piedmont; Mappano, whose day is in no source, is one of them throughout.
        ("2011-10-09", 1206 + 1), ("2017-01-01", 1201 + 1), ("2018-01-01", 1197), ("2019-01-01", 1182),
        ("2019-02-01", 1181), ("2022-12-31", 1181), ("2023-01-01", 1180),
    ],
)  # fmt: skip
def test_which_comuni_existed_on_a_day(day, comuni):
    changes = raw.read_text(raw.resource("comuni_changes"), config.RAW).frame
    ours = set(raw.load("comuni")["istat"])
    found = codes_on(dt.date.fromisoformat(day), ours, changes)
    assert len(found) == comuni
    later = codes_on(dt.date(2026, 1, 1), ours, changes)
    assert codes_on(dt.date.fromisoformat(day), later, changes) == found, "whichever edition is known"


@pytest.mark.slow
def test_every_comune_has_its_row_in_every_year():
    changes = raw.read_text(raw.resource("comuni_changes"), config.RAW).frame
    ours = raw.load("comuni")["istat"]
    for name in [table for table in raw.tables() if "codes_on" in raw.resource(table)]:
        table, told = raw.load(name), raw.resource(name)["codes_on"]
        for year, rows in table.groupby("year") if "year" in table else [(0, table)]:
            day = told if isinstance(told, str) else told[max(first for first in told if int(first) <= year)]
            due = codes_on(dt.date.fromisoformat(day), ours, changes)
            absent = {"001316"} if name == "income" and year < 2012 else set()
            assert set(rows["istat"]) == due - absent, (name, year)


# What is told of a wrong table


@pytest.fixture
def copy(tmp_path) -> Copy:
    tables = ("comuni", "comuni_changes", "provinces", "regions", "province_regions", "demographic_balance")
    return copied(tmp_path, reduced(tmp_path / "few", (*tables, "population_broad_ages")))


@pytest.mark.slow
def test_a_code_of_another_edition_is_named(copy):
    row = copy.row_of("demographic_balance.csv", "istat", "005122")
    copy.edit("demographic_balance.csv", row, "istat", "005079")
    problem = copy.only()
    assert (problem.row, problem.column, problem.value) == (row, "istat", "005079")
    assert "existed on 2023-01-01" in problem.rule


@pytest.mark.slow
def test_an_edition_that_cannot_be_read(copy):
    text = (copy.root / raw.DESCRIPTOR).read_text()
    (copy.root / raw.DESCRIPTOR).write_text(text.replace('"2025": "2023-01-01"', '"2026": "2023-01-01"'))
    assert "no day for 2025" in copy.only().rule


@pytest.mark.parametrize(
    ("table", "column"), [("demographic_balance", "births"), ("population_broad_ages", "age_0_14")]
)
@pytest.mark.slow
def test_what_does_not_add_up_is_named(copy, table, column):
    copy.edit(f"{table}.csv", 5, column, "9999")
    problem = copy.only()
    assert problem.row == 5 and "must" in problem.rule
    copy.edit(f"{table}.csv", 5, column, "many")
    assert "whole number" in copy.only().rule


@pytest.mark.slow
def test_an_edit_that_adds_up_is_recorded(copy):
    row = copy.row_of("demographic_balance.csv", "istat", "001001")
    for column in ("births", "deaths"):
        copy.edit("demographic_balance.csv", row, column, "77")
    for column in ("in_italy", "out_italy", "in_abroad", "out_abroad"):
        copy.edit("demographic_balance.csv", row, column, "0")
    opening = copy.read("demographic_balance.csv")[row - 1][2]
    copy.edit("demographic_balance.csv", row, "closing", opening)
    assert record(copy.root) == ["data/raw/demographic_balance.csv"]


# Summed over territories


@pytest.fixture(scope="module")
def series() -> pd.DataFrame:
    processed.ensure()
    return processed.load("series")


COUNTED = sorted((c.table, c.column, c.id) for c in COUNTS.values() if c.table and c.table != "territory_classes")


@pytest.mark.parametrize(("table", "column", "count"), COUNTED)
def test_districts_provinces_and_quadrants_sum_to_the_region_in_every_year(dated, table, column, count):
    """Whatever the edition of the codes: the rows of the table as they stand are the whole."""
    rows = raw.load(table)
    published = rows.groupby("year")[column].sum(min_count=1).dropna()
    complete = rows[column].notna().groupby(rows["year"]).all()
    for by in ("distretto_id", "province_code", "quadrant_id", "region_code"):
        found = dated.values(COUNTS[count], by)
        sums = found.groupby("year")["value"].sum(min_count=1).dropna()
        assert sums.tolist() == pytest.approx(published.tolist()), by
        whole = found[found["year"].isin(complete.index[complete])]
        assert (whole["known"].round(12) == 1).all() and whole["value"].notna().all(), by


@pytest.fixture(scope="module")
def dated():
    processed.ensure()
    comuni = processed.load("comuni").assign(region_code="01")
    return levels._tables(levels._declared(None), None, comuni)


def test_published_values_of_districts(series):
    rows = series[series["level"] == "districts"].set_index(["id", "year", "code"])["value"]
    names = raw.load("districts").set_index("name")["distretto_id"]
    found = {name: round(rows["income_per_taxpayer", 2024, names[name]]) for name in ("Verbano Cusio Ossola", "Torino")}
    assert found == {"Verbano Cusio Ossola": 23_436, "Torino": 28_860}
    change = processed.load("districts").set_index("name")["residents_change"].mul(100).round(1)
    assert (change.idxmin(), change.min()) == ("Casale Monferrato", -9.8)
    assert (change.idxmax(), change.max()) == ("Romentino (Ovest Ticino)", 2.9)
    assert len(rows.reset_index()["code"].unique()) == DISTRICTS


def test_what_one_row_counts_of_two_comuni_is_of_neither(series):
    own = series[series["level"] == "comuni"].set_index(["id", "code", "year"])["value"].sort_index()
    for code in ("005079", "005110"):
        assert own["residents_total", code].dropna().index.tolist() == [2011, 2020, 2021, 2022]
    comuni = processed.load("comuni").set_index("code")
    with_ = comuni.loc[comuni["counted_with"] != "", "counted_with"].to_dict()
    assert with_ == {"005079": "005110", "005110": "005079"}
    assert comuni.loc[["005079", "005110"], "foreign_share"].isna().all()


def test_a_comune_parted_from_others_has_no_series_before(series):
    own = series[(series["level"] == "comuni") & (series["id"] == "income_per_taxpayer")].set_index(["code", "year"])
    for code in ("001316", "001063", "001028"):
        assert own.loc[code, "value"].dropna().index.tolist() == list(range(2016, 2025))
    # The district holds them all, and has its value in every year.
    district = series[(series["level"] == "districts") & (series["id"] == "income_per_taxpayer")].set_index("code")
    assert district.loc["D27", "value"].notna().all() and len(district.loc["D27"]) == 17


@given(st.data())
@pytest.mark.slow
def test_numbers_of_any_edition_sum_to_the_same(data):
    """Split the people of today back over the comuni of an earlier day: every district has as many as before."""
    changes = raw.read_text(raw.resource("comuni_changes"), config.RAW).frame
    day = data.draw(st.dates(dt.date(2008, 1, 1), dt.date(2027, 1, 1)))
    ours = raw.load("comuni")["istat"]
    of = raw.load("comune_distretto").set_index("istat")["distretto_id"]
    codes = sorted(codes_on(day, ours, changes))
    homes = find_homes(pd.DataFrame({"istat": codes, "year": 0}), set(ours), changes)
    district = homes.assign(district=homes["home"].map(of)).groupby("istat")["district"].agg(["first", "nunique"])
    assert sorted(district.index) == codes and (district["nunique"] == 1).all(), "no row without a home"
