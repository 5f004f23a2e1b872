"""The project of a district and the benchmark of resources."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.data import raw
from helpers.subjects import strategy
from helpers.system.id_lists import split_ids


def project_of(code):
    tables = ("district_projects", "misura1_projects", "misura1_partners", "districts", "quadrants")
    return strategy.project_of(code, *(raw.rows(t) for t in tables))


@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=40), st.floats(1, 1e8))
@pytest.mark.slow
def test_the_benchmark_sums_to_the_budget_and_treats_residents_alike(residents, budget):
    table = strategy.benchmark_by_residents(pd.Series(residents), budget)
    assert table["total_eur"].sum() == pytest.approx(budget)
    assert (table["total_eur"] / residents).tolist() == pytest.approx(table["per_resident_eur"].tolist())


def test_budgets_are_those_planned():
    measures = raw.load("measures")
    assert strategy.measure_budget(measures) == 6_400_000
    top = measures[measures["sub_call_of"].isna()]
    assert top["budget_eur"].sum() == 20_000_000
    assert top.groupby("fund")["budget_eur"].sum().to_dict() == {"FSE": 15_000_000, "FESR": 5_000_000}


def test_projects_by_quadrant():
    projects = raw.load("misura1_projects").merge(raw.load("quadrants"), on="quadrant_id")
    assert projects["name"].value_counts().to_dict() == {
        "Città metropolitana di Torino": 10,
        "VCO-Vercelli-Biella-Novara": 6,
        "Cuneo (Granda)": 5,
        "Asti-Alessandria": 1,
    }


def test_no_amount_of_a_project_is_published():
    assert raw.load("misura1_projects")["amount_granted_eur"].isna().all()


def test_a_project_shared_by_five_districts():
    project = project_of("D04")
    assert project["n_districts"] == 5
    assert project["capofila_town"] == "Alessandria"
    assert project["title"] is None


@pytest.mark.parametrize("code", ["D27", "D28", "D29", "D30"])
def test_an_unknown_project_is_none(code):
    assert project_of(code) is None


@pytest.mark.parametrize(
    ("cell", "ids"),
    [("S027;S036", ["S027", "S036"]), ("", []), (None, []), (float("nan"), []), (("S001",), ["S001"])],
)
def test_source_ids_are_split(cell, ids):
    assert split_ids(cell) == ids
