"""One wrong input, one problem that says where, what and how to mend it."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from raw_fixtures import Copy, copied, reduced

from helpers import config
from helpers.checks.run import LISTED, record, require_valid
from helpers.data import raw
from helpers.errors import InputError

MAPPING = "comune_distretto.csv"

#: The tables that are broken here, without those that take long to check, and what they refer to.
TABLES = (
    *("comuni", "comune_distretto", "districts", "provinces", "quadrants", "province_quadrant", "sources"),
    *("measures", "misura1_projects", "events"),
)


@pytest.fixture(scope="module")
def package(tmp_path_factory) -> Path:
    return reduced(tmp_path_factory.mktemp("package") / "raw", TABLES)


@pytest.fixture
def copy(tmp_path, package) -> Copy:
    return copied(tmp_path, package)


@pytest.fixture(scope="module")
def territory(tmp_path_factory) -> Path:
    tables = ("comuni", "provinces", "regions", "province_regions", "comuni_geometry", "regions_geometry")
    return reduced(tmp_path_factory.mktemp("territory") / "raw", (*tables, "population", "population_regions"))


@pytest.fixture
def places(tmp_path, territory) -> Copy:
    """A copy with people of every age, and shapes."""
    return copied(tmp_path, territory)


@pytest.mark.slow
def test_the_package_is_valid_and_quick():
    report = require_valid()
    assert [str(problem) for problem in report.problems] == []
    assert report.tables == len(raw.tables())
    assert report.rows > 119_281
    assert report.seconds < 20  # about 1.5 s; the limit only catches a loop over rows


@pytest.mark.slow
def test_an_independent_referee_accepts_the_package():
    import frictionless

    report = frictionless.Package(str(config.RAW / "datapackage.json")).validate()
    assert report.flatten(["name", "type", "rowNumber", "fieldName", "message"]) == []


@pytest.mark.slow
def test_comune_missing_from_the_mapping(copy):
    rows = copy.read(MAPPING)
    gone = copy.row_of(MAPPING, "istat", "001002")
    copy.write(MAPPING, rows[: gone - 1] + rows[gone:])
    problem = copy.only()
    assert problem.file == "data/raw/comune_distretto.csv"
    assert problem.column == "istat"
    assert problem.value == "001002 Airasca"
    assert "exactly one district" in problem.rule
    assert "add a row for 001002 Airasca" in problem.remedy


@pytest.mark.slow
def test_comune_twice_in_the_mapping(copy):
    rows = copy.read(MAPPING)
    copy.write(MAPPING, [*rows, rows[1]])
    problem = copy.only()
    assert (problem.row, problem.column, problem.value) == (1183, "istat", "001001")
    assert "one row only" in problem.rule
    assert problem.remedy == "keep one of the rows 2 and 1183"


@pytest.mark.slow
def test_unknown_istat_code(copy):
    rows = copy.read(MAPPING)
    stranger = ["001999", "Altrove", *rows[1][2:]]
    copy.write(MAPPING, [*rows, stranger])
    problem = copy.only()
    assert (problem.row, problem.column, problem.value) == (1183, "istat", "001999")
    assert problem.rule == "the value does not exist in column istat of data/raw/comuni.csv"


@pytest.mark.slow
def test_istat_code_without_its_zeros(copy):
    row = copy.row_of(MAPPING, "istat", "001272")
    copy.edit(MAPPING, row, "istat", "1272")
    problem = copy.only()
    assert (problem.row, problem.column, problem.value) == (row, "istat", "1272")
    assert "six digits with leading zeros: 001272" in problem.remedy


@pytest.mark.slow
def test_the_comune_called_none_lost_as_a_blank(copy):
    row = copy.row_of(MAPPING, "istat", "001168")
    copy.edit(MAPPING, row, "comune", "")
    problem = copy.only()
    assert (problem.file, problem.row, problem.column) == ("data/raw/comune_distretto.csv", row, "comune")
    assert "empty" in problem.rule


@pytest.mark.slow
def test_comune_name_that_is_not_that_of_its_code(copy):
    copy.edit(MAPPING, 2, "comune", "Aglie")
    problem = copy.only()
    assert (problem.row, problem.column, problem.value) == (2, "comune", "Aglie")
    assert problem.remedy == "write Agliè, or correct the code"


@pytest.mark.slow
def test_status_that_is_not_in_the_list(copy):
    copy.edit(MAPPING, 5, "status", "Sourced")
    problem = copy.only()
    assert (problem.row, problem.column, problem.value) == (5, "status", "Sourced")
    assert problem.remedy == "write one of: sourced, derived, indicative"


@pytest.mark.slow
def test_unknown_source_inside_a_list(copy):
    copy.edit(MAPPING, 3, "source_ids", "S193;S999")
    problem = copy.only()
    assert (problem.row, problem.column, problem.value) == (3, "source_ids", "S999")
    assert problem.file.endswith(MAPPING)
    assert "data/raw/sources.csv" in problem.rule


@pytest.mark.slow
def test_district_without_a_comune(copy):
    rows = copy.read(MAPPING)
    at = rows[0].index("distretto_id")
    moved = [[*row[:at], row[at].replace("D11", "D12"), *row[at + 1 :]] for row in rows]
    copy.write(MAPPING, moved)
    problem = copy.only()
    assert problem.value == "D11 Torino"
    assert "at least one comune" in problem.rule


@pytest.mark.slow
def test_the_mapping_may_have_more_columns(copy):
    rows = copy.read(MAPPING)
    copy.write(MAPPING, [[row[0], "residenti_2022" if i == 0 else "1", *row[1:]] for i, row in enumerate(rows)])
    assert record(copy.root) == ["data/raw/comune_distretto.csv"]
    assert copy.problems() == []


@pytest.mark.slow
@pytest.mark.parametrize("text", ["6.400.000", "6 400 000", "over 6 million", "6400000.5"])
def test_budget_that_is_text(copy, text):
    row = copy.row_of("measures.csv", "measure_id", "M1")
    copy.edit("measures.csv", row, "budget_eur", text)
    problem = copy.only()
    assert problem.file == "data/raw/measures.csv"
    assert (problem.row, problem.column, problem.value) == (row, "budget_eur", text)
    assert problem.rule == "the value must be a whole number"


@pytest.mark.slow
def test_money_moved_between_two_measures(copy):
    for measure, budget in (("M1", "6500000"), ("M2", "3500000")):
        copy.edit("measures.csv", copy.row_of("measures.csv", "measure_id", measure), "budget_eur", budget)
    problems = [p for p in copy.problems() if p.column == "budget_eur"]
    assert [(p.value, p.remedy) for p in problems] == [("6500000", "write 6400000"), ("3500000", "write 3600000")]


@pytest.mark.slow
def test_budgets_that_no_longer_sum_to_twenty_million(copy):
    copy.edit("measures.csv", copy.row_of("measures.csv", "measure_id", "M1"), "budget_eur", "")
    problem = copy.problems()[0]
    assert (problem.file, problem.column) == ("data/raw/measures.csv", "budget_eur")
    assert problem.value == "13,600,000: 8,600,000 FSE and 5,000,000 FESR"
    assert "20,000,000" in problem.rule


@pytest.mark.slow
def test_projects_of_a_quadrant(copy):
    copy.edit("misura1_projects.csv", 2, "quadrant_id", "cuneo")
    problem = copy.only()
    assert problem.column == "quadrant_id"
    assert "10 torino, 5 cuneo, 1 asti-alessandria, 6 vco" in problem.rule
    assert problem.value.startswith("22: 10 torino, 6 cuneo, 0 asti-alessandria")


@pytest.mark.slow
def test_date_that_does_not_exist(copy):
    row = copy.row_of("events.csv", "date", "2017-05-22")
    copy.edit("events.csv", row, "date", "2017-02-30")
    problem = copy.only()
    assert (problem.row, problem.column, problem.value) == (row, "date", "2017-02-30")


@pytest.mark.slow
def test_age_missing_from_the_population(places):
    rows = places.read("population.csv")
    places.write("population.csv", rows[:-1])
    assert places.only().value == f"{rows[-1][0]}: 100 ages"


@pytest.mark.slow
def test_ages_of_a_region_counted_in_several_years(places):
    places.edit("population_regions.csv", 5, "year", "2023")
    problem = places.only()
    assert (problem.file, problem.row, problem.column) == ("data/raw/population_regions.csv", 5, "year")
    assert "of one year" in problem.rule


@pytest.mark.slow
def test_province_that_ends_before_it_begins_or_is_in_another_region(places):
    row = places.row_of("province_regions.csv", "province_code", "112")
    places.edit("province_regions.csv", row, "valid_to", "2025-12-31")
    other = places.row_of("province_regions.csv", "province_code", "103")
    places.edit("province_regions.csv", other, "region_code", "03")
    problems = places.problems()
    assert [(p.file, p.row, p.column) for p in problems] == [
        ("data/raw/province_regions.csv", row, "valid_to"),
        ("data/raw/provinces.csv", places.row_of("provinces.csv", "province_code", "103"), "province_code"),
    ]


@pytest.mark.slow
def test_negative_people(places):
    places.edit("population.csv", 4, "female", "-1")
    problem = places.only()
    assert (problem.row, problem.column, problem.value) == (4, "female", "-1")
    assert problem.rule == "the value must be at least 0"


@pytest.mark.slow
def test_geometry_that_overlaps(places):
    path = places.root / "comuni_geometry.parquet"
    frame = gpd.read_parquet(path)
    i = frame.index[frame["istat"] == "001272"][0]
    metric = frame.geometry.to_crs(config.CRS_MAP)
    near = metric[metric.touches(metric[i])].index[0]
    bump = metric[i].union(metric[near].representative_point().buffer(200))
    frame.loc[i, "geometry"] = gpd.GeoSeries([bump], crs=config.CRS_MAP).to_crs(frame.crs)[0]
    frame.to_parquet(path, index=False)
    problem = places.only()
    assert problem.file == "data/raw/comuni_geometry.parquet"
    assert "overlap" in problem.rule
    assert "001272" in problem.value
    assert frame["istat"][near] in problem.value


@pytest.mark.slow
def test_geometry_of_a_comune_missing(places):
    path = places.root / "comuni_geometry.parquet"
    gpd.read_parquet(path).iloc[1:].to_parquet(path, index=False)
    problem = places.only()
    assert problem.value == "001001"
    assert problem.rule == "the row of data/raw/comuni.csv has no shape"


@pytest.mark.slow
def test_geometry_in_another_crs(places):
    path = places.root / "regions_geometry.parquet"
    gpd.read_parquet(path).to_crs(config.CRS_AREA).to_parquet(path, index=False)
    problem = places.only()
    assert (problem.rule, problem.value) == ("the geometry must be in EPSG:4326", "EPSG:3035")


@pytest.mark.slow
def test_geometry_that_is_not_valid(places):
    path = places.root / "regions_geometry.parquet"
    frame = gpd.read_parquet(path)
    frame.loc[1, "geometry"] = shapely.Polygon([(7, 45), (8, 46), (8, 45), (7, 46)])
    frame.to_parquet(path, index=False)
    problem = places.only()
    assert (problem.rule, problem.value) == ("the shape is not valid", "02")


@pytest.mark.slow
def test_csv_in_latin_1(copy):
    path = copy.root / "comuni.csv"
    path.write_bytes(path.read_bytes().decode().encode("latin-1"))
    problem = copy.only()
    assert (problem.file, problem.row, problem.value) == ("data/raw/comuni.csv", 2, "001001,Agliè,001")
    assert "latin-1" in problem.rule
    assert "UTF-8" in problem.remedy


@pytest.mark.slow
def test_csv_with_semicolons(copy):
    copy.write("quadrants.csv", copy.read("quadrants.csv"), delimiter=";")
    problem = copy.only()
    assert (problem.file, problem.row, problem.value) == ("data/raw/quadrants.csv", 1, "quadrant_id;name")
    assert "semicolons" in problem.rule


@pytest.mark.slow
def test_row_of_another_width(copy):
    path = copy.root / "provinces.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("Cuneo,CN", "Cuneo, la Granda,CN"), encoding="utf-8")
    problem = copy.only()
    assert (problem.row, problem.rule) == (5, "the row has 4 cells, the header has 3")


@pytest.mark.slow
def test_missing_file(copy):
    (copy.root / "sources.csv").unlink()
    problem = copy.only()
    assert (problem.file, problem.rule) == ("data/raw/sources.csv", "the file does not exist")


@pytest.mark.slow
def test_header_column_missing(copy):
    rows = copy.read("provinces.csv")
    copy.write("provinces.csv", [row[:-1] for row in rows])
    problem = copy.only()
    assert (problem.file, problem.row) == ("data/raw/provinces.csv", 1)
    assert (problem.column, problem.rule) == ("abbreviation", "the column is missing")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("header", "rule"),
    [
        (["province_code", "abbreviation", "name"], "the columns are in another order"),
        (["province_code", "name", "name"], "the column is missing"),
    ],
)
def test_header_in_disorder(copy, header, rule):
    copy.write("provinces.csv", [header, *copy.read("provinces.csv")[1:]])
    assert copy.problems()[0].rule == rule


@pytest.mark.slow
def test_file_nobody_described(copy):
    (copy.root / "grants.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    problem = copy.only()
    assert problem.file == "data/raw/grants.csv"
    assert "not described" in problem.rule


def test_descriptor_that_is_not_json(copy):
    (copy.root / "datapackage.json").write_text('{\n"name": \n', encoding="utf-8")
    problem = copy.only()
    assert (problem.file, problem.row) == ("data/raw/datapackage.json", 3)


@pytest.mark.slow
def test_an_edit_must_be_recorded(copy):
    copy.edit("districts.csv", 2, "note", "a sentence somebody added")
    problem = copy.only()
    assert problem.file == "data/raw/districts.csv"
    assert problem.rule == "the file is not the one recorded in datapackage.json"
    assert "`wecare record`" in problem.remedy
    assert record(copy.root) == ["data/raw/districts.csv"]
    assert copy.problems() == []
    assert record(copy.root) == []


@pytest.mark.slow
def test_record_changes_only_what_it_must(copy, package):
    path = copy.root / "datapackage.json"
    before = path.read_text(encoding="utf-8")
    record(copy.root)
    assert path.read_text(encoding="utf-8") == before
    rows = copy.read("sources.csv")
    copy.write("sources.csv", [*rows, ["S900", "", "", "", "", "", "https://example.org/", "example.org"]])
    record(copy.root)
    old, new = json.loads(before), json.loads(path.read_text(encoding="utf-8"))
    changed = [a["name"] for a, b in zip(old["resources"], new["resources"], strict=True) if a != b]
    assert changed == ["sources"]
    assert next(r for r in new["resources"] if r["name"] == "sources")["rowCount"] == len(rows)
    assert {path.name for path in copy.root.iterdir()} == {path.name for path in package.iterdir()}


@pytest.mark.slow
def test_record_refuses_wrong_content(copy):
    before = (copy.root / "datapackage.json").read_bytes()
    copy.edit("measures.csv", 2, "budget_eur", "much")
    with pytest.raises(InputError, match=r"measures\.csv, row 2, column budget_eur"):
        record(copy.root)
    with pytest.raises(InputError):
        require_valid(copy.root)
    assert (copy.root / "datapackage.json").read_bytes() == before


@pytest.mark.slow
def test_many_alike_are_counted_not_listed(copy):
    rows = copy.read(MAPPING)
    at = rows[0].index("status")
    copy.write(MAPPING, [rows[0], *([*row[:at], "?", *row[at + 1 :]] for row in rows[1:])])
    problems = copy.problems()
    assert len(problems) == LISTED + 1
    assert [problem.row for problem in problems[:LISTED]] == [2, 3, 4, 5, 6]
    assert "1,176 more like these" in problems[-1].rule


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", " JavaScript:x", "data:text/html,x", "ftp://x.it", "//x.it"]
)
@pytest.mark.slow
def test_an_address_must_be_one_of_the_web(copy, address):
    copy.edit("sources.csv", 2, "address", address)
    problem = copy.only()
    assert (problem.row, problem.column) == (2, "address") and "https://" in problem.rule


@pytest.mark.slow
def test_a_source_without_an_address_has_its_title(copy):
    copy.edit("sources.csv", 2, "address", "Protocollo: un titolo, non un indirizzo")
    assert [problem for problem in copy.problems() if problem.row] == []
