"""Ties of projects to districts: which rule, why, and amounts that are never counted twice."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.analysis import project_districts
from helpers.data import levels, raw

TORINO, CUNEO, ASTI, MILANO = "001272", "004078", "005005", "015146"


@pytest.fixture(scope="module")
def tables() -> dict[str, pd.DataFrame]:
    return {
        "membership": raw.load("comune_distretto"),
        "districts": raw.load("districts"),
        "changes": raw.load("comuni_changes"),
    }


def frame_of(rows: list[dict], columns: str) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=columns.split()).astype({c: "str" for c in columns.split()})


def tied(tables, projects=(), places=(), parties=()) -> pd.DataFrame:
    """Tie a few projects; of each only what matters is given."""
    refs = dict.fromkeys([row["project_ref"] for row in (*projects, *places, *parties)])
    told = {row["project_ref"]: row for row in projects}
    base = {"title": "Titolo", "summary": None, "programming_body": "REGIONE PIEMONTE"}
    rows = [base | {"project_ref": ref} | told.get(ref, {}) for ref in refs]
    return project_districts.tie(
        frame_of(rows, "project_ref title summary programming_body"),
        frame_of(list(places), "project_ref level istat"),
        frame_of(list(parties), "project_ref role name seat_istat"),
        **tables,
    )


def place(ref: str, istat: str | None, level: str = "comune") -> dict:
    return {"project_ref": ref, "level": level, "istat": istat}


def party(ref: str, role: str, name: str, seat: str | None) -> dict:
    return {"project_ref": ref, "role": role, "name": name, "seat_istat": seat}


def told(found: pd.DataFrame) -> list[tuple]:
    return list(found[["project_ref", "distretto_id", "rule"]].itertuples(index=False, name=None))


def test_the_rules_are_asked_in_order(tables):
    named = {"project_ref": "1", "title": "Comunità che cura, Distretto della coesione sociale di Bra"}
    seat = party("1", "beneficiary", "Comune di Asti", ASTI)
    everything = tied(tables, [named], [place("1", CUNEO)], [seat])
    assert told(everything) == [("1", "D15", "named-district")]
    assert everything["note"].tolist() == ["names the district Bra"]
    assert told(tied(tables, [], [place("1", CUNEO)], [seat])) == [("1", "D12", "comuni")]
    assert told(tied(tables, [], [place("1", None, "province")], [seat])) == [("1", "D01", "lead-seat")]


@pytest.mark.parametrize(
    ("text", "districts"),
    [
        ("Distretto di Cuneo", ["D12"]),
        ("DISTRETTO DELLA COESIONE SOCIALE MONDOVI'-CEVA", ["D14"]),
        ("ambito territoriale di Ivrea - Cuorgnè - Caluso", ["D16"]),
        ("distretti: distretto di Ciriè e distretto di Chieri", ["D20", "D27"]),
        ("distretto di Novi Ligure e Tortona", ["D05"]),
        ("Distretto di Cirie\u0300 e ambito territoriale di Mondovi’ – Ceva", ["D14", "D27"]),
        ("Welfare a Cuneo", []),
        ("Distretto di Torino Ovest", []),
        ("distretto del cibo di Alba", []),
        ("Distretto di Brandizzo", []),
        (None, []),
    ],
)
def test_a_district_must_be_named_as_such(tables, text, districts):
    found = tied(tables, [{"project_ref": "1", "title": None, "summary": text}])
    assert [d for d in found["distretto_id"] if isinstance(d, str)] == districts


def test_comuni_of_several_districts_and_of_one(tables):
    places = [place("1", TORINO), place("1", CUNEO), place("1", "004003"), place("1", MILANO), place("2", TORINO)]
    found = tied(tables, places=places)
    district = tables["membership"].set_index("istat")["distretto_id"]
    expected = sorted({district[TORINO], district[CUNEO], district["004003"]})
    assert told(found) == [("1", d, "comuni") for d in expected] + [("2", district[TORINO], "comuni")]
    assert "Torino (sourced)" in found["note"].tolist()


def test_a_comune_that_merged_belongs_where_its_parts_do(tables):
    found = tied(tables, places=[place("1", "005122"), place("2", "005079"), place("3", "005110")])
    assert found["distretto_id"].tolist() == ["D01", "D01", "D01"]
    assert "005122, which stands for Moransengo (derived), Tonengo (derived)" in found["note"].tolist()


def test_a_merger_across_districts_ties_nothing(tables):
    changes = pd.DataFrame({"old_istat": [TORINO, CUNEO], "new_istat": ["001999", "001999"]})
    found = tied(tables | {"changes": changes}, places=[place("1", "001999")])
    assert told(found)[0][2] == project_districts.UNTIED


def test_the_region_never_ties_a_project_to_torino(tables):
    region = [
        party("1", "programming", "Regione Piemonte", TORINO),
        party("1", "implementing", "REGIONE PIEMONTE", TORINO),
        party("2", "implementing", "REGIONE PIEMONTE", TORINO),
        party("3", "implementing", "Consorzio", CUNEO),
        party("3", "beneficiary", "Regione  Piemonte", TORINO),
    ]
    assert [rule for *_, rule in told(tied(tables, parties=region))] == [
        project_districts.UNTIED,
        project_districts.UNTIED,
        "lead-seat",
    ]


def test_untied_projects_are_listed_with_the_reason(tables):
    found = tied(
        tables,
        [{"project_ref": "none"}],
        [place("region", None, "region"), place("outside", MILANO)],
        [party("seat", "beneficiary", "Ente", MILANO)],
    )
    reasons = project_districts.find_untied(found).set_index("project_ref")["note"]
    assert found["distretto_id"].isna().all() and len(reasons) == 4
    assert reasons["none"] == "names no district; no place is published; no seat of a body is published"
    assert "its places are at the level region only" in reasons["region"]
    assert "its comuni are outside the region" in reasons["outside"]
    assert "no seat of a lead body in the region" in reasons["seat"]


def test_no_projects_at_all(tables):
    found = tied(tables)
    assert found.empty and list(found.columns) == project_districts.COLUMNS
    shares = project_districts.amounts(
        pd.DataFrame({"project_ref": [], "public_funding_eur": []}), found, pd.Series(dtype="int64")
    )
    assert project_districts.by_district(shares).empty


def test_amounts_by_hand():
    projects = pd.DataFrame({"project_ref": ["1", "2", "3", "4"], "public_funding_eur": [100.0, 50.0, np.nan, 7.0]})
    found = pd.DataFrame(
        [("1", "D01", "comuni", ""), ("1", "D02", "comuni", ""), ("2", "D01", "comuni", ""), ("3", "D02", "comuni", ""),
         ("4", None, project_districts.UNTIED, "reason")],
        columns=project_districts.COLUMNS,
    )  # fmt: skip
    shares = project_districts.amounts(projects, found, pd.Series({"D01": 1_000, "D02": 2_000}))
    assert shares["shared"].tolist() == [True, True, False, False]
    assert shares["split_rule"].tolist() == ["by-residents", "by-residents", "whole", "whole"]
    assert shares["split_eur"].tolist()[:3] == [33.33, 66.67, 50.0]
    table = project_districts.by_district(shares)
    assert table.loc["D01"].to_dict() == {
        "n_projects": 2, "n_shared": 1, "n_unknown": 0, "own_eur": 50.0, "shared_eur": 100.0, "split_eur": 83.33,
    }  # fmt: skip
    # The amount of project 3 is not published: a project more, not a zero.
    assert table.loc["D02", ["n_projects", "n_unknown"]].tolist() == [2, 1]
    assert pd.isna(table.loc["D02", "own_eur"])
    assert project_districts.total(projects) == {"eur": 157.0, "known": 3, "unknown": 1}
    assert project_districts.total(projects.iloc[2:3]) == {"eur": None, "known": 0, "unknown": 1}


@pytest.mark.slow
@given(
    cents=st.lists(st.none() | st.integers(0, 10**11), min_size=1, max_size=8),
    where=st.lists(st.sets(st.integers(0, 5), min_size=1), min_size=8, max_size=8),
    residents=st.lists(st.integers(1, 10**6), min_size=6, max_size=6),
)
def test_split_amounts_sum_to_the_projects_to_the_cent(cents, where, residents):
    projects = pd.DataFrame(
        {
            "project_ref": [str(n) for n in range(len(cents))],
            "public_funding_eur": [np.nan if c is None else c / 100 for c in cents],
        }
    )
    rows = [(str(n), f"D{d}", "comuni", "") for n, districts in enumerate(where[: len(cents)]) for d in districts]
    people = pd.Series(residents, index=[f"D{d}" for d in range(6)])
    shares = project_districts.amounts(projects, pd.DataFrame(rows, columns=project_districts.COLUMNS), people)
    whole = sum(c for c in cents if c is not None)
    assert (shares["split_eur"] * 100).round().sum() == whole
    assert (project_districts.by_district(shares)["split_eur"] * 100).round().sum() == whole
    assert (shares["split_eur"].dropna() >= 0).all()


@given(total=st.integers(0, 10**13), weights=st.lists(st.integers(0, 10**7), min_size=1, max_size=30).filter(any))
@pytest.mark.slow
def test_a_split_is_exact_and_fair(total, weights):
    parts = project_districts.split(total, pd.Series(weights))
    assert parts.sum() == total
    assert all(abs(part - total * w / sum(weights)) < 1.01 for part, w in zip(parts, weights, strict=True))


@pytest.mark.parametrize("weights", [[0, 0], [1, -1], [1, np.nan]])
def test_a_split_by_nothing_is_refused(weights):
    with pytest.raises(ValueError, match="weights must be"):
        project_districts.split(100, pd.Series(weights))


@pytest.mark.slow
def test_every_comune_of_the_region_ties_its_project(tables):
    membership = tables["membership"]
    found = tied(tables, places=[place(istat, istat) for istat in membership["istat"]])
    assert (found["rule"] == "comuni").all()
    due = membership.set_index("istat")["distretto_id"]
    assert found.set_index("project_ref")["distretto_id"].to_dict() == due.to_dict()


@pytest.mark.slow
def test_residents_of_the_districts_can_be_the_weights():
    districts = levels.derive()["districts"].set_index("code")["residents"]
    assert project_districts.split(6_400_000_00, districts).sum() == 6_400_000_00
