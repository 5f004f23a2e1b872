"""Counts and indicators: laws, small cases by hand, and figures published by ISTAT."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.analysis import people
from helpers.analysis.indicators import add_indicators
from helpers.data import processed
from helpers.declarations import INDICATORS


def ages(*rows):
    return pd.DataFrame(rows, columns=["istat", "age", "female", "male"])


populations = st.lists(
    st.tuples(
        st.sampled_from(["001001", "001002", "001003"]),
        st.integers(0, 100),
        st.integers(0, 5000),
        st.integers(0, 5000),
    ),
    min_size=1,
    max_size=60,
).map(lambda rows: ages(*rows))


@given(populations)
@pytest.mark.slow
def test_age_groups_add_up(population):
    counts = people.count_ages(population)
    assert (counts["age_0_14"] + counts["age_15_64"] + counts["age_65_plus"] == counts["residents"]).all()
    assert (counts["age_65_74"] + counts["age_75_84"] + counts["age_85_plus"] == counts["age_65_plus"]).all()
    assert counts["residents"].sum() == population[["female", "male"]].to_numpy().sum()


@pytest.mark.slow
@settings(max_examples=30)
@given(populations)
def test_shares_lie_between_zero_and_one(population):
    counts = people.count_ages(population).assign(residents_small_comuni=0, n_comuni=1, n_small_comuni=0, area_km2=1.0)
    found = add_indicators(counts)
    shares = found[[i.id for i in INDICATORS if i.unit == "share" and i.id in found]]
    known = shares.stack().dropna()
    assert ((known >= 0) & (known <= 1)).all()


def test_small_case_by_hand():
    population = ages(("001001", 5, 10, 10), ("001001", 40, 30, 20), ("001001", 65, 15, 5), ("001001", 100, 9, 1))
    counts = people.count_ages(population).assign(
        residents_small_comuni=100, n_comuni=1, n_small_comuni=1, area_km2=4.0
    )
    row = add_indicators(counts).loc["001001"]
    assert row["residents"] == 100
    assert row["old_age_index"] == pytest.approx(150.0)
    assert row["dependency_ratio"] == pytest.approx(100.0)
    assert row["oldest_old_ratio"] == pytest.approx(100 * 10 / 30)
    assert row["density"] == pytest.approx(25.0)
    assert row["share_small_comuni"] == 1.0


def test_a_ratio_without_denominator_is_missing_not_zero():
    counts = people.count_ages(ages(("001001", 70, 3, 2))).assign(
        residents_small_comuni=5, n_comuni=1, n_small_comuni=1, area_km2=1.0
    )
    row = add_indicators(counts).loc["001001"]
    assert pd.isna(row["old_age_index"])
    assert pd.isna(row["dependency_ratio"])
    assert row["share_0_14"] == 0


@pytest.mark.parametrize(
    ("indicator", "value"),
    [
        ("old_age_index", 219.9),
        ("dependency_ratio", 61.7),
        ("share_65_plus", 0.2624),
        ("share_80_plus", 0.0881),
    ],
)
def test_region_agrees_with_published_figures(tables, indicator, value):
    decimals = 4 if indicator.startswith("share") else 1
    assert round(tables["region"][indicator].iloc[0], decimals) == value


def test_provinces_agree_with_published_figures(tables):
    index = tables["provinces"].set_index("name")["old_age_index"].round(1)
    assert index["Biella"] == 290.7
    assert index["Cuneo"] == 190.0
    assert index.idxmin() == "Cuneo"
    assert index.idxmax() == "Biella"


@pytest.mark.parametrize("level", processed.LEVELS)
def test_every_level_holds_all_residents(tables, level):
    assert tables[level]["residents"].sum() == 4_256_350


@pytest.mark.parametrize("level", processed.LEVELS[1:])
def test_indicators_come_from_summed_counts(tables, level):
    table = tables[level]
    assert (table["old_age_index"] == 100 * table["age_65_plus"] / table["age_0_14"]).all()


def test_age_structures_hold_all_residents(tables):
    sums = tables["ages"].groupby("level")[["female", "male"]].sum().sum(axis=1)
    assert (sums == 4_256_350).all()
    assert set(sums.index) == set(processed.LEVELS[1:])


def test_the_year_of_most_is_told_and_each_other_beside_its_names():
    population = pd.DataFrame({"region_code": ["01", "01", "02", "20"], "year": [2026, 2026, 2026, 2022]})
    names = pd.Series({"01": "Piemonte", "02": "Liguria", "20": "Sardegna", "99": "Altrove"})
    years = people.years_of(population, "region_code", names)
    assert years == {"Piemonte": 2026, "Liguria": 2026, "Sardegna": 2022}
    assert people.tell_years(years) == "2026 (Sardegna: 2022)"
    assert people.tell_years({"a": 2026, "b": 2026}) == "2026"
    # Of two years held by as many, the later one is the year of most.
    told = people.tell_years({"a": 2024, "b": 2022, "c": 2022, "d": 2024, "e": 2023, "f": 2021, "g": 2023})
    assert told == "2024 (f: 2021; b, c: 2022; e, g: 2023)"


def test_ages_of_a_group_are_those_from_its_first_to_its_last():
    population = pd.DataFrame(
        {"istat": ["a"] * 4 + ["b"], "age": [0, 14, 15, 100, 65], "female": [1, 2, 4, 8, 16], "male": [0, 0, 0, 0, 1]}
    )
    found = people.count_ages(population, "istat")
    assert found.index.name == "istat" and (found.dtypes == "int64").all()
    assert found.loc["a", "residents"] == 15 and found.loc["b", "residents"] == 17
    assert found.loc["a", "age_0_14"] == 3 and found.loc["b", "age_65_plus"] == 17
