"""The reader types what the schema says and nothing else; the figures are those published."""

from __future__ import annotations

import datetime as dt
import json

import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal
from raw_fixtures import Copy, copied

from helpers import config
from helpers.data import raw
from helpers.errors import InputError


@pytest.fixture
def copy(tmp_path) -> Copy:
    return copied(tmp_path)


def test_edition_is_that_of_the_package():
    assert raw.edition() == ("2026.2", dt.date(2026, 11, 30))


@pytest.mark.slow
def test_every_table_can_be_read():
    for name in raw.tables():
        found = raw.resource(name)
        frame = raw.load_geometry(name) if found["format"] == "geoparquet" else raw.load(name)
        assert len(frame) == found["rowCount"]
        assert list(frame.columns) == [field["name"] for field in found["schema"]["fields"]]


def test_the_comune_called_none_is_a_name():
    comuni = raw.load("comuni").set_index("istat")
    assert comuni.loc["001168", "name"] == "None"
    assert comuni["name"].notna().all()


def test_types_follow_the_schema():
    measures = raw.load("measures").set_index("measure_id")
    assert measures["budget_eur"].dtype == "Int64"
    assert measures.loc["M1", "deadline"] == pd.Timestamp("2017-12-20")
    assert pd.isna(measures.loc["WA-ANI", "budget_eur"])
    assert measures.loc["M1", "source_ids"][:2] == ("S003", "S004")
    assert raw.load("population")[["age", "female", "male"]].dtypes.eq("int64").all()
    assert raw.load("will_cities")["completed_8"].dtype == "boolean"


def test_residents_of_piedmont():
    people = raw.load("population")
    assert people[["female", "male"]].to_numpy().sum() == 4_256_350
    by_comune = people.groupby("istat")[["female", "male"]].sum().sum(axis=1)
    assert len(by_comune) == len(raw.load("comuni")) == 1_181
    assert (by_comune < config.SMALL_COMUNE).sum() == 605


def test_regions_and_will_cities_agree_with_piedmont():
    regions = raw.load("population_regions").set_index(["region_code", "age"])
    assert regions.loc["01", ["female", "male"]].to_numpy().sum() == 4_256_350
    people = raw.load("population").groupby("istat")[["female", "male"]].sum()
    will = raw.load("population_will").groupby("istat")[["female", "male"]].sum()
    assert_frame_equal(will.loc[["003106"]], people.loc[["003106"]])


def test_old_age_indices_of_the_provinces():
    people = raw.load("population").merge(raw.load("comuni"), on="istat")
    people["n"] = people["female"] + people["male"]
    old = people[people["age"] >= 65].groupby("province_code")["n"].sum()
    young = people[people["age"] < 15].groupby("province_code")["n"].sum()
    index = (100 * old / young).round(1)
    assert round(100 * old.sum() / young.sum(), 1) == 219.9
    assert (index.min(), index.idxmin()) == (190.0, "004")
    assert (index.max(), index.idxmax()) == (290.7, "096")


def test_statuses_of_the_reconstruction():
    mapping = raw.load("comune_distretto")
    assert mapping["status"].value_counts().to_dict() == {"derived": 685, "sourced": 426, "indicative": 70}


def test_projects_of_the_districts():
    links = raw.load("district_projects")
    assert len(links) == 26
    assert links.loc[links["status"] == "sourced", "project_id"].value_counts().to_dict() == {
        "M1-01": 5,
        "M1-03": 1,
        "M1-12": 1,
    }
    assert raw.load("misura1_projects")["amount_granted_eur"].isna().all()
    lead = raw.load("misura1_projects").set_index("project_id")["capofila_istat"]
    district = raw.load("comune_distretto").set_index("istat")["distretto_id"]
    assert set(links["project_id"]) == set(lead.index)
    assert all(((links["project_id"] == project) & (links["distretto_id"] == district[code])).any()
               for project, code in lead.items())  # fmt: skip


@pytest.mark.parametrize(
    ("name", "rows"), [("comuni_geometry", 1_181), ("regions_geometry", 20), ("will_geometry", 11)]
)
def test_geometry_is_a_clean_coverage(name, rows):
    frame = raw.load_geometry(name)
    assert (len(frame), frame.crs.to_epsg()) == (rows, 4326)
    assert frame.iloc[:, 0].is_monotonic_increasing
    assert shapely.coverage_is_valid(frame.to_crs(config.CRS_MAP).geometry.to_numpy())


def test_unknown_table_is_told():
    with pytest.raises(KeyError, match=r"no table comune\b.*one of .*comuni"):
        raw.load("comune")


def test_load_names_a_cell_that_does_not_fit(copy):
    copy.edit("measures.csv", 2, "budget_eur", "much")
    with pytest.raises(InputError, match=r"measures\.csv, column budget_eur.*integer"):
        raw.load("measures", copy.root)
    copy.edit("will_cities.csv", 2, "completed_8", "maybe")
    with pytest.raises(InputError, match="'maybe' is neither true nor false"):
        raw.load("will_cities", copy.root)


def test_load_names_a_column_that_is_missing(copy):
    copy.write("quadrants.csv", [row[:1] for row in copy.read("quadrants.csv")])
    with pytest.raises(InputError, match="column name: the column is missing"):
        raw.load("quadrants", copy.root)


def test_file_that_is_not_geoparquet(copy):
    (copy.root / "regions_geometry.parquet").write_bytes(b"not parquet at all")
    with pytest.raises(InputError, match=r"regions_geometry\.parquet: the file is not GeoParquet"):
        raw.load_geometry("regions_geometry", copy.root)


@pytest.mark.slow
def test_lines_are_counted_through_cells_of_two_lines(copy):
    rows = copy.read("sources.csv")
    rows[1][1] = "https://example.org/\nsecond line"
    rows[3][0] = "S3"
    copy.write("sources.csv", rows)
    assert {(p.row, p.value) for p in copy.problems() if p.column == "source_id" and p.row} == {(5, "S3")}


def test_a_spreadsheet_byte_order_mark_is_harmless(copy):
    path = copy.root / "quadrants.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert_frame_equal(raw.load("quadrants", copy.root), raw.load("quadrants"))


FIELDS = [
    {"name": "key", "type": "string", "constraints": {"required": True}},
    {"name": "count", "type": "integer", "constraints": {"required": True}},
    {"name": "euro", "type": "integer"},
    {"name": "share", "type": "number"},
    {"name": "known", "type": "boolean"},
    {"name": "day", "type": "date"},
    {"name": "ids", "type": "list", "delimiter": ";"},
    {"name": "note", "type": "string"},
]
TEXT = st.one_of(
    st.sampled_from(["None", "NA", "nan", "null", "007", "=1+1", "a,b", 'a "quote"', "È;ò"]),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12),
)
INTEGERS = st.integers(-(2**53), 2**53)
ROWS = st.tuples(
    TEXT,
    INTEGERS,
    st.none() | INTEGERS,
    st.none() | st.floats(-1e12, 1e12, allow_nan=False),
    st.none() | st.booleans(),
    st.none() | st.dates(dt.date(1900, 1, 1), dt.date(2100, 1, 1)),
    st.lists(st.from_regex(r"\AS[0-9]{3}\Z"), max_size=3).map(tuple),
    st.none() | TEXT,
)


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(rows=st.lists(ROWS, min_size=1, max_size=8))
def test_frame_written_and_loaded_is_the_same(rows, tmp_path_factory):
    root = tmp_path_factory.mktemp("raw")
    columns = {field["name"]: [row[i] for row in rows] for i, field in enumerate(FIELDS)}
    types = {"key": "str", "count": "int64", "euro": "Int64", "share": "float64", "known": "boolean"}
    types |= {"day": "datetime64[s]", "ids": "object", "note": "str"}
    frame = pd.DataFrame({name: pd.Series(cells, dtype=types[name]) for name, cells in columns.items()})
    written = frame.assign(ids=frame["ids"].map(";".join))
    written.to_csv(root / "t.csv", index=False, lineterminator="\n", date_format="%Y-%m-%d")
    table = {"name": "t", "path": "t.csv", "format": "csv", "schema": {"fields": FIELDS}}
    package = {"name": "p", "version": "2026.1", "created": "2026-01-01", "resources": [table]}
    (root / "datapackage.json").write_text(json.dumps(package), encoding="utf-8")
    assert_frame_equal(raw.load("t", root), frame)


def test_the_map_beside_that_of_the_health_authorities():
    """What it settles: the published numbers of comuni close; what differs is a sourced ente, and told."""
    mapping = raw.load("comune_distretto").set_index("istat")
    assert mapping.loc["005098", ["distretto_id", "status"]].tolist() == ["D09", "derived"]
    assert mapping.loc["004221", ["distretto_id", "status"]].tolist() == ["D14", "derived"]
    sizes = mapping["ente_gestore"].value_counts()
    assert sizes["C.I.S.A. Asti Sud"] == 40 and sizes["Consorzio socio-assistenziale Alba-Langhe-Roero"] == 64
    assert mapping["distretto_id"].value_counts()["D14"] == 64
    asl = raw.load("asl_comuni").set_index("istat")["asl_name"]
    found = mapping.groupby("distretto_id").apply(lambda own: asl[own.index].mode()[0])
    differing = asl[asl != mapping["distretto_id"].map(found)]
    assert {code: asl[code] for code in differing.index} == {"002067": "ASL TO4", "096080": "ASL BI"}
    assert mapping.loc[["002067", "096080"], "status_ente"].eq("sourced").all()


def test_a_file_of_an_edition_put_aside_is_named_by_its_place(tmp_path, monkeypatch):
    monkeypatch.setattr(config, "RAW", tmp_path)
    aside = tmp_path / "superseded/editions/2026.1"
    aside.mkdir(parents=True)
    for content in (None, b"[1]", b"["):
        if content:
            (aside / "datapackage.json").write_bytes(content)
        with pytest.raises(InputError, match=r"data/raw/superseded/editions/2026\.1/datapackage\.json"):
            raw.edition(aside)
