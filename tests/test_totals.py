"""What editions add up to, in all and per district, number by number, and which districts a difference is about."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from helpers.data import totals
from helpers.data.editions import Change, Edition


def table(columns: str, *rows: str) -> pd.DataFrame:
    """A frame of text: names and cells parted by blanks, a dash for a blank cell."""
    cells = [["" if cell == "-" else cell for cell in row.split()] for row in rows]
    return pd.DataFrame(cells, columns=columns.split(), dtype="str")


def members(*rows: str) -> pd.DataFrame:
    """Comuni and the district of each."""
    return table("istat distretto_id", *rows).assign(comune="X", status="sourced")


#: Residents: D1 10 (3 of 65 and over), D2 2 + 3 (1), of D3 nothing is known.
TABLES = {
    "districts": table("distretto_id name", "D1 Uno", "D2 Due", "D3 Tre"),
    "comune_distretto": members("001 D1", "002 D2", "003 D3", "004 D2"),
    "population": table(
        *("istat age female male", "001 64 4 3", "001 65 1 0", "001 80 1 1"),
        *("002 30 2 0", "004 0 1 1", "004 70 0 1"),
    ),
    "measures": table("measure_id sub_call_of budget_eur", "M1 - 100", "M1-A M1 60", "M2 - -", "M3 - 0.5"),
    "misura1_projects": table("project_id amount_granted_eur", "P1 30", "P2 8", "P3 -"),
    "district_projects": table("distretto_id project_id", "D1 P1", "D2 P1", "D1 P1", "D2 P2", "D2 P3", "D3 P3"),
    "projects": table(
        "project_ref title summary programming_body public_funding_eur committed_eur paid_eur",
        *("R1 Uno - - 100 - -", "R2 Due - - 60 9 -", "R3 Tre - - 7 1 -"),
    ),
    "project_places": table("project_ref level istat", "R1 comune 001", "R2 comune 001", "R2 comune 004"),
}


def edition(**changed: pd.DataFrame | None) -> Edition:
    """The hand-made edition; tables given replace its own, those given as None are left out."""
    tables = {name: frame for name, frame in (TABLES | changed).items() if frame is not None}
    return Edition("1", "2026-01-01", {}, tables)


def only(*names: str) -> Edition:
    return Edition("1", "2026-01-01", {}, {name: TABLES[name] for name in names})


def known(series: pd.Series) -> dict:
    return series.dropna().to_dict()


# ---- in all


def test_every_total_is_summed_once():
    found = totals.totals(edition())
    assert found.index.tolist() == list(totals.TOTALS) and found.dtype == "float64"
    assert known(found) == {
        "residents": 15,
        "residents_65_plus": 4,
        "comuni": 4,
        "districts": 3,
        "budget_eur": 100.5,
        "projects": 3,
        "grants_known": 2,
        "grants_eur": 38,
        "feed_projects": 3,
        "feed_public_eur": 167,
        "feed_committed_eur": 10,
    }


@pytest.mark.parametrize(
    ("names", "due"),
    [
        ((), {}),
        (("districts",), {"districts": 3}),
        (("measures",), {"budget_eur": 100.5}),
        (("population", "districts"), {"districts": 3}),
        (("comune_distretto",), {}),
        (("misura1_projects",), {"projects": 3, "grants_known": 2, "grants_eur": 38}),
        (("projects",), {"feed_projects": 3, "feed_public_eur": 167, "feed_committed_eur": 10}),
        (("population", "comune_distretto"), {"residents": 15, "residents_65_plus": 4, "comuni": 4}),
    ],
)
def test_what_an_edition_has_not_is_missing_and_no_zero(names, due):
    assert known(totals.totals(only(*names))) == due


def test_what_rests_on_no_known_amount_is_missing():
    found = totals.totals(
        edition(
            measures=table("measure_id budget_eur", "M1 -"),
            misura1_projects=table("project_id amount_granted_eur", "P1 -", "P2 n.d."),
            projects=table("project_ref title summary programming_body", "R1 Uno - -"),
            population=table("istat age female male", "001 70 - -", "004 30 - 5"),
        )
    )
    assert known(found) == {"comuni": 4, "districts": 3, "projects": 2, "grants_known": 0, "feed_projects": 1}


def test_measures_without_calls_of_their_own_are_all_counted_and_a_project_told_twice_once():
    measures = table("measure_id budget_eur", "M1 100", "M1-A 60")
    projects = table("project_id amount_granted_eur", "P1 30", "P1 30", "P2 8")
    found = totals.totals(edition(measures=measures, misura1_projects=projects))
    assert found[["budget_eur", "projects", "grants_known", "grants_eur"]].tolist() == [160, 2, 2, 38]


# ---- by district


def test_every_figure_of_a_district():
    found = totals.by_district(edition())
    assert found.columns.tolist() == ["name", *totals.PER_DISTRICT] and found.index.name == "distretto_id"
    # P1 and R2 are of D1 and D2, which have 10 and 5 residents; R3 is tied to none.
    due = {
        "D1": {"residents": 10, "residents_65_plus": 3, "comuni": 1, "grants_eur": 20}
        | {"feed_projects": 2, "feed_public_eur": 140, "feed_committed_eur": 6},
        "D2": {"residents": 5, "residents_65_plus": 1, "comuni": 2, "grants_eur": 18}
        | {"feed_projects": 1, "feed_public_eur": 20, "feed_committed_eur": 3},
        "D3": {"comuni": 1},
    }
    assert found["name"].to_dict() == {"D1": "Uno", "D2": "Due", "D3": "Tre"}
    assert {code: known(row.drop("name")) for code, row in found.iterrows()} == due


def test_what_districts_have_sums_to_the_totals():
    every = table("project_ref level istat", "R1 comune 001", "R2 comune 002", "R3 comune 004", "R3 comune 001")
    whole = edition(project_places=every)
    columns = [*totals.PER_DISTRICT[:4], "feed_public_eur", "feed_committed_eur"]
    assert totals.by_district(whole)[columns].sum().to_dict() == pytest.approx(totals.totals(whole)[columns].to_dict())


@pytest.mark.parametrize(
    ("gone", "missing"),
    [
        ("population", set(totals.PER_DISTRICT)),
        ("comune_distretto", set(totals.PER_DISTRICT)),
        ("misura1_projects", {"grants_eur"}),
        ("district_projects", {"grants_eur"}),
        ("projects", {"feed_projects", "feed_public_eur", "feed_committed_eur"}),
    ],
)
def test_figures_of_a_table_that_is_not_there_are_missing(gone, missing):
    found = totals.by_district(edition(**{gone: None}))
    assert found["name"].tolist() == ["Uno", "Due", "Tre"]
    assert set(found.columns[found.isna().all()]) == missing | {"feed_paid_eur"}


def test_without_districts_there_are_no_rows_and_without_ties_no_figures_of_the_feed():
    assert totals.by_district(only("population")).columns.tolist() == ["name", *totals.PER_DISTRICT]
    assert totals.by_district(edition(districts=None)).empty
    found = totals.by_district(edition(project_places=None))
    assert found["feed_projects"].isna().all() and found["grants_eur"].notna().sum() == 2


def test_a_district_and_a_link_told_twice_count_once():
    districts = table("distretto_id name", "D1 Uno", "D1 Primo", "D2 Due")
    links = table("distretto_id project_id note", "D1 P1 a", "D2 P1 b", "D1 P1 c")
    found = totals.by_district(edition(districts=districts, district_projects=links, projects=None))
    assert found["name"].to_dict() == {"D1": "Uno", "D2": "Due"} and found["grants_eur"].tolist() == [20, 10]


def test_people_of_a_comune_of_no_district_count_nowhere():
    more = pd.concat([TABLES["population"], table("istat age female male", "999 70 50 50")])
    assert totals.totals(edition(population=more))["residents"] == 15


# ---- what moved


def test_totals_that_differ_by_less_than_a_cent_have_not_moved():
    def budget(amount: str) -> Edition:
        return Edition("1", "", {}, {"measures": table("measure_id budget_eur", f"M1 {amount}")})

    assert totals.moved_totals(budget("0"), budget("0.005")).empty
    assert totals.moved_totals(budget("-"), budget("-")).empty
    for old, new in (("0", "0.006"), ("0.006", "0"), ("-", "0")):
        found = totals.moved_totals(budget(old), budget(new))
        assert found.columns.tolist() == ["what", "old", "new"] and found["what"].tolist() == ["budget_eur"]
        pair = [math.nan if amount == "-" else float(amount) for amount in (old, new)]
        assert found[["old", "new"]].iloc[0].tolist() == pytest.approx(pair, nan_ok=True)


def test_figures_of_districts_that_moved():
    moved = members("001 D1", "002 D2", "003 D3", "004 D1")
    alone = {"district_projects": None, "projects": None}
    found = totals.moved_districts(edition(**alone), edition(comune_distretto=moved, **alone))
    assert found.columns.tolist() == ["distretto_id", "what", "old", "new"]
    assert sorted(found.itertuples(index=False, name=None)) == [
        ("D1", "comuni", 1, 2),
        ("D1", "residents", 10, 13),
        ("D1", "residents_65_plus", 3, 4),
        ("D2", "comuni", 2, 1),
        ("D2", "residents", 5, 2),
        ("D2", "residents_65_plus", 1, 0),
    ]
    assert totals.moved_districts(edition(), edition()).empty


def test_a_district_that_is_new_has_moved():
    fewer = table("distretto_id name", "D1 Uno", "D3 Tre")
    alone = {"district_projects": None, "projects": None}
    found = totals.moved_districts(edition(districts=fewer, **alone), edition(**alone))
    assert set(found["distretto_id"]) == {"D2"} and found["old"].isna().all()
    assert found.set_index("what")["new"].to_dict() == {"residents": 5, "residents_65_plus": 1, "comuni": 2}


# ---- whom a difference is about

NONE = pd.DataFrame()


def change(
    name: str, added: pd.DataFrame = NONE, removed: pd.DataFrame = NONE, key: str = "", keys: tuple = ()
) -> Change:
    cells = pd.DataFrame(
        {"key": list(keys), "column": "x", "old": "1", "new": "2"}, columns=["key", "column", "old", "new"]
    )
    return Change(name, tuple(key.split()), added, removed, cells, tuple(added.columns))


def touched(*changes: Change, old: Edition | None = None, new: Edition | None = None) -> list[tuple]:
    found = totals.find_touched(old or edition(), new or edition(), list(changes))
    assert found.columns.tolist() == ["distretto_id", "tables"]
    return list(found.itertuples(index=False, name=None))


@pytest.mark.parametrize(
    ("rows", "codes"),
    [
        (table("distretto_id x", "D2 1"), ["D2"]),
        (table("istat x", "003 1", "001 1", "003 2"), ["D1", "D3"]),
        (table("project_id x", "P1 1"), ["D1", "D2"]),
        (table("project_ref x", "R2 1"), ["D1", "D2"]),
        (table("project_ref x", "R3 1"), []),
        (table("istat x", "999 1"), []),
        (table("other x", "D1 1"), []),
        (table("distretto_id istat", "D3 001"), ["D1", "D3"]),
    ],
)
def test_a_row_speaks_of_a_district_by_code_comune_or_project(rows, codes):
    due = [(code, "t") for code in codes]
    assert touched(change("t", added=rows)) == touched(change("t", removed=rows)) == due


def test_tables_are_named_once_each_in_the_order_of_the_changes():
    first, second = table("distretto_id", "D2", "D1"), table("istat", "004", "002")
    changes = [change("b", added=first), change("will_cities", added=second), change("a", removed=second, added=second)]
    assert touched(*changes) == [("D1", "b"), ("D2", "a;b")]


def test_a_cell_speaks_of_the_districts_of_its_row():
    facts = table("fact_id project_id istat", "F1 P2 001", "F2 P1 003", "F3 P1 003")
    both = edition(facts=facts)
    found = change("facts", key="fact_id", keys=(("F1", 0),))
    assert touched(found, old=both, new=both) == [("D1", "facts"), ("D2", "facts")]
    assert touched(found) == []
    # A key that names a district says so itself, even where the other edition has not the column.
    by_code = change("facts", key="distretto_id fact_id", keys=(("D3", "F9", 0), ("D3", "F8", 0)))
    assert touched(change("facts", key="distretto_id", keys=(("D3", 0),)), old=both, new=both) == [("D3", "facts")]
    assert touched(by_code, old=both, new=both) == []


def test_each_side_is_read_with_the_districts_of_its_own_edition():
    old = edition(comune_distretto=members("001 D2"))
    rows = table("istat x", "001 1")
    assert touched(change("t", removed=rows), old=old) == [("D2", "t")]
    assert touched(change("t", added=rows), old=old) == [("D1", "t")]
    assert touched(change("t", added=rows, removed=rows), old=old) == [("D1", "t"), ("D2", "t")]


def test_a_project_of_a_district_that_is_not_listed_speaks_of_none():
    links = table("distretto_id project_id", "D9 P1", "D1 P2")
    whole = edition(district_projects=links)
    assert touched(change("t", added=table("project_id", "P1", "P2")), new=whole) == [("D1", "t")]
    for gone in ("district_projects", "districts"):
        bare = edition(**{gone: None})
        assert touched(change("t", added=table("project_id", "P1")), new=bare) == []
    empty = edition(district_projects=TABLES["district_projects"].iloc[:0])
    assert touched(change("t", added=table("project_id", "P1")), new=empty) == []


# ---- the feed, and what is told


def test_ties_take_the_tables_that_there_are():
    found = totals.find_tied(edition())
    assert found[["project_ref", "distretto_id", "rule"]].to_numpy().tolist()[:3] == [
        ["R1", "D1", "comuni"],
        ["R2", "D1", "comuni"],
        ["R2", "D2", "comuni"],
    ]
    assert found["rule"].tolist()[3:] == ["untied"]
    for gone in ("projects", "comune_distretto", "districts"):
        none = totals.find_tied(edition(**{gone: None}))
        assert none.empty and none.columns.tolist() == ["project_ref", "distretto_id", "rule", "note"]
    assert totals.find_tied(edition(project_places=None))["rule"].tolist() == ["untied"] * 3


def test_ties_follow_bodies_and_comuni_that_changed_their_code():
    seat = table("project_ref role name seat_istat", "R3 beneficiary Ente 003")
    found = totals.find_tied(edition(project_parties=seat))
    assert found.loc[found["rule"] == "lead-seat", ["project_ref", "distretto_id"]].to_numpy().tolist() == [
        ["R3", "D3"]
    ]
    merged = pd.DataFrame(
        [["888", "Vecchia", "003", "2019-01-01", "merged"]],
        columns=["old_istat", "old_name", "new_istat", "effective", "kind"],
        dtype="str",
    )
    places = table("project_ref level istat", "R3 comune 888")
    found = totals.find_tied(edition(project_places=places, comuni_changes=merged))
    assert found.loc[found["rule"] == "comuni", ["project_ref", "distretto_id"]].to_numpy().tolist() == [["R3", "D3"]]


def test_findings_are_told_the_gravest_first():
    changes = [
        Change("a", (), NONE, NONE, NONE, (), kinds={"reordered": 1, "rows_added": 2}),
        Change("b", (), NONE, NONE, NONE, (), kinds={"rows_removed": 3, "figures_changed": 4}),
    ]
    moved = pd.DataFrame({"what": ["residents", "comuni"]})
    districts = pd.DataFrame({"distretto_id": ["D1", "D1", "D2"]})
    found = totals.findings(changes, moved, districts)
    assert found.columns.tolist() == ["severity", "kind", "table", "n"]
    assert found.to_numpy().tolist() == [
        ["breaking", "rows_removed", "b", 3],
        ["major", "figures_changed", "b", 4],
        ["major", "total_moved", "", 2],
        ["major", "district_moved", "", 2],
        ["minor", "rows_added", "a", 2],
        ["cosmetic", "reordered", "a", 1],
    ]
    none = totals.findings([], moved.iloc[:0], districts.iloc[:0])
    assert none.empty and none.columns.tolist() == ["severity", "kind", "table", "n"]
    assert totals.findings([], moved.iloc[:1], districts.iloc[:1])["n"].tolist() == [1, 1]
